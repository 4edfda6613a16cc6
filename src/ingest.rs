//! Bytes to facts: reads data sets and files, and says where each mistake stands. No database here.

pub mod book;
mod cells;
pub mod dataset;
mod dates;
pub mod grid;
pub mod long;
mod markup;
mod nearest;
pub mod problem;
pub mod report_text;
mod sheet;
pub mod target_table;
pub mod template;
pub mod wide;
