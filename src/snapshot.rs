//! The catalogue and its search index, as they stand for one release.

use std::{collections::VecDeque, sync::Arc};

use tokio::sync::{Mutex, RwLock};

use crate::{
    domain::catalogue::Catalogue,
    search::SearchIndex,
    store::{self, Database, Scope, StoreError},
};

/// Everything that an answer needs beside the figures.
#[derive(Debug)]
pub struct Snapshot {
    /// The release.
    pub scope: Scope,
    /// Units, indicators, documents, targets, systems.
    pub catalogue: Catalogue,
    /// Full-text search over them.
    pub search: SearchIndex,
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The search index cannot be built.
    #[error("search index: {0}")]
    Search(#[from] tantivy::TantivyError),
    /// Nothing has been published.
    #[error("no release has been published in this database")]
    Empty,
}

/// How many older releases are kept in memory.
const KEPT: usize = 4;

/// Keeps the snapshot of the newest release and some older ones. One statement a request tells whether the
/// newest still is.
#[derive(Debug, Default)]
pub struct Snapshots {
    newest: RwLock<Option<Arc<Snapshot>>>,
    /// The last used stands last.
    older: Mutex<VecDeque<Arc<Snapshot>>>,
}

impl Snapshots {
    /// The snapshot of the newest release, loaded anew if a release has come.
    ///
    /// # Errors
    /// As the database says.
    pub async fn newest(&self, database: &Database) -> Result<Arc<Snapshot>, SnapshotError> {
        let release = store::releases::newest(database.reader()).await?.ok_or(SnapshotError::Empty)?;
        let is_current = |kept: &Option<Arc<Snapshot>>| kept.clone().filter(|s| s.scope.release >= release);
        if let Some(snapshot) = is_current(&*self.newest.read().await) {
            return Ok(snapshot);
        }
        // One request loads, the others wait for it.
        let mut kept = self.newest.write().await;
        if let Some(snapshot) = is_current(&kept) {
            return Ok(snapshot);
        }
        let snapshot = load(database, Scope::of_release(release)).await?;
        *kept = Some(snapshot.clone());
        Ok(snapshot)
    }

    /// The snapshot of a given release.
    ///
    /// # Errors
    /// As the database says.
    pub async fn at(&self, database: &Database, scope: Scope) -> Result<Arc<Snapshot>, SnapshotError> {
        let mut older = self.older.lock().await;
        let snapshot = match older.iter().position(|s| s.scope == scope).and_then(|i| older.remove(i)) {
            Some(snapshot) => snapshot,
            None => load(database, scope).await?,
        };
        if older.len() == KEPT {
            older.pop_front();
        }
        older.push_back(snapshot.clone());
        Ok(snapshot)
    }
}

async fn load(database: &Database, scope: Scope) -> Result<Arc<Snapshot>, SnapshotError> {
    let catalogue = store::load_catalogue(database.reader(), scope).await?;
    let search = SearchIndex::build(&catalogue)?;
    Ok(Arc::new(Snapshot { scope, catalogue, search }))
}
