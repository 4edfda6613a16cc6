//! The listening process: from an empty folder to the first answer, and to a clean stop.

use std::{io::Write, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::Server};
use chrono::{DateTime, Utc};

use crate::{
    auth::external::{Provider, ProviderSettings},
    config::Config,
    graphql::{cost::SchemaLimits, schema},
    http::{self, State},
    snapshot::{SnapshotError, Snapshots},
    store::{Database, OpenError, Pools},
    usecase::{
        act::UseError,
        authority::{Authority, TokenSettings},
        job::{self, Jobs},
        load_dataset::{self, LoadError, Outcome},
        publish,
    },
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
    /// The identity provider's settings cannot be used.
    #[error("auth.provider: {0}")]
    Provider(String),
    /// A use case failed.
    #[error(transparent)]
    Use(#[from] UseError),
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

/// Opens the database and brings its schema up to date.
///
/// # Errors
/// One line.
pub async fn open(config: &Config) -> Result<Database, ServerError> {
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
    let now = clock();
    let authority = authority(&config)?;
    let folder = config.data.folder.display().to_string();
    let loaded = load_dataset::run(&database, &config.data.folder, now, config.data.figures)
        .await
        .map_err(|e| ServerError::Load(folder, e))?;
    if let Outcome::Loaded { observations, releases } = loaded {
        tracing::info!(observations, releases, "data set loaded");
    }
    job::clean_up(&database, now).await?;
    let snapshots = Arc::new(Snapshots::default());
    snapshots.newest(&database).await?;
    let limits = SchemaLimits { complexity: config.graphql.complexity };
    let schema = schema::build(limits, config.graphql.admission);
    let workers = match config.server.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        n => n,
    };
    let shutdown = config.server.shutdown_seconds;
    let state = Arc::new(State { database, snapshots, schema, config, authority, jobs: Jobs::default(), clock });
    // What became due while nobody ran is public before the first answer.
    let next = match publish_due(&state).await {
        Ok(next) => next,
        Err(error) => {
            tracing::error!(%error, "scheduled publications cannot be looked for");
            None
        }
    };
    actix_web::rt::spawn(keep_schedule(state.clone(), next));
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

/// What time it is: the one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "everything else has the time passed in")]
pub fn clock() -> DateTime<Utc> {
    Utc::now()
}

/// Signs and verifies tokens as the settings say.
///
/// # Errors
/// If the identity provider's settings cannot be used.
pub fn authority(config: &Config) -> Result<Authority, ServerError> {
    let auth = &config.auth;
    let days = |n: u32| chrono::Duration::days(n.into());
    let settings = TokenSettings {
        issuer: auth.issuer.clone(),
        audience: auth.audience.clone(),
        access: chrono::Duration::seconds(auth.access_seconds.into()),
        refresh_idle: days(auth.refresh_idle_days),
        refresh_total: days(auth.refresh_days),
    };
    let provider = match auth.provider.issuer.is_empty() {
        true => None,
        false => {
            let p = auth.provider.clone();
            let settings = ProviderSettings {
                issuer: p.issuer,
                audience: p.audience,
                jwks_url: p.jwks_url,
                algorithms: p.algorithms,
                name_claim: p.name_claim,
                allow_http_loopback: p.allow_http_loopback,
            };
            Some(Provider::new(settings).map_err(|e| ServerError::Provider(e.to_string()))?)
        }
    };
    Ok(Authority::new(settings, provider)?)
}

/// Publishes what is due, to the instant; looks now and then for what other nodes have scheduled.
async fn keep_schedule(state: Arc<State>, mut next: Option<Duration>) {
    let poll = Duration::from_secs(state.config.server.schedule_seconds);
    loop {
        // Woken by a schedule made here, or when it is time to look again.
        let wait = next.map_or(poll, |next| next.min(poll));
        let _ = tokio::time::timeout(wait, state.jobs.scheduled()).await;
        next = match publish_due(&state).await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "scheduled publications cannot be looked for");
                None
            }
        };
    }
}

/// Publishes what is due and gives the time until the next.
async fn publish_due(state: &State) -> Result<Option<Duration>, ServerError> {
    let waiting = publish::next_due(&state.database).await?;
    let Some(due) = waiting else { return Ok(None) };
    let now = clock();
    if due > now {
        return Ok(Some((due - now).to_std().unwrap_or_default()));
    }
    let snapshot = state.snapshots.newest(&state.database).await?;
    let published = publish::publish_due(&state.database, &snapshot.catalogue, now).await?;
    for code in &published {
        tracing::info!(submission = code, "published as scheduled");
    }
    // What failed is tried again later, not at once.
    Ok((!published.is_empty()).then_some(Duration::ZERO))
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
