//! What callers see, a file per noun.

mod as_of;
mod availability;
mod bad_input;
mod cli;
mod documents;
mod examples;
mod figures;
mod findings;
mod hostile;
mod http;
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
