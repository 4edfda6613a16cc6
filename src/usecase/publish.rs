//! Publication: a release, its figures and everything that belongs to it, in one transaction whose last row is the
//! release. Also at a set time, as a correction, and taken back.

use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;

use super::{
    act::{Act, Complaint, ComplaintKind, Outcome, UseError, complain},
    workflow::{self, Step, check_comment, fingerprint},
};
use crate::{
    domain::{
        account::Actor,
        catalogue::Catalogue,
        document::Release,
        id::DocumentId,
        policy::Operation,
        rule::{Finding, Waiver},
        submission::{Action, State, Submission},
        text::Text,
    },
    store::{
        self, Database, Scope,
        publish::{Publication, contents},
        submissions::{self, Part, SubmissionFinding, Which},
    },
};

/// Publishes an approved submission now.
///
/// # Errors
/// If the actor may not.
pub async fn publish(database: &Database, catalogue: &Catalogue, act: &Act, step: &Step) -> Outcome<Submission> {
    act.may(Operation::Publish)?;
    if let Some(complaint) = check_comment(&step.comment, false, "comment") {
        return Ok(Err(vec![complaint]));
    }
    let transaction = act.begin(database).await?;
    let submission = match workflow::open(&transaction, act, catalogue, Action::Publish, step).await? {
        Ok(submission) => submission,
        Err(complaints) => return Ok(Err(complaints)),
    };
    let done = release(&transaction, catalogue, act, submission, act.time(), &step.comment).await?;
    if done.is_ok() {
        transaction.commit().await?;
    }
    Ok(done)
}

/// The next release: its number, and a time that is not before any other's unless it is loaded late.
pub(super) async fn next_release(
    transaction: &DatabaseTransaction,
    earlier: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(i32, DateTime<Utc>), UseError> {
    let known = store::releases::list(transaction, Scope::of_release(i32::MAX)).await?;
    let number = known.iter().map(|r| r.number).max().unwrap_or(0) + 1;
    let newest = known.iter().map(|r| r.published_at).max();
    let at = earlier.unwrap_or_else(|| newest.map_or(now, |newest| now.max(newest + Duration::microseconds(1))));
    Ok((number, at))
}

/// Does everything but commit.
async fn release(
    transaction: &DatabaseTransaction,
    catalogue: &Catalogue,
    act: &Act,
    mut submission: Submission,
    now: DateTime<Utc>,
    comment: &str,
) -> Outcome<Submission> {
    if submission.approved_hash.as_ref() != Some(&submission.content_hash) {
        return complain(ComplaintKind::NotApproved, &["input", "submission"], "its content is not what was approved.");
    }
    if let Some(complaint) = workflow::check_blocking(transaction, &submission).await? {
        return Ok(Err(vec![complaint]));
    }
    let before = fingerprint(&submission);
    let header = submission.header.clone();
    let (number, published_at) = next_release(transaction, header.published_at, now).await?;
    let document = contents::document_of(transaction, &header).await?;
    let reason = if submission.is_correction { submission.reason.clone() } else { String::new() };
    let version = contents::add_version(transaction, &header, document, number, &reason).await?;
    put_parts(transaction, catalogue, submission.id, document, number).await?;
    let findings = submissions::findings_of(transaction, submission.id).await?;
    contents::put_findings(transaction, document, findings.into_iter().map(public).collect(), number).await?;
    let publication = Publication { release: number, published_at: published_at.timestamp_micros(), document };
    store::publish::figures(transaction, publication, submission.id).await?;
    let replaced = contents::end_published(transaction, &header.report, State::Superseded).await?;
    for mut older in replaced {
        older.state = State::Superseded;
        workflow::note(transaction, act, &older, Action::Supersede, &format!("by {}", submission.code)).await?;
    }
    submission.release = Some(number);
    submission.publish_at = None;
    workflow::save(transaction, act, &mut submission, Action::Publish, comment, &before).await?;
    let row = Release {
        number,
        published_at,
        recorded_at: act.time(),
        title: title(&header.report, &header.title, version),
        note: Text::new(reason.as_str(), reason.as_str()).into_option(),
        document: Some(document),
        withdraws: None,
    };
    // The last row: nobody sees anything of the above before it is there.
    store::releases::save(transaction, &[row]).await?;
    Ok(Ok(submission))
}

fn title(report: &str, title: &Text, version: i32) -> Text {
    let number = |vi: &str| if version > 1 { format!(" ({vi} {version})") } else { String::new() };
    Text::new(
        format!("{report}: {}{}", title.vi, number("bản")),
        format!("{report}: {}{}", title.get(crate::domain::text::Language::En), number("version")),
    )
}

async fn put_parts(
    transaction: &DatabaseTransaction,
    catalogue: &Catalogue,
    submission: i32,
    document: DocumentId,
    number: i32,
) -> Result<(), UseError> {
    let (mut sections, mut assessments) = (Vec::new(), Vec::new());
    for part in submissions::parts_of(transaction, submission).await? {
        match part {
            Part::Table(table) => contents::put_table(transaction, catalogue, table, document, number).await?,
            Part::Section(section) => sections.push(section),
            Part::Assessment(assessment) => assessments.push(assessment),
        }
    }
    contents::put_sections(transaction, document, &sections).await?;
    Ok(contents::put_assessments(transaction, document, &assessments).await?)
}

/// A finding as it is published; its document is set when it is written.
fn public(f: SubmissionFinding) -> Finding {
    Finding {
        code: f.code,
        rule: f.rule,
        document: DocumentId(0),
        expected: f.expected,
        actual: f.actual,
        difference: f.difference,
        message: f.message,
        figures: f.figures,
        waiver: f.waived_by.map(|by| Waiver { by, reason: f.waived_reason }),
    }
}

/// When the next scheduled publication is due.
///
/// # Errors
/// As the database says.
pub async fn next_due(database: &Database) -> Result<Option<DateTime<Utc>>, UseError> {
    let scheduled = Which { states: Some(vec![State::Scheduled]), ..Which::default() };
    let waiting = submissions::find(database.reader(), &scheduled).await?;
    Ok(waiting.iter().filter_map(|s| s.publish_at).min())
}

/// Publishes what is due; gives the codes. What cannot be published goes back to APPROVED with the reason.
///
/// # Errors
/// As the database says.
pub async fn publish_due(
    database: &Database,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<Vec<String>, UseError> {
    let due = Which { states: Some(vec![State::Scheduled]), due_by: Some(now), ..Which::default() };
    let mut published = Vec::new();
    let mut waiting = submissions::find(database.reader(), &due).await?;
    waiting.sort_by_key(|s| (s.publish_at, s.id));
    for found in waiting {
        let act = Act { actor: Actor::Anonymous, now, request_id: format!("schedule:{}", found.code) };
        let transaction = act.begin(database).await?;
        // Another node may have been faster.
        let still = submissions::by_code(&transaction, &found.code).await?;
        let Some(submission) =
            still.filter(|s| s.state == State::Scheduled && s.publish_at.is_some_and(|at| at <= now))
        else {
            continue;
        };
        let instant = submission.publish_at.unwrap_or(now);
        let done = match release(&transaction, catalogue, &act, submission.clone(), instant, "").await {
            Ok(done) => done,
            Err(error) => {
                // One that fails does not keep the others from being public.
                tracing::error!(%error, submission = found.code, "a scheduled publication failed");
                transaction.rollback().await?;
                continue;
            }
        };
        match done {
            Ok(done) => {
                transaction.commit().await?;
                published.push(done.code);
            }
            Err(complaints) => {
                transaction.rollback().await?;
                hold_back(database, &act, submission, &complaints).await?;
            }
        }
    }
    Ok(published)
}

async fn hold_back(
    database: &Database,
    act: &Act,
    mut submission: Submission,
    complaints: &[Complaint],
) -> Result<(), UseError> {
    let transaction = act.begin(database).await?;
    let before = fingerprint(&submission);
    let reason = complaints.iter().map(|c| c.message.as_str()).collect::<Vec<_>>().join(" ");
    submission.publish_at = None;
    workflow::save(&transaction, act, &mut submission, Action::Unschedule, &reason, &before).await?;
    transaction.commit().await?;
    Ok(())
}

/// Begins a correction of a published report: an empty draft, whose figures replace those of the same keys.
///
/// # Errors
/// If the actor may not.
pub async fn correct(
    database: &Database,
    catalogue: &Catalogue,
    act: &Act,
    report: &str,
    reason: &str,
) -> Outcome<Submission> {
    act.may(Operation::Correct)?;
    if let Some(complaint) = check_comment(reason, true, "reason") {
        return Ok(Err(vec![complaint]));
    }
    let Some(known) = catalogue.reports.iter().find(|r| r.code == report) else {
        return complain(ComplaintKind::NotFound, &["input", "report"], "no such report is published.");
    };
    let transaction = act.begin(database).await?;
    let open = Which { report: Some(report.to_owned()), ..Which::default() };
    if let Some(other) = submissions::find(&transaction, &open).await?.into_iter().find(|s| s.state.is_open()) {
        let message = format!("submission {} of this report is still open.", other.code);
        return complain(ComplaintKind::WrongState, &["input", "report"], message);
    }
    let header = crate::domain::submission::Header {
        report: known.code.clone(),
        title: known.title.clone(),
        period: known.period,
        unit: known.unit,
        issued_on: catalogue.document(known.document).and_then(|d| d.issued_on).unwrap_or(known.period.end()),
        published_at: None,
        due_at: None,
    };
    let submission = begin(&transaction, act, header, true, reason).await?;
    workflow::note(&transaction, act, &submission, Action::Correct, reason).await?;
    let subject = format!("submission:{}", submission.code);
    act.audit(&transaction, Action::Correct.code(), &subject, "", &fingerprint(&submission), reason).await?;
    transaction.commit().await?;
    Ok(Ok(submission))
}

/// Writes a new, empty draft.
///
/// # Errors
/// As the database says.
pub async fn begin(
    transaction: &DatabaseTransaction,
    act: &Act,
    header: crate::domain::submission::Header,
    is_correction: bool,
    reason: &str,
) -> Result<Submission, UseError> {
    let new = Submission {
        id: 0,
        code: String::new(),
        state: State::Draft,
        version: 1,
        header,
        is_correction,
        reason: reason.to_owned(),
        content_hash: String::new(),
        approved_hash: None,
        created_by: act.actor.label(),
        created_at: act.time(),
        updated_at: act.time(),
        publish_at: None,
        release: None,
        contributors: Vec::new(),
    };
    Ok(submissions::create(transaction, new).await?)
}

/// Withdraws a published report: a release after which its figures are gone, while earlier states keep them.
///
/// # Errors
/// If the actor may not.
pub async fn withdraw(
    database: &Database,
    catalogue: &Catalogue,
    act: &Act,
    report: &str,
    reason: &str,
) -> Outcome<i32> {
    act.may(Operation::Withdraw)?;
    if let Some(complaint) = check_comment(reason, true, "reason") {
        return Ok(Err(vec![complaint]));
    }
    let Some(known) = catalogue.reports.iter().find(|r| r.code == report) else {
        return complain(ComplaintKind::NotFound, &["input", "report"], "no such report is published.");
    };
    let transaction = act.begin(database).await?;
    let releases = store::releases::list(&transaction, Scope::of_release(i32::MAX)).await?;
    let last =
        releases.iter().rev().find(|r| r.document == Some(known.document) || r.withdraws == Some(known.document));
    if last.is_none_or(|r| r.withdraws.is_some()) {
        return complain(ComplaintKind::WrongState, &["input", "report"], "it is withdrawn already.");
    }
    let (number, published_at) = next_release(&transaction, None, act.time()).await?;
    let publication =
        Publication { release: number, published_at: published_at.timestamp_micros(), document: known.document };
    store::publish::withdraw(&transaction, publication).await?;
    for mut older in contents::end_published(&transaction, report, State::Withdrawn).await? {
        older.state = State::Withdrawn;
        workflow::note(&transaction, act, &older, Action::Withdraw, reason).await?;
    }
    act.audit(&transaction, Action::Withdraw.code(), &format!("report:{report}"), "", "", reason).await?;
    let row = Release {
        number,
        published_at,
        recorded_at: act.time(),
        title: Text::new(format!("{report}: rút lại"), format!("{report}: withdrawn")),
        note: Text::new(reason, reason).into_option(),
        document: None,
        withdraws: Some(known.document),
    };
    store::releases::save(&transaction, &[row]).await?;
    transaction.commit().await?;
    Ok(Ok(number))
}
