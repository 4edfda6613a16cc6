//! The steps of a submission but for import and publication: submit, return, approve, waive, schedule, discard,
//! comment.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::act::{Act, Complaint, ComplaintKind, Outcome, UseError, complain};
use crate::{
    domain::{
        catalogue::Catalogue,
        policy::{self, Refusal},
        submission::{Action, Submission, SubmissionEvent},
    },
    store::{Database, submissions},
};

/// A step to be taken.
#[derive(Debug, Clone)]
pub struct Step {
    /// Code of the submission.
    pub code: String,
    /// The version that the actor has seen; `None` for whatever it is now.
    pub seen: Option<i32>,
    /// What is said with it.
    pub comment: String,
}

/// Most characters of a comment or reason.
pub const MAX_COMMENT: usize = 4000;

/// Takes a step that needs nothing but itself.
///
/// # Errors
/// If the actor may not.
pub async fn step(
    database: &Database,
    catalogue: &Catalogue,
    act: &Act,
    action: Action,
    step: &Step,
    publish_at: Option<DateTime<Utc>>,
) -> Outcome<Submission> {
    if let Some(operation) = action.operation() {
        act.may(operation)?;
    }
    let needs_reason = matches!(action, Action::Return | Action::Comment);
    if let Some(complaint) = check_comment(&step.comment, needs_reason, "comment") {
        return Ok(Err(vec![complaint]));
    }
    if action == Action::Schedule && publish_at.is_none_or(|at| at <= act.now || at > act.now + MAX_AHEAD) {
        return complain(ComplaintKind::BadTime, &["input", "at"], "must lie in the future, at most 400 days.");
    }
    let transaction = act.begin(database).await?;
    let mut submission = match open(&transaction, act, catalogue, action, step).await? {
        Ok(submission) => submission,
        Err(complaints) => return Ok(Err(complaints)),
    };
    let before = fingerprint(&submission);
    let blocked = matches!(action, Action::Submit | Action::Approve | Action::Schedule);
    if blocked && let Some(complaint) = blocking(&transaction, &submission, action).await? {
        return Ok(Err(vec![complaint]));
    }
    match action {
        Action::Approve => submission.approved_hash = Some(submission.content_hash.clone()),
        Action::Return => submission.approved_hash = None,
        _ => {}
    }
    submission.publish_at = match action {
        Action::Schedule => publish_at,
        Action::Comment | Action::Waive => submission.publish_at,
        _ => None,
    };
    save(&transaction, act, &mut submission, action, &step.comment, &before).await?;
    transaction.commit().await?;
    Ok(Ok(submission))
}

/// How far ahead a publication can be set.
const MAX_AHEAD: chrono::Duration = chrono::Duration::days(400);

/// What is wrong with a comment or reason.
pub fn check_comment(text: &str, required: bool, path: &str) -> Option<Complaint> {
    if required && text.trim().is_empty() {
        return Some(Complaint::new(ComplaintKind::ReasonRequired, &["input", path], "say why."));
    }
    (text.chars().count() > MAX_COMMENT).then(|| {
        Complaint::new(ComplaintKind::TooLarge, &["input", path], format!("at most {MAX_COMMENT} characters."))
    })
}

/// Reads a submission inside of a transaction and checks that the actor may take the step now.
///
/// # Errors
/// If the actor may not.
pub async fn open(
    transaction: &DatabaseTransaction,
    act: &Act,
    catalogue: &Catalogue,
    action: Action,
    step: &Step,
) -> Outcome<Submission> {
    let Some(submission) = submissions::by_code(transaction, &step.code).await? else {
        return complain(ComplaintKind::NotFound, &["input", "submission"], "there is no such submission.");
    };
    if submission.is_own(&act.actor) && matches!(action, Action::Approve | Action::Return | Action::Waive) {
        return Err(Refusal::Forbidden("nobody reviews what they had a part in").into());
    }
    if matches!(action, Action::Submit | Action::Discard) {
        may_handle(transaction, act, catalogue, &submission).await?;
    }
    if step.seen.is_some_and(|seen| seen != submission.version) {
        let message = format!("it has changed since: version {} now.", submission.version);
        return complain(ComplaintKind::Stale, &["input", "version"], message);
    }
    if submission.state.after(action).is_none() {
        let message = format!("{} is not possible while it is {}.", action.code(), submission.state.code());
        return complain(ComplaintKind::WrongState, &["input", "submission"], message);
    }
    Ok(Ok(submission))
}

/// Editors handle what they began or brought figures to, and what is only about units that they are granted.
async fn may_handle(
    transaction: &DatabaseTransaction,
    act: &Act,
    catalogue: &Catalogue,
    submission: &Submission,
) -> Result<(), UseError> {
    if submission.is_own(&act.actor) {
        return Ok(());
    }
    let imports: Vec<i32> =
        submissions::imports_of(transaction, &[submission.id]).await?.iter().map(|i| i.id).collect();
    let figures = submissions::unit_indicators(transaction, &imports).await?;
    Ok(policy::may_bring(&act.actor, catalogue, figures.into_iter())?)
}

/// Findings that block, and submissions without figures.
async fn blocking(
    transaction: &DatabaseTransaction,
    submission: &Submission,
    action: Action,
) -> Result<Option<Complaint>, UseError> {
    use crate::domain::rule::Severity;
    let imports = submissions::imports_of(transaction, &[submission.id]).await?;
    if imports.iter().all(|i| i.figures == 0) {
        return Ok(Some(Complaint::new(ComplaintKind::Empty, &["input", "submission"], "it has no figures.")));
    }
    if action == Action::Submit {
        return Ok(None);
    }
    Ok(errors_left(
        &submissions::findings_of(transaction, submission.id)
            .await?
            .iter()
            .filter(|f| f.severity == Severity::Error && f.waived_by.is_none())
            .map(|f| f.code.as_str())
            .collect::<Vec<_>>(),
    ))
}

fn errors_left(codes: &[&str]) -> Option<Complaint> {
    let first = codes.first()?;
    let message =
        format!("{} findings of severity ERROR are neither mended nor waived; the first is {first}.", codes.len());
    Some(Complaint::new(ComplaintKind::BlockedByFindings, &["input", "submission"], message))
}

/// Refuses publication while findings block.
///
/// # Errors
/// As the database says.
pub async fn check_blocking(
    transaction: &DatabaseTransaction,
    submission: &Submission,
) -> Result<Option<Complaint>, UseError> {
    blocking(transaction, submission, Action::Publish).await
}

/// What the audit trail keeps of a submission.
pub fn fingerprint(submission: &Submission) -> String {
    crate::domain::audit::sha256(&format!(
        "{}|{}|{}|{}",
        submission.code,
        submission.state.code(),
        submission.version,
        submission.content_hash
    ))
}

/// Writes a submission after a step, with its history and audit.
///
/// # Errors
/// As the database says.
pub async fn save(
    transaction: &DatabaseTransaction,
    act: &Act,
    submission: &mut Submission,
    action: Action,
    comment: &str,
    before: &str,
) -> Result<(), UseError> {
    let seen = submission.version;
    submission.state = submission.state.after(action).unwrap_or(submission.state);
    submission.version += 1;
    submission.updated_at = act.time();
    if !submissions::update(transaction, submission, seen).await? {
        return Err(UseError::Internal(format!("submission {} changed under the lock", submission.code)));
    }
    note(transaction, act, submission, action, comment).await?;
    let subject = format!("submission:{}", submission.code);
    act.audit(transaction, action.code(), &subject, before, &fingerprint(submission), comment).await
}

/// Adds a step to the history of a submission.
///
/// # Errors
/// As the database says.
pub async fn note(
    transaction: &DatabaseTransaction,
    act: &Act,
    submission: &Submission,
    action: Action,
    comment: &str,
) -> Result<(), UseError> {
    let event = SubmissionEvent {
        number: 0,
        at: act.time(),
        actor: act.actor.label(),
        action,
        state: submission.state,
        comment: comment.to_owned(),
        content_hash: submission.content_hash.clone(),
    };
    Ok(submissions::add_event(transaction, submission.id, &event).await?)
}

/// Accepts a finding of a submission; it stays visible, with the reason.
///
/// # Errors
/// If the actor may not.
pub async fn waive(
    database: &Database,
    catalogue: &Catalogue,
    act: &Act,
    step: &Step,
    finding: &str,
) -> Outcome<Submission> {
    act.may(policy::Operation::Waive)?;
    if let Some(complaint) = check_comment(&step.comment, true, "reason") {
        return Ok(Err(vec![complaint]));
    }
    let transaction = act.begin(database).await?;
    let mut submission = match open(&transaction, act, catalogue, Action::Waive, step).await? {
        Ok(submission) => submission,
        Err(complaints) => return Ok(Err(complaints)),
    };
    let known = submissions::findings_of(&transaction, submission.id).await?;
    if !known.iter().any(|f| f.code == finding) {
        return complain(ComplaintKind::NotFound, &["input", "finding"], "the submission has no such finding.");
    }
    let before = fingerprint(&submission);
    let by = act.actor.label();
    submissions::waive(&transaction, submission.id, finding, &by, &step.comment).await?;
    let comment = format!("{finding}: {}", step.comment);
    save(&transaction, act, &mut submission, Action::Waive, &comment, &before).await?;
    transaction.commit().await?;
    Ok(Ok(submission))
}
