//! The units whose names and codes the rows of a table bear on a day.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    domain::{catalogue::Catalogue, column::heading_key, id::UnitId, text::fold},
    ingest::{markup, nearest::nearest},
};

/// Codes, names and aliases of the units that stood on a day.
pub struct UnitNames<'c> {
    catalogue: &'c Catalogue,
    day: NaiveDate,
    by_name: HashMap<String, Vec<UnitId>>,
}

impl<'c> UnitNames<'c> {
    /// Indexes the units of a day once, for all rows.
    pub fn new(catalogue: &'c Catalogue, day: NaiveDate) -> Self {
        let mut by_name: HashMap<String, Vec<UnitId>> = HashMap::new();
        for unit in catalogue.units.iter().filter(|u| u.stood_on(day)) {
            let names = [&unit.name.vi, &unit.name.en].into_iter().chain(&unit.aliases);
            for name in names.map(|name| fold(name)).filter(|name| !name.is_empty()) {
                let bearers = by_name.entry(name).or_default();
                if !bearers.contains(&unit.id) {
                    bearers.push(unit.id);
                }
            }
        }
        Self { catalogue, day, by_name }
    }

    /// The units that a cell names: none if unknown, several if the name is ambiguous.
    pub fn find(&self, cell: &str) -> Vec<UnitId> {
        let cell = markup::plain(cell);
        if let Some(unit) = self.catalogue.unit_on(&cell, self.day) {
            return vec![unit.id];
        }
        self.by_name.get(&fold(&cell)).cloned().unwrap_or_default()
    }

    /// The name most like an unknown one.
    pub fn suggest(&self, cell: &str) -> Option<String> {
        let standing = self.catalogue.units.iter().filter(|u| u.stood_on(self.day));
        let names = standing.flat_map(|u| [&u.name.vi].into_iter().chain(&u.aliases).map(move |name| (name, u)));
        let names: Vec<_> = names.collect();
        let found = nearest(&markup::plain(cell), names.iter().map(|(name, _)| name.as_str()))?;
        names.iter().find(|(name, _)| *name == found).map(|(_, unit)| unit.name.vi.clone())
    }

    /// Why a name is unknown on this day, if it is known on another.
    pub fn known_at_another_time(&self, cell: &str) -> bool {
        let wanted = fold(&markup::plain(cell));
        self.catalogue.units.iter().any(|u| fold(&u.name.vi) == wanted || u.code == cell)
    }

    /// Name and code of units, for a message.
    pub fn describe(&self, units: &[UnitId]) -> String {
        let found = units.iter().filter_map(|id| self.catalogue.unit(*id));
        found.map(|u| format!("{} ({})", u.name.vi, u.code)).collect::<Vec<_>>().join(", ")
    }
}

/// True for the words before the line of totals.
pub fn is_total(cell: &str) -> bool {
    matches!(
        heading_key(&markup::plain(cell)).as_str(),
        "tong"
            | "tong cong"
            | "tong so"
            | "toan tinh"
            | "cong"
            | "tong toan tinh"
            | "toan tinh tong"
            | "total"
            | "tong chung"
    )
}
