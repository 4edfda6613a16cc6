//! Documents, their outlines, and how they refer to each other.

use super::{sources::Source, *};
use crate::{
    domain::{
        document::{Document, DocumentType, Reference, ReferenceKind, Section},
        id::*,
        observation::Locator,
    },
    ingest::sheet::Row,
};

pub fn read(folder: &Folder, manifest: &[Source], parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let rows = folder.rows(
        "documents.csv",
        &["code", "number", "type", "issuer", "issued_on", "title_vi", "title_en", "note_vi", "note_en"],
    );
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for (i, row) in rows.iter().enumerate() {
        row.remember("documents", row.cell("code"), "code");
        let Some(kind) = row.need("type", one_of(DocumentType::ALL, DocumentType::code)) else { continue };
        let issued_on = row.date("issued_on");
        parts.documents.push(
            Document {
                id: DocumentId(key(i)),
                code: row.required("code"),
                number: row.optional("number").map(str::to_owned),
                kind,
                issuer: row.convert("issuer", |code| {
                    let unit = match issued_on {
                        Some(day) => catalogue.unit_on(code, day),
                        None => catalogue.unit_latest(code),
                    };
                    unit.map(|u| u.id).ok_or_else(|| format!("no unit `{code}` at that time"))
                }),
                issued_on,
                title: row.text("title"),
                note: row.optional_text("note"),
                sections: Vec::new(),
            }
            .into(),
        );
    }
    for source in manifest {
        let sections = read_sections(folder, source);
        if let Some(document) = parts.documents.iter_mut().find(|d| d.code == source.document).map(Arc::make_mut) {
            document.sections = sections;
        }
    }
}

/// The outline in the order of reading: each section is followed by those below it.
fn read_sections(folder: &Folder, source: &Source) -> Vec<Section> {
    let rows = folder.rows(&source.file("sections.csv"), &["code", "parent", "order", "title_vi", "title_en"]);
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    let mut outline = Vec::with_capacity(rows.len());
    add_below(&rows, "", &mut outline);
    for row in rows.iter().filter(|row| !outline.iter().any(|s: &Section| s.code == row.cell("code"))) {
        row.fail("parent", "no such section, or one that lies below itself");
    }
    outline
}

fn add_below(rows: &[Row<'_>], parent: &str, outline: &mut Vec<Section>) {
    let mut below: Vec<&Row<'_>> = rows.iter().filter(|row| row.cell("parent") == parent).collect();
    below.sort_by_key(|row| row.position("order"));
    for row in below {
        let code = row.required("code");
        let position = key(outline.len());
        outline.push(Section {
            code: code.clone(),
            parent: row.optional("parent").map(str::to_owned),
            position,
            title: row.text("title"),
            body: String::new(),
        });
        if !code.is_empty() && rows.len() >= outline.len() {
            add_below(rows, &code, outline);
        }
    }
}

/// Looks up a document code.
pub fn find(catalogue: &Catalogue, code: &str) -> Result<DocumentId, String> {
    catalogue.document_by_code(code).map(|d| d.id).ok_or_else(|| format!("unknown document `{code}`"))
}

/// The locator columns of a row, checked against the outline of the document.
pub fn locator(row: &Row<'_>, document: Option<&Document>) -> Locator {
    let locator = Locator {
        section: row.optional("section").map(str::to_owned),
        footnote: row.parse("footnote"),
        table: row.optional("table").map(str::to_owned),
        row: row.optional("row").map(str::to_owned),
        column: row.parse("column"),
    };
    if let Some((section, document)) = locator.section.as_ref().zip(document)
        && !document.sections.iter().any(|s| &s.code == section)
    {
        row.fail("section", format!("document {} has no section `{section}`", document.code));
    }
    if locator.section.is_none() && locator.table.is_none() {
        row.fail("section", "neither a section nor a table is named");
    }
    locator
}

pub fn read_references(folder: &Folder, source: &Source, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let file = source.file("citations.csv");
    for row in folder.rows(&file, &["document", "section", "footnote", "table", "row", "relation"]) {
        let to = row.need("document", |code| find(&catalogue, code));
        let kind = row.need("relation", one_of(ReferenceKind::ALL, ReferenceKind::code));
        let from = catalogue.document_by_code(&source.document);
        let locator = locator(&row, from.map(AsRef::as_ref));
        if let (Some(from), Some(to), Some(kind)) = (from, to, kind) {
            parts.references.push(Reference { from: from.id, to, locator, kind });
        }
    }
}
