//! The domain: statistics, reports, units and their history, as plain values.
//!
//! Owns the words of the field and their arithmetic. Must not know databases, GraphQL, HTTP or the clock.

#[macro_use]
pub mod id;
pub mod account;
pub mod audit;
pub mod breakdown;
pub mod catalogue;
pub mod change;
pub mod column;
pub mod document;
pub mod history;
pub mod indicator;
pub mod metadata;
pub mod number;
pub mod number_style;
pub mod observation;
pub mod period;
pub mod period_text;
pub mod policy;
pub mod printed;
pub mod ranking;
pub mod rule;
pub mod selection;
pub mod series;
pub mod submission;
pub mod system;
pub mod target;
pub mod text;
pub mod unit;
