//! The three people whom a publication needs, and what they do.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use solieu::{domain::account::Role, store::Database};

use super::{Person, TestApp};

/// Fields of a submission after a step.
pub const STEP: &str = "submission { code version state contentHash isCorrection reason publishAt release { number publishedAt } } errors { code message path }";
/// Fields of a preview.
pub const PREVIEW: &str = "preview { previewHash format reportCode title period { code } unit { code } issuedOn rowsRead figureCount sectionCount problemCount warningCount \
     problems { code sheet row column heading raw message suggestion } warnings { code row column message suggestion } \
     diff { addedCount changedCount unchangedCount } } errorCount errors { code message path row column }";
/// Fields of an import.
pub const IMPORT: &str = "isRepeated submission { code version state contentHash imports { fileName format figureCount } } errorCount errors { code message path row column }";

/// An editor of a province, a reviewer and a publisher.
pub struct Desk {
    pub editor: Person,
    pub reviewer: Person,
    pub publisher: Person,
}

impl TestApp {
    /// Makes the three accounts.
    pub async fn desk(&self) -> Desk {
        Desk {
            editor: self.person("editor", &[Role::Editor], &["19"]).await,
            reviewer: self.person("reviewer", &[Role::Reviewer], &[]).await,
            publisher: self.person("publisher", &[Role::Publisher], &[]).await,
        }
    }

    /// Number of rows of every table.
    pub async fn counts(&self) -> BTreeMap<String, i64> {
        counts(&self.state.database).await
    }
}

/// Number of rows of every table of a database.
pub async fn counts(database: &Database) -> BTreeMap<String, i64> {
    let reader = database.reader();
    let engine = reader.get_database_backend();
    let tables = match engine {
        sea_orm::DatabaseBackend::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let mut counts = BTreeMap::new();
    for row in reader.query_all_raw(Statement::from_string(engine, tables)).await.expect("tables") {
        let table: String = row.try_get_by_index(0).expect("a name");
        let count = number(database, &format!("SELECT COUNT(*) FROM \"{table}\"")).await;
        counts.insert(table, count);
    }
    assert!(counts.len() > 20, "tables: {counts:?}");
    counts
}

/// The one number that a statement gives.
pub async fn number(database: &Database, sql: &str) -> i64 {
    let statement = Statement::from_string(database.reader().get_database_backend(), sql);
    let row = database.reader().query_one_raw(statement).await.expect(sql).expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// An input with another field.
pub fn with(mut input: Value, field: &str, value: impl Into<Value>) -> Value {
    input[field] = value.into();
    input
}

/// Something without errors, or their messages.
#[track_caller]
pub fn fine(payload: Value) -> Value {
    assert_eq!(payload["errors"], json!([]), "{payload:#}");
    payload
}

impl Person {
    /// Looks at an import.
    pub async fn preview(&self, input: Value) -> Value {
        self.call("previewImport", input, PREVIEW).await
    }

    /// Looks at an import that must be readable, and gives the preview alone.
    pub async fn look(&self, input: Value) -> Value {
        fine(self.preview(input).await)["preview"].take()
    }

    /// Looks at an import without mistakes and imports it; gives the payload.
    pub async fn bring(&self, input: Value) -> Value {
        let preview = self.look(input.clone()).await;
        assert_eq!(preview["problems"], json!([]), "{preview:#}");
        let input = with(input, "previewHash", preview["previewHash"].clone());
        self.call("importReport", input, IMPORT).await
    }
}

impl Desk {
    /// Imports what has no mistakes; gives the code of the submission.
    pub async fn import(&self, input: Value) -> String {
        let done = fine(self.editor.bring(input).await);
        done["submission"]["code"].as_str().expect("a code").to_owned()
    }

    /// Submits and approves; what rules find is accepted with a reason.
    pub async fn approve(&self, code: &str) {
        let step = json!({ "submission": code });
        let submitted = fine(self.editor.call("submitReport", step.clone(), STEP).await);
        assert_eq!(submitted["submission"]["state"], "SUBMITTED");
        let query = format!("{{ submission(code: \"{code}\") {{ findings(first: 500) {{ code severity }} }} }}");
        let found = self.reviewer.ask(&query).await;
        for finding in found["data"]["submission"]["findings"].as_array().expect("findings") {
            if finding["severity"] == "ERROR" {
                let input = json!({ "submission": code, "finding": finding["code"], "reason": "as printed" });
                fine(self.reviewer.call("waiveFinding", input, STEP).await);
            }
        }
        let approved = fine(self.reviewer.call("approveReport", step, STEP).await);
        assert_eq!(approved["submission"]["state"], "APPROVED");
    }

    /// Submits, approves and publishes; gives the number of the release.
    pub async fn publish(&self, code: &str) -> i64 {
        self.approve(code).await;
        let published = fine(self.publisher.call("publishReport", json!({ "submission": code }), STEP).await);
        assert_eq!(published["submission"]["state"], "PUBLISHED");
        published["submission"]["release"]["number"].as_i64().expect("a release")
    }
}
