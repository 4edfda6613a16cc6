//! What a reader may ask of the figures: conditions, order, slices. The store turns it into SQL.

use chrono::NaiveDate;

use super::{
    breakdown::Breakdown,
    id::*,
    number::Exact,
    observation::{Accumulation, Qualifier, Status},
    period::Period,
};

/// A condition on figures. Two-valued: a figure without a value fails every comparison of values, so its
/// negation holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Every one holds; true if there is none.
    All(Vec<Condition>),
    /// At least one holds; false if there is none.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Of one of these indicators.
    Indicators(Vec<IndicatorId>),
    /// Of one of these units.
    Units(Vec<UnitId>),
    /// On exactly one of these positions of the extra axes.
    Breakdowns(Vec<Breakdown>),
    /// Has this value on this dimension.
    Dimension(String, Vec<String>),
    /// Relates to time in one of these ways.
    Accumulations(Vec<Accumulation>),
    /// Refers to one of these periods.
    Periods(Vec<Period>),
    /// Its period ends on this day or later.
    EndsFrom(NaiveDate),
    /// Its period ends on this day or earlier.
    EndsTo(NaiveDate),
    /// Has one of these states.
    Statuses(Vec<Status>),
    /// Is qualified in one of these ways.
    Qualifiers(Vec<Qualifier>),
    /// Printed in one of these documents.
    Documents(Vec<DocumentId>),
    /// Printed in one of these sections.
    Sections(Vec<String>),
    /// Printed in this footnote.
    Footnote(i32),
    /// Printed in this table.
    Table(String),
    /// The value is this or more.
    AtLeast(Exact),
    /// The value is this or less.
    AtMost(Exact),
    /// There is a value, or there is none.
    HasValue(bool),
    /// The figure answers by default, or is another printing.
    Preferred(bool),
}

impl Condition {
    /// Number of tests that a figure has to stand.
    pub fn size(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::size).sum::<usize>() + 1,
            Self::Not(part) => part.size() + 1,
            Self::Periods(periods) => periods.len(),
            _ => 1,
        }
    }
}

/// What figures are put in order by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// Last day of the period, then first.
    Period,
    /// Code of the unit.
    Unit,
    /// Value; figures without one come last.
    Value,
    /// Place in the document.
    Place,
}

/// An order of figures, made total by their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sort {
    /// What by.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
}

/// A place in an ordered list: the sort keys of a figure and its own key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Sort keys in order.
    pub keys: Vec<MarkKey>,
    /// Key of the figure.
    pub id: i64,
}

/// A sort key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MarkKey {
    /// A day.
    Date(NaiveDate),
    /// A code.
    Code(String),
    /// A double, by its bits.
    Number(u64),
    /// A whole number.
    Whole(i32),
}

/// A stretch of an ordered list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slice {
    /// Most items.
    pub limit: u64,
    /// Take them from the end.
    pub backwards: bool,
    /// Only what comes after.
    pub after: Option<Mark>,
    /// Only what comes before.
    pub before: Option<Mark>,
}

/// A question for series. `None` means no condition; an empty list matches nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeriesQuestion {
    /// Of these indicators.
    pub indicators: Option<Vec<IndicatorId>>,
    /// Of these units.
    pub units: Option<Vec<UnitId>>,
    /// On these positions of the extra axes.
    pub breakdowns: Option<Vec<Breakdown>>,
    /// Related to time in one of these ways.
    pub accumulations: Option<Vec<Accumulation>>,
    /// Only points whose period ends on this day or later.
    pub from: Option<NaiveDate>,
    /// Only points whose period ends on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Only the last so many points of each series.
    pub last: u64,
    /// Most series for one parent.
    pub first: u64,
}

/// A question for the newest figure of each series of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LatestQuestion {
    /// Only of these indicators; `None` means all, an empty list none.
    pub indicators: Option<Vec<IndicatorId>>,
    /// Only figures of periods that begin on this day or earlier: what lies ahead is a goal, not a state.
    pub begun_by: NaiveDate,
    /// Most figures of one unit.
    pub first: u64,
}
