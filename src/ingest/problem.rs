//! A mistake in a data file, with its place.

use std::fmt;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// File, relative to the data set.
    pub file: String,
    /// Line from 1; 0 if the whole file is meant.
    pub line: u64,
    /// Column number from 1 and its heading, in tabular files.
    pub column: Option<(usize, String)>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some((number, name)) = &self.column {
            write!(f, ":{number} ({name})")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Every mistake found; a data set with one is not loaded at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} mistakes in the data set; the first is {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
pub struct Problems(pub Vec<Problem>);
