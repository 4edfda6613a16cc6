//! What callers see, a file per noun.

mod as_of;
mod audit;
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
mod permissions;
mod ranking;
mod reports;
mod scorecard;
mod search;
mod series;
mod sessions;
mod statements;
mod store;
mod systems;
mod units;
mod workflow;
