//! Indicators, topics, dimensions and units of measure.

use std::{collections::HashMap, sync::Arc};

use entity::{dimension, dimension_value, indicator, indicator_alias, topic, unit_of_measure};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        id::*,
        indicator::{
            Axis, Dimension, DimensionValue, Direction, Indicator, MeasureKind, Quantity, QuantityRef, Topic,
            UnitOfMeasure,
        },
        text::Text,
    },
    store::{
        Result,
        rows::{corrupt, insert, known},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let models = parts.units_of_measure.iter().zip(1..).map(|(m, position)| unit_of_measure::ActiveModel {
        code: Set(m.code.clone()),
        multiplier: Set(m.multiplier),
        name_vi: Set(m.name.vi.clone()),
        name_en: Set(m.name.en.clone()),
        symbol_vi: Set(m.symbol.vi.clone()),
        symbol_en: Set(m.symbol.en.clone()),
        position: Set(position),
    });
    insert(connection, models).await?;
    let models = parts.topics.iter().map(|t| topic::ActiveModel {
        code: Set(t.code.clone()),
        parent_code: Set(t.parent.clone()),
        position: Set(t.position),
        name_vi: Set(t.name.vi.clone()),
        name_en: Set(t.name.en.clone()),
    });
    insert(connection, models).await?;
    let models = parts.dimensions.iter().map(|d| dimension::ActiveModel {
        code: Set(d.code.clone()),
        position: Set(d.position),
        name_vi: Set(d.name.vi.clone()),
        name_en: Set(d.name.en.clone()),
    });
    insert(connection, models).await?;
    let values = parts.dimensions.iter().flat_map(|d| d.values.iter().map(move |v| (d, v)));
    let models = values.map(|(d, v)| dimension_value::ActiveModel {
        dimension_code: Set(d.code.clone()),
        code: Set(v.code.clone()),
        position: Set(v.position),
        name_vi: Set(v.name.vi.clone()),
        name_en: Set(v.name.en.clone()),
    });
    insert(connection, models).await?;

    let catalogue = Catalogue::new(parts.clone());
    let written = |quantity: &Option<Quantity>| quantity.as_ref().map(|q| catalogue.quantity_ref(q).to_string());
    let models = parts.indicators.iter().map(|i| indicator::ActiveModel {
        id: Set(i.id.0),
        code: Set(i.code.clone()),
        name_vi: Set(i.name.vi.clone()),
        name_en: Set(i.name.en.clone()),
        definition_vi: Set(i.definition.vi.clone()),
        definition_en: Set(i.definition.en.clone()),
        topic_code: Set(i.topic.clone()),
        unit_of_measure_code: Set(i.unit_of_measure.clone()),
        kind: Set(i.kind.code().to_owned()),
        direction: Set(i.direction.code().to_owned()),
        decimals: Set(i.decimals),
        additive_over: Set(i.additive_over.iter().map(|a| a.code()).collect::<Vec<_>>().join(" ")),
        numerator: Set(written(&i.numerator)),
        denominator: Set(written(&i.denominator)),
        growth_of: Set(written(&i.growth_of)),
        owner_unit_id: Set(i.owner.map(i32::from)),
    });
    insert(connection, models.collect::<Vec<_>>()).await?;
    let aliases = parts.indicators.iter().flat_map(|i| i.aliases.iter().map(move |a| (i.id.0, a)));
    insert(
        connection,
        aliases.map(|(id, alias)| indicator_alias::ActiveModel { indicator_id: Set(id), alias: Set(alias.clone()) }),
    )
    .await
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    load_registers(connection, parts).await?;
    let mut aliases: HashMap<i32, Vec<String>> = HashMap::new();
    for row in indicator_alias::Entity::find().order_by_asc(indicator_alias::Column::Alias).all(connection).await? {
        aliases.entry(row.indicator_id).or_default().push(row.alias);
    }
    let rows = indicator::Entity::find().order_by_asc(indicator::Column::Id).all(connection).await?;
    let ids: HashMap<String, IndicatorId> = rows.iter().map(|r| (r.code.clone(), IndicatorId(r.id))).collect();
    let quantity = |written: Option<String>| written.map(|text| read_quantity(&ids, &text)).transpose();
    for row in rows {
        let axes = row.additive_over.split_whitespace().map(|axis| known("indicator", axis, Axis::from_code));
        parts.indicators.push(
            Indicator {
                id: IndicatorId(row.id),
                kind: known("indicator", &row.kind, MeasureKind::from_code)?,
                direction: known("indicator", &row.direction, Direction::from_code)?,
                additive_over: axes.collect::<Result<_>>()?,
                numerator: quantity(row.numerator)?,
                denominator: quantity(row.denominator)?,
                growth_of: quantity(row.growth_of)?,
                code: row.code,
                name: Text::new(row.name_vi, row.name_en),
                definition: Text::new(row.definition_vi, row.definition_en),
                topic: row.topic_code,
                unit_of_measure: row.unit_of_measure_code,
                decimals: row.decimals,
                owner: row.owner_unit_id.map(UnitId),
                aliases: aliases.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    Ok(())
}

/// A quantity as it is written in a column.
pub fn read_quantity(ids: &HashMap<String, IndicatorId>, text: &str) -> Result<Quantity> {
    let written: QuantityRef = text.parse().map_err(|message: String| corrupt("indicator", message))?;
    let indicator =
        ids.get(&written.indicator).ok_or_else(|| corrupt("indicator", format!("`{text}` names no indicator")))?;
    Ok(Quantity { indicator: *indicator, breakdown: written.breakdown })
}

async fn load_registers(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let rows = unit_of_measure::Entity::find().order_by_asc(unit_of_measure::Column::Position).all(connection).await?;
    parts.units_of_measure = rows
        .into_iter()
        .map(|row| UnitOfMeasure {
            code: row.code,
            multiplier: row.multiplier,
            name: Text::new(row.name_vi, row.name_en),
            symbol: Text::new(row.symbol_vi, row.symbol_en),
        })
        .map(Arc::new)
        .collect();
    let rows = topic::Entity::find()
        .order_by_asc(topic::Column::Position)
        .order_by_asc(topic::Column::Code)
        .all(connection)
        .await?;
    parts.topics = rows
        .into_iter()
        .map(|row| Topic {
            code: row.code,
            parent: row.parent_code,
            position: row.position,
            name: Text::new(row.name_vi, row.name_en),
        })
        .map(Arc::new)
        .collect();
    let mut values: HashMap<String, Vec<DimensionValue>> = HashMap::new();
    for row in dimension_value::Entity::find().order_by_asc(dimension_value::Column::Position).all(connection).await? {
        let value =
            DimensionValue { code: row.code, position: row.position, name: Text::new(row.name_vi, row.name_en) };
        values.entry(row.dimension_code).or_default().push(value);
    }
    let rows = dimension::Entity::find().order_by_asc(dimension::Column::Position).all(connection).await?;
    parts.dimensions = rows
        .into_iter()
        .map(|row| Dimension {
            values: values.remove(&row.code).unwrap_or_default(),
            code: row.code,
            position: row.position,
            name: Text::new(row.name_vi, row.name_en),
        })
        .collect();
    Ok(())
}
