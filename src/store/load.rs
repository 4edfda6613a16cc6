//! Writing a whole data set into an empty database.

use std::collections::{BTreeMap, HashMap};

use entity::{observation, series, series_breakdown};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{Result, catalogue, releases, rows};
use crate::domain::{
    catalogue::Parts,
    document::Release,
    history::Instant,
    observation::{Observation, SeriesKey},
};

/// Writes everything; the releases come last, so that before them nothing is visible.
///
/// # Errors
/// As the database says.
pub async fn save(
    connection: &impl ConnectionTrait,
    parts: &Parts,
    observations: &[Observation],
    published: &[Release],
) -> Result<()> {
    catalogue::save(connection, parts).await?;
    let keys: BTreeMap<i32, &SeriesKey> = observations.iter().map(|o| (o.series_id, &o.series)).collect();
    let models = keys.iter().map(|(id, key)| series::ActiveModel {
        id: Set(*id),
        indicator_id: Set(key.indicator.0),
        unit_id: Set(key.unit.0),
        accumulation: Set(key.accumulation.code().to_owned()),
        breakdown_key: Set(key.breakdown.to_string()),
    });
    rows::insert(connection, models).await?;
    let axes = keys.iter().flat_map(|(id, key)| key.breakdown.pairs().map(move |pair| (*id, pair)));
    let models = axes.map(|(id, (dimension, value))| series_breakdown::ActiveModel {
        series_id: Set(id),
        dimension_code: Set(dimension.to_owned()),
        value_code: Set(value.to_owned()),
    });
    rows::insert(connection, models).await?;
    let instants: HashMap<i32, Instant> =
        published.iter().map(|r| (r.number, r.published_at.timestamp_micros())).collect();
    let rows = observations.iter().map(|o| row(o, instants.get(&o.release).copied().unwrap_or_default()));
    rows::insert(connection, rows).await?;
    releases::save(connection, published).await
}

/// A figure as its release publishes it.
pub(super) fn row(o: &Observation, published_from: Instant) -> observation::ActiveModel {
    let (note_vi, note_en) = rows::note_columns(&o.note);
    observation::ActiveModel {
        id: Set(o.id),
        uid: Set(o.uid.clone()),
        series_id: Set(o.series_id),
        period_start: Set(o.period.start()),
        period_end: Set(o.period.end()),
        release_from: Set(o.release),
        release_to: Set(None),
        stated_in: Set(o.release),
        leads: Set(o.preferred),
        published_from: Set(published_from),
        published_to: Set(None),
        preferred: Set(o.preferred),
        mantissa: Set(o.value.map(|v| v.mantissa())),
        scale: Set(o.value.map(|v| v.scale())),
        number: Set(o.value.map(|v| v.to_f64())),
        status: Set(o.status.code().to_owned()),
        qualifier: Set(o.qualifier.code().to_owned()),
        coverage_start: Set(o.coverage.map(|c| c.0)),
        coverage_end: Set(o.coverage.map(|c| c.1)),
        as_of: Set(o.as_of),
        as_printed: Set(o.as_printed.clone()),
        base_start: Set(o.base_period.map(|p| p.start())),
        base_end: Set(o.base_period.map(|p| p.end())),
        field_size: Set(o.field_size),
        document_id: Set(o.document.0),
        section: Set(o.locator.section.clone()),
        footnote: Set(o.locator.footnote),
        table_code: Set(o.locator.table.clone()),
        table_row: Set(o.locator.row.clone()),
        table_column: Set(o.locator.column),
        position: Set(o.position),
        note_vi: Set(note_vi),
        note_en: Set(note_en),
    }
}
