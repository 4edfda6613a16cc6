//! Units, their names and identifiers, and their events.

use std::collections::HashMap;

use entity::{unit, unit_alias, unit_event, unit_event_link, unit_identifier};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::{
    domain::{
        catalogue::Parts,
        id::*,
        text::Text,
        unit::{Extent, Unit, UnitEvent, UnitEventKind, UnitEventLink, UnitIdentifier, UnitKind},
    },
    store::{
        Result,
        rows::{exact, insert, known, note, note_columns},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    // Parents before children: a row may refer only to what is there.
    let mut rows: Vec<&Unit> = parts.units.iter().map(AsRef::as_ref).collect();
    let depths: HashMap<UnitId, usize> = rows.iter().map(|u| (u.id, depth(parts, u))).collect();
    rows.sort_by_key(|u| depths[&u.id]);
    let models = rows.into_iter().map(|u| unit::ActiveModel {
        id: Set(u.id.0),
        code: Set(u.code.clone()),
        valid_from: Set(u.valid_from),
        valid_to: Set(u.valid_to),
        name_vi: Set(u.name.vi.clone()),
        name_en: Set(u.name.en.clone()),
        kind: Set(u.kind.code().to_owned()),
        parent_id: Set(u.parent.map(i32::from)),
        report_order: Set(u.report_order),
        source: Set(u.source.clone()),
        confidence: Set(u.confidence.clone()),
    });
    insert(connection, models).await?;
    let aliases = parts.units.iter().flat_map(|u| u.aliases.iter().map(move |a| (u.id.0, a)));
    insert(
        connection,
        aliases.map(|(unit, alias)| unit_alias::ActiveModel { unit_id: Set(unit), alias: Set(alias.clone()) }),
    )
    .await?;
    let identifiers = parts.units.iter().flat_map(|u| u.identifiers.iter().map(move |x| (u.id.0, x)));
    let models = identifiers.map(|(unit, x)| unit_identifier::ActiveModel {
        unit_id: Set(unit),
        scheme: Set(x.scheme.clone()),
        value: Set(x.value.clone()),
        valid_from: Set(x.valid_from),
        valid_to: Set(x.valid_to),
        confidence: Set(x.confidence.clone()),
    });
    insert(connection, models).await
}

fn depth(parts: &Parts, unit: &Unit) -> usize {
    let mut depth = 0;
    let mut next = unit.parent;
    while let Some(id) = next.filter(|_| depth < 16) {
        depth += 1;
        next = parts.units.iter().find(|u| u.id == id).and_then(|u| u.parent);
    }
    depth
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let mut aliases: HashMap<i32, Vec<String>> = HashMap::new();
    for row in unit_alias::Entity::find().order_by_asc(unit_alias::Column::Alias).all(connection).await? {
        aliases.entry(row.unit_id).or_default().push(row.alias);
    }
    let mut identifiers: HashMap<i32, Vec<UnitIdentifier>> = HashMap::new();
    let order = unit_identifier::Entity::find().order_by_asc(unit_identifier::Column::Scheme);
    for row in order.order_by_asc(unit_identifier::Column::Value).all(connection).await? {
        identifiers.entry(row.unit_id).or_default().push(UnitIdentifier {
            scheme: row.scheme,
            value: row.value,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            confidence: row.confidence,
        });
    }
    for row in unit::Entity::find().order_by_asc(unit::Column::Id).all(connection).await? {
        parts.units.push(
            Unit {
                id: UnitId(row.id),
                kind: known("unit", &row.kind, UnitKind::from_code)?,
                code: row.code,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                name: Text::new(row.name_vi, row.name_en),
                parent: row.parent_id.map(UnitId),
                report_order: row.report_order,
                source: row.source,
                confidence: row.confidence,
                aliases: aliases.remove(&row.id).unwrap_or_default(),
                identifiers: identifiers.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    Ok(())
}

pub async fn save_events(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let models = parts.unit_events.iter().map(|e| {
        let (note_vi, note_en) = note_columns(&e.note);
        unit_event::ActiveModel {
            id: Set(e.id.0),
            code: Set(e.code.clone()),
            kind: Set(e.kind.code().to_owned()),
            effective_on: Set(e.effective_on),
            legal_basis_id: Set(e.legal_basis.map(i32::from)),
            name_vi: Set(e.name.vi.clone()),
            name_en: Set(e.name.en.clone()),
            note_vi: Set(note_vi),
            note_en: Set(note_en),
            confidence: Set(e.confidence.clone()),
        }
    });
    insert(connection, models).await?;
    let links = parts
        .unit_events
        .iter()
        .flat_map(|e| e.links.iter().zip(1..).map(move |(link, position)| (e.id.0, position, link)));
    let models = links.map(|(event, position, link)| unit_event_link::ActiveModel {
        event_id: Set(event),
        position: Set(position),
        from_unit_id: Set(link.from.map(i32::from)),
        to_unit_id: Set(link.to.map(i32::from)),
        extent: Set(link.extent.code().to_owned()),
        share_mantissa: Set(link.share.map(|s| s.mantissa())),
        share_scale: Set(link.share.map(|s| s.scale())),
    });
    insert(connection, models).await
}

pub async fn load_events(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let mut links: HashMap<i32, Vec<UnitEventLink>> = HashMap::new();
    for row in unit_event_link::Entity::find().order_by_asc(unit_event_link::Column::Position).all(connection).await? {
        links.entry(row.event_id).or_default().push(UnitEventLink {
            from: row.from_unit_id.map(UnitId),
            to: row.to_unit_id.map(UnitId),
            extent: known("unit_event_link", &row.extent, Extent::from_code)?,
            share: exact("unit_event_link", row.share_mantissa, row.share_scale)?,
        });
    }
    for row in unit_event::Entity::find().order_by_asc(unit_event::Column::Id).all(connection).await? {
        parts.unit_events.push(
            UnitEvent {
                id: UnitEventId(row.id),
                kind: known("unit_event", &row.kind, UnitEventKind::from_code)?,
                code: row.code,
                effective_on: row.effective_on,
                legal_basis: row.legal_basis_id.map(DocumentId),
                name: Text::new(row.name_vi, row.name_en),
                note: note(row.note_vi, row.note_en),
                confidence: row.confidence,
                links: links.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    Ok(())
}
