//! Accounts, their grants, refresh tokens, signing keys and keys of machines.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{account, account_grant, api_key, refresh_token, signing_key};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use super::{
    Result,
    rows::{self, known},
};
use crate::domain::account::{Account, ApiKey, Role};

fn words(set: &BTreeSet<String>) -> String {
    set.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn set(words: &str) -> BTreeSet<String> {
    words.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn roles(set: &BTreeSet<Role>) -> String {
    set.iter().map(|role| role.code()).collect::<Vec<_>>().join(" ")
}

fn decode(row: account::Model, units: BTreeSet<String>) -> Result<Account> {
    let codes = row.roles.split(' ').filter(|r| !r.is_empty());
    Ok(Account {
        roles: codes.map(|code| known("account", code, Role::from_code)).collect::<Result<_>>()?,
        id: row.id,
        name: row.name,
        display_name: row.display_name,
        units,
        epoch: row.token_epoch,
        active: row.active,
        created_at: row.created_at,
    })
}

async fn grants(connection: &impl ConnectionTrait, id: i32) -> Result<BTreeSet<String>> {
    let found = account_grant::Entity::find().filter(account_grant::Column::AccountId.eq(id)).all(connection).await?;
    Ok(found.into_iter().map(|g| g.unit_code).collect())
}

/// An account by name, with the hash of its password.
///
/// # Errors
/// As the database says.
pub async fn by_name(connection: &impl ConnectionTrait, name: &str) -> Result<Option<(Account, Option<String>)>> {
    let found = account::Entity::find().filter(account::Column::Name.eq(name)).one(connection).await?;
    let Some(row) = found else { return Ok(None) };
    let (units, hash) = (grants(connection, row.id).await?, row.password_hash.clone());
    Ok(Some((decode(row, units)?, hash)))
}

/// An account by key.
///
/// # Errors
/// As the database says.
pub async fn by_id(connection: &impl ConnectionTrait, id: i32) -> Result<Option<Account>> {
    let Some(row) = account::Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    let units = grants(connection, id).await?;
    decode(row, units).map(Some)
}

/// All accounts by name.
///
/// # Errors
/// As the database says.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Account>> {
    let mut units: BTreeMap<i32, BTreeSet<String>> = BTreeMap::new();
    for grant in account_grant::Entity::find().all(connection).await? {
        units.entry(grant.account_id).or_default().insert(grant.unit_code);
    }
    let rows = account::Entity::find().order_by_asc(account::Column::Name).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            let units = units.remove(&row.id).unwrap_or_default();
            decode(row, units)
        })
        .collect()
}

/// Writes a new account and gives it its key.
///
/// # Errors
/// As the database says.
pub async fn create(connection: &impl ConnectionTrait, new: Account, password_hash: Option<String>) -> Result<Account> {
    let id = rows::next_id(connection, account::Entity, account::Column::Id).await?;
    let model = account::ActiveModel {
        id: Set(id),
        name: Set(new.name.clone()),
        display_name: Set(new.display_name.clone()),
        password_hash: Set(password_hash),
        roles: Set(roles(&new.roles)),
        token_epoch: Set(new.epoch),
        active: Set(new.active),
        created_at: Set(new.created_at),
    };
    rows::insert(connection, [model]).await?;
    save_grants(connection, id, &new.units).await?;
    Ok(Account { id, ..new })
}

async fn save_grants(connection: &impl ConnectionTrait, id: i32, units: &BTreeSet<String>) -> Result<()> {
    account_grant::Entity::delete_many().filter(account_grant::Column::AccountId.eq(id)).exec(connection).await?;
    let models: Vec<_> = units
        .iter()
        .map(|code| account_grant::ActiveModel { account_id: Set(id), unit_code: Set(code.clone()) })
        .collect();
    rows::insert(connection, models).await
}

/// Writes roles, grants, activity and epoch of an account.
///
/// # Errors
/// As the database says.
pub async fn update(connection: &impl ConnectionTrait, changed: &Account) -> Result<()> {
    let model = account::ActiveModel {
        id: Set(changed.id),
        display_name: Set(changed.display_name.clone()),
        roles: Set(roles(&changed.roles)),
        token_epoch: Set(changed.epoch),
        active: Set(changed.active),
        ..Default::default()
    };
    model.update(connection).await?;
    save_grants(connection, changed.id, &changed.units).await
}

/// Sets the hash of a password.
///
/// # Errors
/// As the database says.
pub async fn set_password(connection: &impl ConnectionTrait, id: i32, hash: String) -> Result<()> {
    let model = account::ActiveModel { id: Set(id), password_hash: Set(Some(hash)), ..Default::default() };
    model.update(connection).await?;
    Ok(())
}

/// A refresh token, by the hash of what the client holds.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshToken {
    /// Hash.
    pub hash: String,
    /// All tokens of one sign-in.
    pub family: String,
    /// Whose.
    pub account: i32,
    /// When the family began.
    pub begun_at: DateTime<Utc>,
    /// When this one was issued.
    pub created_at: DateTime<Utc>,
    /// When it was exchanged for the next.
    pub used_at: Option<DateTime<Utc>>,
    /// When its family ended.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Writes a refresh token.
///
/// # Errors
/// As the database says.
pub async fn add_refresh(connection: &impl ConnectionTrait, token: RefreshToken) -> Result<()> {
    let model = refresh_token::ActiveModel {
        hash: Set(token.hash),
        family: Set(token.family),
        account_id: Set(token.account),
        begun_at: Set(token.begun_at),
        created_at: Set(token.created_at),
        used_at: Set(token.used_at),
        revoked_at: Set(token.revoked_at),
    };
    rows::insert(connection, [model]).await
}

/// A refresh token by its hash.
///
/// # Errors
/// As the database says.
pub async fn refresh(connection: &impl ConnectionTrait, hash: &str) -> Result<Option<RefreshToken>> {
    let found = refresh_token::Entity::find_by_id(hash.to_owned()).one(connection).await?;
    Ok(found.map(|row| RefreshToken {
        hash: row.hash,
        family: row.family,
        account: row.account_id,
        begun_at: row.begun_at,
        created_at: row.created_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    }))
}

/// Notes that a refresh token was exchanged.
///
/// # Errors
/// As the database says.
pub async fn use_refresh(connection: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<()> {
    let model =
        refresh_token::ActiveModel { hash: Set(hash.to_owned()), used_at: Set(Some(now)), ..Default::default() };
    model.update(connection).await?;
    Ok(())
}

/// Ends a family, or all families of an account.
///
/// # Errors
/// As the database says.
pub async fn revoke_refresh(
    connection: &impl ConnectionTrait,
    account: i32,
    family: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut update = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::value(now))
        .filter(refresh_token::Column::AccountId.eq(account))
        .filter(refresh_token::Column::RevokedAt.is_null());
    if let Some(family) = family {
        update = update.filter(refresh_token::Column::Family.eq(family));
    }
    update.exec(connection).await?;
    Ok(())
}

/// Deletes refresh tokens of families that began before a time: none of them can be used any more.
///
/// # Errors
/// As the database says.
pub async fn forget_refresh(connection: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<()> {
    refresh_token::Entity::delete_many().filter(refresh_token::Column::BegunAt.lt(before)).exec(connection).await?;
    Ok(())
}

/// A stored signing key.
#[derive(Clone, PartialEq)]
pub struct StoredKey {
    /// Its id.
    pub kid: String,
    /// PKCS#8, in base64.
    pub private_key: String,
    /// 32 bytes, in base64.
    pub public_key: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ceased to sign.
    pub retired_at: Option<DateTime<Utc>>,
}

/// All signing keys, oldest first.
///
/// # Errors
/// As the database says.
pub async fn signing_keys(connection: &impl ConnectionTrait) -> Result<Vec<StoredKey>> {
    let found = signing_key::Entity::find().order_by_asc(signing_key::Column::CreatedAt).all(connection).await?;
    let key = |row: signing_key::Model| StoredKey {
        kid: row.kid,
        private_key: row.private_key,
        public_key: row.public_key,
        created_at: row.created_at,
        retired_at: row.retired_at,
    };
    Ok(found.into_iter().map(key).collect())
}

/// Writes a signing key and retires all others.
///
/// # Errors
/// As the database says.
pub async fn add_signing_key(connection: &impl ConnectionTrait, key: StoredKey) -> Result<()> {
    signing_key::Entity::update_many()
        .col_expr(signing_key::Column::RetiredAt, Expr::value(key.created_at))
        .filter(signing_key::Column::RetiredAt.is_null())
        .exec(connection)
        .await?;
    let model = signing_key::ActiveModel {
        kid: Set(key.kid),
        private_key: Set(key.private_key),
        public_key: Set(key.public_key),
        created_at: Set(key.created_at),
        retired_at: Set(None),
    };
    rows::insert(connection, [model]).await
}

/// Writes the key of a machine, with the hash of its secret.
///
/// # Errors
/// As the database says.
pub async fn add_api_key(
    connection: &impl ConnectionTrait,
    key: &ApiKey,
    secret_hash: String,
    created_by: Option<i32>,
) -> Result<()> {
    let model = api_key::ActiveModel {
        id: Set(key.id.clone()),
        name: Set(key.name.clone()),
        secret_hash: Set(secret_hash),
        units: Set(words(&key.units)),
        indicators: Set(words(&key.indicators)),
        created_by: Set(created_by),
        created_at: Set(key.created_at),
        expires_at: Set(key.expires_at),
        revoked_at: Set(key.revoked_at),
    };
    rows::insert(connection, [model]).await
}

fn decode_key(row: api_key::Model) -> (ApiKey, String) {
    let key = ApiKey {
        id: row.id,
        name: row.name,
        units: set(&row.units),
        indicators: set(&row.indicators),
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    };
    (key, row.secret_hash)
}

/// The key of a machine, with the hash of its secret.
///
/// # Errors
/// As the database says.
pub async fn api_key(connection: &impl ConnectionTrait, id: &str) -> Result<Option<(ApiKey, String)>> {
    Ok(api_key::Entity::find_by_id(id.to_owned()).one(connection).await?.map(decode_key))
}

/// All keys of machines, newest first.
///
/// # Errors
/// As the database says.
pub async fn api_keys(connection: &impl ConnectionTrait) -> Result<Vec<ApiKey>> {
    let found = api_key::Entity::find().order_by_desc(api_key::Column::CreatedAt).all(connection).await?;
    Ok(found.into_iter().map(|row| decode_key(row).0).collect())
}

/// Revokes the key of a machine.
///
/// # Errors
/// As the database says.
pub async fn revoke_api_key(connection: &impl ConnectionTrait, id: &str, now: DateTime<Utc>) -> Result<()> {
    let model = api_key::ActiveModel { id: Set(id.to_owned()), revoked_at: Set(Some(now)), ..Default::default() };
    model.update(connection).await?;
    Ok(())
}
