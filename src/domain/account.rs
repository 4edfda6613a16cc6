//! Who acts: people with roles and grants, machines with keys, and everybody else.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

closed_list! {
    /// What a person may do.
    Role {
        /// Imports figures for granted units and what lies below them.
        Editor => "EDITOR",
        /// Returns or approves what others submitted.
        Reviewer => "REVIEWER",
        /// Publishes, schedules, corrects and withdraws.
        Publisher => "PUBLISHER",
        /// Keeps indicators, units and rules.
        Steward => "STEWARD",
        /// Keeps accounts, keys and grants, and reads the audit trail.
        Admin => "ADMIN",
        /// Reads submissions.
        Reader => "READER",
    }
}

/// A person's account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Surrogate key.
    pub id: i32,
    /// Name to sign in with: lower-case letters, digits, `.`, `-`, `_`, `@`.
    pub name: String,
    /// Name to show.
    pub display_name: String,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// Codes of the units that it may import for, with all below them.
    pub units: BTreeSet<String>,
    /// Tokens issued for another epoch are void.
    pub epoch: i32,
    /// False if it may not sign in.
    pub active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The key of a machine client.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// Its public part.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Codes of the units that it may record for, with all below them.
    pub units: BTreeSet<String>,
    /// Codes of the indicators that it may record; empty for all.
    pub indicators: BTreeSet<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Actor {
    /// Nobody in particular.
    #[default]
    Anonymous,
    /// A person who signed in.
    Person(Account),
    /// A machine client.
    Machine(ApiKey),
    /// The operator, who has the database itself: the command line.
    Operator,
}

impl Actor {
    /// How history and audit name the actor.
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Person(account) => format!("account:{}", account.name),
            Self::Machine(key) => format!("key:{}", key.id),
            Self::Operator => "operator".to_owned(),
        }
    }

    /// True if the actor has a role.
    pub fn has(&self, role: Role) -> bool {
        matches!(self, Self::Person(account) if account.roles.contains(&role)) || *self == Self::Operator
    }

    /// Codes of the units whose figures the actor may bring, with all below them.
    pub fn units(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::Anonymous | Self::Operator => None,
            Self::Person(account) => Some(&account.units),
            Self::Machine(key) => Some(&key.units),
        }
    }
}

/// True for a name to sign in with.
pub fn is_account_name(name: &str) -> bool {
    (3..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_@".contains(&b))
}
