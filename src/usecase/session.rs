//! Signing in, staying signed in, signing out.

use chrono::{DateTime, Utc};

use super::{
    act::{Act, Complaint, ComplaintKind, Outcome, UseError, complain},
    authority::Authority,
};
use crate::{
    auth::{
        password::Passwords,
        secret::{self, Secret},
    },
    domain::{
        account::{Account, Actor},
        policy::{Operation, Refusal},
    },
    store::{self, Database, accounts::RefreshToken},
};

/// What a client holds after it signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// Sent with every request.
    pub access_token: String,
    /// When that ends.
    pub expires_at: DateTime<Utc>,
    /// Exchanged for the next pair, once.
    pub refresh_token: Secret,
}

/// Signs in by name and password. Unknown accounts cost the same time and get the same answer.
///
/// # Errors
/// [`UseError::Credentials`] or [`UseError::Limited`].
pub async fn sign_in(
    database: &Database,
    authority: &Authority,
    act: &Act,
    name: &str,
    password: &str,
    address: &str,
) -> Result<Session, UseError> {
    let limited = |wait: crate::auth::throttle::Wait| UseError::Limited { seconds: wait.seconds };
    authority.throttle.check(name, address, act.now).map_err(limited)?;
    let found = store::accounts::by_name(database.reader(), name).await?;
    let (account, hash) = match found {
        Some((account, hash)) => (Some(account).filter(|a| a.active), hash),
        None => (None, None),
    };
    let is_right = authority.passwords.verify(password.to_owned(), hash.clone()).await;
    let Some(account) = account.filter(|_| is_right) else {
        authority.throttle.failed(name, address, act.now);
        tracing::info!("sign-in refused");
        return Err(UseError::Credentials);
    };
    authority.throttle.succeeded(name);
    let rehashed = match hash.as_deref().is_some_and(Passwords::needs_rehash) {
        true => authority.passwords.hash(password).await.ok(),
        false => None,
    };
    let act = Act { actor: Actor::Person(account.clone()), ..act.clone() };
    let access_token = authority.issue(database, &account, act.now).await?;
    let transaction = act.begin(database).await?;
    // A new password or the end of the account may have been written since the password was looked at.
    let is_still = |a: Account| a.active && a.epoch == account.epoch;
    if !store::accounts::by_id(&transaction, account.id).await?.is_some_and(is_still) {
        return Err(UseError::Credentials);
    }
    if let Some(hash) = rehashed {
        store::accounts::set_password(&transaction, account.id, hash).await?;
    }
    store::accounts::forget_refresh(&transaction, act.time() - authority.settings.refresh_total).await?;
    let family = secret::short_id();
    let refresh_token = add_refresh(&transaction, &account, family, act.time(), act.time()).await?;
    act.audit(&transaction, "sign-in", &subject(&account), "", "", "").await?;
    transaction.commit().await?;
    Ok(Session { expires_at: act.now + authority.settings.access, account, access_token, refresh_token })
}

fn subject(account: &Account) -> String {
    format!("account:{}", account.name)
}

async fn add_refresh(
    transaction: &sea_orm::DatabaseTransaction,
    account: &Account,
    family: String,
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Secret, UseError> {
    let secret = Secret::new();
    let token = RefreshToken {
        hash: secret::hash(secret.expose()),
        family,
        account: account.id,
        begun_at,
        created_at: now,
        used_at: None,
        revoked_at: None,
    };
    store::accounts::add_refresh(transaction, token).await?;
    Ok(secret)
}

/// Exchanges a refresh token for the next pair. One that was exchanged before ends its family: somebody else has it.
///
/// # Errors
/// [`UseError::Credentials`].
pub async fn refresh(database: &Database, authority: &Authority, act: &Act, token: &str) -> Result<Session, UseError> {
    let hash = secret::hash(token);
    // Most wrong tokens are settled without a write transaction.
    if store::accounts::refresh(database.reader(), &hash).await?.is_none() {
        return Err(UseError::Credentials);
    }
    let transaction = act.begin(database).await?;
    let Some(known) = store::accounts::refresh(&transaction, &hash).await? else { return Err(UseError::Credentials) };
    let account = store::accounts::by_id(&transaction, known.account).await?.filter(|a| a.active);
    let now = act.time();
    let settings = &authority.settings;
    let has_ended = known.revoked_at.is_some()
        || now >= known.begun_at + settings.refresh_total
        || now >= known.created_at + settings.refresh_idle;
    let Some(account) = account.filter(|_| !has_ended) else { return Err(UseError::Credentials) };
    if known.used_at.is_some() {
        store::accounts::revoke_refresh(&transaction, account.id, Some(&known.family), now).await?;
        let person = Act { actor: Actor::Person(account.clone()), ..act.clone() };
        person.audit(&transaction, "refresh-token-reused", &subject(&account), "", "", "the family ended").await?;
        transaction.commit().await?;
        tracing::warn!(account = account.name, "a refresh token was used twice; its family ended");
        return Err(UseError::Credentials);
    }
    store::accounts::use_refresh(&transaction, &hash, now).await?;
    let refresh_token = add_refresh(&transaction, &account, known.family, known.begun_at, now).await?;
    let person = Act { actor: Actor::Person(account.clone()), ..act.clone() };
    person.audit(&transaction, "refresh-session", &subject(&account), "", "", "").await?;
    transaction.commit().await?;
    let access_token = authority.issue(database, &account, act.now).await?;
    Ok(Session { expires_at: act.now + settings.access, account, access_token, refresh_token })
}

/// Ends the family of a refresh token. An unknown one is no mistake: it has ended.
///
/// # Errors
/// As the database says.
pub async fn sign_out(database: &Database, act: &Act, token: &str) -> Result<(), UseError> {
    let hash = secret::hash(token);
    if store::accounts::refresh(database.reader(), &hash).await?.is_none() {
        return Ok(());
    }
    let transaction = act.begin(database).await?;
    let known = store::accounts::refresh(&transaction, &hash).await?.filter(|token| token.revoked_at.is_none());
    let Some(known) = known else { return Ok(()) };
    let Some(account) = store::accounts::by_id(&transaction, known.account).await? else { return Ok(()) };
    store::accounts::revoke_refresh(&transaction, account.id, Some(&known.family), act.time()).await?;
    let person = Act { actor: Actor::Person(account.clone()), ..act.clone() };
    person.audit(&transaction, "sign-out", &subject(&account), "", "", "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Changes one's own password; all sessions end.
///
/// # Errors
/// If nobody has signed in, or the old password is wrong.
pub async fn change_password(
    database: &Database,
    authority: &Authority,
    act: &Act,
    old: &str,
    new: &str,
    address: &str,
) -> Outcome<Account> {
    act.may(Operation::OwnAccount)?;
    let Actor::Person(account) = &act.actor else { return Err(Refusal::Unauthenticated.into()) };
    let limited = |wait: crate::auth::throttle::Wait| UseError::Limited { seconds: wait.seconds };
    authority.throttle.check(&account.name, address, act.now).map_err(limited)?;
    let hash = store::accounts::by_name(database.reader(), &account.name).await?.and_then(|(_, hash)| hash);
    if !authority.passwords.verify(old.to_owned(), hash).await {
        authority.throttle.failed(&account.name, address, act.now);
        return Err(UseError::Credentials);
    }
    authority.throttle.succeeded(&account.name);
    if let Err(weak) = Passwords::check_strength(new, &account.name) {
        return complain(ComplaintKind::WeakPassword, &["input", "newPassword"], weak.to_string());
    }
    let hash = authority.passwords.hash(new).await.map_err(|e| UseError::Internal(e.to_string()))?;
    let transaction = act.begin(database).await?;
    let seen = account.epoch;
    let Some(mut account) = store::accounts::by_id(&transaction, account.id).await? else {
        return Ok(Err(vec![Complaint::new(ComplaintKind::NotFound, &[], "the account is gone.")]));
    };
    if !account.active || account.epoch != seen {
        return Err(UseError::Credentials);
    }
    account.epoch += 1;
    store::accounts::set_password(&transaction, account.id, hash).await?;
    store::accounts::update(&transaction, &account).await?;
    store::accounts::revoke_refresh(&transaction, account.id, None, act.time()).await?;
    act.audit(&transaction, "change-password", &subject(&account), "", "", "").await?;
    transaction.commit().await?;
    Ok(Ok(account))
}
