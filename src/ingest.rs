//! Bytes to facts: reads data sets and files, and says where each mistake stands. No database here.

pub mod book;
pub mod dataset;
pub mod grid;
pub mod long;
pub mod problem;
mod sheet;
pub mod template;
