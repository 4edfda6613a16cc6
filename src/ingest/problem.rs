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

crate::domain::id::closed_list! {
    /// Kinds of mistakes in a file on its way in.
    ProblemCode {
        /// The file is damaged, of an unknown format or not UTF-8.
        BadFile => "BAD_FILE",
        /// The file, a row or a cell is larger than allowed.
        TooLarge => "TOO_LARGE",
        /// A column that is needed is missing.
        MissingColumn => "MISSING_COLUMN",
        /// A heading that stands for no known quantity.
        UnknownColumn => "UNKNOWN_COLUMN",
        /// A heading that stands for several quantities.
        AmbiguousColumn => "AMBIGUOUS_COLUMN",
        /// A name or code that no unit has.
        UnknownUnit => "UNKNOWN_UNIT",
        /// A name that several units have.
        AmbiguousUnit => "AMBIGUOUS_UNIT",
        /// A code that no indicator has.
        UnknownIndicator => "UNKNOWN_INDICATOR",
        /// A code out of a closed list, or a breakdown, that is not known.
        UnknownCode => "UNKNOWN_CODE",
        /// A period or date that cannot be read.
        BadPeriod => "BAD_PERIOD",
        /// A cell that holds no number.
        NotANumber => "NOT_A_NUMBER",
        /// A number that can be read in more than one way.
        AmbiguousNumber => "AMBIGUOUS_NUMBER",
        /// A number in another style than the rest of the file.
        MixedNumberStyle => "MIXED_NUMBER_STYLE",
        /// A formula, whose cached result is not trusted.
        Formula => "FORMULA",
        /// A required cell is empty, or one that must be empty is not.
        BadCell => "BAD_CELL",
        /// The same figure twice.
        Duplicate => "DUPLICATE",
        /// No figure was found.
        NothingFound => "NOTHING_FOUND",
    }
}

/// A mistake in a file on its way in, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// What kind of mistake.
    pub code: ProblemCode,
    /// Worksheet, or table of a text.
    pub sheet: Option<String>,
    /// Row from 1, as the person sees it; 0 if the whole file is meant.
    pub row: u64,
    /// Column from 1 and its heading.
    pub column: Option<(usize, String)>,
    /// What stands there, at most 120 characters.
    pub raw: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// True if the cell was read all the same: a remark, not a mistake.
    pub is_warning: bool,
}

impl CellProblem {
    /// A mistake of a whole file.
    pub fn of_file(code: ProblemCode, message: impl Into<String>) -> Self {
        Self {
            code,
            sheet: None,
            row: 0,
            column: None,
            raw: String::new(),
            message: message.into(),
            suggestion: None,
            is_warning: false,
        }
    }

    /// The same in a row.
    pub fn in_row(self, row: u64) -> Self {
        Self { row, ..self }
    }

    /// The same with what stands there, shortened.
    pub fn with_raw(self, raw: &str) -> Self {
        Self { raw: raw.chars().take(120).collect(), ..self }
    }
}

/// The first hundred of many problems, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems100 {
    /// The first hundred.
    pub first: Vec<CellProblem>,
    /// How many were told, those left out included.
    pub count: u64,
}

impl Problems100 {
    /// Notes one.
    pub fn push(&mut self, problem: CellProblem) {
        self.count += 1;
        if self.first.len() < 100 {
            self.first.push(problem);
        }
    }
}
