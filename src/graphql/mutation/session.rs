//! Signing in, staying signed in, signing out.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::payload;
use crate::{
    graphql::{
        caller::{caller, newest},
        error::Result,
        scalars::DateTime,
        types::account::Viewer,
    },
    usecase::session,
};

#[derive(Default)]
pub struct SessionMutation;

/// Name and password.
#[derive(InputObject)]
pub struct SignInInput {
    /// Name of the account.
    pub name: String,
    /// Password.
    pub password: String,
}

/// A refresh token.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token that was issued last.
    pub refresh_token: String,
}

/// A refresh token.
#[derive(InputObject)]
pub struct SignOutInput {
    /// The refresh token of the session to end.
    pub refresh_token: String,
}

/// Old and new password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The present password.
    pub old_password: String,
    /// The new one: 15 to 256 characters, not a common one.
    pub new_password: String,
}

/// What a client holds after it signed in.
#[derive(SimpleObject)]
pub struct SessionPayload {
    /// Send it with every request: `Authorization: Bearer …`.
    pub access_token: String,
    /// When the access token ends.
    pub expires_at: DateTime,
    /// Exchange it for the next pair before or after that; it can be used once.
    pub refresh_token: String,
    /// Who signed in.
    pub viewer: Viewer,
}

/// The session has ended.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// True, also if it had ended before.
    pub is_signed_out: bool,
}

payload! {
    /// The password was changed and all sessions ended.
    ChangePasswordPayload {
        /// Whose password; null if it was not changed.
        viewer: Option<Viewer>,
    }
    ChangePasswordError: ChangePasswordErrorCode {
        /// The new password is too weak.
        WeakPassword,
        /// The account is gone.
        NotFound,
    }
}

fn payload_of(session: session::Session) -> SessionPayload {
    SessionPayload {
        access_token: session.access_token,
        expires_at: session.expires_at.into(),
        refresh_token: session.refresh_token.expose().to_owned(),
        viewer: Viewer::of(crate::domain::account::Actor::Person(session.account)),
    }
}

#[Object]
impl SessionMutation {
    /// Signs in. A wrong name and a wrong password get the same error, `UNAUTHENTICATED`; after five failures the
    /// next attempt has to wait (`RATE_LIMITED`).
    #[graphql(complexity = "500 + child_complexity")]
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password.")] input: SignInInput,
    ) -> Result<SessionPayload> {
        let (_, database) = newest(ctx);
        let caller = caller(ctx);
        let signed_in =
            session::sign_in(&database, &caller.authority, &caller.act, &input.name, &input.password, &caller.address);
        Ok(payload_of(signed_in.await?))
    }

    /// Exchanges a refresh token for the next pair. A token that was exchanged before ends the session of everybody
    /// who holds one of its line.
    #[graphql(complexity = "100 + child_complexity")]
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshSessionInput,
    ) -> Result<SessionPayload> {
        let (_, database) = newest(ctx);
        let caller = caller(ctx);
        Ok(payload_of(session::refresh(&database, &caller.authority, &caller.act, &input.refresh_token).await?))
    }

    /// Ends a session.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: SignOutInput,
    ) -> Result<SignOutPayload> {
        let (_, database) = newest(ctx);
        session::sign_out(&database, &caller(ctx).act, &input.refresh_token).await?;
        Ok(SignOutPayload { is_signed_out: true })
    }

    /// Changes the caller's password. All of the account's sessions end.
    #[graphql(complexity = "500 + child_complexity")]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Old and new password.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let (_, database) = newest(ctx);
        let caller = caller(ctx);
        let changed = session::change_password(
            &database,
            &caller.authority,
            &caller.act,
            &input.old_password,
            &input.new_password,
            &caller.address,
        );
        Ok(match changed.await? {
            Ok(account) => ChangePasswordPayload {
                viewer: Some(Viewer::of(crate::domain::account::Actor::Person(account))),
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = ChangePasswordError::list(complaints)?;
                ChangePasswordPayload { viewer: None, errors, error_count }
            }
        })
    }
}
