//! What every write has in common: who acts, when, in which request; a transaction; a line in the audit trail.

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::DatabaseTransaction;

use crate::{
    domain::{
        account::Actor,
        audit::AuditEntry,
        policy::{self, Operation, Refusal},
    },
    store::{self, Database, StoreError},
};

/// Somebody does something.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// The request, for the audit trail.
    pub request_id: String,
}

crate::domain::id::closed_list! {
    /// What is wrong with what the user asked for.
    ComplaintKind {
        /// There is no such thing, or it may not be seen.
        NotFound => "NOT_FOUND",
        /// Somebody else was faster; what they made of it is in the answer.
        Stale => "STALE",
        /// It cannot be done in this state.
        WrongState => "WRONG_STATE",
        /// A figure, file or header has mistakes.
        BadInput => "BAD_INPUT",
        /// A mistake in a cell of a file.
        BadCell => "BAD_CELL",
        /// There are findings that block.
        BlockedByFindings => "BLOCKED_BY_FINDINGS",
        /// Nothing is in it.
        Empty => "EMPTY",
        /// What is imported is not what was previewed.
        PreviewDiffers => "PREVIEW_DIFFERS",
        /// The key was used for something else.
        KeyReused => "KEY_REUSED",
        /// The content is not what was approved.
        NotApproved => "NOT_APPROVED",
        /// A reason is needed.
        ReasonRequired => "REASON_REQUIRED",
        /// The time is not allowed.
        BadTime => "BAD_TIME",
        /// The name is taken.
        Taken => "TAKEN",
        /// The password is too weak.
        WeakPassword => "WEAK_PASSWORD",
        /// More than is allowed.
        TooLarge => "TOO_LARGE",
        /// It would leave nobody who can administer.
        LastAdmin => "LAST_ADMIN",
    }
}

/// Something that the user can put right.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    /// What kind.
    pub kind: ComplaintKind,
    /// What is wrong and what would be right.
    pub message: String,
    /// Which input.
    pub path: Vec<String>,
    /// Row of a file, from 1.
    pub row: Option<u64>,
    /// Column of a file, from 1.
    pub column: Option<usize>,
}

impl Complaint {
    /// A complaint about an input.
    pub fn new(kind: ComplaintKind, path: &[&str], message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            path: path.iter().map(|p| (*p).to_owned()).collect(),
            row: None,
            column: None,
        }
    }
}

/// Why there is no outcome at all.
#[derive(Debug, thiserror::Error)]
pub enum UseError {
    /// The actor may not.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Name, password or token is wrong: which is not said.
    #[error("name or password is wrong, or the session has ended")]
    Credentials,
    /// Too many attempts.
    #[error("too many attempts; try again in {seconds} seconds")]
    Limited {
        /// How long to wait.
        seconds: u64,
    },
    /// The database says no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A failure of the service.
    #[error("{0}")]
    Internal(String),
}

impl From<sea_orm::DbErr> for UseError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// What came of it, or what the user can put right.
pub type Outcome<T> = Result<Result<T, Vec<Complaint>>, UseError>;

/// An outcome that is one complaint.
pub fn complain<T>(kind: ComplaintKind, path: &[&str], message: impl Into<String>) -> Outcome<T> {
    Ok(Err(vec![Complaint::new(kind, path, message)]))
}

impl Act {
    /// Refuses what this kind of actor may not try.
    ///
    /// # Errors
    /// The refusal.
    pub fn may(&self, operation: Operation) -> Result<(), UseError> {
        Ok(policy::may_try(&self.actor, operation)?)
    }

    /// Begins the one write transaction at a time.
    ///
    /// # Errors
    /// As the database says.
    pub async fn begin(&self, database: &Database) -> Result<DatabaseTransaction, UseError> {
        begin(database).await
    }

    /// The time of the act with the precision that both engines keep.
    pub fn time(&self) -> DateTime<Utc> {
        self.now.trunc_subsecs(6)
    }

    /// Writes a line in the audit trail.
    ///
    /// # Errors
    /// As the database says.
    pub async fn audit(
        &self,
        transaction: &DatabaseTransaction,
        action: &str,
        subject: &str,
        before: &str,
        after: &str,
        detail: &str,
    ) -> Result<(), UseError> {
        let entry = AuditEntry {
            at: self.time().timestamp_micros(),
            actor: self.actor.label(),
            action: action.to_owned(),
            subject: one_line(subject),
            before: before.to_owned(),
            after: after.to_owned(),
            request_id: self.request_id.clone(),
            detail: one_line(detail),
        };
        Ok(store::audit::append(transaction, entry).await?)
    }
}

/// A line is a line, whatever a user put into a name.
fn one_line(text: &str) -> String {
    // U+2028 and U+2029 end lines too, though they are no control characters.
    let ends_lines = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if ends_lines(c) { ' ' } else { c }).collect()
}

/// Begins the one write transaction at a time.
///
/// # Errors
/// As the database says.
pub async fn begin(database: &Database) -> Result<DatabaseTransaction, UseError> {
    let transaction = database.begin().await?;
    Database::lock(&transaction).await?;
    Ok(transaction)
}
