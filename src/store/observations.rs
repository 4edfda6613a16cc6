//! Figures: conditions to SQL, rows to observations. Each function is one statement, however many
//! parents it answers for.

mod condition;
mod facets;
mod page;
mod series;

use std::collections::HashMap;

use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Condition as Cond, Expr, ExprTrait, JoinType, Query, SelectStatement},
};

pub use facets::{Facet, Facets, facets};
pub use page::{Parent, count, counts_of, mark, page, pages_of};
pub use series::{GroupBy, latest, related, series};

use super::{
    Result, Scope,
    rows::{corrupt, exact, known, note},
};
use crate::domain::{
    id::*,
    observation::{Accumulation, Locator, Observation, Qualifier, SeriesKey, Status},
    period::Period,
    selection::Condition,
};

/// Columns of `observation`, in the order in which [`decode`] reads them.
pub(super) const COLUMNS: &[&str] = &[
    "id",
    "uid",
    "series_id",
    "period_start",
    "period_end",
    "stated_in",
    "preferred",
    "mantissa",
    "scale",
    "status",
    "qualifier",
    "coverage_start",
    "coverage_end",
    "as_of",
    "as_printed",
    "base_start",
    "base_end",
    "field_size",
    "document_id",
    "section",
    "footnote",
    "table_code",
    "table_row",
    "table_column",
    "position",
    "note_vi",
    "note_en",
];
/// Columns of `series`, after those.
pub(super) const SERIES_COLUMNS: &[&str] = &["indicator_id", "unit_id", "accumulation", "breakdown_key"];

/// `SELECT … FROM observation o JOIN series s`, visible rows only.
fn select(scope: Scope, condition: Option<&Condition>) -> SelectStatement {
    let mut select = from_visible(scope, condition);
    select.columns(COLUMNS.iter().map(|c| ("o", *c))).columns(SERIES_COLUMNS.iter().map(|c| ("s", *c)));
    select
}

/// The same without columns.
fn from_visible(scope: Scope, condition: Option<&Condition>) -> SelectStatement {
    let mut select = Query::select();
    select
        .from_as("observation", "o")
        .join_as(JoinType::InnerJoin, "series", "s", Expr::col(("s", "id")).equals(("o", "series_id")))
        .and_where(Expr::col(("o", "release_from")).lte(scope.release))
        .cond_where(
            Cond::any()
                .add(Expr::col(("o", "release_to")).is_null())
                .add(Expr::col(("o", "release_to")).gt(scope.release)),
        );
    match scope.at {
        None => select.and_where(Expr::col(("o", "published_to")).is_null()),
        Some(at) => select.and_where(Expr::col(("o", "published_from")).lte(at)).cond_where(
            Cond::any().add(Expr::col(("o", "published_to")).is_null()).add(Expr::col(("o", "published_to")).gt(at)),
        ),
    };
    if let Some(condition) = condition {
        select.cond_where(condition::sql(condition));
    }
    select
}

async fn fetch(connection: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<Observation>> {
    connection.query_all(select).await?.iter().map(decode).collect()
}

pub(super) fn decode(row: &QueryResult) -> Result<Observation> {
    const TABLE: &str = "observation";
    let mut index = 0..;
    macro_rules! next {
        () => {
            row.try_get_by_index(index.next().unwrap_or(usize::MAX))?
        };
    }
    macro_rules! code {
        ($list:ty) => {{
            let code: String = next!();
            known(TABLE, &code, <$list>::from_code)?
        }};
    }
    let backwards = || corrupt(TABLE, "a period runs backwards");
    Ok(Observation {
        id: next!(),
        uid: next!(),
        series_id: next!(),
        period: Period::new(next!(), next!()).ok_or_else(backwards)?,
        release: next!(),
        preferred: next!(),
        value: exact(TABLE, next!(), next!())?,
        status: code!(Status),
        qualifier: code!(Qualifier),
        coverage: Option::zip(next!(), next!()),
        as_of: next!(),
        as_printed: next!(),
        base_period: match Option::zip(next!(), next!()) {
            Some((start, end)) => Some(Period::new(start, end).ok_or_else(backwards)?),
            None => None,
        },
        field_size: next!(),
        document: DocumentId(next!()),
        locator: Locator { section: next!(), footnote: next!(), table: next!(), row: next!(), column: next!() },
        position: next!(),
        note: note(next!(), next!()),
        series: SeriesKey {
            indicator: IndicatorId(next!()),
            unit: UnitId(next!()),
            accumulation: code!(Accumulation),
            breakdown: {
                let key: String = next!();
                key.parse().map_err(|e: crate::domain::breakdown::BreakdownError| corrupt("series", e.to_string()))?
            },
        },
    })
}

/// Figures by identity, in no order.
///
/// # Errors
/// As the database says.
pub async fn by_uid(connection: &impl ConnectionTrait, scope: Scope, uids: &[String]) -> Result<Vec<Observation>> {
    let mut query = select(scope, None);
    query.and_where(Expr::col(("o", "uid")).is_in(uids));
    fetch(connection, &query).await
}

/// Every printing of figures of these series, preferred or not, in the order of the documents.
///
/// # Errors
/// As the database says.
pub async fn printings(connection: &impl ConnectionTrait, scope: Scope, series: &[i32]) -> Result<Vec<Observation>> {
    let mut query = select(scope, None);
    query.and_where(Expr::col(("o", "series_id")).is_in(series.iter().copied()));
    query.order_by(("o", "id"), sea_orm::sea_query::Order::Asc);
    fetch(connection, &query).await
}

/// Everything that was ever said of these series, as the newest release of the scope knows it, by time of
/// publication: the same figure once for each release that stated it.
///
/// # Errors
/// As the database says.
pub async fn statements(connection: &impl ConnectionTrait, scope: Scope, series: &[i32]) -> Result<Vec<Observation>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS.iter().map(|c| ("o", *c)))
        .columns(SERIES_COLUMNS.iter().map(|c| ("s", *c)))
        .from_as("observation", "o")
        .join_as(JoinType::InnerJoin, "series", "s", Expr::col(("s", "id")).equals(("o", "series_id")))
        .and_where(Expr::col(("o", "release_from")).lte(scope.release))
        .cond_where(
            Cond::any()
                .add(Expr::col(("o", "release_to")).is_null())
                .add(Expr::col(("o", "release_to")).gt(scope.release)),
        )
        .and_where(Expr::col(("o", "series_id")).is_in(series.iter().copied()))
        .order_by(("o", "published_from"), sea_orm::sea_query::Order::Asc)
        .order_by(("o", "id"), sea_orm::sea_query::Order::Asc);
    if let Some(at) = scope.at {
        query.and_where(Expr::col(("o", "published_from")).lte(at));
    }
    fetch(connection, &query).await
}

/// Figures of a document that a release after `from`, up to `to`, brought or ended, as the later or the earlier of the
/// two had them; at most `limit` each.
///
/// # Errors
/// As the database says.
pub async fn changed(
    connection: &impl ConnectionTrait,
    document: DocumentId,
    from: i32,
    to: i32,
    limit: u64,
) -> Result<(Vec<Observation>, Vec<Observation>)> {
    let documents = Condition::Documents(vec![document]);
    let mut ended = select(Scope::of_release(from), Some(&documents));
    ended.and_where(Expr::col(("o", "release_to")).lte(to));
    ended.order_by(("o", "id"), sea_orm::sea_query::Order::Asc).limit(limit);
    let mut begun = select(Scope::of_release(to), Some(&documents));
    begun.and_where(Expr::col(("o", "release_from")).gt(from));
    begun.order_by(("o", "id"), sea_orm::sea_query::Order::Asc).limit(limit);
    Ok((fetch(connection, &ended).await?, fetch(connection, &begun).await?))
}

/// Every figure in printed tables of these documents.
///
/// # Errors
/// As the database says.
pub async fn in_tables(
    connection: &impl ConnectionTrait,
    scope: Scope,
    documents: &[DocumentId],
) -> Result<Vec<Observation>> {
    let mut query = select(scope, Some(&Condition::Documents(documents.to_vec())));
    query.and_where(Expr::col(("o", "table_code")).is_not_null());
    query.order_by(("o", "id"), sea_orm::sea_query::Order::Asc);
    fetch(connection, &query).await
}

/// Every figure that meets a condition, in the order in which they were published.
///
/// # Errors
/// As the database says.
pub async fn of_condition(
    connection: &impl ConnectionTrait,
    scope: Scope,
    condition: &Condition,
) -> Result<Vec<Observation>> {
    let mut query = select(scope, Some(condition));
    query.order_by(("o", "id"), sea_orm::sea_query::Order::Asc);
    fetch(connection, &query).await
}

/// Units that a document has figures of.
///
/// # Errors
/// As the database says.
pub async fn units_of_document(
    connection: &impl ConnectionTrait,
    scope: Scope,
    document: DocumentId,
) -> Result<Vec<UnitId>> {
    let mut query = from_visible(scope, Some(&Condition::Documents(vec![document])));
    query.distinct().column(("s", "unit_id"));
    connection.query_all(&query).await?.iter().map(|row| Ok(UnitId(row.try_get_by_index(0)?))).collect()
}

/// Units that have figures.
///
/// # Errors
/// As the database says.
pub async fn units_with_figures(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<UnitId>> {
    let mut query = from_visible(scope, None);
    query.distinct().column(("s", "unit_id"));
    connection.query_all(&query).await?.iter().map(|row| Ok(UnitId(row.try_get_by_index(0)?))).collect()
}

/// Number of figures by unit.
///
/// # Errors
/// As the database says.
pub async fn count_by_unit(connection: &impl ConnectionTrait, scope: Scope) -> Result<HashMap<UnitId, u64>> {
    let mut query = from_visible(scope, None);
    query.column(("s", "unit_id")).expr(Expr::col(("o", "id")).count()).group_by_col(("s", "unit_id"));
    let count = |row: &QueryResult| -> Result<(UnitId, u64)> {
        let count: i64 = row.try_get_by_index(1)?;
        Ok((UnitId(row.try_get_by_index(0)?), count.unsigned_abs()))
    };
    connection.query_all(&query).await?.iter().map(count).collect()
}
