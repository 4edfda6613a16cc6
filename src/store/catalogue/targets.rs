//! Targets and their assessments.

use entity::{assessment, target};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::{
    domain::{
        catalogue::Parts,
        id::*,
        target::{Assessment, Comparator, Level, Rating, Target},
        text::Text,
    },
    store::{
        Result,
        rows::{corrupt, exact, insert, known, note, note_columns},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let models = parts.targets.iter().map(|t| {
        let (note_vi, note_en) = note_columns(&t.note);
        target::ActiveModel {
            id: Set(t.id.0),
            code: Set(t.code.clone()),
            number: Set(t.number),
            part: Set(t.part.clone()),
            resolution_id: Set(t.resolution.0),
            section: Set(t.section.clone()),
            group_vi: Set(t.group.vi.clone()),
            group_en: Set(t.group.en.clone()),
            name_vi: Set(t.name.vi.clone()),
            name_en: Set(t.name.en.clone()),
            demand_vi: Set(t.demand.vi.clone()),
            demand_en: Set(t.demand.en.clone()),
            indicator_id: Set(t.indicator.0),
            unit_id: Set(t.unit.0),
            breakdown_key: Set(t.breakdown.to_string()),
            level: Set(t.level.map(|l| l.code().to_owned())),
            comparator: Set(t.comparator.code().to_owned()),
            mantissa: Set(t.value.map(|v| v.mantissa())),
            scale: Set(t.value.map(|v| v.scale())),
            unit_of_measure_code: Set(t.unit_of_measure.clone()),
            due_on: Set(t.due_on),
            note_vi: Set(note_vi),
            note_en: Set(note_en),
        }
    });
    insert(connection, models).await?;
    let models = parts.assessments.iter().map(|a| assessment::ActiveModel {
        document_id: Set(a.document.0),
        resolution_id: Set(a.resolution.0),
        number: Set(a.number),
        rating: Set(a.rating.code().to_owned()),
        as_printed: Set(a.as_printed.clone()),
        result_vi: Set(a.result.vi.clone()),
        result_en: Set(a.result.en.clone()),
        table_code: Set(a.table.clone()),
    });
    insert(connection, models).await
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    for row in target::Entity::find().order_by_asc(target::Column::Id).all(connection).await? {
        parts.targets.push(
            Target {
                id: TargetId(row.id),
                breakdown: row
                    .breakdown_key
                    .parse()
                    .map_err(|e: crate::domain::breakdown::BreakdownError| corrupt("target", e.to_string()))?,
                level: row.level.map(|l| known("target", &l, Level::from_code)).transpose()?,
                comparator: known("target", &row.comparator, Comparator::from_code)?,
                value: exact("target", row.mantissa, row.scale)?,
                code: row.code,
                number: row.number,
                part: row.part,
                resolution: DocumentId(row.resolution_id),
                section: row.section,
                group: Text::new(row.group_vi, row.group_en),
                name: Text::new(row.name_vi, row.name_en),
                demand: Text::new(row.demand_vi, row.demand_en),
                indicator: IndicatorId(row.indicator_id),
                unit: UnitId(row.unit_id),
                unit_of_measure: row.unit_of_measure_code,
                due_on: row.due_on,
                note: note(row.note_vi, row.note_en),
            }
            .into(),
        );
    }
    for row in assessment::Entity::find().order_by_asc(assessment::Column::Number).all(connection).await? {
        parts.assessments.push(
            Assessment {
                document: DocumentId(row.document_id),
                resolution: DocumentId(row.resolution_id),
                number: row.number,
                rating: known("assessment", &row.rating, Rating::from_code)?,
                as_printed: row.as_printed,
                result: Text::new(row.result_vi, row.result_en),
                table: row.table_code,
            }
            .into(),
        );
    }
    Ok(())
}
