//! Publication: figures of a submission become observations of a release, in one transaction.
//!
//! Keys that nobody has spoken of are inserted by one statement. Keys that have a history are taken to
//! [`crate::domain::history`], which says which rows end and which begin.

pub mod contents;

use std::collections::{BTreeMap, HashMap};

use sea_orm::{
    ConnectionTrait, Statement as Sql,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{
    Result,
    load::row,
    observations::{COLUMNS, SERIES_COLUMNS, decode},
    rows,
    submissions::imports_of,
};
use crate::domain::{
    document::Release,
    history::{self, Instant, Segment, Statement},
    id::*,
    observation::Observation,
    period::Period,
};

/// What a release says, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct Publication {
    /// Number of the release.
    pub release: i32,
    /// When its figures became public.
    pub published_at: Instant,
    /// The document that prints them.
    pub document: DocumentId,
}

/// A series and a period.
type Key = (i32, Period);
/// How many keys with a history are worked on at a time.
const CHUNK: usize = 400;

/// Makes the figures of a submission observations. Gives the number of its figures.
///
/// # Errors
/// As the database says.
pub async fn figures(connection: &impl ConnectionTrait, publication: Publication, submission: i32) -> Result<u64> {
    let imports: Vec<String> =
        imports_of(connection, &[submission]).await?.iter().map(|import| import.id.to_string()).collect();
    if imports.is_empty() {
        return Ok(0);
    }
    let imports = imports.join(", ");
    add_series(connection, &imports).await?;
    let withdrawals = withdrawals(connection).await?;
    let is_later = |w: &Statement<_, _>| w.document == publication.document && w.at > publication.published_at;
    let is_withdrawn_later = withdrawals.iter().any(is_later);
    let spoken_of = match is_withdrawn_later {
        // A document that was withdrawn later has a history even where it has no rows.
        true => keys(connection, &imports, "TRUE").await?,
        false => keys(connection, &imports, KNOWN).await?,
    };
    if !is_withdrawn_later {
        insert_new(connection, publication, &imports).await?;
    }
    for chunk in spoken_of.chunks(CHUNK) {
        let printings = printings(connection, publication, &imports, chunk).await?;
        retell(connection, publication, chunk, printings, &withdrawals).await?;
    }
    count(connection, &imports).await
}

/// Withdraws every figure of a document: its keys go back to who else speaks of them.
///
/// # Errors
/// As the database says.
pub async fn withdraw(connection: &impl ConnectionTrait, publication: Publication) -> Result<()> {
    let sql = format!(
        "SELECT DISTINCT series_id, period_start, period_end FROM observation \
         WHERE document_id = {} AND release_to IS NULL AND published_to IS NULL ORDER BY 1, 3, 2",
        publication.document.0
    );
    let spoken_of = read_keys(connection, sql).await?;
    let withdrawals = withdrawals(connection).await?;
    for chunk in spoken_of.chunks(CHUNK) {
        retell(connection, publication, chunk, HashMap::new(), &withdrawals).await?;
    }
    Ok(())
}

/// True of a row whose key has an observation that the newest release knows.
const KNOWN: &str = "EXISTS (SELECT 1 FROM observation o WHERE o.series_id = s.id AND o.period_end = r.period_end \
     AND o.period_start = r.period_start AND o.release_to IS NULL)";
/// Rows of a submission with their series.
const ROWS: &str = "submission_row r JOIN series s ON s.indicator_id = r.indicator_id AND s.unit_id = r.unit_id \
     AND s.breakdown_key = r.breakdown_key AND s.accumulation = r.accumulation";

async fn execute(connection: &impl ConnectionTrait, sql: String) -> Result<u64> {
    Ok(connection.execute_unprepared(&sql).await?.rows_affected())
}

async fn count(connection: &impl ConnectionTrait, imports: &str) -> Result<u64> {
    let sql = format!("SELECT COUNT(*) FROM submission_row WHERE import_id IN ({imports})");
    let row = connection.query_one_raw(Sql::from_string(connection.get_database_backend(), sql)).await?;
    let count: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

async fn newest_key(connection: &impl ConnectionTrait, table: &str) -> Result<i64> {
    let sql = format!("SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM {table}");
    let row = connection.query_one_raw(Sql::from_string(connection.get_database_backend(), sql)).await?;
    let newest: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(newest.unwrap_or(0))
}

/// Adds the series that the figures need.
async fn add_series(connection: &impl ConnectionTrait, imports: &str) -> Result<()> {
    let newest = newest_key(connection, "series").await?;
    let key = "indicator_id, unit_id, accumulation, breakdown_key";
    execute(
        connection,
        format!(
            "INSERT INTO series (id, {key}) \
             SELECT {newest} + ROW_NUMBER() OVER (ORDER BY {key}), {key} FROM ( \
               SELECT DISTINCT r.indicator_id, r.unit_id, r.accumulation, r.breakdown_key \
               FROM submission_row r WHERE r.import_id IN ({imports}) AND NOT EXISTS ( \
                 SELECT 1 FROM series s WHERE s.indicator_id = r.indicator_id AND s.unit_id = r.unit_id \
                 AND s.breakdown_key = r.breakdown_key AND s.accumulation = r.accumulation)) AS wanted"
        ),
    )
    .await?;
    let mut axes = Query::select();
    axes.columns(["id", "breakdown_key"])
        .from("series")
        .and_where(Expr::col("id").gt(newest))
        .and_where(Expr::col("breakdown_key").ne(""))
        .order_by("id", Order::Asc);
    let mut models = Vec::new();
    for found in connection.query_all(&axes).await? {
        let (id, key): (i32, String) = (found.try_get_by_index(0)?, found.try_get_by_index(1)?);
        let breakdown: crate::domain::breakdown::Breakdown = key
            .parse()
            .map_err(|e: crate::domain::breakdown::BreakdownError| rows::corrupt("series", e.to_string()))?;
        models.extend(breakdown.pairs().map(|(dimension, value)| entity::series_breakdown::ActiveModel {
            series_id: sea_orm::ActiveValue::Set(id),
            dimension_code: sea_orm::ActiveValue::Set(dimension.to_owned()),
            value_code: sea_orm::ActiveValue::Set(value.to_owned()),
        }));
    }
    rows::insert(connection, models).await
}

/// Inserts the figures whose keys nobody has spoken of.
async fn insert_new(connection: &impl ConnectionTrait, publication: Publication, imports: &str) -> Result<()> {
    let newest = newest_key(connection, "observation").await?;
    let Publication { release, published_at, document } = publication;
    let same = "mantissa, scale, number, status, qualifier, coverage_start, coverage_end, as_of, as_printed, \
                base_start, base_end, field_size, section, footnote, table_code, table_row, table_column, note_vi, note_en";
    let copied = same.split(", ").map(|c| format!("r.{}", c.trim())).collect::<Vec<_>>().join(", ");
    execute(
        connection,
        format!(
            "INSERT INTO observation (id, uid, series_id, period_start, period_end, release_from, release_to, stated_in, \
               leads, published_from, published_to, preferred, document_id, position, {same}) \
             SELECT {newest} + ROW_NUMBER() OVER (ORDER BY r.import_id, r.position), r.uid, s.id, r.period_start, \
               r.period_end, {release}, NULL, {release}, r.preferred, {published_at}, NULL, r.preferred, {}, r.position, \
               {copied} \
             FROM {ROWS} WHERE r.import_id IN ({imports}) AND NOT {KNOWN}",
            document.0
        ),
    )
    .await?;
    Ok(())
}

/// Keys of the figures that pass a test.
async fn keys(connection: &impl ConnectionTrait, imports: &str, test: &str) -> Result<Vec<Key>> {
    let sql = format!(
        "SELECT DISTINCT s.id, r.period_start, r.period_end FROM {ROWS} \
         WHERE r.import_id IN ({imports}) AND {test} ORDER BY 1, 3, 2"
    );
    read_keys(connection, sql).await
}

async fn read_keys(connection: &impl ConnectionTrait, sql: String) -> Result<Vec<Key>> {
    let found = connection.query_all_raw(Sql::from_string(connection.get_database_backend(), sql)).await?;
    let key = |row: &sea_orm::QueryResult| -> Result<Key> {
        let period = Period::new(row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok((row.try_get_by_index(0)?, period.ok_or_else(|| rows::corrupt("observation", "a period runs backwards"))?))
    };
    found.iter().map(key).collect()
}

/// The printings of a submission for some keys, the preferred one of each key first.
async fn printings(
    connection: &impl ConnectionTrait,
    publication: Publication,
    imports: &str,
    keys: &[Key],
) -> Result<HashMap<Key, Vec<Observation>>> {
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|column| match *column {
            "id" => "CAST(0 AS BIGINT)".to_owned(),
            "series_id" => "s.id".to_owned(),
            "stated_in" => publication.release.to_string(),
            "document_id" => publication.document.0.to_string(),
            column => format!("r.{column}"),
        })
        .chain(SERIES_COLUMNS.iter().map(|c| format!("s.{c}")))
        .collect();
    let ids = keys.iter().map(|(series, _)| series.to_string()).collect::<Vec<_>>().join(", ");
    // The keys stand in order: of a long series only the stretch of this chunk is read.
    let ends = || keys.iter().map(|(_, period)| period.end());
    let span = match ends().min().zip(ends().max()) {
        Some((first, last)) => format!("AND r.period_end BETWEEN '{first}' AND '{last}'"),
        None => String::new(),
    };
    let sql = format!(
        "SELECT {} FROM {ROWS} WHERE r.import_id IN ({imports}) AND s.id IN ({ids}) {span} \
         ORDER BY r.preferred DESC, r.import_id, r.position",
        columns.join(", ")
    );
    let found = connection.query_all_raw(Sql::from_string(connection.get_database_backend(), sql)).await?;
    let mut printings: HashMap<Key, Vec<Observation>> = HashMap::new();
    for row in &found {
        let observation = decode(row)?;
        printings.entry((observation.series_id, observation.period)).or_default().push(observation);
    }
    Ok(printings)
}

/// When releases withdrew documents: any document may have spoken of a key.
async fn withdrawals(connection: &impl ConnectionTrait) -> Result<Vec<Statement<DocumentId, Observation>>> {
    let releases = super::releases::list(connection, super::Scope::of_release(i32::MAX)).await?;
    let withdrawal = |r: Release| {
        let document = r.withdraws?;
        let at = r.published_at.timestamp_micros();
        Some(Statement { release: r.number, at, document, printings: Vec::new() })
    };
    Ok(releases.into_iter().filter_map(withdrawal).collect())
}

/// A row as the newest release knows it.
struct Known {
    id: i64,
    segment: Segment<DocumentId, Observation>,
}

/// The printing as its document states it, without what the history of its key adds.
fn plain(mut observation: Observation) -> Observation {
    observation.id = 0;
    observation.release = 0;
    observation.preferred = false;
    observation
}

/// Adds a statement to the histories of some keys: rows that no longer hold end with this release, rows that hold
/// from now on begin with it.
async fn retell(
    connection: &impl ConnectionTrait,
    publication: Publication,
    keys: &[Key],
    mut printings: HashMap<Key, Vec<Observation>>,
    withdrawals: &[Statement<DocumentId, Observation>],
) -> Result<()> {
    let known = known_rows(connection, keys).await?;
    let mut ended: Vec<String> = Vec::new();
    let mut begun = Vec::new();
    let mut id = newest_key(connection, "observation").await?;
    for key in keys {
        let rows = known.get(key).map(Vec::as_slice).unwrap_or_default();
        let before: Vec<_> = rows.iter().map(|k| k.segment.clone()).collect();
        let said = Statement {
            release: publication.release,
            at: publication.published_at,
            document: publication.document,
            printings: printings.remove(key).unwrap_or_default().into_iter().map(plain).collect(),
        };
        let after = history::record(&before, withdrawals, said);
        ended.extend(rows.iter().filter(|k| !after.contains(&k.segment)).map(|k| k.id.to_string()));
        for segment in after.into_iter().filter(|s| !before.contains(s)) {
            id += 1;
            let mut observation = segment.printing;
            observation.id = id;
            observation.preferred = segment.preferred;
            observation.release = publication.release;
            let mut model = row(&observation, segment.from);
            model.stated_in = sea_orm::ActiveValue::Set(segment.release);
            model.leads = sea_orm::ActiveValue::Set(segment.leads);
            model.published_to = sea_orm::ActiveValue::Set(segment.to);
            begun.push(model);
        }
    }
    if !ended.is_empty() {
        let update =
            format!("UPDATE observation SET release_to = {} WHERE id IN ({})", publication.release, ended.join(", "));
        execute(connection, update).await?;
    }
    rows::insert(connection, begun).await
}

/// What the newest release knows of some keys, over all of its time.
async fn known_rows(connection: &impl ConnectionTrait, keys: &[Key]) -> Result<BTreeMap<Key, Vec<Known>>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS.iter().map(|c| ("o", *c)))
        .columns(SERIES_COLUMNS.iter().map(|c| ("s", *c)))
        .columns([("o", "leads"), ("o", "published_from"), ("o", "published_to")])
        .from_as("observation", "o")
        .join_as(
            sea_orm::sea_query::JoinType::InnerJoin,
            "series",
            "s",
            Expr::col(("s", "id")).equals(("o", "series_id")),
        )
        .and_where(Expr::col(("o", "release_to")).is_null())
        .and_where(Expr::col(("o", "series_id")).is_in(keys.iter().map(|(series, _)| *series)))
        .and_where(Expr::col(("o", "period_end")).gte(keys.iter().map(|(_, p)| p.end()).min()))
        .and_where(Expr::col(("o", "period_end")).lte(keys.iter().map(|(_, p)| p.end()).max()));
    let mut known: BTreeMap<Key, Vec<Known>> = BTreeMap::new();
    let extra = COLUMNS.len() + SERIES_COLUMNS.len();
    for found in connection.query_all(&query).await? {
        let observation = decode(&found)?;
        let segment = Segment {
            release: observation.release,
            document: observation.document,
            from: found.try_get_by_index(extra + 1)?,
            to: found.try_get_by_index(extra + 2)?,
            preferred: observation.preferred,
            leads: found.try_get_by_index(extra)?,
            printing: plain(observation.clone()),
        };
        known
            .entry((observation.series_id, observation.period))
            .or_default()
            .push(Known { id: observation.id, segment });
    }
    Ok(known)
}
