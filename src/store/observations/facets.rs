//! What there is: counts of figures by each axis.

use chrono::NaiveDate;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, Func, Order, SimpleExpr},
};

use super::from_visible;
use crate::{
    domain::{breakdown::Breakdown, id::*, period::Period, selection::Condition},
    store::{Result, Scope, rows::corrupt},
};

/// A value of an axis and how many figures it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Facet<T> {
    /// The value.
    pub key: T,
    /// Number of figures.
    pub count: i64,
}

/// What there is for a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Facets {
    /// Number of figures.
    pub observations: i64,
    /// Number of series.
    pub series: i64,
    /// By indicator.
    pub indicators: Vec<Facet<IndicatorId>>,
    /// By unit.
    pub units: Vec<Facet<UnitId>>,
    /// By position on the extra axes.
    pub breakdowns: Vec<Facet<Breakdown>>,
    /// By period, newest first.
    pub periods: Vec<Facet<Period>>,
}

/// Counts along every axis, in five statements.
///
/// # Errors
/// As the database says.
pub async fn facets(connection: &impl ConnectionTrait, scope: Scope, condition: &Condition) -> Result<Facets> {
    let mut totals = from_visible(scope, Some(condition));
    totals.expr(Func::count(Expr::col(("o", "id")))).expr(Func::count_distinct(Expr::col(("o", "series_id"))));
    let (observations, series) = match connection.query_one(&totals).await? {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (0, 0),
    };
    let by_id = async |column: &'static str| -> Result<Vec<Facet<i32>>> {
        let rows = group(connection, scope, condition, &[Expr::col(("s", column))]).await?;
        rows.iter().map(|row| Ok(Facet { key: row.try_get_by_index(1)?, count: row.try_get_by_index(0)? })).collect()
    };
    let indicators = by_id("indicator_id").await?;
    let units = by_id("unit_id").await?;
    let mut breakdowns = Vec::new();
    for row in group(connection, scope, condition, &[Expr::col(("s", "breakdown_key"))]).await? {
        let key: String = row.try_get_by_index(1)?;
        let key = key.parse().map_err(|_| corrupt("series", format!("breakdown `{key}`")))?;
        breakdowns.push(Facet { key, count: row.try_get_by_index(0)? });
    }
    let mut periods = Vec::new();
    for row in
        group(connection, scope, condition, &[Expr::col(("o", "period_end")), Expr::col(("o", "period_start"))]).await?
    {
        let (end, start): (NaiveDate, NaiveDate) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let key = Period::new(start, end).ok_or_else(|| corrupt("observation", "a period runs backwards"))?;
        periods.push(Facet { key, count: row.try_get_by_index(0)? });
    }
    periods.reverse();
    Ok(Facets {
        observations,
        series,
        indicators: indicators.into_iter().map(|f| Facet { key: IndicatorId(f.key), count: f.count }).collect(),
        units: units.into_iter().map(|f| Facet { key: UnitId(f.key), count: f.count }).collect(),
        breakdowns,
        periods,
    })
}

async fn group(
    connection: &impl ConnectionTrait,
    scope: Scope,
    condition: &Condition,
    columns: &[SimpleExpr],
) -> Result<Vec<sea_orm::QueryResult>> {
    let mut query = from_visible(scope, Some(condition));
    query.expr(Func::count(Expr::col(("o", "id"))));
    for column in columns {
        query.expr(column.clone()).add_group_by([column.clone()]).order_by_expr(column.clone(), Order::Asc);
    }
    Ok(connection.query_all(&query).await?)
}
