//! Series: the preferred figures of keys, in order.

use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, WindowStatement},
};

use super::{COLUMNS, SERIES_COLUMNS, decode, fetch, select};
use crate::{
    domain::{
        breakdown::Breakdown,
        id::*,
        observation::Observation,
        selection::{Condition, LatestQuestion, SeriesQuestion},
    },
    store::{Result, Scope},
};

/// Answers one question for series: the last points of each, for the first series of each group, in one
/// statement. A group is an indicator if `by_indicator`, else a unit; `None` makes all one group.
///
/// # Errors
/// As the database says.
pub async fn series(
    connection: &impl ConnectionTrait,
    scope: Scope,
    question: &SeriesQuestion,
    group: Option<GroupBy>,
) -> Result<Vec<Observation>> {
    let mut inner = select(scope, Some(&condition(question)));
    let points = newest_first(WindowStatement::partition_by(("o", "series_id")));
    inner.expr_window_as(Func::cust("ROW_NUMBER"), points, "point");
    let mut lists = match group {
        Some(GroupBy::Indicator) => WindowStatement::partition_by(("s", "indicator_id")),
        Some(GroupBy::Unit) => WindowStatement::partition_by(("s", "unit_id")),
        None => WindowStatement::new(),
    };
    lists.order_by(("o", "series_id"), Order::Asc);
    inner.expr_window_as(Func::cust("DENSE_RANK"), lists, "series_place");
    let mut query = Query::select();
    query
        .columns(COLUMNS.iter().chain(SERIES_COLUMNS).map(|c| Alias::new(*c)))
        .from_subquery(inner, "ranked")
        .and_where(Expr::col("point").lte(question.last))
        .and_where(Expr::col("series_place").lte(question.first))
        .order_by("series_id", Order::Asc)
        .order_by("period_end", Order::Asc)
        .order_by("period_start", Order::Asc);
    connection.query_all(&query).await?.iter().map(decode).collect()
}

/// The newest preferred figure of each series of some units, newest period first, the first of each unit, in
/// one statement.
///
/// # Errors
/// As the database says.
pub async fn latest(
    connection: &impl ConnectionTrait,
    scope: Scope,
    units: &[UnitId],
    question: &LatestQuestion,
) -> Result<Vec<Observation>> {
    let mut all = vec![Condition::Preferred(true), Condition::Units(units.to_vec())];
    all.extend(question.indicators.clone().map(Condition::Indicators));
    let columns = || COLUMNS.iter().chain(SERIES_COLUMNS).map(|c| Alias::new(*c));
    let mut points = select(scope, Some(&Condition::All(all)));
    points.and_where(Expr::col(("o", "period_start")).lte(question.begun_by));
    points.expr_window_as(
        Func::cust("ROW_NUMBER"),
        newest_first(WindowStatement::partition_by(("o", "series_id"))),
        "point",
    );
    let mut newest = Query::select();
    let mut place = WindowStatement::partition_by("unit_id");
    place.order_by("period_end", Order::Desc).order_by("period_start", Order::Desc).order_by("series_id", Order::Asc);
    newest.columns(columns()).from_subquery(points, "points").and_where(Expr::col("point").eq(1));
    newest.expr_window_as(Func::cust("ROW_NUMBER"), place, "place");
    let mut query = Query::select();
    query
        .columns(columns())
        .from_subquery(newest, "newest")
        .and_where(Expr::col("place").lte(question.first))
        .order_by("place", Order::Asc);
    connection.query_all(&query).await?.iter().map(decode).collect()
}

/// Orders a window from the newest point to the oldest.
fn newest_first(mut window: WindowStatement) -> WindowStatement {
    window
        .order_by(("o", "period_end"), Order::Desc)
        .order_by(("o", "period_start"), Order::Desc)
        .order_by(("o", "id"), Order::Desc);
    window
}

/// What the limit on the number of series counts within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// Series of one indicator.
    Indicator,
    /// Series of one unit.
    Unit,
}

fn condition(question: &SeriesQuestion) -> Condition {
    let mut all = vec![Condition::Preferred(true)];
    all.extend(question.indicators.clone().map(Condition::Indicators));
    all.extend(question.units.clone().map(Condition::Units));
    all.extend(question.breakdowns.clone().map(Condition::Breakdowns));
    all.extend(question.accumulations.clone().map(Condition::Accumulations));
    all.extend(question.from.map(Condition::EndsFrom));
    all.extend(question.to.map(Condition::EndsTo));
    Condition::All(all)
}

/// The preferred figures of quantities of units, whatever their accumulation, by period: for numerators,
/// denominators, and what came before.
///
/// # Errors
/// As the database says.
pub async fn related(
    connection: &impl ConnectionTrait,
    scope: Scope,
    keys: &[(IndicatorId, UnitId, Breakdown)],
) -> Result<Vec<Observation>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    // A list of tuples is written as a subquery, the one form that both engines know.
    let mut wanted = Query::select();
    wanted.expr(Expr::cust("*")).from_values(
        keys.iter().map(|(indicator, unit, breakdown)| (indicator.0, unit.0, breakdown.to_string())),
        "wanted",
    );
    let mut query = select(scope, Some(&Condition::Preferred(true)));
    query
        .and_where(
            Expr::tuple([
                Expr::col(("s", "indicator_id")),
                Expr::col(("s", "unit_id")),
                Expr::col(("s", "breakdown_key")),
            ])
            .in_subquery(wanted),
        )
        .order_by(("o", "period_end"), Order::Asc)
        .order_by(("o", "period_start"), Order::Asc)
        .order_by(("o", "id"), Order::Asc);
    fetch(connection, &query).await
}
