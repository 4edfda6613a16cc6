//! `solieu` serves official statistics over GraphQL: every figure with its period, unit, source, place in
//! the source and history.
//!
//! The map of the crate, from the outside in:
//!
//! | module | owns |
//! |---|---|
//! | [`cli`] | commands and their exit codes |
//! | [`config`] | settings: the defaults, a file, the environment, flags |
//! | [`server`] | the listening process, from start to stop |
//! | [`http`] | the URL map, GraphQL over HTTP, health |
//! | [`graphql`] | the schema: types, queries, admission, batched reads |
//! | [`usecase`] | what the program does, one file a verb; transactions |
//! | [`snapshot`], [`search`] | the catalogue of a release and its full-text index |
//! | [`store`] | the database: the only place that builds SQL |
//! | [`ingest`] | files to facts, with the place of every mistake |
//! | [`auth`] | passwords, secrets, tokens, the keys of an outside identity provider; no database |
//! | [`domain`] | statistics, reports, units, history; pure |
//!
//! Who may import whom is held by `tests/repo.rs`.

pub mod auth;
pub mod cli;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod ingest;
pub mod search;
pub mod server;
pub mod snapshot;
pub mod store;
pub mod telemetry;
pub mod usecase;
