//! What a publication brings beside figures: the document, the report and its version, tables, sections,
//! assessments and findings.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use entity::{assessment, document, document_section, finding, printed_table, report, report_version};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    domain::{
        catalogue::Catalogue,
        document::{DocumentType, PrintedTable, Section},
        id::*,
        rule::{Finding, Waiver},
        submission::{Header, State, Submission},
        target::Assessment,
    },
    store::{
        Result,
        catalogue::{rules::save_findings, tables::save_one},
        rows::{insert, next_id},
        submissions::{self, Which},
    },
};

/// The document of a report, made if it is new.
///
/// # Errors
/// As the database says.
pub async fn document_of(connection: &impl ConnectionTrait, header: &Header) -> Result<DocumentId> {
    let known = document::Entity::find().filter(document::Column::Code.eq(&header.report)).one(connection).await?;
    if let Some(row) = known {
        return Ok(DocumentId(row.id));
    }
    let id = next_id(connection, document::Entity, document::Column::Id).await?;
    let model = document::ActiveModel {
        id: Set(id),
        code: Set(header.report.clone()),
        number: Set(Some(header.report.clone())),
        kind: Set(DocumentType::Report.code().to_owned()),
        issuer_unit_id: Set(None),
        issued_on: Set(Some(header.issued_on)),
        title_vi: Set(header.title.vi.clone()),
        title_en: Set(header.title.en.clone()),
        note_vi: Set(String::new()),
        note_en: Set(String::new()),
    };
    insert(connection, [model]).await?;
    Ok(DocumentId(id))
}

/// Adds a version to a report, made if it is new. Gives the number of the version.
///
/// # Errors
/// As the database says.
pub async fn add_version(
    connection: &impl ConnectionTrait,
    header: &Header,
    document: DocumentId,
    release: i32,
    reason: &str,
) -> Result<i32> {
    let known = report::Entity::find().filter(report::Column::DocumentId.eq(document.0)).one(connection).await?;
    let id = match known {
        Some(row) => row.id,
        None => {
            let id = next_id(connection, report::Entity, report::Column::Id).await?;
            let model = report::ActiveModel {
                id: Set(id),
                code: Set(header.report.clone()),
                document_id: Set(document.0),
                title_vi: Set(header.title.vi.clone()),
                title_en: Set(header.title.en.clone()),
                period_start: Set(header.period.start()),
                period_end: Set(header.period.end()),
                unit_id: Set(header.unit.0),
            };
            insert(connection, [model]).await?;
            id
        }
    };
    let newest: Option<Option<i32>> = report_version::Entity::find()
        .select_only()
        .column_as(report_version::Column::Version.max(), "newest")
        .filter(report_version::Column::ReportId.eq(id))
        .into_tuple()
        .one(connection)
        .await?;
    let version = newest.flatten().unwrap_or(0) + 1;
    let model = report_version::ActiveModel {
        report_id: Set(id),
        version: Set(version),
        release_number: Set(release),
        reason: Set(reason.to_owned()),
    };
    insert(connection, [model]).await?;
    Ok(version)
}

/// Brings a table in place of the one of the same code.
///
/// # Errors
/// As the database says.
pub async fn put_table(
    connection: &impl ConnectionTrait,
    catalogue: &Catalogue,
    mut table: PrintedTable,
    document: DocumentId,
    release: i32,
) -> Result<()> {
    let of_document = printed_table::Entity::find().filter(printed_table::Column::DocumentId.eq(document.0));
    let known = of_document.all(connection).await?;
    let before = known.iter().find(|t| t.code == table.code && t.release_to.is_none());
    table.id = TableId(next_id(connection, printed_table::Entity, printed_table::Column::Id).await?);
    table.document = document;
    table.position = match before {
        Some(before) => before.position,
        None => known.iter().map(|t| t.position).max().unwrap_or(0) + 1,
    };
    if let Some(before) = before {
        printed_table::Entity::update_many()
            .col_expr(printed_table::Column::ReleaseTo, Expr::value(release))
            .filter(printed_table::Column::Id.eq(before.id))
            .exec(connection)
            .await?;
    }
    save_one(connection, catalogue, &table, release).await
}

/// Brings sections that the document has not; those it has get their text.
///
/// # Errors
/// As the database says.
pub async fn put_sections(connection: &impl ConnectionTrait, document: DocumentId, sections: &[Section]) -> Result<()> {
    let of_document = document_section::Entity::find().filter(document_section::Column::DocumentId.eq(document.0));
    let known: Vec<String> = of_document.all(connection).await?.into_iter().map(|s| s.code).collect();
    for section in sections {
        if known.contains(&section.code) {
            document_section::Entity::update_many()
                .col_expr(document_section::Column::Body, Expr::value(section.body.as_str()))
                .filter(document_section::Column::DocumentId.eq(document.0))
                .filter(document_section::Column::Code.eq(&section.code))
                .exec(connection)
                .await?;
            continue;
        }
        let model = document_section::ActiveModel {
            document_id: Set(document.0),
            code: Set(section.code.clone()),
            parent_code: Set(section.parent.clone()),
            position: Set(section.position),
            title_vi: Set(section.title.vi.clone()),
            title_en: Set(section.title.en.clone()),
            body: Set(section.body.clone()),
        };
        insert(connection, [model]).await?;
    }
    Ok(())
}

/// Brings what the document says of targets, in place of what it said before.
///
/// # Errors
/// As the database says.
pub async fn put_assessments(
    connection: &impl ConnectionTrait,
    document: DocumentId,
    assessments: &[Assessment],
) -> Result<()> {
    for a in assessments {
        assessment::Entity::delete_many()
            .filter(assessment::Column::DocumentId.eq(document.0))
            .filter(assessment::Column::ResolutionId.eq(a.resolution.0))
            .filter(assessment::Column::Number.eq(a.number))
            .exec(connection)
            .await?;
        let model = assessment::ActiveModel {
            document_id: Set(document.0),
            resolution_id: Set(a.resolution.0),
            number: Set(a.number),
            rating: Set(a.rating.code().to_owned()),
            as_printed: Set(a.as_printed.clone()),
            result_vi: Set(a.result.vi.clone()),
            result_en: Set(a.result.en.clone()),
            table_code: Set(a.table.clone()),
        };
        insert(connection, [model]).await?;
    }
    Ok(())
}

/// Brings findings in place of those that the document had.
///
/// # Errors
/// As the database says.
pub async fn put_findings(
    connection: &impl ConnectionTrait,
    document: DocumentId,
    findings: Vec<Finding>,
    release: i32,
) -> Result<()> {
    finding::Entity::update_many()
        .col_expr(finding::Column::ReleaseTo, Expr::value(release))
        .filter(finding::Column::DocumentId.eq(document.0))
        .filter(finding::Column::ReleaseTo.is_null())
        .exec(connection)
        .await?;
    let findings: Vec<Arc<Finding>> = findings.into_iter().map(|f| Arc::new(Finding { document, ..f })).collect();
    save_findings(connection, &findings, release).await
}

/// Brings findings of a rule in place of those that it had, in all documents. What was waived stays waived.
///
/// # Errors
/// As the database says.
pub async fn replace_findings_of_rule(
    connection: &impl ConnectionTrait,
    rule: &str,
    found: BTreeMap<DocumentId, Vec<Finding>>,
    release: i32,
) -> Result<()> {
    let current =
        finding::Entity::find().filter(finding::Column::RuleCode.eq(rule)).filter(finding::Column::ReleaseTo.is_null());
    let waived: HashMap<(i32, String), Waiver> = current
        .all(connection)
        .await?
        .into_iter()
        .filter_map(|f| Some(((f.document_id, f.code), Waiver { by: f.waived_by?, reason: f.waived_reason })))
        .collect();
    finding::Entity::update_many()
        .col_expr(finding::Column::ReleaseTo, Expr::value(release))
        .filter(finding::Column::RuleCode.eq(rule))
        .filter(finding::Column::ReleaseTo.is_null())
        .exec(connection)
        .await?;
    for (document, findings) in found {
        let kept = |f: Finding| {
            let waiver = waived.get(&(document.0, f.code.clone())).cloned();
            Arc::new(Finding { waiver, ..f })
        };
        let findings: Vec<Arc<Finding>> = findings.into_iter().map(kept).collect();
        save_findings(connection, &findings, release).await?;
    }
    Ok(())
}

/// Marks the published submissions of a report as replaced or withdrawn; gives them as they were.
///
/// # Errors
/// As the database says.
pub async fn end_published(connection: &impl ConnectionTrait, report: &str, state: State) -> Result<Vec<Submission>> {
    let which = Which { report: Some(report.to_owned()), states: Some(vec![State::Published]), ..Which::default() };
    let published = submissions::find(connection, &which).await?;
    for before in &published {
        let after = Submission { state, version: before.version + 1, ..before.clone() };
        submissions::update(connection, &after, before.version).await?;
    }
    Ok(published)
}
