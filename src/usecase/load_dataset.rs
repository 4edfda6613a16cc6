//! Loading a data set into an empty database, all of it or nothing.

use std::path::Path;

use chrono::{DateTime, SubsecRound, Utc};

use crate::{
    ingest::{dataset, problem::Problems},
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
pub async fn run(database: &Database, root: &Path, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
    if store::releases::newest(database.reader()).await?.is_some() {
        return Ok(Outcome::AlreadyLoaded);
    }
    let dataset = dataset::read(root)?;
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
