//! Stretches of ordered figures: keyset paging, for one list or for the lists of many parents at once.

use std::collections::HashMap;

use sea_orm::{
    ConnectionTrait,
    sea_query::{
        Alias, Condition as Cond, Expr, ExprTrait, Func, JoinType, Order, OverStatement, Query, SelectStatement,
        SimpleExpr, WindowStatement,
    },
};

use super::{COLUMNS, SERIES_COLUMNS, decode, fetch, from_visible, select};
use crate::{
    domain::{
        id::*,
        observation::Observation,
        selection::{Condition, Mark, MarkKey, Slice, Sort, SortBy},
    },
    store::{Result, Scope},
};

/// A thing that has a list of figures.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Figures printed in a document.
    Document(DocumentId),
    /// Figures printed in a section of a document, not in those below it.
    Section(DocumentId, String),
    /// Figures of a unit.
    Unit(UnitId),
    /// Figures of an indicator.
    Indicator(IndicatorId),
}

/// Stands for "no value", behind every real one.
const BEHIND: f64 = 1e300;

fn sort_columns(sort: Sort) -> Vec<SimpleExpr> {
    match sort.by {
        SortBy::Period => vec![Expr::col(("o", "period_end")), Expr::col(("o", "period_start"))],
        SortBy::Unit => vec![Expr::col(("u", "code"))],
        SortBy::Value => {
            let behind = if sort.descending { -BEHIND } else { BEHIND };
            vec![Func::coalesce([Expr::col(("o", "number")), Expr::val(behind)]).into()]
        }
        SortBy::Place => vec![Expr::col(("o", "document_id")), Expr::col(("o", "position"))],
    }
}

/// The place of a figure in a sorted list; `unit_code` is that of its unit.
pub fn mark(sort: Sort, observation: &Observation, unit_code: &str) -> Mark {
    let keys = match sort.by {
        SortBy::Period => vec![MarkKey::Date(observation.period.end()), MarkKey::Date(observation.period.start())],
        SortBy::Unit => vec![MarkKey::Code(unit_code.to_owned())],
        SortBy::Value => {
            let behind = if sort.descending { -BEHIND } else { BEHIND };
            vec![MarkKey::Number(observation.value.map_or(behind, |v| v.to_f64()).to_bits())]
        }
        SortBy::Place => vec![MarkKey::Whole(observation.document.0), MarkKey::Whole(observation.position)],
    };
    Mark { keys, id: observation.id }
}

/// Rows strictly beyond a mark: larger (`up`) or smaller in the columns, the last of which is the key.
fn beyond(columns: &[SimpleExpr], mark: &Mark, up: bool) -> Cond {
    let key = |key: &MarkKey| match key {
        MarkKey::Date(day) => Expr::val(*day),
        MarkKey::Code(code) => Expr::val(code.as_str()),
        MarkKey::Number(bits) => Expr::val(f64::from_bits(*bits)),
        MarkKey::Whole(number) => Expr::val(*number),
    };
    let mut keys: Vec<SimpleExpr> = mark.keys.iter().map(key).collect();
    keys.push(Expr::val(mark.id));
    let mut columns = columns.to_vec();
    columns.push(Expr::col(("o", "id")));
    let mut any = Cond::any();
    for i in 0..columns.len() {
        let mut all = Cond::all();
        for j in 0..i {
            all = all.add(columns[j].clone().eq(keys[j].clone()));
        }
        let (column, key) = (columns[i].clone(), keys[i].clone());
        any = any.add(all.add(if up { column.gt(key) } else { column.lt(key) }));
    }
    any
}

/// Adds the joins, keyset conditions and order of a slice; gives the direction of reading.
fn narrow(query: &mut SelectStatement, sort: Sort, slice: &Slice) -> (Vec<SimpleExpr>, Order) {
    if sort.by == SortBy::Unit {
        query.join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("s", "unit_id")));
    }
    let columns = sort_columns(sort);
    if let Some(after) = &slice.after {
        query.cond_where(beyond(&columns, after, !sort.descending));
    }
    if let Some(before) = &slice.before {
        query.cond_where(beyond(&columns, before, sort.descending));
    }
    let order = if sort.descending != slice.backwards { Order::Desc } else { Order::Asc };
    (columns, order)
}

/// One stretch of the figures that meet a condition.
///
/// # Errors
/// As the database says.
pub async fn page(
    connection: &impl ConnectionTrait,
    scope: Scope,
    condition: &Condition,
    sort: Sort,
    slice: &Slice,
) -> Result<Vec<Observation>> {
    let mut query = select(scope, Some(condition));
    let (columns, order) = narrow(&mut query, sort, slice);
    for column in columns {
        query.order_by_expr(column, order.clone());
    }
    query.order_by(("o", "id"), order).limit(slice.limit);
    let mut found = fetch(connection, &query).await?;
    if slice.backwards {
        found.reverse();
    }
    Ok(found)
}

/// The same stretch for each of many parents of one kind, in one statement.
///
/// # Errors
/// As the database says.
pub async fn pages_of(
    connection: &impl ConnectionTrait,
    scope: Scope,
    parents: &[Parent],
    condition: &Condition,
    sort: Sort,
    slice: &Slice,
) -> Result<HashMap<Parent, Vec<Observation>>> {
    let mut inner = select(scope, Some(condition));
    of_parents(&mut inner, parents);
    let (columns, order) = narrow(&mut inner, sort, slice);
    let mut window = WindowStatement::new();
    for column in partition(parents) {
        window.add_partition_by(column);
    }
    for column in columns {
        window.order_by_expr(column, order.clone());
    }
    window.order_by(("o", "id"), order);
    inner.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let mut query = Query::select();
    query
        .columns(COLUMNS.iter().chain(SERIES_COLUMNS).map(|c| Alias::new(*c)))
        .from_subquery(inner, "ranked")
        .and_where(Expr::col("place").lte(slice.limit))
        .order_by("place", if slice.backwards { Order::Desc } else { Order::Asc });
    let mut pages: HashMap<Parent, Vec<Observation>> = parents.iter().map(|p| (p.clone(), Vec::new())).collect();
    for row in connection.query_all(&query).await? {
        let observation = decode(&row)?;
        if let Some(page) = parent_of(parents, &observation).and_then(|parent| pages.get_mut(&parent)) {
            page.push(observation);
        }
    }
    Ok(pages)
}

/// Number of figures that meet a condition.
///
/// # Errors
/// As the database says.
pub async fn count(connection: &impl ConnectionTrait, scope: Scope, condition: &Condition) -> Result<i64> {
    let mut query = from_visible(scope, Some(condition));
    query.expr(Func::count(Expr::col(("o", "id"))));
    Ok(match connection.query_one(&query).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}

/// Number of figures that meet a condition for each of many parents, in one statement.
///
/// # Errors
/// As the database says.
pub async fn counts_of(
    connection: &impl ConnectionTrait,
    scope: Scope,
    parents: &[Parent],
    condition: &Condition,
) -> Result<HashMap<Parent, i64>> {
    let mut query = from_visible(scope, Some(condition));
    of_parents(&mut query, parents);
    query.expr(Func::count(Expr::col(("o", "id"))));
    for column in partition(parents) {
        query.expr(column.clone()).add_group_by([column]);
    }
    let mut counts: HashMap<Parent, i64> = parents.iter().map(|p| (p.clone(), 0)).collect();
    for row in connection.query_all(&query).await? {
        let count: i64 = row.try_get_by_index(0)?;
        let id: i32 = row.try_get_by_index(1)?;
        let parent = match parents.first() {
            Some(Parent::Document(_)) | None => Parent::Document(DocumentId(id)),
            Some(Parent::Unit(_)) => Parent::Unit(UnitId(id)),
            Some(Parent::Indicator(_)) => Parent::Indicator(IndicatorId(id)),
            Some(Parent::Section(..)) => Parent::Section(DocumentId(id), row.try_get_by_index(2)?),
        };
        counts.insert(parent, count);
    }
    Ok(counts)
}

/// Columns that tell the parents apart; all parents of a call are of one kind.
fn partition(parents: &[Parent]) -> Vec<SimpleExpr> {
    match parents.first() {
        Some(Parent::Unit(_)) => vec![Expr::col(("s", "unit_id"))],
        Some(Parent::Indicator(_)) => vec![Expr::col(("s", "indicator_id"))],
        Some(Parent::Section(..)) => vec![Expr::col(("o", "document_id")), Expr::col(("o", "section"))],
        Some(Parent::Document(_)) | None => vec![Expr::col(("o", "document_id"))],
    }
}

fn of_parents(query: &mut SelectStatement, parents: &[Parent]) {
    let ids = parents.iter().map(|p| match p {
        Parent::Document(id) | Parent::Section(id, _) => id.0,
        Parent::Unit(id) => id.0,
        Parent::Indicator(id) => id.0,
    });
    if let Some(column) = partition(parents).into_iter().next() {
        query.and_where(column.is_in(ids));
    }
    let sections: Vec<&str> = parents
        .iter()
        .filter_map(|p| if let Parent::Section(_, code) = p { Some(code.as_str()) } else { None })
        .collect();
    if !sections.is_empty() {
        query.and_where(Expr::col(("o", "section")).is_in(sections));
    }
}

fn parent_of(parents: &[Parent], o: &Observation) -> Option<Parent> {
    Some(match parents.first()? {
        Parent::Document(_) => Parent::Document(o.document),
        Parent::Section(..) => Parent::Section(o.document, o.locator.section.clone()?),
        Parent::Unit(_) => Parent::Unit(o.series.unit),
        Parent::Indicator(_) => Parent::Indicator(o.series.indicator),
    })
}
