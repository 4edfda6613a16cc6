//! What callers see, a file per noun.

mod as_of;
mod availability;
mod bad_input;
mod cli;
mod documents;
mod examples;
mod failures;
mod figures;
mod findings;
mod history;
mod hostile;
mod http;
mod imports;
mod indicators;
mod nodes;
mod observations;
mod ranking;
mod reports;
mod scorecard;
mod search;
mod series;
mod statements;
mod store;
mod systems;
mod units;
mod workflow;
