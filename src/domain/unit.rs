//! Units: the organisations and territories that report or are measured, and what happened to them.

use chrono::NaiveDate;

use super::{id::*, text::Text};

closed_list! {
    /// Kind of a unit.
    UnitKind {
        /// A country.
        Country => "country",
        /// A province or a city of the central level.
        Province => "province",
        /// A city of the district level.
        City => "city",
        /// A rural district.
        District => "district",
        /// An urban commune-level unit (phường).
        Ward => "ward",
        /// A rural commune (xã).
        Commune => "commune",
        /// A township (thị trấn).
        Township => "township",
        /// A provincial department (sở).
        Department => "department",
        /// Another provincial body (ban, thanh tra, văn phòng).
        Agency => "agency",
        /// The national or a local government as an issuer.
        Government => "government",
        /// A ministry or a body of its rank.
        Ministry => "ministry",
        /// A body of the Party.
        Party => "party",
        /// Any other public or social organisation.
        Organisation => "organisation",
        /// An enterprise.
        Enterprise => "enterprise",
    }
}

closed_list! {
    /// What happened to units at a date.
    UnitEventKind {
        /// A new unit without a predecessor.
        Created => "CREATED",
        /// A new name, same body and territory.
        Renamed => "RENAMED",
        /// The parent or the territory of responsibility changed.
        Moved => "MOVED",
        /// Several units became one.
        Merged => "MERGED",
        /// One unit became several.
        Split => "SPLIT",
        /// The unit ended.
        Abolished => "ABOLISHED",
    }
}

closed_list! {
    /// How much of a former unit went to the new one.
    Extent {
        /// All of it.
        Full => "FULL",
        /// A part of it.
        Partial => "PARTIAL",
    }
}

/// One version of a unit. A code can change its bearer, so the identity is code *and* first day.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Surrogate key.
    pub id: UnitId,
    /// Official code of the statistics office, or our own for bodies that have none.
    pub code: String,
    /// First day of this version; `None` if not researched.
    pub valid_from: Option<NaiveDate>,
    /// Last day of this version; `None` if it still stands or the end is not known.
    pub valid_to: Option<NaiveDate>,
    /// Official name.
    pub name: Text,
    /// Kind.
    pub kind: UnitKind,
    /// The unit above, in the version that stood with this one.
    pub parent: Option<UnitId>,
    /// Place in the tables of the province's reports, which do not follow the codes.
    pub report_order: Option<i32>,
    /// Where the facts come from.
    pub source: String,
    /// How sure they are.
    pub confidence: String,
    /// Other names and spellings.
    pub aliases: Vec<String>,
    /// Identifiers in other schemes.
    pub identifiers: Vec<UnitIdentifier>,
}

impl Unit {
    /// `code@first-day`: the natural key of a version.
    pub fn key(&self) -> String {
        format!("{}@{}", self.code, self.valid_from.map(|d| d.to_string()).unwrap_or_default())
    }

    /// True if this version stood on `date`.
    pub fn stood_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// An identifier of a unit in a named scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitIdentifier {
    /// `gso`, `eid2020` (QĐ 20/2020/QĐ-TTg) or `qcvn102` (QCVN 102:2016/BTTTT).
    pub scheme: String,
    /// The identifier, opaque.
    pub value: String,
    /// First day of validity.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity.
    pub valid_to: Option<NaiveDate>,
    /// How sure it is.
    pub confidence: String,
}

/// A change of the units at a date.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitEvent {
    /// Surrogate key.
    pub id: UnitEventId,
    /// Stable code.
    pub code: String,
    /// What happened.
    pub kind: UnitEventKind,
    /// First day of the new state.
    pub effective_on: NaiveDate,
    /// The legal act.
    pub legal_basis: Option<DocumentId>,
    /// Short title.
    pub name: Text,
    /// What a reader should know.
    pub note: Option<Text>,
    /// How sure it is.
    pub confidence: String,
    /// From which to which unit.
    pub links: Vec<UnitEventLink>,
}

/// One edge of the change graph.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitEventLink {
    /// The unit before; `None` for a creation.
    pub from: Option<UnitId>,
    /// The unit after; `None` for an end without a successor.
    pub to: Option<UnitId>,
    /// How much went over.
    pub extent: Extent,
    /// Official share of the former unit, 0 to 1, if there is one.
    pub share: Option<super::number::Exact>,
}
