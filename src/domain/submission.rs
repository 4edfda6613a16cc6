//! Submissions: a version of a report on its way from a department to publication.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    account::Actor,
    id::UnitId,
    period::Period,
    policy::{self, Operation},
    text::Text,
};

closed_list! {
    /// Where a submission stands.
    State {
        /// Being put together.
        Draft => "DRAFT",
        /// Waiting for review.
        Submitted => "SUBMITTED",
        /// Sent back with a reason.
        Returned => "RETURNED",
        /// Approved as its content hash says.
        Approved => "APPROVED",
        /// Approved, and to be published at a time.
        Scheduled => "SCHEDULED",
        /// Public.
        Published => "PUBLISHED",
        /// Replaced by a later version.
        Superseded => "SUPERSEDED",
        /// Taken back.
        Withdrawn => "WITHDRAWN",
    }
}

closed_list! {
    /// What can be done with a submission.
    Action {
        /// Bring figures, which replace those of the same keys.
        Import => "IMPORT",
        /// Submit for review.
        Submit => "SUBMIT",
        /// Give up what is not public.
        Discard => "DISCARD",
        /// Send back.
        Return => "RETURN",
        /// Approve.
        Approve => "APPROVE",
        /// Accept a finding.
        Waive => "WAIVE",
        /// Set the time of publication.
        Schedule => "SCHEDULE",
        /// Take the time back.
        Unschedule => "UNSCHEDULE",
        /// Publish.
        Publish => "PUBLISH",
        /// Begin a correction.
        Correct => "CORRECT",
        /// A later version was published.
        Supersede => "SUPERSEDE",
        /// Withdraw what is public.
        Withdraw => "WITHDRAW",
        /// Say something.
        Comment => "COMMENT",
    }
}

/// Every step there is: from, by, to. What is not here cannot be done.
pub const TRANSITIONS: &[(State, Action, State)] = {
    use Action::*;
    use State::*;
    &[
        (Draft, Import, Draft),
        (Draft, Submit, Submitted),
        (Draft, Discard, Withdrawn),
        (Draft, Waive, Draft),
        (Returned, Import, Draft),
        (Returned, Submit, Submitted),
        (Returned, Discard, Withdrawn),
        // What is changed after it was submitted or approved has to be looked at again.
        (Submitted, Import, Draft),
        (Submitted, Return, Returned),
        (Submitted, Approve, Approved),
        (Submitted, Waive, Submitted),
        (Approved, Import, Draft),
        (Approved, Return, Returned),
        (Approved, Schedule, Scheduled),
        (Approved, Publish, Published),
        (Scheduled, Import, Draft),
        (Scheduled, Return, Returned),
        (Scheduled, Schedule, Scheduled),
        (Scheduled, Unschedule, Approved),
        (Scheduled, Publish, Published),
        (Published, Correct, Published),
        (Published, Supersede, Superseded),
        (Published, Withdraw, Withdrawn),
        (Draft, Comment, Draft),
        (Submitted, Comment, Submitted),
        (Returned, Comment, Returned),
        (Approved, Comment, Approved),
        (Scheduled, Comment, Scheduled),
        (Published, Comment, Published),
    ]
};

impl State {
    /// The state after an action; `None` if it cannot be done.
    pub fn after(self, action: Action) -> Option<Self> {
        TRANSITIONS.iter().find(|(from, by, _)| *from == self && *by == action).map(|(_, _, to)| *to)
    }

    /// True while it may still become public.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Published | Self::Superseded | Self::Withdrawn)
    }
}

impl Action {
    /// What it needs to be allowed; `None` for what only the service does.
    pub fn operation(self) -> Option<Operation> {
        Some(match self {
            Self::Import => Operation::Import,
            Self::Submit => Operation::Submit,
            Self::Discard => Operation::Discard,
            Self::Return => Operation::Return,
            Self::Approve => Operation::Approve,
            Self::Waive => Operation::Waive,
            Self::Schedule | Self::Unschedule | Self::Publish => Operation::Publish,
            Self::Correct => Operation::Correct,
            Self::Withdraw => Operation::Withdraw,
            Self::Comment => Operation::Comment,
            Self::Supersede => return None,
        })
    }
}

/// What a submission will publish, but for its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Official number of the report.
    pub report: String,
    /// What it reports on.
    pub title: Text,
    /// Nominal period.
    pub period: Period,
    /// Whom it is about.
    pub unit: UnitId,
    /// Date of the document: the day whose units its names mean.
    pub issued_on: NaiveDate,
    /// When the figures had become public, if that was before they came here.
    pub published_at: Option<DateTime<Utc>>,
    /// When its figures are expected.
    pub due_at: Option<DateTime<Utc>>,
}

/// A submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Surrogate key.
    pub id: i32,
    /// Stable code.
    pub code: String,
    /// Where it stands.
    pub state: State,
    /// Grows with every change; who changes it says which one they saw.
    pub version: i32,
    /// What it will publish.
    pub header: Header,
    /// True if it corrects a published report.
    pub is_correction: bool,
    /// Why it is made: required for a correction.
    pub reason: String,
    /// Hash of the header and all figures.
    pub content_hash: String,
    /// The hash that was approved.
    pub approved_hash: Option<String>,
    /// Who began it.
    pub created_by: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it is to be published.
    pub publish_at: Option<DateTime<Utc>>,
    /// The release that published it.
    pub release: Option<i32>,
    /// Who brought figures, by label.
    pub contributors: Vec<String>,
}

impl Submission {
    /// True if the actor may do this now, as far as the submission and the role can tell.
    pub fn allows(&self, actor: &Actor, action: Action) -> bool {
        let Some(operation) = action.operation() else { return false };
        policy::may_try(actor, operation).is_ok()
            && self.state.after(action).is_some()
            && !(self.is_own(actor) && matches!(action, Action::Approve | Action::Return | Action::Waive))
    }

    /// True if the actor had a part in it: four eyes means two other ones.
    pub fn is_own(&self, actor: &Actor) -> bool {
        let label = actor.label();
        // The operator could change the database itself: four eyes cannot be held there, only written down.
        *actor != Actor::Operator && (self.created_by == label || self.contributors.contains(&label))
    }

    /// What the actor may do now, in the order of the list.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|action| self.allows(actor, *action)).collect()
    }
}

/// A step in the history of a submission, or a comment on it.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionEvent {
    /// Number from 1.
    pub number: i32,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by label.
    pub actor: String,
    /// What.
    pub action: Action,
    /// Where it stood afterwards.
    pub state: State,
    /// What was said.
    pub comment: String,
    /// Hash of the content at that time.
    pub content_hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_leads_to_one_state() {
        for (i, (from, by, _)) in TRANSITIONS.iter().enumerate() {
            assert!(!TRANSITIONS[..i].iter().any(|(f, b, _)| (f, b) == (from, by)), "{from:?} by {by:?} twice");
        }
    }

    #[test]
    fn nothing_leads_out_of_the_end_and_nothing_is_published_unapproved() {
        for (from, by, to) in TRANSITIONS {
            assert!(!matches!(from, State::Superseded | State::Withdrawn), "{by:?}");
            let publishes = *to == State::Published && from.is_open();
            assert!(!publishes || matches!(from, State::Approved | State::Scheduled), "{from:?}");
        }
    }

    #[test]
    fn every_state_can_be_reached() {
        let mut reached = vec![State::Draft];
        while let Some((_, _, to)) = TRANSITIONS.iter().find(|(f, _, t)| reached.contains(f) && !reached.contains(t)) {
            reached.push(*to);
        }
        assert_eq!(reached.len(), State::ALL.len());
    }
}
