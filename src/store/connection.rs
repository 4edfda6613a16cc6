//! Connections: everything in which SQLite and PostgreSQL differ is in this file.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
    sqlx::{
        Connection, Executor, PgConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

/// Why a database cannot be opened. Each is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is neither SQLite nor PostgreSQL.
    #[error("`{0}` is no database address; use sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// The folder of the file cannot be made.
    #[error("cannot create the folder {0}: {1}")]
    Folder(PathBuf, std::io::Error),
    /// No connection.
    #[error("the database {0} cannot be reached: {1}")]
    Unreachable(String, DbErr),
    /// The SQLite library has a known defect.
    #[error("SQLite {0} is older than 3.51.3, which fixes a corruption of the write-ahead log")]
    SqliteTooOld(String),
    /// A later version of this program has been here.
    #[error("the database was made by a newer version of solieu (it has the migration {0}); install that version")]
    SchemaNewer(String),
    /// A migration failed.
    #[error("the database cannot be migrated: {0}")]
    Migration(DbErr),
}

/// How many connections to keep.
#[derive(Debug, Clone, Copy)]
pub struct Pools {
    /// For reads.
    pub readers: u32,
    /// Longest wait for a free connection.
    pub acquire_timeout: Duration,
    /// Longest time of one statement on PostgreSQL.
    pub statement_timeout: Duration,
}

/// The pools of an open database. One writer works at a time, readers are not kept out.
#[derive(Debug, Clone)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

/// Longest wait of a write for the one before it: a large publication takes that long.
const WRITER_PATIENCE: Duration = Duration::from_secs(60);
/// Connections for writes on PostgreSQL: one works, the others wait for the lock.
const WRITERS: u32 = 3;

/// Arbitrary, but the same in every process: the key of the lock that guards migration and loading.
const LOCK: i64 = 0x736f_6c69_6575;

impl Database {
    /// Connects, without touching the schema.
    ///
    /// # Errors
    /// One line that names the address and the cause.
    pub async fn open(url: &str, pools: Pools) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, pools).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url, pools).await
        } else {
            Err(OpenError::Address(without_password(url)))
        }
    }

    async fn open_sqlite(url: &str, pools: Pools) -> Result<Self, OpenError> {
        // Everything after the scheme is the path, whatever characters it has.
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)).unwrap_or_default();
        if path.is_empty() || path == ":memory:" {
            return Err(OpenError::Address(url.to_owned()));
        }
        let path = PathBuf::from(path);
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| OpenError::Folder(folder.to_owned(), e))?;
        }
        let options = |connections: u32, read_only: bool| {
            let mut options = ConnectOptions::new("sqlite://");
            let file = path.clone();
            options
                .max_connections(connections)
                .acquire_timeout(if read_only { pools.acquire_timeout } else { WRITER_PATIENCE })
                .sqlx_logging(false)
                .map_sqlx_sqlite_opts(move |o| {
                    let o = o
                        .filename(&file)
                        .create_if_missing(!read_only)
                        .foreign_keys(true)
                        .busy_timeout(Duration::from_secs(5))
                        // Readers hand over many rows at a time; measured, not guessed (docs/decisions).
                        .row_buffer_size(512)
                        .pragma("trusted_schema", "OFF")
                        .pragma("cell_size_check", "ON");
                    match read_only {
                        true => o.read_only(true).pragma("query_only", "ON"),
                        // FULL: what has been published must survive a power failure.
                        false => o
                            .journal_mode(SqliteJournalMode::Wal)
                            .synchronous(SqliteSynchronous::Full)
                            .pragma("journal_size_limit", "67108864"),
                    }
                });
            options
        };
        let statements = Arc::new(AtomicU64::new(0));
        let writer = connect(options(1, false), url, &statements).await?;
        let version = writer
            .query_one_raw(Statement::from_string(writer.get_database_backend(), "SELECT sqlite_version()"))
            .await;
        let version: String = version
            .and_then(|row| row.map_or(Ok(String::new()), |row| row.try_get_by_index(0)))
            .map_err(|e| OpenError::Unreachable(url.to_owned(), e))?;
        if version_numbers(&version) < vec![3, 51, 3] {
            return Err(OpenError::SqliteTooOld(version));
        }
        let reader = connect(options(pools.readers, true), url, &statements).await?;
        Ok(Self { reader, writer, statements })
    }

    async fn open_postgres(url: &str, pools: Pools) -> Result<Self, OpenError> {
        // One plain connection first: the pool would hide the cause behind a time-out.
        let unreachable =
            |e: sea_orm::sqlx::Error| OpenError::Unreachable(without_password(url), DbErr::Custom(e.to_string()));
        let probe = tokio::time::timeout(pools.acquire_timeout, PgConnection::connect(url)).await;
        match probe {
            Ok(connection) => connection.map_err(unreachable)?.close().await.map_err(unreachable)?,
            Err(_) => return Err(unreachable(sea_orm::sqlx::Error::PoolTimedOut)),
        }
        let options = |connections: u32, patience: Duration| {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .acquire_timeout(patience)
                .connect_timeout(pools.acquire_timeout)
                .sqlx_logging(false)
                .set_application_name("solieu")
                .statement_timeout(pools.statement_timeout)
                // A transaction that was cancelled while it began would swallow the writes of the next user
                // of the connection (sqlx 0.9.0, launchbadge/sqlx#4385).
                .map_sqlx_postgres_before_acquire(|connection, _| {
                    Box::pin(async move {
                        connection.execute("ROLLBACK").await?;
                        Ok(true)
                    })
                })
                .map_sqlx_postgres_opts(|o| {
                    o.options([("idle_in_transaction_session_timeout", "30s"), ("client_min_messages", "error")])
                });
            options
        };
        let statements = Arc::new(AtomicU64::new(0));
        // Pools of their own: those who wait for the one write transaction do not keep readers out.
        let reader = connect(options(pools.readers, pools.acquire_timeout), url, &statements).await?;
        let writer = connect(options(WRITERS, WRITER_PATIENCE), url, &statements).await?;
        Ok(Self { reader, writer, statements })
    }

    /// The connection for reads.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Closes all connections. On SQLite the write-ahead log is folded into the file.
    ///
    /// # Errors
    /// As the database says.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }

    /// How many statements have been sent so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Begins a write transaction. On SQLite it is IMMEDIATE: a deferred one fails when it turns from
    /// reading to writing while another writes.
    ///
    /// # Errors
    /// As the database says.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// Waits until no other process migrates or loads; the lock ends with the transaction. SQLite needs
    /// none, since it has one writer.
    ///
    /// # Errors
    /// As the database says.
    pub async fn lock(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        if transaction.get_database_backend() == sea_orm::DatabaseBackend::Postgres {
            transaction
                .execute_unprepared(&format!("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({LOCK})"))
                .await?;
        }
        Ok(())
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// [`OpenError::SchemaNewer`] if it is ahead of this program.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        let failed = OpenError::Migration;
        let guard = self.postgres_guard().await.map_err(failed)?;
        let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        Migrator::install(&self.writer).await.map_err(failed)?;
        let applied = Migrator::get_migration_models(&self.writer).await.map_err(failed)?;
        if let Some(newer) = applied.into_iter().find(|m| !known.contains(&m.version)) {
            return Err(OpenError::SchemaNewer(newer.version));
        }
        Migrator::up(&self.writer, None).await.map_err(failed)?;
        if let Some(guard) = guard {
            guard.commit().await.map_err(failed)?;
        }
        Ok(())
    }

    /// On PostgreSQL several nodes may start at once: the first migrates, the others wait.
    async fn postgres_guard(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        if self.writer.get_database_backend() != sea_orm::DatabaseBackend::Postgres {
            return Ok(None);
        }
        let transaction = self.writer.begin().await?;
        transaction
            .execute_unprepared(&format!(
                "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({LOCK})"
            ))
            .await?;
        Ok(Some(transaction))
    }
}

async fn connect(
    options: ConnectOptions,
    url: &str,
    statements: &Arc<AtomicU64>,
) -> Result<DatabaseConnection, OpenError> {
    let connected = sea_orm::Database::connect(options).await;
    let mut connection = connected.map_err(|e| OpenError::Unreachable(without_password(url), e))?;
    let counter = statements.clone();
    connection.set_metric_callback(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    Ok(connection)
}

fn version_numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|n| n.parse().ok()).collect()
}

/// The address as it may appear in a message: whatever could be a password is cut out, even of an address
/// that is malformed.
fn without_password(url: &str) -> String {
    let (base, _) = url.split_once('?').unwrap_or((url, ""));
    match (base.split_once("://"), base.rsplit_once('@')) {
        (Some((scheme, rest)), Some((_, host))) => {
            let user = rest.split([':', '/', '@']).next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        _ => base.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        for url in [
            "postgres://u:secret@host/db",
            "postgres://u:sec/ret@host/db",
            "postgres://u:a@secret@host/db?password=secret",
        ] {
            assert_eq!(without_password(url), "postgres://u:***@host/db");
        }
        assert_eq!(without_password("postgres://host/db?password=secret"), "postgres://host/db");
        assert_eq!(without_password("sqlite:var/a@b.db"), "sqlite:var/a@b.db");
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(version_numbers("3.51.3") >= vec![3, 51, 3]);
        assert!(version_numbers("3.9.0") < vec![3, 51, 3]);
    }
}
