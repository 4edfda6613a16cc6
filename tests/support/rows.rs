//! What is in the database, by another way than the service's own.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use super::TestApp;

/// Tables that requests write to.
const TABLES: &[&str] = &[
    "account",
    "account_grant",
    "api_key",
    "audit_event",
    "column_name",
    "document",
    "finding",
    "import_job",
    "observation",
    "refresh_token",
    "release",
    "report",
    "report_version",
    "submission",
    "submission_event",
    "submission_finding",
    "submission_import",
    "submission_part",
    "submission_row",
    "upload",
    "upload_chunk",
];

impl TestApp {
    /// Number of rows of every table that requests write to; and what grows when a row is changed.
    pub async fn rows(&self) -> BTreeMap<String, i64> {
        let count = |table: &&str| format!("SELECT '{table}' AS name, COUNT(*) AS n FROM {table}");
        let mut parts: Vec<String> = TABLES.iter().map(count).collect();
        for (table, column) in [("submission", "version"), ("account", "token_epoch")] {
            parts.push(format!("SELECT '{table}.{column}' AS name, COALESCE(SUM({column}), 0) AS n FROM {table}"));
        }
        let reader = self.state.database.reader();
        let statement = Statement::from_string(reader.get_database_backend(), parts.join(" UNION ALL "));
        let rows = reader.query_all_raw(statement).await.expect("counts");
        let pair = |row: sea_orm::QueryResult| {
            (row.try_get::<String>("", "name").expect("a name"), row.try_get::<i64>("", "n").expect("a number"))
        };
        rows.into_iter().map(pair).collect()
    }

    /// Rows of one table.
    pub async fn count(&self, table: &str) -> i64 {
        self.rows().await[table]
    }

    /// Does something in the database that the service would not do.
    pub async fn sql(&self, statement: &str) -> Result<u64, sea_orm::DbErr> {
        let connection = sea_orm::Database::connect(&self.state.config.database.url).await.expect("the database");
        let done = connection.execute_unprepared(statement).await.map(|done| done.rows_affected());
        connection.close().await.expect("closes");
        done
    }

    /// All text that is in the database, table by table.
    pub async fn dump(&self) -> String {
        let reader = self.state.database.reader();
        let backend = reader.get_database_backend();
        let list = match backend {
            DatabaseBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
            _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
        };
        let columns = |table: &str| match backend {
            DatabaseBackend::Postgres => format!(
                "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
            _ => format!("SELECT name FROM pragma_table_info('{table}')"),
        };
        let texts = async |sql: String| -> Vec<String> {
            let rows = reader.query_all_raw(Statement::from_string(backend, sql)).await.expect("rows");
            rows.into_iter()
                .map(|row| row.try_get_by_index::<Option<String>>(0).expect("a text").unwrap_or_default())
                .collect()
        };
        let mut all = String::new();
        for table in texts(list.to_owned()).await {
            for column in texts(columns(&table)).await {
                all.push_str(&format!("\n{table}.{column}:"));
                for text in texts(format!("SELECT CAST(\"{column}\" AS TEXT) FROM \"{table}\"")).await {
                    all.push('\n');
                    all.push_str(&text);
                }
            }
        }
        all
    }
}
