//! Validation rules, kept as data, and what they find in the figures of a document.
//!
//! A finding says that a document contradicts itself or another one: what was expected, what is printed, by
//! how much they differ, and which figures are concerned. It changes nothing: what is printed stays as printed.

use super::{id::*, indicator::Quantity, number::Exact, text::Text};

mod bounds;
mod chunk;
mod columns;
mod dates;
mod evaluator;
#[cfg(test)]
mod fixture;
mod jump;
mod not_more;
mod parts;
mod printings;
mod ratings;
mod ratios;
mod report;
mod rows;
mod series;
mod units;

pub use evaluator::{Evaluator, evaluate};

closed_list! {
    /// What a finding means for publication.
    Severity {
        /// The figures cannot be right.
        Error => "ERROR",
        /// The figures contradict each other or look wrong.
        Warning => "WARNING",
    }
}

closed_list! {
    /// What a rule looks at.
    CheckKind {
        /// A total is the sum over the values of one axis.
        BreakdownsAddUp => "BREAKDOWNS_ADD_UP",
        /// The total line of a complete table is the sum of its rows.
        RowsAddUp => "ROWS_ADD_UP",
        /// One quantity is the sum of others.
        Balance => "BALANCE",
        /// One quantity is not more than another.
        NotMore => "NOT_MORE",
        /// A ratio is its numerator over its denominator, as rounded.
        RatioHolds => "RATIO_HOLDS",
        /// Shares lie between 0 and 100 %, ranks and scores within their field.
        WithinBounds => "WITHIN_BOUNDS",
        /// Printings of one key have one value.
        PrintingsAgree => "PRINTINGS_AGREE",
        /// What accumulates from the start does not fall.
        NeverFalls => "NEVER_FALLS",
        /// The published rating of a target is that of its numbers.
        RatingAgrees => "RATING_AGREES",
        /// The figure of a unit is the sum over the units right below it.
        UnitsAddUp => "UNITS_ADD_UP",
        /// A figure is of the size that its series had so far.
        Jump => "JUMP",
        /// Nothing in a document is dated after it, and its tables bear its date.
        DatesAgree => "DATES_AGREE",
        /// The columns of a table stand under their own headings.
        ColumnMatches => "COLUMN_MATCHES",
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Stable code.
    pub code: String,
    /// What a finding means.
    pub severity: Severity,
    /// What it looks at.
    pub check: CheckKind,
    /// The quantity that is checked, for checks that name one.
    pub quantity: Option<Quantity>,
    /// The quantities that it is held against.
    pub parts: Vec<Quantity>,
    /// The axis that is summed over.
    pub dimension: Option<String>,
    /// For [`CheckKind::Jump`]: how many times more or less than before is too much; 10 if it is not said.
    pub threshold: Option<Exact>,
    /// Short title.
    pub name: Text,
    /// What a finding of this rule may come from.
    pub explanation: Text,
}

/// A contradiction that a rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable code: that of the rule and a hash or number of what is concerned; of several that would have the same
    /// code, the second one ends in `:2`, and so on.
    pub code: String,
    /// Code of the rule.
    pub rule: String,
    /// The document that is found to contradict.
    pub document: DocumentId,
    /// What the rule expects.
    pub expected: Option<Exact>,
    /// What is printed.
    pub actual: Option<Exact>,
    /// Printed minus expected.
    pub difference: Option<Exact>,
    /// What is wrong, in one sentence.
    pub message: Text,
    /// Identities of the figures concerned, the checked one first.
    pub figures: Vec<String>,
    /// Who accepted it, and why.
    pub waiver: Option<Waiver>,
}

/// A finding that was looked at and accepted. It stays visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub reason: String,
}
