//! Versions of metadata: what is said of indicators, units and rules changes with a release, like everything public.
//! Nothing is ever deleted; a rule can be retired.

use chrono::NaiveDate;

use super::{indicator::Direction, rule::Rule, text::Text};

closed_list! {
    /// What has versions.
    Subject {
        /// An indicator, by code.
        Indicator => "INDICATOR",
        /// A version of a unit, by `code@first-day`.
        Unit => "UNIT",
        /// A rule, by code.
        Rule => "RULE",
    }
}

/// What is changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Of an indicator.
    Indicator {
        /// Short title.
        name: Text,
        /// What is counted, of what, where.
        definition: Text,
        /// Which way is better.
        direction: Direction,
        /// Decimals usually shown.
        decimals: i16,
        /// Other names.
        aliases: Vec<String>,
    },
    /// Of a unit.
    Unit {
        /// Official name.
        name: Text,
        /// Other names and spellings.
        aliases: Vec<String>,
        /// Last day.
        valid_to: Option<NaiveDate>,
    },
    /// Of a rule.
    Rule {
        /// The rule from now on.
        rule: Box<Rule>,
        /// True if there was none of this code.
        is_new: bool,
        /// True if it is not applied any more.
        is_retired: bool,
    },
}

/// A version of the metadata of something.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// What kind of thing.
    pub subject: Subject,
    /// Its code.
    pub code: String,
    /// The release from which it holds.
    pub release: i32,
    /// What it says.
    pub change: Change,
    /// Why.
    pub reason: String,
    /// Who made it, by label.
    pub actor: String,
}
