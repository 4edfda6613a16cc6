//! Bytes to facts: reads data sets and files, and says where each mistake stands. No database here.

mod cells;
pub mod dataset;
mod dates;
pub mod grid;
mod markup;
mod nearest;
pub mod problem;
pub mod report_text;
mod sheet;
pub mod target_table;
pub mod wide;
