//! Accounts, keys of machines, and who calls.

use async_graphql::Object;

use super::enums::Role;
use crate::{
    domain::account::{self, Actor},
    graphql::{connection::connection, scalars::DateTime},
};

connection!(AccountConnection, AccountEdge, Account);
connection!(ApiKeyConnection, ApiKeyEdge, ApiKey);

/// A person's account.
#[derive(Clone)]
pub struct Account {
    /// The account.
    pub it: account::Account,
}

impl Account {
    /// Shows an account.
    pub fn of(it: account::Account) -> Self {
        Self { it }
    }
}

/// A person's account. For ADMIN.
#[Object]
impl Account {
    /// Name to sign in with.
    async fn name(&self) -> &str {
        &self.it.name
    }

    /// Name to show.
    async fn display_name(&self) -> &str {
        &self.it.display_name
    }

    /// Roles.
    async fn roles(&self) -> Vec<Role> {
        self.it.roles.iter().map(|r| (*r).into()).collect()
    }

    /// Codes of the units that it may import for, with all below them; at most 250.
    async fn units(&self) -> Vec<&str> {
        self.it.units.iter().map(String::as_str).collect()
    }

    /// False if it may not sign in.
    async fn is_active(&self) -> bool {
        self.it.active
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.it.created_at.into()
    }
}

/// The key of a machine client.
#[derive(Clone)]
pub struct ApiKey {
    /// The key.
    pub it: account::ApiKey,
}

impl ApiKey {
    /// Shows a key.
    pub fn of(it: account::ApiKey) -> Self {
        Self { it }
    }
}

/// The key of a machine client, without its secret. For ADMIN.
#[Object]
impl ApiKey {
    /// Public part of the key.
    async fn id(&self) -> &str {
        &self.it.id
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.it.name
    }

    /// Codes of the units that it may record for, with all below them; at most 250.
    async fn units(&self) -> Vec<&str> {
        self.it.units.iter().map(String::as_str).collect()
    }

    /// Codes of the indicators that it may record; all if empty. At most 250.
    async fn indicators(&self) -> Vec<&str> {
        self.it.indicators.iter().map(String::as_str).collect()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.it.created_at.into()
    }

    /// When it ends.
    async fn expires_at(&self) -> DateTime {
        self.it.expires_at.into()
    }

    /// When it was revoked; null if it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.it.revoked_at.map(Into::into)
    }
}

/// Who calls.
pub struct Viewer {
    actor: Actor,
}

impl Viewer {
    /// Shows an actor.
    pub fn of(actor: Actor) -> Self {
        Self { actor }
    }
}

/// Who calls: a person who signed in, or a machine with its key.
#[Object]
impl Viewer {
    /// Name of the account or of the key.
    async fn name(&self) -> &str {
        match &self.actor {
            Actor::Anonymous => "anonymous",
            Actor::Person(account) => &account.name,
            Actor::Machine(key) => &key.name,
            Actor::Operator => "operator",
        }
    }

    /// True for a machine with its key.
    async fn is_machine(&self) -> bool {
        matches!(self.actor, Actor::Machine(_))
    }

    /// Roles; none for a machine.
    async fn roles(&self) -> Vec<Role> {
        match &self.actor {
            Actor::Person(account) => account.roles.iter().map(|r| (*r).into()).collect(),
            _ => Vec::new(),
        }
    }

    /// Codes of the units whose figures it may bring, with all below them; at most 250.
    async fn units(&self) -> Vec<&str> {
        self.actor.units().into_iter().flatten().map(String::as_str).collect()
    }
}
