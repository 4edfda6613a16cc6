//! Submissions: headers, history, the files they are made of, and what rules find in them.

mod parts;
mod rows;

use entity::{column_name, submission, submission_event, submission_finding, submission_import, submission_part};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

pub use parts::{Part, merged};
pub use rows::{
    clear_orphans, count_rows, delete_replaced, delete_rows, doubled_keys, insert_rows, next_import, rows_of,
    rows_of_unit, unit_indicators, units_of,
};

use super::{
    Result,
    rows::{corrupt, insert, known, next_id},
};
use crate::domain::{
    column::ColumnName,
    id::UnitId,
    number::Exact,
    period::Period,
    rule::Severity,
    submission::{Action, Header, State, Submission, SubmissionEvent},
    text::Text,
};

fn decode(row: submission::Model, contributors: Vec<String>) -> Result<Submission> {
    Ok(Submission {
        state: known("submission", &row.state, State::from_code)?,
        header: Header {
            report: row.report_code,
            title: Text::new(row.title_vi, row.title_en),
            period: Period::new(row.period_start, row.period_end)
                .ok_or_else(|| corrupt("submission", "the period runs backwards"))?,
            unit: UnitId(row.unit_id),
            issued_on: row.issued_on,
            published_at: row.published_at,
            due_at: row.due_at,
        },
        id: row.id,
        code: row.code,
        version: row.version,
        is_correction: row.is_correction,
        reason: row.reason,
        content_hash: row.content_hash,
        approved_hash: row.approved_hash,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
        publish_at: row.publish_at,
        release: row.release_number,
        contributors,
    })
}

fn model(s: &Submission) -> submission::ActiveModel {
    submission::ActiveModel {
        id: Set(s.id),
        code: Set(s.code.clone()),
        state: Set(s.state.code().to_owned()),
        version: Set(s.version),
        report_code: Set(s.header.report.clone()),
        title_vi: Set(s.header.title.vi.clone()),
        title_en: Set(s.header.title.en.clone()),
        period_start: Set(s.header.period.start()),
        period_end: Set(s.header.period.end()),
        unit_id: Set(s.header.unit.0),
        issued_on: Set(s.header.issued_on),
        published_at: Set(s.header.published_at),
        due_at: Set(s.header.due_at),
        is_correction: Set(s.is_correction),
        reason: Set(s.reason.clone()),
        content_hash: Set(s.content_hash.clone()),
        approved_hash: Set(s.approved_hash.clone()),
        created_by: Set(s.created_by.clone()),
        created_at: Set(s.created_at),
        updated_at: Set(s.updated_at),
        publish_at: Set(s.publish_at),
        release_number: Set(s.release),
    }
}

/// Which submissions.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Only this one.
    pub id: Option<i32>,
    /// Only this code.
    pub code: Option<String>,
    /// Only of this report.
    pub report: Option<String>,
    /// Only in these states.
    pub states: Option<Vec<State>>,
    /// Only those due for publication by this time.
    pub due_by: Option<chrono::DateTime<chrono::Utc>>,
}

/// Submissions, newest first; at most 1,000.
///
/// # Errors
/// As the database says.
pub async fn find(connection: &impl ConnectionTrait, which: &Which) -> Result<Vec<Submission>> {
    let mut query = submission::Entity::find().order_by_desc(submission::Column::Id).limit(1000);
    if let Some(id) = which.id {
        query = query.filter(submission::Column::Id.eq(id));
    }
    if let Some(code) = &which.code {
        query = query.filter(submission::Column::Code.eq(code));
    }
    if let Some(report) = &which.report {
        query = query.filter(submission::Column::ReportCode.eq(report));
    }
    if let Some(states) = &which.states {
        query = query.filter(submission::Column::State.is_in(states.iter().map(|s| s.code())));
    }
    if let Some(time) = which.due_by {
        query = query.filter(submission::Column::PublishAt.lte(time));
    }
    let rows = query.all(connection).await?;
    let imports = imports_of(connection, &rows.iter().map(|r| r.id).collect::<Vec<_>>()).await?;
    rows.into_iter()
        .map(|row| {
            let mut people: Vec<String> =
                imports.iter().filter(|i| i.submission == row.id).map(|i| i.actor.clone()).collect();
            people.sort();
            people.dedup();
            decode(row, people)
        })
        .collect()
}

/// A submission by its code.
///
/// # Errors
/// As the database says.
pub async fn by_code(connection: &impl ConnectionTrait, code: &str) -> Result<Option<Submission>> {
    let which = Which { code: Some(code.to_owned()), ..Which::default() };
    Ok(find(connection, &which).await?.pop())
}

/// A submission by its key.
///
/// # Errors
/// As the database says.
pub async fn by_id(connection: &impl ConnectionTrait, id: i32) -> Result<Option<Submission>> {
    Ok(find(connection, &Which { id: Some(id), ..Which::default() }).await?.pop())
}

/// Writes a new submission, giving it its key and code.
///
/// # Errors
/// As the database says.
pub async fn create(connection: &impl ConnectionTrait, mut new: Submission) -> Result<Submission> {
    new.id = next_id(connection, submission::Entity, submission::Column::Id).await?;
    new.code = format!("S-{}", new.id);
    insert(connection, [model(&new)]).await?;
    Ok(new)
}

/// Writes a changed submission if it still has the version that was seen; false if another was faster.
///
/// # Errors
/// As the database says.
pub async fn update(connection: &impl ConnectionTrait, changed: &Submission, seen: i32) -> Result<bool> {
    let result = submission::Entity::update_many()
        .set(model(changed))
        .filter(submission::Column::Id.eq(changed.id))
        .filter(submission::Column::Version.eq(seen))
        .exec(connection)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Adds a step to the history of a submission.
///
/// # Errors
/// As the database says.
pub async fn add_event(connection: &impl ConnectionTrait, submission: i32, event: &SubmissionEvent) -> Result<()> {
    let number = submission_event::Entity::find()
        .select_only()
        .column_as(submission_event::Column::Number.max(), "newest")
        .filter(submission_event::Column::SubmissionId.eq(submission))
        .into_tuple::<Option<i32>>()
        .one(connection)
        .await?
        .flatten()
        .unwrap_or(0)
        + 1;
    let model = submission_event::ActiveModel {
        submission_id: Set(submission),
        number: Set(number),
        at: Set(event.at),
        actor: Set(event.actor.clone()),
        action: Set(event.action.code().to_owned()),
        state: Set(event.state.code().to_owned()),
        comment: Set(event.comment.clone()),
        content_hash: Set(event.content_hash.clone()),
    };
    insert(connection, [model]).await
}

/// The history of a submission, oldest first.
///
/// # Errors
/// As the database says.
pub async fn events(connection: &impl ConnectionTrait, submission: i32) -> Result<Vec<SubmissionEvent>> {
    let rows = submission_event::Entity::find()
        .filter(submission_event::Column::SubmissionId.eq(submission))
        .order_by_asc(submission_event::Column::Number)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SubmissionEvent {
                number: row.number,
                at: row.at,
                actor: row.actor,
                action: known("submission_event", &row.action, Action::from_code)?,
                state: known("submission_event", &row.state, State::from_code)?,
                comment: row.comment,
                content_hash: row.content_hash,
            })
        })
        .collect()
}

/// A file or push that a submission is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Surrogate key.
    pub id: i32,
    /// Whose part it is.
    pub submission: i32,
    /// Who brought it, by label.
    pub actor: String,
    /// How it was read.
    pub format: String,
    /// Name of the file.
    pub file_name: String,
    /// Hash of what was read and of how.
    pub content_hash: String,
    /// What the caller calls this act, so that a repetition is one.
    pub idempotency_key: Option<String>,
    /// Number of figures.
    pub figures: i32,
    /// When.
    pub created_at: chrono::DateTime<chrono::Utc>,
}

fn decode_import(row: submission_import::Model) -> Import {
    Import {
        id: row.id,
        submission: row.submission_id,
        actor: row.actor,
        format: row.format,
        file_name: row.file_name,
        content_hash: row.content_hash,
        idempotency_key: row.idempotency_key,
        figures: row.figures,
        created_at: row.created_at,
    }
}

/// The files of some submissions, oldest first.
///
/// # Errors
/// As the database says.
pub async fn imports_of(connection: &impl ConnectionTrait, submissions: &[i32]) -> Result<Vec<Import>> {
    let found = submission_import::Entity::find()
        .filter(submission_import::Column::SubmissionId.is_in(submissions.iter().copied()))
        .order_by_asc(submission_import::Column::Id);
    Ok(found.all(connection).await?.into_iter().map(decode_import).collect())
}

/// The import that an actor made under a key, or one with this content that stands: its submission is open or
/// published, and no later import has replaced any of its figures.
///
/// # Errors
/// As the database says.
pub async fn repeated_import(
    connection: &impl ConnectionTrait,
    actor: &str,
    key: Option<&str>,
    content_hash: &str,
) -> Result<Option<Import>> {
    let imports = submission_import::Entity::find().order_by_desc(submission_import::Column::Id);
    if let Some(key) = key {
        let by_key = imports
            .clone()
            .filter(submission_import::Column::Actor.eq(actor))
            .filter(submission_import::Column::IdempotencyKey.eq(key));
        if let Some(row) = by_key.one(connection).await? {
            return Ok(Some(decode_import(row)));
        }
    }
    let same = imports.filter(submission_import::Column::ContentHash.eq(content_hash)).limit(100);
    for row in same.all(connection).await? {
        let of = submission::Entity::find_by_id(row.submission_id).one(connection).await?;
        let is_open = of.as_ref().and_then(|s| State::from_code(&s.state)).is_some_and(|s| s.is_open());
        let is_whole = count_rows(connection, row.id).await? == i64::from(row.figures);
        if is_whole && (is_open || of.is_some_and(|s| s.state == State::Published.code())) {
            return Ok(Some(decode_import(row)));
        }
    }
    Ok(None)
}

/// Writes the row that makes the figures of an import part of a submission.
///
/// # Errors
/// As the database says.
pub async fn add_import(connection: &impl ConnectionTrait, import: &Import) -> Result<()> {
    let model = submission_import::ActiveModel {
        id: Set(import.id),
        submission_id: Set(import.submission),
        actor: Set(import.actor.clone()),
        format: Set(import.format.clone()),
        file_name: Set(import.file_name.clone()),
        content_hash: Set(import.content_hash.clone()),
        idempotency_key: Set(import.idempotency_key.clone()),
        figures: Set(import.figures),
        created_at: Set(import.created_at),
    };
    insert(connection, [model]).await
}

/// Writes parts of an import that are no figures.
///
/// # Errors
/// As the database says.
pub async fn add_parts(connection: &impl ConnectionTrait, import: i32, parts: &[Part]) -> Result<()> {
    let models = parts.iter().zip(1..).map(|(part, position)| {
        let (kind, body) = part.write();
        submission_part::ActiveModel {
            import_id: Set(import),
            kind: Set(kind.to_owned()),
            position: Set(position),
            body: Set(body),
        }
    });
    insert(connection, models).await
}

/// The parts of a submission as all its imports make them.
///
/// # Errors
/// As the database says.
pub async fn parts_of(connection: &impl ConnectionTrait, submission: i32) -> Result<Vec<Part>> {
    let imports: Vec<i32> = imports_of(connection, &[submission]).await?.iter().map(|i| i.id).collect();
    let found = submission_part::Entity::find()
        .filter(submission_part::Column::ImportId.is_in(imports))
        .order_by_asc(submission_part::Column::ImportId)
        .order_by_asc(submission_part::Column::Position);
    let parts = found.all(connection).await?;
    Ok(merged(parts.iter().map(|p| Part::read(&p.kind, &p.body)).collect::<Result<_>>()?))
}

/// What a rule found in a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionFinding {
    /// Stable code.
    pub code: String,
    /// Code of the rule.
    pub rule: String,
    /// What it means for publication.
    pub severity: Severity,
    /// What the rule expects.
    pub expected: Option<Exact>,
    /// What is printed.
    pub actual: Option<Exact>,
    /// Printed minus expected.
    pub difference: Option<Exact>,
    /// What is wrong.
    pub message: Text,
    /// Identities of the figures concerned.
    pub figures: Vec<String>,
    /// Where the checked figure stands.
    pub place: String,
    /// Who accepted it.
    pub waived_by: Option<String>,
    /// Why.
    pub waived_reason: String,
}

/// Replaces the findings of a submission; waivers of findings that are there again are kept.
///
/// # Errors
/// As the database says.
pub async fn save_findings(
    connection: &impl ConnectionTrait,
    submission: i32,
    findings: &[SubmissionFinding],
) -> Result<()> {
    // Accepted was this finding with these numbers, no other.
    let waived: std::collections::HashMap<_, (Option<String>, String)> = findings_of(connection, submission)
        .await?
        .into_iter()
        .filter(|f| f.waived_by.is_some())
        .map(|f| ((f.code, f.expected, f.actual), (f.waived_by, f.waived_reason)))
        .collect();
    submission_finding::Entity::delete_many()
        .filter(submission_finding::Column::SubmissionId.eq(submission))
        .exec(connection)
        .await?;
    let text = |value: Option<Exact>| value.map(|v| v.to_string()).unwrap_or_default();
    let models = findings.iter().zip(1..).map(|(f, position)| {
        let (by, reason) = waived.get(&(f.code.clone(), f.expected, f.actual)).cloned().unwrap_or_default();
        submission_finding::ActiveModel {
            submission_id: Set(submission),
            code: Set(f.code.clone()),
            position: Set(position),
            rule_code: Set(f.rule.clone()),
            severity: Set(f.severity.code().to_owned()),
            expected: Set(text(f.expected)),
            actual: Set(text(f.actual)),
            difference: Set(text(f.difference)),
            message_vi: Set(f.message.vi.clone()),
            message_en: Set(f.message.en.clone()),
            figures: Set(f.figures.join(" ")),
            place: Set(f.place.clone()),
            waived_by: Set(by),
            waived_reason: Set(reason),
        }
    });
    insert(connection, models).await
}

/// What rules found in a submission, in the order of the rules.
///
/// # Errors
/// As the database says.
pub async fn findings_of(connection: &impl ConnectionTrait, submission: i32) -> Result<Vec<SubmissionFinding>> {
    let rows = submission_finding::Entity::find()
        .filter(submission_finding::Column::SubmissionId.eq(submission))
        .order_by_asc(submission_finding::Column::Position)
        .all(connection)
        .await?;
    let number = |text: &str| match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| corrupt("submission_finding", "a number cannot be read")),
    };
    rows.into_iter()
        .map(|row| {
            Ok(SubmissionFinding {
                severity: known("submission_finding", &row.severity, Severity::from_code)?,
                expected: number(&row.expected)?,
                actual: number(&row.actual)?,
                difference: number(&row.difference)?,
                code: row.code,
                rule: row.rule_code,
                message: Text::new(row.message_vi, row.message_en),
                figures: row.figures.split(' ').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
                place: row.place,
                waived_by: row.waived_by,
                waived_reason: row.waived_reason,
            })
        })
        .collect()
}

/// Accepts a finding.
///
/// # Errors
/// As the database says.
pub async fn waive(
    connection: &impl ConnectionTrait,
    submission: i32,
    code: &str,
    by: &str,
    reason: &str,
) -> Result<()> {
    submission_finding::Entity::update_many()
        .col_expr(submission_finding::Column::WaivedBy, Expr::value(by))
        .col_expr(submission_finding::Column::WaivedReason, Expr::value(reason))
        .filter(submission_finding::Column::SubmissionId.eq(submission))
        .filter(submission_finding::Column::Code.eq(code))
        .exec(connection)
        .await?;
    Ok(())
}

/// Keeps headings for the next table, each with its quantity as code; one that is known is replaced.
///
/// # Errors
/// As the database says.
pub async fn keep_columns(connection: &impl ConnectionTrait, columns: &[(ColumnName, String)]) -> Result<()> {
    let mut id = next_id(connection, column_name::Entity, column_name::Column::Id).await?;
    for (column, quantity) in columns {
        let (group_key, label_key) = column.key();
        column_name::Entity::delete_many()
            .filter(column_name::Column::GroupKey.eq(&group_key))
            .filter(column_name::Column::LabelKey.eq(&label_key))
            .exec(connection)
            .await?;
        let model = column_name::ActiveModel {
            id: Set(id),
            group_key: Set(group_key),
            label_key: Set(label_key),
            group_label: Set(column.group.clone()),
            label: Set(column.label.clone()),
            quantity: Set(quantity.clone()),
            accumulation: Set(column.accumulation.code().to_owned()),
        };
        insert(connection, [model]).await?;
        id += 1;
    }
    Ok(())
}
