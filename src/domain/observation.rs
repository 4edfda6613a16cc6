//! Observations: one printed figure with everything that qualifies it.

use chrono::NaiveDate;

use super::{
    breakdown::Breakdown,
    id::*,
    number::Exact,
    period::Period,
    text::{Language, Text},
};

closed_list! {
    /// How a figure relates to the time of its period (CL_TIMETRANS of SDMX).
    Accumulation {
        /// What happened within the period, or a mean over it.
        InPeriod => "IN_PERIOD",
        /// Since 1 January.
        YearToDate => "YEAR_TO_DATE",
        /// Since the counting began.
        Cumulative => "CUMULATIVE",
        /// A stock or state at a date.
        AsOf => "AS_OF",
    }
}

closed_list! {
    /// State of a figure (OBS_STATUS of SDMX).
    Status {
        /// Normal.
        Normal => "A",
        /// Estimated.
        Estimated => "E",
        /// Provisional.
        Provisional => "P",
        /// Missing: the figure cannot exist, such as 0/0.
        CannotExist => "M",
        /// Missing: nobody supplied it.
        Missing => "O",
        /// Missing: suppressed to protect persons.
        Suppressed => "Q",
    }
}

closed_list! {
    /// The vagueness or bound printed with a figure. It is data.
    Qualifier {
        /// None printed.
        Exact => "EXACT",
        /// About (khoảng, ước).
        Approximate => "APPROXIMATE",
        /// Almost (gần): the true figure is a little lower.
        JustBelow => "JUST_BELOW",
        /// More than (trên, hơn).
        AtLeast => "AT_LEAST",
        /// At most (tối đa).
        AtMost => "AT_MOST",
        /// Only the power of ten is known (hàng trăm).
        OrderOfMagnitude => "ORDER_OF_MAGNITUDE",
    }
}

impl Accumulation {
    /// Which of several figures for one period answers where none is named: the state at a date before the
    /// total since the start, before the year to date, before the period alone. Smaller is first.
    pub fn precedence(self) -> u8 {
        match self {
            Self::AsOf => 0,
            Self::Cumulative => 1,
            Self::YearToDate => 2,
            Self::InPeriod => 3,
        }
    }
}

impl Qualifier {
    /// The word put before a displayed figure.
    pub fn word(self, language: Language) -> &'static str {
        let (vi, en) = match self {
            Self::Exact => ("", ""),
            Self::Approximate => ("khoảng ", "about "),
            Self::JustBelow => ("gần ", "almost "),
            Self::AtLeast => ("hơn ", "over "),
            Self::AtMost => ("tối đa ", "at most "),
            Self::OrderOfMagnitude => ("cỡ ", "on the order of "),
        };
        match language {
            Language::Vi => vi,
            Language::En => en,
        }
    }
}

/// Where in a document something stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Locator {
    /// Section, in the document's own numbering: `II.3.5.b`.
    pub section: Option<String>,
    /// Footnote number.
    pub footnote: Option<i32>,
    /// Code of the printed table: `II` for Appendix II.
    pub table: Option<String>,
    /// Row number as printed; `total` for the total line.
    pub row: Option<String>,
    /// Column number, counted from 1 after the row number and the label.
    pub column: Option<i32>,
}

impl Locator {
    /// One line that people and machines can read: `II.3.5.b, footnote 13` or `Appendix II, row 4, column 1`.
    pub fn describe(&self, language: Language) -> String {
        let word = |vi, en| if language == Language::Vi { vi } else { en };
        let mut parts = Vec::new();
        if let Some(section) = &self.section {
            parts.push(format!("{} {section}", word("mục", "section")));
        }
        if let Some(footnote) = self.footnote {
            parts.push(format!("{} {footnote}", word("chú thích", "footnote")));
        }
        if let Some(table) = &self.table {
            parts.push(format!("{} {table}", word("Phụ lục", "Appendix")));
        }
        match self.row.as_deref() {
            Some("total") => parts.push(word("dòng Tổng", "total row").to_owned()),
            Some(row) => parts.push(format!("{} {row}", word("dòng", "row"))),
            None => {}
        }
        if let Some(column) = self.column {
            parts.push(format!("{} {column}", word("cột", "column")));
        }
        parts.join(", ")
    }
}

/// The key of a series: what, of whom, on which axes, how accumulated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeriesKey {
    /// What is measured.
    pub indicator: IndicatorId,
    /// Of whom.
    pub unit: UnitId,
    /// How it relates to time.
    pub accumulation: Accumulation,
    /// Position on the extra axes.
    pub breakdown: Breakdown,
}

/// One printed figure. A second printing of the same key is an observation too, not preferred.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Surrogate key.
    pub id: i64,
    /// Identity that is the same in every database: hash of document, place and key.
    pub uid: String,
    /// Surrogate key of the series.
    pub series_id: i32,
    /// Key of the series.
    pub series: SeriesKey,
    /// What the figure refers to.
    pub period: Period,
    /// The figure; `None` only with a status that says why.
    pub value: Option<Exact>,
    /// State.
    pub status: Status,
    /// Printed vagueness.
    pub qualifier: Qualifier,
    /// The days that the counting covered, where the text says so.
    pub coverage: Option<(NaiveDate, NaiveDate)>,
    /// The date of a stock, where the text gives it.
    pub as_of: Option<NaiveDate>,
    /// The figure as printed.
    pub as_printed: String,
    /// For a rate of change: the period compared with.
    pub base_period: Option<Period>,
    /// For a rank the number ranked, for a score the maximum.
    pub field_size: Option<i32>,
    /// Document that prints it.
    pub document: DocumentId,
    /// Place in the document.
    pub locator: Locator,
    /// Order within the document.
    pub position: i32,
    /// True for the one figure of its key that answers by default.
    pub preferred: bool,
    /// What a reader should know.
    pub note: Option<Text>,
    /// Number of the release that published it.
    pub release: i32,
}

impl Observation {
    /// True if two figures say the same, wherever they stand and however they are printed.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.value == other.value
            && self.status == other.status
            && self.qualifier == other.qualifier
            && self.coverage == other.coverage
            && self.as_of == other.as_of
            && self.base_period == other.base_period
            && self.field_size == other.field_size
            && self.note == other.note
    }
}

/// Identity of a figure: the same in every database, since it follows from what the figure is and where it stands.
/// `nth` tells apart several of the same place.
pub fn identity(document: &str, indicator: &str, unit: &str, o: &Observation, nth: u32) -> String {
    use sha2::{Digest, Sha256};
    let l = &o.locator;
    let digest = Sha256::digest(format!(
        "{document}|{}|{}|{}|{}|{}|{indicator}|{unit}|{}|{}|{}|{nth}",
        l.section.as_deref().unwrap_or_default(),
        l.footnote.unwrap_or_default(),
        l.table.as_deref().unwrap_or_default(),
        l.row.as_deref().unwrap_or_default(),
        l.column.unwrap_or_default(),
        o.series.accumulation.code(),
        o.series.breakdown,
        o.period,
    ));
    super::audit::hex(&digest[..10])
}
