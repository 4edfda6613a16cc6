//! Documents, their outlines and references.

use std::collections::HashMap;

use entity::{document, document_reference, document_section};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::{
    domain::{
        catalogue::Parts,
        document::{Document, DocumentType, Reference, ReferenceKind, Section},
        id::*,
        observation::Locator,
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
        body: Set(s.body.clone()),
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
    insert(connection, models).await
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
            body: row.body,
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
    Ok(())
}
