//! The GraphQL schema: types, queries, and what stands before them. Reads through `store` only, always
//! with the scope of a snapshot; knows no tables.

pub mod admission;
mod caller;
pub mod connection;
mod context;
pub mod cost;
mod error;
pub mod examples;
mod filter;
mod loaders;
pub mod mutation;
mod node;
mod query;
mod scalars;
pub mod schema;
pub mod types;

pub use caller::{Caller, ImportLimits};
pub use context::Views;
pub use error::INTERNAL_MESSAGE;
