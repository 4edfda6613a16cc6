//! Keeping accounts, grants and keys of machines.

use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use super::payload;
use crate::{
    graphql::{
        caller::{caller, newest},
        error::Result,
        scalars::{DateTime, at_most, given},
        types::{
            account::{Account, ApiKey},
            enums::Role,
        },
    },
    usecase::accounts,
};

#[derive(Default)]
pub struct AccountMutation;

/// A new account.
#[derive(InputObject)]
pub struct CreateAccountInput {
    /// Name to sign in with: 3 to 64 lower-case letters, digits or `.` `-` `_` `@`.
    pub name: String,
    /// Name to show.
    pub display_name: String,
    /// Password of 15 to 256 characters; left out for people who sign in at the identity provider.
    pub password: MaybeUndefined<String>,
    /// Roles; at most 6.
    pub roles: Vec<Role>,
    /// Codes of the units that it may import for, with all below them; at most 250.
    pub units: Vec<String>,
}

/// Changes of an account; what is left out stays.
#[derive(InputObject)]
pub struct ChangeAccountInput {
    /// Name of the account.
    pub name: String,
    /// Name to show.
    pub display_name: MaybeUndefined<String>,
    /// Roles; at most 6.
    pub roles: MaybeUndefined<Vec<Role>>,
    /// Codes of the units that it may import for; at most 250.
    pub units: MaybeUndefined<Vec<String>>,
    /// Whether it may sign in. False ends its sessions at once.
    pub is_active: MaybeUndefined<bool>,
    /// A new password; its sessions end at once.
    pub password: MaybeUndefined<String>,
}

/// A new key of a machine.
#[derive(InputObject)]
pub struct CreateApiKeyInput {
    /// What it is for: 1 to 100 characters.
    pub name: String,
    /// Codes of the units that it may record for, with all below them; 1 to 250.
    pub units: Vec<String>,
    /// Codes of the indicators that it may record; all if empty. At most 250.
    pub indicators: Vec<String>,
    /// When it ends: at most 730 days ahead.
    pub expires_at: DateTime,
}

/// The key to revoke.
#[derive(InputObject)]
pub struct RevokeApiKeyInput {
    /// Public part of the key.
    pub id: String,
}

payload! {
    /// The new account.
    CreateAccountPayload {
        /// The account; null if it was not made.
        account: Option<Account>,
    }
    CreateAccountError: CreateAccountErrorCode {
        /// The name is taken.
        Taken,
        /// The password is too weak.
        WeakPassword,
        /// Another input is wrong.
        BadInput,
    }
}

payload! {
    /// The changed account.
    ChangeAccountPayload {
        /// The account; null if it was not changed.
        account: Option<Account>,
    }
    ChangeAccountError: ChangeAccountErrorCode {
        /// There is no such account.
        NotFound,
        /// The password is too weak.
        WeakPassword,
        /// It would leave nobody who can administer.
        LastAdmin,
        /// Another input is wrong.
        BadInput,
    }
}

payload! {
    /// The new key.
    CreateApiKeyPayload {
        /// The key; null if it was not made.
        api_key: Option<ApiKey>,
        /// What the machine sends as `Authorization: Bearer …`. Shown this once; null if no key was made.
        secret: Option<String>,
    }
    CreateApiKeyError: CreateApiKeyErrorCode {
        /// The end is not allowed.
        BadTime,
        /// Another input is wrong.
        BadInput,
    }
}

payload! {
    /// The revoked key.
    RevokeApiKeyPayload {
        /// The key; null if there is none.
        api_key: Option<ApiKey>,
    }
    RevokeApiKeyError: RevokeApiKeyErrorCode {
        /// There is no such key.
        NotFound,
    }
}

#[Object]
impl AccountMutation {
    /// Makes an account. For ADMIN.
    #[graphql(complexity = "500 + child_complexity")]
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: CreateAccountInput,
    ) -> Result<CreateAccountPayload> {
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        let new = accounts::NewAccount {
            name: input.name,
            display_name: input.display_name,
            password: given(input.password, "input.password")?,
            roles: at_most(input.roles, 6, "input.roles")?.into_iter().map(Into::into).collect(),
            units: at_most(input.units, 250, "input.units")?.into_iter().collect(),
        };
        let made = accounts::create(&database, &caller.authority, view.catalogue(), &caller.act, new);
        Ok(match made.await? {
            Ok(account) => {
                CreateAccountPayload { account: Some(Account::of(account)), errors: Vec::new(), error_count: 0 }
            }
            Err(complaints) => {
                let (errors, error_count) = CreateAccountError::list(complaints)?;
                CreateAccountPayload { account: None, errors, error_count }
            }
        })
    }

    /// Changes roles, grants or activity of an account. For ADMIN.
    #[graphql(complexity = "500 + child_complexity")]
    async fn change_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ChangeAccountInput,
    ) -> Result<ChangeAccountPayload> {
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        let roles = given(input.roles, "input.roles")?.map(|r| at_most(r, 6, "input.roles")).transpose()?;
        let units = given(input.units, "input.units")?.map(|u| at_most(u, 250, "input.units")).transpose()?;
        let change = accounts::AccountChange {
            name: input.name,
            display_name: given(input.display_name, "input.displayName")?,
            roles: roles.map(|list| list.into_iter().map(Into::into).collect()),
            units: units.map(|list| list.into_iter().collect()),
            active: given(input.is_active, "input.isActive")?,
            password: given(input.password, "input.password")?,
        };
        let changed = accounts::change(&database, &caller.authority, view.catalogue(), &caller.act, change);
        Ok(match changed.await? {
            Ok(account) => {
                ChangeAccountPayload { account: Some(Account::of(account)), errors: Vec::new(), error_count: 0 }
            }
            Err(complaints) => {
                let (errors, error_count) = ChangeAccountError::list(complaints)?;
                ChangeAccountPayload { account: None, errors, error_count }
            }
        })
    }

    /// Makes the key of a machine. For ADMIN.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload> {
        let (view, database) = newest(ctx);
        let new = accounts::NewKey {
            name: input.name,
            units: at_most(input.units, 250, "input.units")?.into_iter().collect(),
            indicators: at_most(input.indicators, 250, "input.indicators")?.into_iter().collect(),
            expires_at: input.expires_at.instant("input.expiresAt")?,
        };
        Ok(match accounts::create_key(&database, view.catalogue(), &caller(ctx).act, new).await? {
            Ok((key, text)) => CreateApiKeyPayload {
                api_key: Some(ApiKey::of(key)),
                secret: Some(text.to_string()),
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = CreateApiKeyError::list(complaints)?;
                CreateApiKeyPayload { api_key: None, secret: None, errors, error_count }
            }
        })
    }

    /// Revokes the key of a machine at once. For ADMIN.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload> {
        let (_, database) = newest(ctx);
        Ok(match accounts::revoke_key(&database, &caller(ctx).act, &input.id).await? {
            Ok(key) => RevokeApiKeyPayload { api_key: Some(ApiKey::of(key)), errors: Vec::new(), error_count: 0 },
            Err(complaints) => {
                let (errors, error_count) = RevokeApiKeyError::list(complaints)?;
                RevokeApiKeyPayload { api_key: None, errors, error_count }
            }
        })
    }
}
