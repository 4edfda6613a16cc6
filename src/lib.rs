//! `solieu` serves official statistics over GraphQL.
pub mod domain;
pub mod ingest;
