//! Bytes to facts: reads data sets and files, and says where each mistake stands. No database here.

pub mod dataset;
pub mod grid;
pub mod problem;
mod sheet;
