//! The listening process: from an empty folder to the first answer, and to a clean stop.

use std::{io::Write, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::Server};
use chrono::Utc;

use crate::{
    config::Config,
    graphql::{cost::SchemaLimits, schema},
    http::{self, State},
    snapshot::{SnapshotError, Snapshots},
    store::{Database, OpenError, Pools},
    usecase::load_dataset::{self, LoadError, Outcome},
};

/// Why the server does not run. Each is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The data set cannot be loaded.
    #[error("the data set {0} cannot be loaded: {1}")]
    Load(String, LoadError),
    /// The first snapshot cannot be made.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, std::io::Error),
    /// The server broke off.
    #[error("the server stopped: {0}")]
    Run(#[from] std::io::Error),
}

/// A server that is ready to run.
pub struct Built {
    /// The running part.
    pub server: Server,
    /// Where it listens.
    pub port: u16,
    /// What the handlers share.
    pub state: Arc<State>,
}

/// Brings the schema of the database up to date.
///
/// # Errors
/// One line.
pub async fn migrate(config: &Config) -> Result<(), ServerError> {
    open(config).await?;
    Ok(())
}

async fn open(config: &Config) -> Result<Database, ServerError> {
    let database = &config.database;
    let pools = Pools {
        readers: database.readers,
        acquire_timeout: Duration::from_secs(database.acquire_seconds),
        statement_timeout: Duration::from_secs(database.statement_seconds),
    };
    let open = Database::open(&database.url, pools).await?;
    open.migrate().await?;
    Ok(open)
}

/// Opens, migrates, loads if empty, and binds the port.
///
/// # Errors
/// One line.
pub async fn build(config: Config) -> Result<Built, ServerError> {
    // The port first: a taken one should not cost a load.
    let address = format!("{}:{}", config.server.host, config.server.port);
    let listener = TcpListener::bind(&address).map_err(|e| ServerError::Listen(address.clone(), e))?;
    let port = listener.local_addr()?.port();
    let database = open(&config).await?;
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock for a load")]
    let now = Utc::now();
    let folder = config.data.folder.display().to_string();
    let loaded =
        load_dataset::run(&database, &config.data.folder, now).await.map_err(|e| ServerError::Load(folder, e))?;
    if let Outcome::Loaded { observations, releases } = loaded {
        tracing::info!(observations, releases, "data set loaded");
    }
    let snapshots = Arc::new(Snapshots::default());
    snapshots.newest(&database).await?;
    let limits = SchemaLimits { complexity: config.graphql.complexity };
    let schema = schema::build(limits, config.graphql.admission);
    let workers = match config.server.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        n => n,
    };
    let shutdown = config.server.shutdown_seconds;
    let state = Arc::new(State { database, snapshots, schema, config });
    let shared = state.clone();
    let server = HttpServer::new(move || {
        App::new()
            .wrap(http::compression())
            .wrap(http::cors(&shared.config.cors))
            .wrap(http::tracing())
            .configure(http::routes(shared.clone()))
    })
    .workers(workers)
    .shutdown_timeout(shutdown)
    .listen(listener)?
    .run();
    Ok(Built { server, port, state })
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// One line.
pub async fn serve(config: Config) -> Result<(), ServerError> {
    let host = config.server.host.clone();
    let built = build(config).await?;
    greet(&host, built.port, &built.state).await?;
    Ok(built.server.await?)
}

/// Prints the address and a first query to paste.
async fn greet(host: &str, port: u16, state: &State) -> Result<(), ServerError> {
    let snapshot = state.snapshots.newest(&state.database).await?;
    let catalogue = &snapshot.catalogue;
    let query =
        "{ reports { nodes { title headlines(first: 3) { indicator { name } displayValue locator { text } } } } }";
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "solieu {} answers at http://{host}:{port}/graphql (release {}, {} indicators, {} units)\n\
         A page to try queries: http://{host}:{port}/\n\
         A first query:\n  \
         curl -s http://{host}:{port}/graphql -H 'content-type: application/json' \\\n    \
         -d '{{\"query\":\"{query}\"}}'",
        env!("CARGO_PKG_VERSION"),
        snapshot.scope.release,
        catalogue.indicators.len(),
        catalogue.units.len(),
    )?;
    out.flush()?;
    Ok(())
}
