//! Import: one use case for files, texts and pushes. A preview stores nothing; an import commits exactly what was
//! previewed, all of it or nothing; the same file or key twice is one import.

mod large;
mod read;

use std::sync::Arc;

use sea_orm::DatabaseTransaction;

pub use large::{Job, JobState, Progress, run as run_large};
pub use read::{Format, Order, ReportOrder, Source};

use super::{
    act::{Act, Complaint, ComplaintKind, Outcome, UseError, complain},
    publish::begin,
    validate::{self, Figures, Verdict},
    workflow::{fingerprint, save},
};
use crate::{
    domain::{
        account::Actor,
        audit::sha256,
        catalogue::Catalogue,
        column::ColumnName,
        policy::{self, Operation},
        submission::{Action, Header, Submission},
    },
    ingest::problem::CellProblem,
    snapshot::Snapshot,
    store::{
        self, Database,
        submissions::{self, Import, Which},
    },
};
use read::{Known, Reading, Unreadable};

/// What would be imported.
#[derive(Debug)]
pub struct Preview {
    /// What was read.
    pub reading: Reading,
    /// What rules find and what would change.
    pub verdict: Verdict,
    /// Names exactly this preview.
    pub hash: String,
    /// The release that it was compared with.
    pub release: i32,
}

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// The submission that the figures belong to.
    pub submission: Submission,
    /// True if this very file or key had been imported before: nothing was done.
    pub is_repeated: bool,
}

/// The open submission of a report, if there is one.
async fn open_submission(
    connection: &impl sea_orm::ConnectionTrait,
    report: &str,
) -> Result<Option<Submission>, UseError> {
    let which = Which { report: Some(report.to_owned()), ..Which::default() };
    Ok(submissions::find(connection, &which).await?.into_iter().find(|s| s.state.is_open()))
}

/// What is wrong with the time at which the figures are said to have become public.
pub fn untimely(act: &Act, order: &Order) -> Option<Complaint> {
    order.report.published_at.filter(|at| *at > act.now).map(|_| {
        let message = "lies in the future: publishReport takes the time of a publication to come.";
        Complaint::new(ComplaintKind::BadTime, &["input", "report", "publishedAt"], message)
    })
}

/// Reads what was sent, in a thread of its own.
async fn read_order(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    order: &Order,
    most: usize,
) -> Result<Result<Reading, Vec<Complaint>>, UseError> {
    let open = match &order.report.code {
        Some(code) => open_submission(database.reader(), code).await?.map(|s| s.header),
        None => None,
    };
    let (snapshot, mut order) = (snapshot.clone(), order.clone());
    // What was explained since the newest release; what the caller explains stands before it and wins.
    let kept = store::column_names(database.reader(), &snapshot.catalogue).await?;
    let is_new = |c: &ColumnName| {
        !snapshot.catalogue.column_names.contains(c) && !order.columns.iter().any(|said| said.key() == c.key())
    };
    let kept: Vec<ColumnName> = kept.into_iter().filter(is_new).collect();
    order.columns.extend(kept);
    let work =
        tokio::task::spawn_blocking(move || read::read(&order, &Known { catalogue: &snapshot.catalogue, open, most }));
    let read = work.await.map_err(|_| UseError::Internal("reading a file panicked".to_owned()))?;
    Ok(read.map_err(unreadable))
}

fn unreadable(error: Unreadable) -> Vec<Complaint> {
    match error {
        Unreadable::File(problem) => vec![cell_complaint(&problem)],
        Unreadable::Header(missing) => {
            let field = |m: read::MissingField| {
                Complaint::new(ComplaintKind::BadInput, &["input", "report", m.field], m.message)
            };
            missing.into_iter().map(field).collect()
        }
        Unreadable::TooMany(most) => {
            let message = format!("more than {most} figures: import it as a job (startImport), or in pieces.");
            vec![Complaint::new(ComplaintKind::TooLarge, &["input", "source"], message)]
        }
    }
}

/// A mistake in a cell as a complaint.
pub fn cell_complaint(problem: &CellProblem) -> Complaint {
    let column = problem.column.as_ref().map(|(number, heading)| format!(", column {number} ({heading})"));
    let place = match problem.row {
        0 => String::new(),
        row => format!("row {row}{}: ", column.unwrap_or_default()),
    };
    let raw = if problem.raw.is_empty() { String::new() } else { format!(" `{}`", problem.raw) };
    let suggestion = problem.suggestion.as_ref().map(|s| format!(" Suggestion: {s}")).unwrap_or_default();
    let mut complaint = Complaint::new(
        ComplaintKind::BadCell,
        &["input", "source"],
        format!("{place}{}{raw}{suggestion}", problem.message),
    );
    complaint.row = Some(problem.row).filter(|row| *row > 0);
    complaint.column = problem.column.as_ref().map(|(number, _)| *number);
    complaint
}

/// Shows what an import would bring. Stores nothing.
///
/// # Errors
/// If the actor may not.
pub async fn preview(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    order: &Order,
    most: usize,
) -> Outcome<Preview> {
    act.may(Operation::Import)?;
    if let Some(complaint) = untimely(act, order) {
        return Ok(Err(vec![Complaint { kind: ComplaintKind::BadInput, ..complaint }]));
    }
    let reading = match read_order(database, snapshot, order, most).await? {
        Ok(reading) => reading,
        Err(complaints) => return Ok(Err(complaints)),
    };
    may_bring(act, &snapshot.catalogue, &reading)?;
    let verdict = validate::run(
        database.reader(),
        &snapshot.catalogue,
        snapshot.scope,
        &reading.header,
        &reading.parts,
        Figures::Here(&reading.figures),
    )
    .await?;
    let hash = preview_hash(&reading, snapshot.scope.release);
    Ok(Ok(Preview { reading, verdict, hash, release: snapshot.scope.release }))
}

/// The same file read against another release may mean something else.
fn preview_hash(reading: &Reading, release: i32) -> String {
    sha256(&format!("{}|{release}", reading.hash))
}

fn may_bring(act: &Act, catalogue: &Catalogue, reading: &Reading) -> Result<(), UseError> {
    let figures = reading.figures.iter().map(|o| (o.series.unit, o.series.indicator));
    Ok(policy::may_bring(&act.actor, catalogue, figures)?)
}

/// How an import is to be done.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The preview that it must be; `None` for pushes and the operator.
    pub preview_hash: Option<String>,
    /// What the caller calls this act, so that a repetition is one.
    pub idempotency_key: Option<String>,
    /// Most figures in memory.
    pub most: usize,
}

/// Imports what was sent.
///
/// # Errors
/// If the actor may not.
pub async fn import(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    order: &Order,
    terms: &Terms,
) -> Outcome<Imported> {
    act.may(if matches!(order.source, Source::Lines(_)) { Operation::Record } else { Operation::Import })?;
    if terms.idempotency_key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 200) {
        return complain(ComplaintKind::BadInput, &["input", "idempotencyKey"], "1 to 200 characters.");
    }
    if let Some(complaint) = untimely(act, order) {
        return Ok(Err(vec![complaint]));
    }
    let reading = match read_order(database, snapshot, order, terms.most).await? {
        Ok(reading) => reading,
        Err(complaints) => return Ok(Err(complaints)),
    };
    may_bring(act, &snapshot.catalogue, &reading)?;
    let key = terms.idempotency_key.as_deref();
    let transaction = act.begin(database).await?;
    let label = act.actor.label();
    match repeated(&transaction, &label, key, &reading.hash).await? {
        Ok(Some(submission)) => return Ok(Ok(Imported { submission, is_repeated: true })),
        Ok(None) => {}
        Err(complaints) => return Ok(Err(complaints)),
    }
    if store::releases::newest(&transaction).await? != Some(snapshot.scope.release) {
        let message = "something was published meanwhile; send it again.";
        let kind = match terms.preview_hash {
            Some(_) => ComplaintKind::PreviewDiffers,
            None => ComplaintKind::WrongState,
        };
        return complain(kind, &["input"], message);
    }
    if terms.preview_hash.as_ref().is_some_and(|hash| *hash != preview_hash(&reading, snapshot.scope.release)) {
        let message = "what was sent, or what is published, is not what was previewed; look at a new preview.";
        return complain(ComplaintKind::PreviewDiffers, &["input", "previewHash"], message);
    }
    if reading.problems.count > 0 {
        return Ok(Err(reading.problems.first.iter().map(cell_complaint).collect()));
    }
    let id = submissions::next_import(&transaction).await?;
    submissions::insert_rows(&transaction, id, &reading.figures).await?;
    // Tables, text and ratings are for those who answer for the report; others bring figures.
    let open = open_submission(&transaction, &reading.header.report).await?;
    let answers =
        open.is_none_or(|open| open.created_by == label || may_head(act, &snapshot.catalogue, open.header.unit));
    if answers {
        submissions::add_parts(&transaction, id, &reading.parts).await?;
    }
    let import = Import {
        id,
        submission: 0,
        actor: label,
        format: reading.format.code().to_owned(),
        file_name: order.file_name.chars().take(200).collect(),
        content_hash: reading.hash.clone(),
        idempotency_key: terms.idempotency_key.clone(),
        figures: i32::try_from(reading.figures.len()).unwrap_or(i32::MAX),
        created_at: act.time(),
    };
    let attached = attach(&transaction, snapshot, act, reading.header, import, &order.columns).await?;
    match attached {
        Ok(submission) => {
            transaction.commit().await?;
            Ok(Ok(Imported { submission, is_repeated: false }))
        }
        Err(complaints) => Ok(Err(complaints)),
    }
}

/// The submission that took these figures before, if they are a repetition; a complaint if the key was used for others.
async fn repeated(
    transaction: &DatabaseTransaction,
    actor: &str,
    key: Option<&str>,
    content_hash: &str,
) -> Outcome<Option<Submission>> {
    let known = submissions::repeated_import(transaction, actor, key, content_hash).await?;
    let Some(known) = known else { return Ok(Ok(None)) };
    if known.content_hash != content_hash {
        let message = "this key was used for other figures.";
        return complain(ComplaintKind::KeyReused, &["input", "idempotencyKey"], message);
    }
    Ok(Ok(submissions::by_id(transaction, known.submission).await?))
}

/// True if the actor may say what a report about a unit says of itself.
fn may_head(act: &Act, catalogue: &Catalogue, unit: crate::domain::id::UnitId) -> bool {
    act.actor == Actor::Operator || policy::granted_units(&act.actor, catalogue).contains(&unit)
}

/// Makes figures that are written part of the open submission of their report, or of a new one, and validates it.
async fn attach(
    transaction: &DatabaseTransaction,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    header: Header,
    mut import: Import,
    mapping: &[ColumnName],
) -> Outcome<Submission> {
    let catalogue = &snapshot.catalogue;
    let is_published = catalogue.reports.iter().any(|r| r.code == header.report);
    let mut submission = match open_submission(transaction, &header.report).await? {
        Some(open) if open.state.after(Action::Import).is_none() => {
            let message = format!("submission {} is {}.", open.code, open.state.code());
            return complain(ComplaintKind::WrongState, &["input", "report", "code"], message);
        }
        Some(open) => open,
        None if is_published && act.actor != Actor::Operator => {
            let message = "this report is published; a publisher has to begin a correction first (correctReport).";
            return complain(ComplaintKind::WrongState, &["input", "report", "code"], message);
        }
        None => begin(transaction, act, header.clone(), is_published, "").await?,
    };
    let is_ours = may_head(act, catalogue, submission.header.unit);
    let before = fingerprint(&submission);
    import.submission = submission.id;
    let older = submissions::imports_of(transaction, &[submission.id]).await?;
    let older_ids: Vec<i32> = older.iter().map(|i| i.id).collect();
    submissions::delete_replaced(transaction, &older_ids, import.id).await?;
    submissions::add_import(transaction, &import).await?;
    let written: Vec<(ColumnName, String)> =
        mapping.iter().map(|c| (c.clone(), catalogue.quantity_ref(&c.quantity).to_string())).collect();
    // What is known already is not explained away by one import.
    let is_new = |(c, _): &(ColumnName, String)| !catalogue.column_names.iter().any(|known| known.key() == c.key());
    submissions::keep_columns(transaction, &written.into_iter().filter(is_new).collect::<Vec<_>>()).await?;
    // What a report says of itself is for those who began it or answer for its unit.
    if is_ours || submission.created_by == act.actor.label() {
        submission.header = header;
    }
    submission.approved_hash = None;
    submission.publish_at = None;
    let hashes: Vec<&str> =
        older.iter().map(|i| i.content_hash.as_str()).chain([import.content_hash.as_str()]).collect();
    submission.content_hash = sha256(&format!("{:?}|{}", submission.header, hashes.join("|")));
    let mut imports = older_ids;
    imports.push(import.id);
    let parts = submissions::parts_of(transaction, submission.id).await?;
    let verdict =
        validate::run(transaction, catalogue, snapshot.scope, &submission.header, &parts, Figures::Stored(&imports))
            .await?;
    submissions::save_findings(transaction, submission.id, &verdict.findings).await?;
    let comment = format!("{} ({}, {} figures)", import.file_name, import.format, import.figures);
    save(transaction, act, &mut submission, Action::Import, &comment, &before).await?;
    submission.contributors.push(import.actor);
    Ok(Ok(submission))
}
