//! The whole suite in one binary: the real service in process, a database a test, callers over HTTP.
//!
//! On SQLite by default; on PostgreSQL if `TEST_DATABASE_URL` names a server where databases may be made.

mod api;
mod repo;
mod support;
