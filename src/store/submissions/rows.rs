//! The figures of submissions. An import writes them in pieces under a number of its own; they belong to a
//! submission from the moment at which the import itself is written, and before that to nobody.

use std::collections::BTreeSet;

use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr},
};

use crate::{
    domain::{
        id::*,
        observation::{Accumulation, Locator, Observation, Qualifier, SeriesKey, Status},
        period::Period,
    },
    store::{
        Result,
        rows::{corrupt, exact, known, note},
    },
};

const TABLE: &str = "submission_row";
/// Columns in the order of writing and reading.
const COLUMNS: &[&str] = &[
    "import_id",
    "position",
    "uid",
    "indicator_id",
    "unit_id",
    "accumulation",
    "breakdown_key",
    "period_start",
    "period_end",
    "preferred",
    "mantissa",
    "scale",
    "number",
    "status",
    "qualifier",
    "coverage_start",
    "coverage_end",
    "as_of",
    "as_printed",
    "base_start",
    "base_end",
    "field_size",
    "section",
    "footnote",
    "table_code",
    "table_row",
    "table_column",
    "note_vi",
    "note_en",
];
/// Rows per INSERT: see `store::rows`.
const BATCH: usize = 100;

/// A number for a new import that no other import has. Only inside of the one write transaction at a time.
///
/// # Errors
/// As the database says.
pub async fn next_import(connection: &impl ConnectionTrait) -> Result<i32> {
    let row = connection
        .query_one_raw(sea_orm::Statement::from_string(
            connection.get_database_backend(),
            "SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM submission_import \
             UNION ALL SELECT MAX(import_id) AS id FROM submission_row) AS used",
        ))
        .await?;
    let last: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(last.unwrap_or(0) + 1)
}

/// Writes figures of an import.
///
/// # Errors
/// As the database says.
pub async fn insert_rows(connection: &impl ConnectionTrait, import: i32, figures: &[Observation]) -> Result<()> {
    for batch in figures.chunks(BATCH) {
        let mut insert = Query::insert();
        insert.into_table(TABLE).columns(COLUMNS.iter().copied());
        for o in batch {
            insert.values_panic(values(import, o));
        }
        connection.execute(&insert).await?;
    }
    Ok(())
}

fn values(import: i32, o: &Observation) -> Vec<SimpleExpr> {
    let (note_vi, note_en) = o.note.as_ref().map(|n| (n.vi.as_str(), n.en.as_str())).unwrap_or_default();
    vec![
        import.into(),
        o.position.into(),
        o.uid.as_str().into(),
        o.series.indicator.0.into(),
        o.series.unit.0.into(),
        o.series.accumulation.code().into(),
        o.series.breakdown.to_string().into(),
        o.period.start().into(),
        o.period.end().into(),
        o.preferred.into(),
        o.value.map(|v| v.mantissa()).into(),
        o.value.map(|v| v.scale()).into(),
        o.value.map(|v| v.to_f64()).into(),
        o.status.code().into(),
        o.qualifier.code().into(),
        o.coverage.map(|c| c.0).into(),
        o.coverage.map(|c| c.1).into(),
        o.as_of.into(),
        o.as_printed.as_str().into(),
        o.base_period.map(|p| p.start()).into(),
        o.base_period.map(|p| p.end()).into(),
        o.field_size.into(),
        o.locator.section.clone().into(),
        o.locator.footnote.into(),
        o.locator.table.clone().into(),
        o.locator.row.clone().into(),
        o.locator.column.into(),
        note_vi.into(),
        note_en.into(),
    ]
}

fn decode(row: &QueryResult) -> Result<Observation> {
    let mut index = 1..;
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
    let position = next!();
    let uid = next!();
    let series = SeriesKey {
        indicator: IndicatorId(next!()),
        unit: UnitId(next!()),
        accumulation: code!(Accumulation),
        breakdown: {
            let key: String = next!();
            key.parse().map_err(|e: crate::domain::breakdown::BreakdownError| corrupt(TABLE, e.to_string()))?
        },
    };
    let period = Period::new(next!(), next!()).ok_or_else(backwards)?;
    let preferred = next!();
    let value = exact(TABLE, next!(), next!())?;
    let _number: Option<f64> = next!();
    Ok(Observation {
        id: 0,
        uid,
        series_id: 0,
        series,
        period,
        value,
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
        document: DocumentId(0),
        locator: Locator { section: next!(), footnote: next!(), table: next!(), row: next!(), column: next!() },
        position,
        preferred,
        note: note(next!(), next!()),
        release: 0,
    })
}

fn select(imports: &[i32]) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS.iter().copied())
        .from(TABLE)
        .and_where(Expr::col("import_id").is_in(imports.iter().copied()));
    select
}

async fn fetch(connection: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<Observation>> {
    connection.query_all(select).await?.iter().map(decode).collect()
}

/// At most `limit` figures of some imports after a place, in order. A place is an import and a position.
///
/// # Errors
/// As the database says.
pub async fn rows_of(
    connection: &impl ConnectionTrait,
    imports: &[i32],
    after: Option<(i32, i32)>,
    limit: u64,
) -> Result<Vec<(i32, Observation)>> {
    let mut query = select(imports);
    if let Some((import, position)) = after {
        query.cond_where(
            Expr::col("import_id")
                .gt(import)
                .or(Expr::col("import_id").eq(import).and(Expr::col("position").gt(position))),
        );
    }
    query.order_by("import_id", Order::Asc).order_by("position", Order::Asc).limit(limit);
    let rows = connection.query_all(&query).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, decode(row)?))).collect()
}

/// The units that some imports have figures of.
///
/// # Errors
/// As the database says.
pub async fn units_of(connection: &impl ConnectionTrait, imports: &[i32]) -> Result<BTreeSet<UnitId>> {
    let mut query = Query::select();
    query.distinct().column("unit_id").from(TABLE).and_where(Expr::col("import_id").is_in(imports.iter().copied()));
    connection.query_all(&query).await?.iter().map(|row| Ok(UnitId(row.try_get_by_index(0)?))).collect()
}

/// Which units and indicators some imports have figures of.
///
/// # Errors
/// As the database says.
pub async fn unit_indicators(connection: &impl ConnectionTrait, imports: &[i32]) -> Result<Vec<(UnitId, IndicatorId)>> {
    let mut query = Query::select();
    query
        .distinct()
        .columns(["unit_id", "indicator_id"])
        .from(TABLE)
        .and_where(Expr::col("import_id").is_in(imports.iter().copied()));
    let rows = connection.query_all(&query).await?;
    rows.iter().map(|row| Ok((UnitId(row.try_get_by_index(0)?), IndicatorId(row.try_get_by_index(1)?)))).collect()
}

/// The figures of one unit in some imports.
///
/// # Errors
/// As the database says.
pub async fn rows_of_unit(
    connection: &impl ConnectionTrait,
    imports: &[i32],
    unit: UnitId,
) -> Result<Vec<Observation>> {
    let mut query = select(imports);
    query.and_where(Expr::col("unit_id").eq(unit.0));
    query.order_by("import_id", Order::Asc).order_by("position", Order::Asc);
    fetch(connection, &query).await
}

/// Keys of which an import has no or several preferred figures: identities of figures, at most 100.
///
/// # Errors
/// As the database says.
pub async fn doubled_keys(connection: &impl ConnectionTrait, import: i32) -> Result<Vec<(i32, i32, i32)>> {
    let sql = format!(
        "SELECT MIN(position), MAX(position), CAST(SUM(CASE WHEN preferred THEN 1 ELSE 0 END) AS INTEGER) \
         FROM submission_row WHERE import_id = {import} \
         GROUP BY indicator_id, unit_id, accumulation, breakdown_key, period_start, period_end \
         HAVING SUM(CASE WHEN preferred THEN 1 ELSE 0 END) <> 1 OR COUNT(DISTINCT uid) <> COUNT(*) \
         ORDER BY 1 LIMIT 100"
    );
    let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// Deletes from older imports what a newer one replaces: figures of the same keys.
///
/// # Errors
/// As the database says.
pub async fn delete_replaced(connection: &impl ConnectionTrait, older: &[i32], newer: i32) -> Result<()> {
    if older.is_empty() {
        return Ok(());
    }
    let older = older.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    connection
        .execute_unprepared(&format!(
            "DELETE FROM submission_row WHERE import_id IN ({older}) \
             AND (indicator_id, unit_id, accumulation, breakdown_key, period_start, period_end) IN \
             (SELECT indicator_id, unit_id, accumulation, breakdown_key, period_start, period_end \
              FROM submission_row WHERE import_id = {newer})"
        ))
        .await?;
    Ok(())
}

/// How many figures of an import are there.
///
/// # Errors
/// As the database says.
pub async fn count_rows(connection: &impl ConnectionTrait, import: i32) -> Result<i64> {
    let mut query = Query::select();
    query.expr(Expr::col("position").count()).from(TABLE).and_where(Expr::col("import_id").eq(import));
    let row = connection.query_one(&query).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

/// Deletes the figures of an import that came to nothing.
///
/// # Errors
/// As the database says.
pub async fn delete_rows(connection: &impl ConnectionTrait, import: i32) -> Result<()> {
    connection.execute_unprepared(&format!("DELETE FROM submission_row WHERE import_id = {import}")).await?;
    Ok(())
}

/// Deletes figures of imports that were begun and never finished, as after a crash. Only while no import runs.
///
/// # Errors
/// As the database says.
pub async fn clear_orphans(connection: &impl ConnectionTrait) -> Result<()> {
    for table in ["submission_row", "submission_part"] {
        connection
            .execute_unprepared(&format!(
                "DELETE FROM {table} WHERE import_id NOT IN (SELECT id FROM submission_import)"
            ))
            .await?;
    }
    Ok(())
}
