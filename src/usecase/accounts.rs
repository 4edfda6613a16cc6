//! Keeping accounts, grants and keys of machines.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    act::{Act, Complaint, ComplaintKind, Outcome, UseError, complain},
    authority::Authority,
};
use crate::{
    auth::{
        password::Passwords,
        secret::{self, ApiKeyText},
    },
    domain::{
        account::{Account, Actor, ApiKey, Role, is_account_name},
        audit::sha256,
        catalogue::Catalogue,
        policy::Operation,
    },
    store::{self, Database},
};

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Name to sign in with.
    pub name: String,
    /// Name to show.
    pub display_name: String,
    /// Password; `None` for people who sign in elsewhere.
    pub password: Option<String>,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// Codes of granted units.
    pub units: BTreeSet<String>,
}

fn subject(account: &Account) -> String {
    format!("account:{}", account.name)
}

/// What the audit trail keeps of an account: a hash of what can be granted.
fn state(account: &Account) -> String {
    sha256(&format!("{:?}|{:?}|{}|{}", account.roles, account.units, account.active, account.epoch))
}

fn unknown_units(catalogue: &Catalogue, units: &BTreeSet<String>) -> Vec<Complaint> {
    let unknown = units.iter().filter(|code| catalogue.unit_versions(code).next().is_none());
    unknown
        .map(|code| Complaint::new(ComplaintKind::BadInput, &["input", "units"], format!("there is no unit `{code}`.")))
        .collect()
}

/// Makes an account.
///
/// # Errors
/// If the actor may not.
pub async fn create(
    database: &Database,
    authority: &Authority,
    catalogue: &Catalogue,
    act: &Act,
    new: NewAccount,
) -> Outcome<Account> {
    act.may(Operation::Administer)?;
    let unknown = unknown_units(catalogue, &new.units);
    if !unknown.is_empty() {
        return Ok(Err(unknown));
    }
    make(database, &authority.passwords, act, new).await
}

/// Makes an account without asking who does: for the operator of the machine.
///
/// # Errors
/// As the database says.
pub async fn make(database: &Database, passwords: &Passwords, act: &Act, new: NewAccount) -> Outcome<Account> {
    if !is_account_name(&new.name) {
        let message = "3 to 64 lower-case letters, digits or . - _ @";
        return complain(ComplaintKind::BadInput, &["input", "name"], message);
    }
    let hash = match &new.password {
        None => None,
        Some(password) => {
            if let Err(weak) = Passwords::check_strength(password, &new.name) {
                return complain(ComplaintKind::WeakPassword, &["input", "password"], weak.to_string());
            }
            Some(passwords.hash(password).await.map_err(|e| UseError::Internal(e.to_string()))?)
        }
    };
    let transaction = act.begin(database).await?;
    if store::accounts::by_name(&transaction, &new.name).await?.is_some() {
        return complain(ComplaintKind::Taken, &["input", "name"], format!("`{}` is taken.", new.name));
    }
    let account = Account {
        id: 0,
        name: new.name,
        display_name: new.display_name,
        roles: new.roles,
        units: new.units,
        epoch: 1,
        active: true,
        created_at: act.time(),
    };
    let account = store::accounts::create(&transaction, account, hash).await?;
    let detail = format!("roles {:?}, units {:?}", account.roles, account.units);
    act.audit(&transaction, "create-account", &subject(&account), "", &state(&account), &detail).await?;
    transaction.commit().await?;
    Ok(Ok(account))
}

/// What to change of an account; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// Name of the account.
    pub name: String,
    /// Name to show.
    pub display_name: Option<String>,
    /// Roles.
    pub roles: Option<BTreeSet<Role>>,
    /// Granted units.
    pub units: Option<BTreeSet<String>>,
    /// Whether it may sign in.
    pub active: Option<bool>,
    /// A new password; the account's sessions end.
    pub password: Option<String>,
}

/// Changes an account. What it may do changes at once: its tokens are looked up at every request.
///
/// # Errors
/// If the actor may not.
pub async fn change(
    database: &Database,
    authority: &Authority,
    catalogue: &Catalogue,
    act: &Act,
    change: AccountChange,
) -> Outcome<Account> {
    act.may(Operation::Administer)?;
    let unknown = unknown_units(catalogue, change.units.as_ref().unwrap_or(&BTreeSet::new()));
    if !unknown.is_empty() {
        return Ok(Err(unknown));
    }
    let hash = match &change.password {
        None => None,
        Some(password) => match Passwords::check_strength(password, &change.name) {
            Err(weak) => return complain(ComplaintKind::WeakPassword, &["input", "password"], weak.to_string()),
            Ok(()) => Some(authority.passwords.hash(password).await.map_err(|e| UseError::Internal(e.to_string()))?),
        },
    };
    let transaction = act.begin(database).await?;
    let Some((before, _)) = store::accounts::by_name(&transaction, &change.name).await? else {
        return complain(ComplaintKind::NotFound, &["input", "name"], "there is no such account.");
    };
    let mut after = before.clone();
    after.display_name = change.display_name.unwrap_or(after.display_name);
    after.roles = change.roles.unwrap_or(after.roles);
    after.units = change.units.unwrap_or(after.units);
    after.active = change.active.unwrap_or(after.active);
    let is_admin = |a: &Account| a.active && a.roles.contains(&Role::Admin);
    if is_admin(&before) && !is_admin(&after) {
        let others = store::accounts::all(&transaction).await?;
        if !others.iter().any(|a| a.id != before.id && is_admin(a)) {
            return complain(ComplaintKind::LastAdmin, &["input"], "this is the last account that can administer.");
        }
    }
    if !after.active || hash.is_some() {
        after.epoch += 1;
        store::accounts::revoke_refresh(&transaction, after.id, None, act.time()).await?;
    }
    if let Some(hash) = hash {
        store::accounts::set_password(&transaction, after.id, hash).await?;
    }
    store::accounts::update(&transaction, &after).await?;
    let detail = format!("roles {:?}, units {:?}, active {}", after.roles, after.units, after.active);
    act.audit(&transaction, "change-account", &subject(&after), &state(&before), &state(&after), &detail).await?;
    transaction.commit().await?;
    Ok(Ok(after))
}

/// A new key of a machine.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// Codes of the units that it may record for; at least one.
    pub units: BTreeSet<String>,
    /// Codes of the indicators that it may record; empty for all.
    pub indicators: BTreeSet<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Most days for which a key is good.
const MAX_KEY_DAYS: i64 = 730;

/// Makes a key. Its text is shown here and never again.
///
/// # Errors
/// If the actor may not.
pub async fn create_key(
    database: &Database,
    catalogue: &Catalogue,
    act: &Act,
    new: NewKey,
) -> Outcome<(ApiKey, ApiKeyText)> {
    act.may(Operation::Administer)?;
    let mut complaints = unknown_units(catalogue, &new.units);
    let unknown = new.indicators.iter().filter(|code| catalogue.indicator_by_code(code).is_none());
    complaints.extend(unknown.map(|code| {
        Complaint::new(ComplaintKind::BadInput, &["input", "indicators"], format!("there is no indicator `{code}`."))
    }));
    if new.units.is_empty() {
        complaints.push(Complaint::new(ComplaintKind::BadInput, &["input", "units"], "name at least one unit."));
    }
    if new.name.trim().is_empty() || new.name.chars().count() > 100 {
        complaints.push(Complaint::new(ComplaintKind::BadInput, &["input", "name"], "1 to 100 characters."));
    }
    if new.expires_at <= act.now || new.expires_at > act.now + chrono::Duration::days(MAX_KEY_DAYS) {
        let message = format!("must lie in the future, at most {MAX_KEY_DAYS} days.");
        complaints.push(Complaint::new(ComplaintKind::BadTime, &["input", "expiresAt"], message));
    }
    if !complaints.is_empty() {
        return Ok(Err(complaints));
    }
    let text = ApiKeyText::generate();
    let key = ApiKey {
        id: text.id.clone(),
        name: new.name,
        units: new.units,
        indicators: new.indicators,
        created_at: act.time(),
        expires_at: new.expires_at,
        revoked_at: None,
    };
    let creator = match &act.actor {
        Actor::Person(account) => Some(account.id),
        _ => None,
    };
    let transaction = act.begin(database).await?;
    store::accounts::add_api_key(&transaction, &key, secret::hash(text.secret.expose()), creator).await?;
    let detail =
        format!("`{}`, units {:?}, indicators {:?}, to {}", key.name, key.units, key.indicators, key.expires_at);
    act.audit(&transaction, "create-key", &format!("key:{}", key.id), "", "", &detail).await?;
    transaction.commit().await?;
    Ok(Ok((key, text)))
}

/// Revokes a key at once.
///
/// # Errors
/// If the actor may not.
pub async fn revoke_key(database: &Database, act: &Act, id: &str) -> Outcome<ApiKey> {
    act.may(Operation::Administer)?;
    let transaction = act.begin(database).await?;
    let Some((mut key, _)) = store::accounts::api_key(&transaction, id).await? else {
        return complain(ComplaintKind::NotFound, &["input", "id"], "there is no such key.");
    };
    if key.revoked_at.is_none() {
        store::accounts::revoke_api_key(&transaction, id, act.time()).await?;
        act.audit(&transaction, "revoke-key", &format!("key:{id}"), "", "", &key.name).await?;
        key.revoked_at = Some(act.time());
    }
    transaction.commit().await?;
    Ok(Ok(key))
}
