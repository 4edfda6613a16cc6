//! Reports, their headline figures and versions.

use std::collections::HashMap;

use entity::{report, report_headline, report_version};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::{indicators::read_quantity, is_current};
use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        document::{Report, ReportVersion},
        id::*,
        indicator::Quantity,
        period::Period,
        text::Text,
    },
    store::{
        Result,
        rows::{corrupt, insert},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let catalogue = Catalogue::new(parts.clone());
    let models = parts.reports.iter().map(|r| report::ActiveModel {
        id: Set(r.id.0),
        code: Set(r.code.clone()),
        document_id: Set(r.document.0),
        title_vi: Set(r.title.vi.clone()),
        title_en: Set(r.title.en.clone()),
        period_start: Set(r.period.start()),
        period_end: Set(r.period.end()),
        unit_id: Set(r.unit.0),
    });
    insert(connection, models).await?;
    let headlines =
        parts.reports.iter().flat_map(|r| r.headlines.iter().zip(1..).map(move |(q, position)| (r.id.0, position, q)));
    let models = headlines.map(|(report, position, quantity)| report_headline::ActiveModel {
        report_id: Set(report),
        position: Set(position),
        quantity: Set(catalogue.quantity_ref(quantity).to_string()),
    });
    insert(connection, models.collect::<Vec<_>>()).await?;
    let versions = parts.reports.iter().flat_map(|r| r.versions.iter().map(move |v| (r.id.0, v)));
    let models = versions.map(|(report, v)| report_version::ActiveModel {
        report_id: Set(report),
        version: Set(v.number),
        release_number: Set(v.release),
        reason: Set(v.reason.clone()),
    });
    insert(connection, models).await
}

/// Reads the reports that have a version in scope.
pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let ids: HashMap<String, IndicatorId> = parts.indicators.iter().map(|i| (i.code.clone(), i.id)).collect();
    let mut headlines: HashMap<i32, Vec<Quantity>> = HashMap::new();
    for row in report_headline::Entity::find().order_by_asc(report_headline::Column::Position).all(connection).await? {
        headlines.entry(row.report_id).or_default().push(read_quantity(&ids, &row.quantity)?);
    }
    let mut versions: HashMap<i32, Vec<ReportVersion>> = HashMap::new();
    for row in report_version::Entity::find().order_by_asc(report_version::Column::Version).all(connection).await? {
        if !is_current(parts, row.release_number, None) {
            continue;
        }
        versions.entry(row.report_id).or_default().push(ReportVersion {
            number: row.version,
            release: row.release_number,
            reason: row.reason,
        });
    }
    for row in report::Entity::find().order_by_asc(report::Column::Id).all(connection).await? {
        let Some(versions) = versions.remove(&row.id) else { continue };
        parts.reports.push(
            Report {
                id: ReportId(row.id),
                code: row.code,
                document: DocumentId(row.document_id),
                title: Text::new(row.title_vi, row.title_en),
                period: Period::new(row.period_start, row.period_end)
                    .ok_or_else(|| corrupt("report", "the period runs backwards"))?,
                unit: UnitId(row.unit_id),
                headlines: headlines.remove(&row.id).unwrap_or_default(),
                versions,
            }
            .into(),
        );
    }
    Ok(())
}
