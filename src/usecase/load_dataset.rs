//! Loading a data set into an empty database, all of it or nothing.

use std::path::Path;

use chrono::{DateTime, SubsecRound, Utc};

use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        document::Release,
        text::Text,
    },
    ingest::{
        dataset::{self, Dataset},
        problem::Problems,
    },
    store::{self, Database, StoreError},
};

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The data set is in the database now.
    Loaded {
        /// Number of figures.
        observations: usize,
        /// Number of releases.
        releases: usize,
    },
    /// There were releases already; nothing was read.
    AlreadyLoaded,
}

/// Why it failed; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The files have mistakes.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// The database says no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for LoadError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Loads the data set in `root` unless something has been published already. `now` is the time at which
/// the database learns of the releases; PostgreSQL keeps microseconds, so no more are written.
///
/// # Errors
/// Every mistake in the files, or what the database says.
pub async fn run(
    database: &Database,
    root: &Path,
    now: DateTime<Utc>,
    with_figures: bool,
) -> Result<Outcome, LoadError> {
    if store::releases::newest(database.reader()).await?.is_some() {
        return Ok(Outcome::AlreadyLoaded);
    }
    let mut dataset = dataset::read(root)?;
    if !with_figures {
        dataset = registers_of(dataset, now);
    }
    let mut releases: Vec<_> = dataset.catalogue.releases.iter().map(|r| r.as_ref().clone()).collect();
    for release in &mut releases {
        release.recorded_at = now.trunc_subsecs(6);
    }
    let transaction = database.begin().await?;
    Database::lock(&transaction).await?;
    if store::releases::newest(&transaction).await?.is_some() {
        // Another node was faster.
        transaction.rollback().await?;
        return Ok(Outcome::AlreadyLoaded);
    }
    store::load::save(&transaction, &dataset.catalogue, &dataset.observations, &releases).await?;
    transaction.commit().await?;
    Ok(Outcome::Loaded { observations: dataset.observations.len(), releases: releases.len() })
}

/// The data set without what its sources say: what an instance needs before the first report comes.
fn registers_of(dataset: Dataset, now: DateTime<Utc>) -> Dataset {
    let mut parts: Parts = Parts::clone(&dataset.catalogue);
    parts.tables.clear();
    parts.reports.clear();
    parts.assessments.clear();
    parts.findings.clear();
    for document in &mut parts.documents {
        std::sync::Arc::make_mut(document).sections.clear();
    }
    let release = Release {
        number: 1,
        published_at: now.trunc_subsecs(6),
        recorded_at: now.trunc_subsecs(6),
        title: Text::new("Danh mục đơn vị, chỉ tiêu và quy tắc", "Registers of units, indicators and rules"),
        note: None,
        document: None,
        withdraws: None,
    };
    parts.releases = vec![release.into()];
    Dataset { catalogue: Catalogue::new(parts), observations: Vec::new() }
}
