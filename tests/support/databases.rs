//! A database for each test: a copy of one that was loaded once.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sea_orm::{ConnectionTrait, Database as Orm};
use solieu::{
    store::{Database, Pools},
    usecase::load_dataset,
};
use tokio::sync::OnceCell;

use super::shipped_data;

static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Few connections: many tests share one server.
pub const POOLS: Pools =
    Pools { readers: 2, acquire_timeout: Duration::from_secs(20), statement_timeout: Duration::from_secs(20) };

enum Template {
    Sqlite { file: PathBuf, _folder: tempfile::TempDir },
    Postgres { name: String },
}

/// A database that is removed with its test.
pub struct TestDatabase {
    pub url: String,
    name: Option<String>,
    folder: Option<tempfile::TempDir>,
}

/// The PostgreSQL server to use, if the suite runs on it.
fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// True if the suite runs on PostgreSQL.
pub fn on_postgres() -> bool {
    server().is_some()
}

fn url_of(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).expect("TEST_DATABASE_URL is an address");
    url.set_path(name);
    url.to_string()
}

async fn administer(server: &str, statement: &str) {
    let connection = Orm::connect(server).await.expect("TEST_DATABASE_URL answers");
    connection.execute_unprepared(statement).await.expect(statement);
    connection.close().await.expect("closed");
}

fn unique(prefix: &str) -> String {
    format!("solieu_{prefix}_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl TestDatabase {
    /// A database without tables.
    pub async fn empty() -> Self {
        match server() {
            Some(server) => {
                let name = unique("empty");
                administer(&server, &format!("CREATE DATABASE {name}")).await;
                Self { url: url_of(&server, &name), name: Some(name), folder: None }
            }
            None => {
                let folder = tempfile::tempdir().expect("a folder");
                Self {
                    url: format!("sqlite:{}", folder.path().join("test.db").display()),
                    name: None,
                    folder: Some(folder),
                }
            }
        }
    }

    /// A database that holds the shipped data set.
    pub async fn loaded() -> Self {
        match TEMPLATE.get_or_init(make_template).await {
            Template::Sqlite { file, .. } => {
                let empty = Self::empty().await;
                let copy = empty.folder.as_ref().expect("a folder").path().join("test.db");
                std::fs::copy(file, copy).expect("a copy");
                empty
            }
            Template::Postgres { name } => {
                let server = server().expect("PostgreSQL");
                let copy = unique("test");
                administer(&server, &format!("CREATE DATABASE {copy} TEMPLATE {name}")).await;
                Self { url: url_of(&server, &copy), name: Some(copy), folder: None }
            }
        }
    }
}

/// Loads the shipped data set once for the whole run.
async fn make_template() -> Template {
    let load = |url: String| async move {
        let database = Database::open(&url, POOLS).await.expect("opens");
        database.migrate().await.expect("migrates");
        let now = chrono::DateTime::from_timestamp(1_750_000_000, 0).expect("a time");
        load_dataset::run(&database, &shipped_data(), now, true).await.expect("loads");
        database.close().await.expect("closes");
    };
    match server() {
        Some(server) => {
            let name = unique("template");
            administer(&server, &format!("CREATE DATABASE {name}")).await;
            load(url_of(&server, &name)).await;
            Template::Postgres { name }
        }
        None => {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("template.db");
            load(format!("sqlite:{}", file.display())).await;
            Template::Sqlite { file, _folder: folder }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (Some(name), Some(server)) = (self.name.take(), server()) else { return };
        // A thread with a runtime of its own: the test's may be gone.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        let _ = dropped.join();
    }
}
