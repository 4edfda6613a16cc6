//! Information systems.

use std::collections::HashMap;

use entity::{system, system_alias, system_indicator, system_mention};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::{
    domain::{
        catalogue::Parts,
        id::*,
        observation::Locator,
        system::{Mention, System},
        text::Text,
    },
    store::{Result, rows::insert},
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let models = parts.systems.iter().map(|s| system::ActiveModel {
        id: Set(s.id.0),
        code: Set(s.code.clone()),
        name_vi: Set(s.name.vi.clone()),
        name_en: Set(s.name.en.clone()),
        owner_unit_id: Set(s.owner.map(i32::from)),
        purpose_vi: Set(s.purpose.vi.clone()),
        purpose_en: Set(s.purpose.en.clone()),
    });
    insert(connection, models).await?;
    let aliases = parts.systems.iter().flat_map(|s| s.aliases.iter().map(move |a| (s.id.0, a)));
    insert(
        connection,
        aliases.map(|(id, alias)| system_alias::ActiveModel { system_id: Set(id), alias: Set(alias.clone()) }),
    )
    .await?;
    let fed = parts.systems.iter().flat_map(|s| s.indicators.iter().map(move |i| (s.id.0, i.0)));
    insert(
        connection,
        fed.map(|(id, indicator)| system_indicator::ActiveModel { system_id: Set(id), indicator_id: Set(indicator) }),
    )
    .await?;
    let mentions =
        parts.systems.iter().flat_map(|s| s.mentions.iter().zip(1..).map(move |(m, position)| (s.id.0, position, m)));
    let models = mentions.map(|(id, position, m)| system_mention::ActiveModel {
        system_id: Set(id),
        position: Set(position),
        document_id: Set(m.document.0),
        section: Set(m.locator.section.clone()),
        footnote: Set(m.locator.footnote),
        table_code: Set(m.locator.table.clone()),
        table_row: Set(m.locator.row.clone()),
        table_column: Set(m.locator.column),
    });
    insert(connection, models).await
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let mut aliases: HashMap<i32, Vec<String>> = HashMap::new();
    for row in system_alias::Entity::find().order_by_asc(system_alias::Column::Alias).all(connection).await? {
        aliases.entry(row.system_id).or_default().push(row.alias);
    }
    let mut indicators: HashMap<i32, Vec<IndicatorId>> = HashMap::new();
    for row in
        system_indicator::Entity::find().order_by_asc(system_indicator::Column::IndicatorId).all(connection).await?
    {
        indicators.entry(row.system_id).or_default().push(IndicatorId(row.indicator_id));
    }
    let mut mentions: HashMap<i32, Vec<Mention>> = HashMap::new();
    for row in system_mention::Entity::find().order_by_asc(system_mention::Column::Position).all(connection).await? {
        mentions.entry(row.system_id).or_default().push(Mention {
            document: DocumentId(row.document_id),
            locator: Locator {
                section: row.section,
                footnote: row.footnote,
                table: row.table_code,
                row: row.table_row,
                column: row.table_column,
            },
        });
    }
    for row in system::Entity::find().order_by_asc(system::Column::Id).all(connection).await? {
        parts.systems.push(
            System {
                id: SystemId(row.id),
                code: row.code,
                name: Text::new(row.name_vi, row.name_en),
                owner: row.owner_unit_id.map(UnitId),
                purpose: Text::new(row.purpose_vi, row.purpose_en),
                aliases: aliases.remove(&row.id).unwrap_or_default(),
                indicators: indicators.remove(&row.id).unwrap_or_default(),
                mentions: mentions.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    Ok(())
}
