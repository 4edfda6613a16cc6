//! The service under test and a caller of it.

mod databases;
mod desk;
mod files;
mod people;
mod rows;

use std::{path::PathBuf, sync::Arc};

use serde_json::{Value, json};
use solieu::{config::Config, http::State, server};

pub use databases::{POOLS, TestDatabase, on_postgres};
pub use desk::{fine, number, with};
pub use files::{long_file, value};
pub use people::{Person, operator};

/// A running service with a database of its own that holds the shipped data set.
pub struct TestApp {
    pub address: String,
    pub client: reqwest::Client,
    pub state: Arc<State>,
    stop: Option<actix_web::dev::ServerHandle>,
    thread: Option<std::thread::JoinHandle<()>>,
    _database: Arc<TestDatabase>,
}

/// The settings of a test, before it changes some.
pub fn config(url: &str) -> Config {
    let flags = [
        ("database.url", url.to_owned()),
        ("database.readers", "2".to_owned()),
        ("server.port", "0".to_owned()),
        ("server.workers", "1".to_owned()),
        ("server.shutdown_seconds", "1".to_owned()),
        ("data.folder", shipped_data().display().to_string()),
        ("log.filter", "off".to_owned()),
        // Looks for what other nodes have scheduled would be counted as statements of requests.
        ("server.schedule_seconds", "3600".to_owned()),
    ];
    Config::read(None, [], &flags).expect("settings of the test")
}

/// The shipped data set.
pub fn shipped_data() -> PathBuf {
    root().join("data/thai-nguyen")
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl TestApp {
    /// Starts a service with the default settings.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a service with some settings changed.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_on(TestDatabase::loaded().await, change).await
    }

    /// Starts a service on an empty database, with registers only: units, indicators, rules, no figure.
    pub async fn start_empty() -> Self {
        Self::start_on(TestDatabase::empty().await, |config| config.data.figures = false).await
    }

    /// Starts a service on a database.
    pub async fn start_on(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_again(Arc::new(database), change).await
    }

    /// Starts a service on a database that outlives it.
    pub async fn start_again(database: Arc<TestDatabase>, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(&database.url);
        change(&mut config);
        let (send, receive) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let built = server::build(config).await.expect("the service starts");
                let _ = send.send((built.port, built.state.clone(), built.server.handle()));
                built.server.await.expect("the service runs");
            });
        });
        let (port, state, stop) = receive.await.expect("the service tells its port");
        Self {
            address: format!("http://127.0.0.1:{port}"),
            client: reqwest::Client::new(),
            state,
            stop: Some(stop),
            thread: Some(thread),
            _database: database,
        }
    }

    /// Statements sent to the database so far.
    pub fn statements(&self) -> u64 {
        self.state.database.statements()
    }

    /// Closes the connections under the running service.
    pub async fn break_database(&self) {
        self.state.database.clone().close().await.expect("closes");
    }

    /// Sends a query and gives the whole answer.
    pub async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    /// Sends a query with variables and gives the whole answer.
    pub async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let response = self.client.post(format!("{}/graphql", self.address)).json(&body).send().await;
        response.expect("an answer").json().await.expect("JSON")
    }

    /// Sends a query that must succeed and gives its data.
    #[track_caller]
    pub fn data(&self, query: &str) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        let (address, client, query) = (self.address.clone(), self.client.clone(), query.to_owned());
        async move {
            let response = client.post(format!("{address}/graphql")).json(&json!({ "query": query })).send().await;
            let mut answer: Value = response.expect("an answer").json().await.expect("JSON");
            assert!(answer["errors"].is_null(), "{place}: {}", answer["errors"]);
            answer["data"].take()
        }
    }

    /// Sends a query that must be refused and gives code and argument of its first error.
    pub async fn refusal(&self, query: &str) -> (String, String) {
        let answer = self.ask(query).await;
        let error = &answer["errors"][0];
        assert!(error.is_object(), "`{query}` was not refused: {answer}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&error["extensions"]["code"]), text(&error["extensions"]["argument"]))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The message is sent when the future is made; the thread ends by itself.
            drop(stop.stop(false));
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
