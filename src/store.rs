//! The database: the only place that builds SQL. Turns rows into domain values and back.
//!
//! Every read of figures takes a [`Scope`], which has no default: there is no way to forget which release
//! an answer belongs to. Functions take any connection, so that what runs inside a transaction never
//! reaches for the pool.

pub mod accounts;
pub mod audit;
mod catalogue;
mod connection;
pub mod jobs;
pub mod load;
pub mod observations;
pub mod publish;
pub mod releases;
mod rows;
pub mod submissions;

use crate::domain::history::Instant;

pub use catalogue::{add_rule, column_names, is_rule, load as load_catalogue, save_version};
pub use connection::{Database, OpenError, Pools};

/// What a reader may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The newest release to be taken into account.
    pub release: i32,
    /// What had been public at this instant, as that release knows it; `None` for what it made public last.
    pub at: Option<Instant>,
}

impl Scope {
    /// What a release made public.
    pub fn of_release(release: i32) -> Self {
        Self { release, at: None }
    }
}

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database says so.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// A row does not mean anything.
    #[error("table {table}: {what}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// What is wrong.
        what: String,
    },
}

/// Result of a store function.
pub type Result<T> = std::result::Result<T, StoreError>;
