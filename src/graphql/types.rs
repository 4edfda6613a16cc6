//! Output types, one file per noun. A doc comment on a field is its description in the schema.

pub mod account;
pub mod audit;
pub mod availability;
pub mod document;
pub mod enums;
pub mod import;
pub mod indicator;
pub mod observation;
pub mod period;
pub mod printed_table;
pub mod ranking;
pub mod release;
pub mod report;
pub mod rule;
pub mod search;
pub mod series;
pub mod server_info;
pub mod submission;
pub mod system;
pub mod target;
pub mod topic;
pub mod unit;
pub mod unit_event;
