//! Documents, their outlines, references and printed tables.

use std::collections::HashMap;

use entity::{
    document, document_reference, document_section, printed_table, printed_table_cell, printed_table_column,
    printed_table_row, printed_table_unit,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::indicators::read_quantity;
use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        document::{Document, DocumentType, PrintedTable, Reference, ReferenceKind, Section, TableColumn, TableRow},
        id::*,
        observation::{Accumulation, Locator},
        text::Text,
    },
    store::{
        Result,
        rows::{insert, known, note, note_columns},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let models = parts.documents.iter().map(|d| {
        let (note_vi, note_en) = note_columns(&d.note);
        document::ActiveModel {
            id: Set(d.id.0),
            code: Set(d.code.clone()),
            number: Set(d.number.clone()),
            kind: Set(d.kind.code().to_owned()),
            issuer_unit_id: Set(d.issuer.map(i32::from)),
            issued_on: Set(d.issued_on),
            title_vi: Set(d.title.vi.clone()),
            title_en: Set(d.title.en.clone()),
            note_vi: Set(note_vi),
            note_en: Set(note_en),
        }
    });
    insert(connection, models).await?;
    let sections = parts.documents.iter().flat_map(|d| d.sections.iter().map(move |s| (d.id.0, s)));
    let models = sections.map(|(document, s)| document_section::ActiveModel {
        document_id: Set(document),
        code: Set(s.code.clone()),
        parent_code: Set(s.parent.clone()),
        position: Set(s.position),
        title_vi: Set(s.title.vi.clone()),
        title_en: Set(s.title.en.clone()),
    });
    insert(connection, models).await?;
    let models = parts.references.iter().zip(1..).map(|(r, position)| document_reference::ActiveModel {
        from_document_id: Set(r.from.0),
        position: Set(position),
        to_document_id: Set(r.to.0),
        section: Set(r.locator.section.clone()),
        footnote: Set(r.locator.footnote),
        table_code: Set(r.locator.table.clone()),
        table_row: Set(r.locator.row.clone()),
        table_column: Set(r.locator.column),
        kind: Set(r.kind.code().to_owned()),
    });
    insert(connection, models).await?;
    save_tables(connection, parts).await
}

async fn save_tables(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let catalogue = Catalogue::new(parts.clone());
    for table in &parts.tables {
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
        let cells =
            table.rows.iter().flat_map(|r| r.cells.iter().zip(1..).map(move |(text, column)| (r, column, text)));
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
        insert(connection, units).await?;
    }
    Ok(())
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let mut sections: HashMap<i32, Vec<Section>> = HashMap::new();
    for row in document_section::Entity::find().order_by_asc(document_section::Column::Position).all(connection).await?
    {
        sections.entry(row.document_id).or_default().push(Section {
            code: row.code,
            parent: row.parent_code,
            position: row.position,
            title: Text::new(row.title_vi, row.title_en),
        });
    }
    for row in document::Entity::find().order_by_asc(document::Column::Id).all(connection).await? {
        parts.documents.push(
            Document {
                id: DocumentId(row.id),
                kind: known("document", &row.kind, DocumentType::from_code)?,
                code: row.code,
                number: row.number,
                issuer: row.issuer_unit_id.map(UnitId),
                issued_on: row.issued_on,
                title: Text::new(row.title_vi, row.title_en),
                note: note(row.note_vi, row.note_en),
                sections: sections.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    for row in
        document_reference::Entity::find().order_by_asc(document_reference::Column::Position).all(connection).await?
    {
        parts.references.push(Reference {
            from: DocumentId(row.from_document_id),
            to: DocumentId(row.to_document_id),
            kind: known("document_reference", &row.kind, ReferenceKind::from_code)?,
            locator: Locator {
                section: row.section,
                footnote: row.footnote,
                table: row.table_code,
                row: row.table_row,
                column: row.table_column,
            },
        });
    }
    load_tables(connection, parts).await
}

async fn load_tables(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
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
                expected_units: expected.remove(&row.id).unwrap_or_default(),
            }
            .into(),
        );
    }
    Ok(())
}
