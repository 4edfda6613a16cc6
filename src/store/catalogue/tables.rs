//! Printed tables, in the version of each release.

use std::collections::HashMap;

use entity::{printed_table, printed_table_cell, printed_table_column, printed_table_row, printed_table_unit};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::{indicators::read_quantity, is_current, release_of};
use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        document::{PrintedTable, TableColumn, TableRow},
        id::*,
        observation::Accumulation,
        text::Text,
    },
    store::{
        Result,
        rows::{insert, known, note, note_columns},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let catalogue = Catalogue::new(parts.clone());
    for table in &parts.tables {
        save_one(connection, &catalogue, table, release_of(parts, table.document)).await?;
    }
    Ok(())
}

/// Writes a table that a release brings.
pub async fn save_one(
    connection: &impl ConnectionTrait,
    catalogue: &Catalogue,
    table: &PrintedTable,
    release: i32,
) -> Result<()> {
    let (note_vi, note_en) = note_columns(&table.note);
    let model = printed_table::ActiveModel {
        id: Set(table.id.0),
        document_id: Set(table.document.0),
        code: Set(table.code.clone()),
        position: Set(table.position),
        title_vi: Set(table.title.vi.clone()),
        title_en: Set(table.title.en.clone()),
        note_vi: Set(note_vi),
        note_en: Set(note_en),
        dated_on: Set(table.dated_on),
        release_from: Set(release),
        release_to: Set(None),
    };
    insert(connection, [model]).await?;
    let columns = table.columns.iter().map(|c| {
        let (group_vi, group_en) = note_columns(&c.group);
        printed_table_column::ActiveModel {
            table_id: Set(table.id.0),
            number: Set(c.number),
            group_vi: Set(group_vi),
            group_en: Set(group_en),
            label_vi: Set(c.label.vi.clone()),
            label_en: Set(c.label.en.clone()),
            quantity: Set(c.quantity.as_ref().map(|q| catalogue.quantity_ref(q).to_string())),
            accumulation: Set(c.accumulation.map(|a| a.code().to_owned())),
        }
    });
    insert(connection, columns.collect::<Vec<_>>()).await?;
    let rows = table.rows.iter().map(|r| printed_table_row::ActiveModel {
        table_id: Set(table.id.0),
        number: Set(r.number.clone()),
        position: Set(r.position),
        label: Set(r.label.clone()),
        unit_id: Set(r.unit.map(i32::from)),
    });
    insert(connection, rows).await?;
    let cells = table.rows.iter().flat_map(|r| r.cells.iter().zip(1..).map(move |(text, column)| (r, column, text)));
    let cells = cells.map(|(row, column, text)| printed_table_cell::ActiveModel {
        table_id: Set(table.id.0),
        row_number: Set(row.number.clone()),
        column_number: Set(column),
        text_vi: Set(text.vi.clone()),
        text_en: Set(text.en.clone()),
    });
    insert(connection, cells).await?;
    let units = table.expected_units.iter().zip(1..).map(|(unit, position)| printed_table_unit::ActiveModel {
        table_id: Set(table.id.0),
        unit_id: Set(unit.0),
        position: Set(position),
    });
    insert(connection, units).await
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let ids: HashMap<String, IndicatorId> = parts.indicators.iter().map(|i| (i.code.clone(), i.id)).collect();
    let mut columns: HashMap<i32, Vec<TableColumn>> = HashMap::new();
    for row in
        printed_table_column::Entity::find().order_by_asc(printed_table_column::Column::Number).all(connection).await?
    {
        columns.entry(row.table_id).or_default().push(TableColumn {
            number: row.number,
            group: note(row.group_vi, row.group_en),
            label: Text::new(row.label_vi, row.label_en),
            quantity: row.quantity.map(|q| read_quantity(&ids, &q)).transpose()?,
            accumulation: row
                .accumulation
                .map(|a| known("printed_table_column", &a, Accumulation::from_code))
                .transpose()?,
        });
    }
    let mut cells: HashMap<(i32, String), Vec<Text>> = HashMap::new();
    for row in printed_table_cell::Entity::find()
        .order_by_asc(printed_table_cell::Column::ColumnNumber)
        .all(connection)
        .await?
    {
        cells.entry((row.table_id, row.row_number)).or_default().push(Text::new(row.text_vi, row.text_en));
    }
    let mut rows: HashMap<i32, Vec<TableRow>> = HashMap::new();
    for row in
        printed_table_row::Entity::find().order_by_asc(printed_table_row::Column::Position).all(connection).await?
    {
        rows.entry(row.table_id).or_default().push(TableRow {
            cells: cells.remove(&(row.table_id, row.number.clone())).unwrap_or_default(),
            number: row.number,
            position: row.position,
            label: row.label,
            unit: row.unit_id.map(UnitId),
        });
    }
    let mut expected: HashMap<i32, Vec<UnitId>> = HashMap::new();
    for row in
        printed_table_unit::Entity::find().order_by_asc(printed_table_unit::Column::Position).all(connection).await?
    {
        expected.entry(row.table_id).or_default().push(UnitId(row.unit_id));
    }
    for row in printed_table::Entity::find().order_by_asc(printed_table::Column::Id).all(connection).await? {
        if !is_current(parts, row.release_from, row.release_to) {
            continue;
        }
        parts.tables.push(
            PrintedTable {
                id: TableId(row.id),
                document: DocumentId(row.document_id),
                code: row.code,
                position: row.position,
                title: Text::new(row.title_vi, row.title_en),
                note: note(row.note_vi, row.note_en),
                columns: columns.remove(&row.id).unwrap_or_default(),
                rows: rows.remove(&row.id).unwrap_or_default(),
                dated_on: row.dated_on,
                expected_units: expected.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    Ok(())
}
