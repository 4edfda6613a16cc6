//! What the program does, one file per verb. Owns transactions, policy and audit; builds no SQL, knows no GraphQL.

pub mod accounts;
pub mod act;
pub mod authority;
pub mod import;
pub mod job;
pub mod load_dataset;
pub mod metadata;
pub mod publish;
pub mod session;
pub mod validate;
pub mod workflow;
