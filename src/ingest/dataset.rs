//! A data set: the folder of CSV and TOML files that people read, correct and review, such as
//! `data/thai-nguyen`. Reading it checks everything: codes, dates, numbers against what is printed,
//! duplicates, orphans, translations. One mistake, and nothing is loaded.

mod checks;
mod columns;
mod documents;
mod figures;
mod indicators;
mod registers;
mod rules;
mod sources;
mod systems;
mod tables;
mod targets;
mod units;

use std::{path::Path, sync::Arc};

use super::{
    problem::Problems,
    sheet::{Folder, one_of},
};
use crate::domain::{
    catalogue::{Catalogue, Parts},
    observation::Observation,
};

/// A data set that has no mistake.
#[derive(Debug)]
pub struct Dataset {
    /// Everything but the figures.
    pub catalogue: Catalogue,
    /// The figures, by release and place in the document.
    pub observations: Vec<Observation>,
}

/// Reads and checks a data set.
///
/// # Errors
/// Every mistake, with file, line and column.
pub fn read(root: &Path) -> Result<Dataset, Problems> {
    let folder = Folder::open(root);
    let mut parts = Parts::default();
    let manifest = sources::read_manifest(&folder);
    if manifest.is_empty() {
        // Not a data set at all: what else is missing would only hide that.
        return Err(Problems(folder.finish()));
    }
    registers::read(&folder, &mut parts);
    units::read(&folder, &mut parts);
    documents::read(&folder, &manifest, &mut parts);
    units::read_events(&folder, &mut parts);
    indicators::read(&folder, &mut parts);
    columns::read(&folder, &mut parts);

    let mut observations = Vec::new();
    for source in &manifest {
        sources::read(&folder, source, &mut parts);
        documents::read_references(&folder, source, &mut parts);
        targets::read(&folder, source, &mut parts);
        tables::read(&folder, source, &mut parts, &mut observations);
        figures::read(&folder, source, &parts, &mut observations);
    }
    systems::read(&folder, &mut parts);
    rules::read(&folder, &mut parts);
    checks::whole(&folder, &parts, &mut observations);
    rules::apply(&mut parts, &observations);

    match folder.finish() {
        problems if problems.is_empty() => Ok(Dataset { catalogue: Catalogue::new(parts), observations }),
        problems => Err(Problems(problems)),
    }
}

/// Key for the `i`-th entry of a list: 1, 2, 3…
fn key(i: usize) -> i32 {
    i32::try_from(i + 1).unwrap_or(i32::MAX)
}

/// Notes codes that occur twice in a list.
fn refuse_duplicates<'r, 'f: 'r>(rows: impl IntoIterator<Item = (&'r super::sheet::Row<'f>, String)>, column: &str) {
    let mut seen = std::collections::HashMap::new();
    for (row, code) in rows {
        if let Some(line) = seen.insert(code.clone(), row.line) {
            row.fail(column, format!("`{code}` stands in line {line} already"));
        }
    }
}
