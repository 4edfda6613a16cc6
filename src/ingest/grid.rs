//! Grids of cells: what a CSV file, a worksheet and a table in a text have in common.

/// What a cell holds, as the file types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Text, or nothing.
    Text,
    /// A number that the file itself types as one: its text has a decimal point and no grouping.
    Number,
    /// A date that the file itself types as one, as `YYYY-MM-DD`.
    Date,
    /// A formula. Its cached result is not trusted.
    Formula,
    /// An error value, such as `#DIV/0!`.
    Error,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its text, trimmed, in Unicode normal form NFC.
    pub text: String,
    /// How the file types it.
    pub kind: CellKind,
}

impl Cell {
    /// A cell of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: CellKind::Text }
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && matches!(self.kind, CellKind::Text)
    }
}

/// One line of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridLine {
    /// Its number from 1, as the person who made the file sees it: the row of the worksheet, the line of the file.
    pub number: u64,
    /// Its cells from the first column on; cells behind the last are empty.
    pub cells: Vec<Cell>,
}

/// A grid that fits into memory: a table with at most a few thousand rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Name of the worksheet; `None` for a CSV file or a text.
    pub sheet: Option<String>,
    /// Lines in order; empty ones are kept.
    pub lines: Vec<GridLine>,
    /// Merged cells: first line number, first column from 0, last line number, last column from 0.
    pub merged: Vec<(u64, usize, u64, usize)>,
}
