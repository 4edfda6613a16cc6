//! Callers with an account or a key.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use solieu::{
    domain::account::{Account, Actor, ApiKey, Role},
    server,
    usecase::{
        accounts::{self, NewAccount, NewKey},
        act::Act,
    },
};

use super::TestApp;

/// Somebody who sends a credential with every request.
pub struct Person {
    address: String,
    client: reqwest::Client,
    /// Access token or key; `None` for anonymous.
    pub credential: Option<String>,
}

fn set(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|item| (*item).to_owned()).collect()
}

/// The operator, now.
pub fn operator() -> Act {
    Act { actor: Actor::Operator, now: server::clock(), request_id: "test".to_owned() }
}

impl TestApp {
    /// Nobody in particular.
    pub fn anonymous(&self) -> Person {
        self.bearer(None)
    }

    /// A caller with this credential.
    pub fn bearer(&self, credential: Option<String>) -> Person {
        Person { address: self.address.clone(), client: self.client.clone(), credential }
    }

    /// A new account of these roles and grants.
    pub async fn account(&self, name: &str, password: Option<&str>, roles: &[Role], units: &[&str]) -> Account {
        let new = NewAccount {
            name: name.to_owned(),
            display_name: name.to_owned(),
            password: password.map(str::to_owned),
            roles: roles.iter().copied().collect(),
            units: set(units),
        };
        let state = &self.state;
        let made = accounts::make(&state.database, &state.authority.passwords, &operator(), new).await;
        made.expect("the operator may").expect("nothing to put right")
    }

    /// A person with a new account of these roles and grants, signed in.
    pub async fn person(&self, name: &str, roles: &[Role], units: &[&str]) -> Person {
        let account = self.account(name, None, roles, units).await;
        let state = &self.state;
        let token = state.authority.issue(&state.database, &account, server::clock()).await.expect("a token");
        self.bearer(Some(token))
    }

    /// A machine with a new key for these units and indicators; and the key.
    pub async fn machine(&self, units: &[&str], indicators: &[&str]) -> (Person, ApiKey) {
        let state = &self.state;
        let snapshot = state.snapshots.newest(&state.database).await.expect("a snapshot");
        let new = NewKey {
            name: "machine".to_owned(),
            units: set(units),
            indicators: set(indicators),
            expires_at: server::clock() + chrono::Duration::days(1),
        };
        let made = accounts::create_key(&state.database, &snapshot.catalogue, &operator(), new).await;
        let (key, text) = made.expect("the operator may").expect("nothing to put right");
        (self.bearer(Some(text.to_string())), key)
    }
}

impl Person {
    /// Sends a query with variables and gives the answer of HTTP.
    pub async fn post(&self, query: &str, variables: Value) -> reqwest::Response {
        let mut request = self.client.post(format!("{}/graphql", self.address));
        if let Some(credential) = &self.credential {
            request = request.bearer_auth(credential);
        }
        request.json(&json!({ "query": query, "variables": variables })).send().await.expect("an answer")
    }

    /// Sends a query with variables and gives the whole answer.
    pub async fn ask_with(&self, query: &str, variables: Value) -> Value {
        self.post(query, variables).await.json().await.expect("JSON")
    }

    /// Sends a query and gives the whole answer.
    pub async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    /// Calls a mutation with an input and gives its payload; `fields` are those of the payload.
    #[track_caller]
    pub fn call(&self, mutation: &str, input: Value, fields: &str) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} }} }}");
        let mutation = mutation.to_owned();
        async move {
            let mut answer = self.ask_with(&query, json!({ "input": input })).await;
            assert!(answer["errors"].is_null(), "{place}: {}", answer["errors"]);
            answer["data"][&mutation].take()
        }
    }

    /// Code of the first top-level error of an answer; empty if there is none.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        let answer = self.ask_with(query, variables).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Sends a file and gives the answer of HTTP.
    pub async fn send_file(&self, name: &str, bytes: Vec<u8>) -> reqwest::Response {
        let mut request = self.client.post(format!("{}/uploads?name={name}", self.address)).body(bytes);
        if let Some(credential) = &self.credential {
            request = request.bearer_auth(credential);
        }
        request.send().await.expect("an answer")
    }

    /// Sends a file and gives its upload id.
    pub async fn upload(&self, name: &str, bytes: Vec<u8>) -> String {
        let answer: Value = self.send_file(name, bytes).await.json().await.expect("JSON");
        answer["upload"].as_str().unwrap_or_else(|| panic!("not taken: {answer}")).to_owned()
    }
}
