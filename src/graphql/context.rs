//! What answers are read from: one release of the catalogue, and the figures as that release has them.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, MaybeUndefined, OneofObject};
use chrono::NaiveDate;
use tokio::sync::Mutex;

use super::{
    error::{Fault, InternalExt, Result},
    loaders::Loaders,
    scalars::{DateTime, given},
};
use crate::{
    domain::{catalogue::Catalogue, document, id::*, indicator, unit},
    snapshot::{Snapshot, Snapshots},
    store::{Database, Scope},
};

/// One release and its figures. Everything below a root field shares the view of that field.
pub struct Reader {
    /// The release and its catalogue.
    pub snapshot: Arc<Snapshot>,
    /// The database.
    pub database: Database,
    /// Batched reads.
    pub loaders: Loaders,
}

/// A shared [`Reader`].
pub type View = Arc<Reader>;

impl Reader {
    /// The view of a request on this snapshot.
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

    /// The day of the newest publication, or the day after: the instant is kept in UTC, and where it was published
    /// the next day may have begun.
    pub fn published_by(&self) -> NaiveDate {
        let days = self.catalogue().releases.iter().map(|r| r.published_at.date_naive());
        days.max().and_then(|day| day.succ_opt()).unwrap_or_default()
    }

    /// The unit of a key.
    pub fn unit(&self, id: UnitId) -> Result<&Arc<unit::Unit>> {
        self.catalogue().unit(id).ok_or_else(|| dangling("unit", id.0))
    }

    /// The indicator of a key.
    pub fn indicator(&self, id: IndicatorId) -> Result<&Arc<indicator::Indicator>> {
        self.catalogue().indicator(id).ok_or_else(|| dangling("indicator", id.0))
    }

    /// The document of a key.
    pub fn document(&self, id: DocumentId) -> Result<&Arc<document::Document>> {
        self.catalogue().document(id).ok_or_else(|| dangling("document", id.0))
    }

    /// The item of a list of the catalogue that passes a test.
    pub fn item<'l, T>(&self, list: &'l [T], is_it: impl Fn(&T) -> bool, what: &'static str) -> Result<&'l T> {
        list.iter().find(|item| is_it(item)).ok_or_else(|| dangling(what, 0))
    }
}

fn dangling(what: &str, id: i32) -> Fault {
    Fault::Internal(format!("{what} {id} is not in the snapshot"))
}

/// An earlier state of the data: what was public at a release or at an instant.
#[derive(OneofObject, Debug, Clone)]
pub enum AsOf {
    /// The release with this number.
    Release(i32),
    /// What had been published at this instant, such as `2024-01-01T00:00:00+07:00`.
    At(DateTime),
}

/// The views of one request: root fields that ask for the same release share one, and with it its loaders.
pub struct Views {
    newest: View,
    snapshots: Arc<Snapshots>,
    older: Mutex<HashMap<Scope, View>>,
}

impl Views {
    /// The views of a request that begins at the newest release.
    pub fn new(newest: Arc<Snapshot>, snapshots: Arc<Snapshots>, database: Database) -> Self {
        Self { newest: Arc::new(Reader::new(newest, database)), snapshots, older: Mutex::default() }
    }

    /// The view at which the request began.
    pub fn newest(&self) -> View {
        self.newest.clone()
    }

    /// The view after a write: what was newest may not be any more.
    pub async fn anew(&self) -> Result<View> {
        let database = &self.newest.database;
        let snapshot = self.snapshots.newest(database).await.internal()?;
        Ok(Arc::new(Reader::new(snapshot, database.clone())))
    }

    async fn of(&self, scope: Scope) -> Result<View> {
        if scope == self.newest.scope() {
            return Ok(self.newest.clone());
        }
        let mut older = self.older.lock().await;
        if let Some(view) = older.get(&scope) {
            return Ok(view.clone());
        }
        let database = &self.newest.database;
        let snapshot = self.snapshots.at(database, scope).await.internal()?;
        let view: View = Arc::new(Reader::new(snapshot, database.clone()));
        older.insert(scope, view.clone());
        Ok(view)
    }
}

/// The view of a root field.
///
/// # Errors
/// If no such release is known, or nothing was public at the instant.
pub async fn view(ctx: &Context<'_>, as_of: MaybeUndefined<AsOf>) -> Result<View> {
    let views = ctx.data_unchecked::<Views>();
    let releases = &views.newest.catalogue().releases;
    let newest = views.newest.scope().release;
    let scope = match given(as_of, "asOf")? {
        None => return Ok(views.newest.clone()),
        Some(AsOf::Release(number)) => match releases.iter().any(|r| r.number == number) {
            true => Scope::of_release(number),
            false => return Err(Fault::bad_input("asOf.release", format!("there is no release {number}."))),
        },
        Some(AsOf::At(at)) => {
            let at = at.instant("asOf.at")?;
            let public: Vec<_> = releases.iter().filter(|r| r.published_at <= at).collect();
            // All instants between two publications are one state: the one since the last publication.
            match public.iter().map(|r| r.published_at).max() {
                None => return Err(Fault::bad_input("asOf.at", "nothing had been published by then.")),
                Some(_) if public.len() == releases.len() => Scope::of_release(newest),
                Some(since) => Scope { release: newest, at: Some(since.timestamp_micros()) },
            }
        }
    };
    views.of(scope).await
}

/// Declares an output type that shows an entry of the catalogue as one release has it.
macro_rules! entry {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            pub view: $crate::graphql::context::View,
            pub it: std::sync::Arc<$item>,
        }

        impl $name {
            /// The entry as the view has it.
            pub fn of(view: &$crate::graphql::context::View, it: &std::sync::Arc<$item>) -> Self {
                Self { view: view.clone(), it: it.clone() }
            }
        }
    };
}
pub(crate) use entry;
