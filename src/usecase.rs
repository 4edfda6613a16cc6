//! What the program does, one file per verb. Owns transactions; builds no SQL, knows no GraphQL.

pub mod load_dataset;
