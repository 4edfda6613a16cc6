//! What a request carries: the snapshot of its release and its loaders.

use std::sync::Arc;

use async_graphql::Context;

use super::{
    error::{Fault, Result},
    loaders::Loaders,
};
use crate::{
    domain::{catalogue::Catalogue, document, id::*, indicator, unit},
    snapshot::Snapshot,
    store::{Database, Scope},
};

/// The data of one request.
pub struct Reader {
    /// The release and its catalogue.
    pub snapshot: Arc<Snapshot>,
    /// The database.
    pub database: Database,
    /// Batched reads.
    pub loaders: Loaders,
}

impl Reader {
    /// The data of a request that sees this snapshot.
    pub fn new(snapshot: Arc<Snapshot>, database: Database) -> Self {
        Self { loaders: Loaders::new(&database, snapshot.scope), snapshot, database }
    }

    /// Units, indicators and so on.
    pub fn catalogue(&self) -> &Catalogue {
        &self.snapshot.catalogue
    }

    /// What may be seen.
    pub fn scope(&self) -> Scope {
        self.snapshot.scope
    }

    /// The unit of a key.
    pub fn unit(&self, id: UnitId) -> Result<&unit::Unit> {
        self.catalogue().unit(id).ok_or_else(|| dangling("unit", id.0))
    }

    /// The indicator of a key.
    pub fn indicator(&self, id: IndicatorId) -> Result<&indicator::Indicator> {
        self.catalogue().indicator(id).ok_or_else(|| dangling("indicator", id.0))
    }

    /// The document of a key.
    pub fn document(&self, id: DocumentId) -> Result<&document::Document> {
        self.catalogue().document(id).ok_or_else(|| dangling("document", id.0))
    }

    /// The item of a list of the catalogue with a key.
    pub fn item<'l, T>(&self, list: &'l [T], is_it: impl Fn(&T) -> bool, what: &'static str) -> Result<&'l T> {
        list.iter().find(|item| is_it(item)).ok_or_else(|| dangling(what, 0))
    }
}

fn dangling(what: &str, id: i32) -> Fault {
    Fault::Internal(format!("{what} {id} is not in the snapshot"))
}

/// The data of the request.
pub fn reader<'c>(ctx: &Context<'c>) -> &'c Reader {
    ctx.data_unchecked::<Reader>()
}
