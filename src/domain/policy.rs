//! Who may do what: one table, looked at by every use case.

use std::collections::BTreeSet;

use super::{
    account::{Actor, Role},
    catalogue::Catalogue,
    id::{IndicatorId, UnitId},
};

closed_list! {
    /// What can be attempted.
    Operation {
        /// See submissions, jobs and what else is not public.
        SeeSubmissions => "SEE_SUBMISSIONS",
        /// Send a file, look at a preview, import it.
        Import => "IMPORT",
        /// Push single figures.
        Record => "RECORD",
        /// Submit for review.
        Submit => "SUBMIT",
        /// Give up a draft.
        Discard => "DISCARD",
        /// Say something about a submission.
        Comment => "COMMENT",
        /// Send back.
        Return => "RETURN",
        /// Approve.
        Approve => "APPROVE",
        /// Accept a finding.
        Waive => "WAIVE",
        /// Publish now or at a time.
        Publish => "PUBLISH",
        /// Begin a correction of a published report.
        Correct => "CORRECT",
        /// Withdraw a published report.
        Withdraw => "WITHDRAW",
        /// Change metadata of indicators and units.
        EditMetadata => "EDIT_METADATA",
        /// Change rules.
        EditRules => "EDIT_RULES",
        /// Keep accounts, grants and keys.
        Administer => "ADMINISTER",
        /// Read the audit trail.
        ReadAudit => "READ_AUDIT",
        /// Change one's own password, end one's own sessions.
        OwnAccount => "OWN_ACCOUNT",
    }
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody has signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// Another role or grant is needed.
    #[error("{0}")]
    Forbidden(&'static str),
}

impl Operation {
    /// Roles that may attempt it; any of them is enough.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::SeeSubmissions | Self::OwnAccount => Role::ALL,
            Self::Import | Self::Submit | Self::Discard => &[Role::Editor],
            Self::Record => &[Role::Editor],
            Self::Comment => &[Role::Editor, Role::Reviewer, Role::Publisher, Role::Steward],
            Self::Return | Self::Approve => &[Role::Reviewer],
            Self::Waive => &[Role::Reviewer, Role::Steward],
            Self::Publish | Self::Correct | Self::Withdraw => &[Role::Publisher],
            Self::EditMetadata | Self::EditRules => &[Role::Steward],
            Self::Administer | Self::ReadAudit => &[Role::Admin],
        }
    }

    /// True if machine clients may attempt it.
    fn is_for_machines(self) -> bool {
        matches!(self, Self::Record)
    }
}

/// May this kind of actor try this at all?
///
/// # Errors
/// Why not.
pub fn may_try(actor: &Actor, operation: Operation) -> Result<(), Refusal> {
    match actor {
        Actor::Anonymous => Err(Refusal::Unauthenticated),
        Actor::Operator => Ok(()),
        Actor::Machine(_) if operation.is_for_machines() => Ok(()),
        Actor::Machine(_) => Err(Refusal::Forbidden("keys of machines only record observations")),
        Actor::Person(account) => match operation.roles().iter().any(|role| account.roles.contains(role)) {
            true => Ok(()),
            false => Err(Refusal::Forbidden("this needs a role that the account does not have")),
        },
    }
}

/// The units that an actor may bring figures of: the granted ones, in every version, and all below them.
pub fn granted_units(actor: &Actor, catalogue: &Catalogue) -> BTreeSet<UnitId> {
    let codes = actor.units().into_iter().flatten();
    let roots = codes.flat_map(|code| catalogue.unit_versions(code).map(|u| u.id).collect::<Vec<_>>());
    roots.flat_map(|id| catalogue.unit_and_below(id)).collect()
}

/// The indicators that an actor may bring figures of; `None` for all.
pub fn granted_indicators(actor: &Actor, catalogue: &Catalogue) -> Option<BTreeSet<IndicatorId>> {
    match actor {
        Actor::Machine(key) if !key.indicators.is_empty() => {
            let found = key.indicators.iter().filter_map(|code| catalogue.indicator_by_code(code));
            Some(found.map(|i| i.id).collect())
        }
        _ => None,
    }
}

/// May the actor bring figures of these units and indicators?
///
/// # Errors
/// If one of them is not granted.
pub fn may_bring(
    actor: &Actor,
    catalogue: &Catalogue,
    mut figures: impl Iterator<Item = (UnitId, IndicatorId)>,
) -> Result<(), Refusal> {
    if *actor == Actor::Operator {
        return Ok(());
    }
    let units = granted_units(actor, catalogue);
    let indicators = granted_indicators(actor, catalogue);
    let is_granted =
        |(unit, indicator)| units.contains(&unit) && indicators.as_ref().is_none_or(|all| all.contains(&indicator));
    match figures.all(is_granted) {
        true => Ok(()),
        false => Err(Refusal::Forbidden("figures of units or indicators that are not granted")),
    }
}
