//! Batched reads: whatever the siblings of a level ask for is one statement per kind of question.

use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::{DataLoader, Loader, NoCache},
    runtime::{TokioSpawner, TokioTimer},
};

use super::error::{Fault, Result};
use crate::{
    domain::{
        breakdown::Breakdown,
        id::*,
        observation::Observation,
        selection::{Condition, LatestQuestion, SeriesQuestion, Slice, Sort},
    },
    store::{
        Database, Scope,
        observations::{self, GroupBy, Parent},
    },
};

/// Most keys of one statement: three values each stay below SQLite's limit of 32,766.
const MAX_BATCH: usize = 10_000;

/// Error that a batch shares among its askers.
type Shared = Arc<crate::store::StoreError>;

/// The database at one release.
#[derive(Clone)]
pub struct Source {
    database: Database,
    scope: Scope,
}

/// All loaders of a request.
pub struct Loaders {
    by_uid: DataLoader<Batch<ByUid>, NoCache>,
    printings: DataLoader<Batch<Printings>, NoCache>,
    statements: DataLoader<Batch<Statements>, NoCache>,
    related: DataLoader<Batch<Related>, NoCache>,
    series: DataLoader<Batch<SeriesOf>, NoCache>,
    latest: DataLoader<Batch<Latest>, NoCache>,
    pages: DataLoader<Batch<Pages>, NoCache>,
    counts: DataLoader<Batch<Counts>, NoCache>,
    rows: DataLoader<Batch<Rows>, NoCache>,
}

/// One kind of question.
pub struct Batch<Q> {
    source: Source,
    question: std::marker::PhantomData<Q>,
}

macro_rules! question {
    ($(#[$doc:meta])* $name:ident, $key:ty => $value:ty, |$source:ident, $keys:ident| $answer:expr) => {
        $(#[$doc])*
        pub struct $name;
        impl Loader<$key> for Batch<$name> {
            type Value = $value;
            type Error = Shared;
            async fn load(&self, $keys: &[$key]) -> std::result::Result<HashMap<$key, $value>, Shared> {
                let $source = &self.source;
                let answer: crate::store::Result<HashMap<$key, $value>> = async { $answer }.await;
                answer.map_err(Arc::new)
            }
        }
    };
}

/// The indicator, unit and axes of a quantity, whatever its accumulation.
pub type QuantityOf = (IndicatorId, UnitId, Breakdown);

/// Series of an indicator or of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SeriesParent {
    /// Of an indicator.
    Indicator(IndicatorId),
    /// Of a unit.
    Unit(UnitId),
}

/// A row of a printed table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrintedRow {
    /// The document.
    pub document: DocumentId,
    /// Code of the table.
    pub table: String,
    /// Number of the row as printed.
    pub row: String,
}

/// What a parent's page of figures is cut by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageQuestion {
    /// Which figures.
    pub condition: Condition,
    /// In which order.
    pub sort: Sort,
    /// Which stretch.
    pub slice: Slice,
}

question!(
    /// Figures by identity.
    ByUid, String => Observation,
    |source, keys| {
        let found = observations::by_uid(source.database.reader(), source.scope, keys).await?;
        Ok(found.into_iter().map(|o| (o.uid.clone(), o)).collect())
    }
);

question!(
    /// All printings of the figures of a series.
    Printings, i32 => Vec<Observation>,
    |source, keys| {
        let found = observations::printings(source.database.reader(), source.scope, keys).await?;
        Ok(grouped(keys, found, |o| Some(o.series_id)))
    }
);

question!(
    /// Everything ever said of a series.
    Statements, i32 => Vec<Observation>,
    |source, keys| {
        let found = observations::statements(source.database.reader(), source.scope, keys).await?;
        Ok(grouped(keys, found, |o| Some(o.series_id)))
    }
);

question!(
    /// Preferred figures of quantities, by period.
    Related, QuantityOf => Vec<Observation>,
    |source, keys| {
        let found = observations::related(source.database.reader(), source.scope, keys).await?;
        Ok(grouped(keys, found, |o| Some((o.series.indicator, o.series.unit, o.series.breakdown.clone()))))
    }
);

question!(
    /// Points of the series of a parent.
    SeriesOf, (SeriesParent, Arc<SeriesQuestion>) => Vec<Observation>,
    |source, keys| {
        let mut answers = HashMap::new();
        for (question, parents) in by_question(keys) {
            let mut asked = SeriesQuestion::clone(&question);
            let group = match parents.first() {
                Some(SeriesParent::Unit(_)) => GroupBy::Unit,
                _ => GroupBy::Indicator,
            };
            for parent in &parents {
                match parent {
                    SeriesParent::Indicator(id) => asked.indicators.get_or_insert_default().push(*id),
                    SeriesParent::Unit(id) => asked.units.get_or_insert_default().push(*id),
                }
            }
            let found = observations::series(source.database.reader(), source.scope, &asked, Some(group)).await?;
            let parent_of = |o: &Observation| match group {
                GroupBy::Unit => SeriesParent::Unit(o.series.unit),
                GroupBy::Indicator => SeriesParent::Indicator(o.series.indicator),
            };
            for (parent, points) in grouped(&parents, found, |o| Some(parent_of(o))) {
                answers.insert((parent, question.clone()), points);
            }
        }
        Ok(answers)
    }
);

question!(
    /// Newest figures of the series of a unit.
    Latest, (UnitId, Arc<LatestQuestion>) => Vec<Observation>,
    |source, keys| {
        let mut answers = HashMap::new();
        for (question, units) in by_question(keys) {
            let found = observations::latest(source.database.reader(), source.scope, &units, &question).await?;
            for (unit, figures) in grouped(&units, found, |o| Some(o.series.unit)) {
                answers.insert((unit, question.clone()), figures);
            }
        }
        Ok(answers)
    }
);

question!(
    /// Pages of the figures of a parent.
    Pages, (Parent, Arc<PageQuestion>) => Vec<Observation>,
    |source, keys| {
        let mut answers = HashMap::new();
        for (question, parents) in by_question(keys) {
            for kind in by_kind(parents) {
                let pages = observations::pages_of(source.database.reader(), source.scope, &kind, &question.condition, question.sort, &question.slice);
                answers.extend(pages.await?.into_iter().map(|(parent, page)| ((parent, question.clone()), page)));
            }
        }
        Ok(answers)
    }
);

question!(
    /// Numbers of figures of a parent.
    Counts, (Parent, Arc<Condition>) => i64,
    |source, keys| {
        let mut answers = HashMap::new();
        for (condition, parents) in by_question(keys) {
            for kind in by_kind(parents) {
                let counts = observations::counts_of(source.database.reader(), source.scope, &kind, &condition).await?;
                answers.extend(counts.into_iter().map(|(parent, count)| ((parent, condition.clone()), count)));
            }
        }
        Ok(answers)
    }
);

question!(
    /// Figures in rows of printed tables.
    Rows, PrintedRow => Vec<Observation>,
    |source, keys| {
        let mut documents: Vec<DocumentId> = keys.iter().map(|row| row.document).collect();
        documents.sort_unstable();
        documents.dedup();
        let found = observations::in_tables(source.database.reader(), source.scope, &documents).await?;
        let row = |o: &Observation| {
            Some(PrintedRow { document: o.document, table: o.locator.table.clone()?, row: o.locator.row.clone()? })
        };
        Ok(grouped(keys, found, row))
    }
);

/// Groups figures by key, seeded with an empty list for every key asked.
fn grouped<K: Hash + Eq + Clone>(
    keys: &[K],
    found: Vec<Observation>,
    key: impl Fn(&Observation) -> Option<K>,
) -> HashMap<K, Vec<Observation>> {
    let mut groups: HashMap<K, Vec<Observation>> = keys.iter().map(|k| (k.clone(), Vec::new())).collect();
    for observation in found {
        if let Some(group) = key(&observation).and_then(|key| groups.get_mut(&key)) {
            group.push(observation);
        }
    }
    groups
}

/// Parents by the question that they ask: fields of one selection ask the same.
fn by_question<P: Clone, Q: Hash + Eq>(keys: &[(P, Arc<Q>)]) -> HashMap<Arc<Q>, Vec<P>> {
    let mut groups: HashMap<Arc<Q>, Vec<P>> = HashMap::new();
    for (parent, question) in keys {
        groups.entry(question.clone()).or_default().push(parent.clone());
    }
    groups
}

/// Parents by kind: a statement answers for one kind.
fn by_kind(parents: Vec<Parent>) -> Vec<Vec<Parent>> {
    let mut kinds: Vec<Vec<Parent>> = Vec::new();
    for parent in parents {
        match kinds.iter_mut().find(|k| std::mem::discriminant(&k[0]) == std::mem::discriminant(&parent)) {
            Some(kind) => kind.push(parent),
            None => kinds.push(vec![parent]),
        }
    }
    kinds
}

fn shared<T>(answer: std::result::Result<T, Shared>) -> Result<T> {
    answer.map_err(|cause| Fault::Internal(cause.to_string()))
}

impl Loaders {
    /// Loaders for one request.
    pub fn new(database: &Database, scope: Scope) -> Self {
        let source = Source { database: database.clone(), scope };
        Self {
            by_uid: loader(&source),
            printings: loader(&source),
            statements: loader(&source),
            related: loader(&source),
            series: loader(&source),
            latest: loader(&source),
            pages: loader(&source),
            counts: loader(&source),
            rows: loader(&source),
        }
    }

    /// A figure by identity.
    pub async fn by_uid(&self, uid: String) -> Result<Option<Observation>> {
        shared(self.by_uid.load_one(uid).await)
    }

    /// All printings of the figures of a series.
    pub async fn printings(&self, series: i32) -> Result<Vec<Observation>> {
        Ok(shared(self.printings.load_one(series).await)?.unwrap_or_default())
    }

    /// Everything ever said of a series, by time of publication.
    pub async fn statements(&self, series: i32) -> Result<Vec<Observation>> {
        Ok(shared(self.statements.load_one(series).await)?.unwrap_or_default())
    }

    /// Preferred figures of a quantity of a unit, by period.
    pub async fn related(&self, key: QuantityOf) -> Result<Vec<Observation>> {
        Ok(shared(self.related.load_one(key).await)?.unwrap_or_default())
    }

    /// Points of the series of a parent.
    pub async fn series(&self, parent: SeriesParent, question: Arc<SeriesQuestion>) -> Result<Vec<Observation>> {
        Ok(shared(self.series.load_one((parent, question)).await)?.unwrap_or_default())
    }

    /// Newest figures of the series of a unit, newest period first.
    pub async fn latest(&self, unit: UnitId, question: Arc<LatestQuestion>) -> Result<Vec<Observation>> {
        Ok(shared(self.latest.load_one((unit, question)).await)?.unwrap_or_default())
    }

    /// A page of the figures of a parent.
    pub async fn page(&self, parent: Parent, question: Arc<PageQuestion>) -> Result<Vec<Observation>> {
        Ok(shared(self.pages.load_one((parent, question)).await)?.unwrap_or_default())
    }

    /// Number of figures of a parent.
    pub async fn count(&self, parent: Parent, condition: Arc<Condition>) -> Result<i64> {
        Ok(shared(self.counts.load_one((parent, condition)).await)?.unwrap_or_default())
    }

    /// Figures in a row of a printed table.
    pub async fn row(&self, row: PrintedRow) -> Result<Vec<Observation>> {
        Ok(shared(self.rows.load_one(row).await)?.unwrap_or_default())
    }
}

fn loader<Q>(source: &Source) -> DataLoader<Batch<Q>, NoCache> {
    let batch = Batch { source: source.clone(), question: std::marker::PhantomData };
    // Siblings are polled before the runtime turns to the batch, so no waiting is needed to gather them.
    DataLoader::with_cache(batch, TokioSpawner::current(), TokioTimer::default(), NoCache)
        .delay(Duration::ZERO)
        .max_batch_size(MAX_BATCH)
}
