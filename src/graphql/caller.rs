//! Who calls: what the HTTP layer found out, as resolvers need it.

use async_graphql::Context;

use super::{
    context::{View, Views},
    error::{Fault, Result},
};
use crate::{
    domain::{
        account::Actor,
        policy::{self, Operation},
    },
    ingest::book::FileLimits,
    store::Database,
    usecase::{
        act::{Act, UseError},
        authority::Authority,
        job::Jobs,
    },
};

/// Who calls, when, from where.
pub struct Caller {
    /// What every write has in common.
    pub act: Act,
    /// Address of the caller, for the slow-down of guessing.
    pub address: String,
    /// Signs and verifies tokens.
    pub authority: Authority,
    /// The jobs of this process.
    pub jobs: Jobs,
    /// Bounds on imports.
    pub limits: ImportLimits,
}

/// Bounds on imports.
#[derive(Debug, Clone, Default)]
pub struct ImportLimits {
    /// Bounds on files.
    pub files: FileLimits,
    /// Most figures of a preview or an import in one request.
    pub figures: usize,
}

/// Who calls.
pub fn caller<'c>(ctx: &Context<'c>) -> &'c Caller {
    ctx.data_unchecked::<Caller>()
}

/// What a mutation works on: the database and the newest release.
pub fn newest(ctx: &Context<'_>) -> (View, Database) {
    let view = ctx.data_unchecked::<Views>().newest();
    let database = view.database.clone();
    (view, database)
}

/// The state after a write.
pub async fn after_write(ctx: &Context<'_>) -> Result<View> {
    ctx.data_unchecked::<Views>().anew().await
}

/// Refuses callers who may not see or try something.
pub fn require<'c>(ctx: &Context<'c>, operation: Operation) -> Result<&'c Actor> {
    let actor = &ctx.data_unchecked::<Caller>().act.actor;
    policy::may_try(actor, operation).map_err(|refusal| Fault::from(UseError::Refused(refusal)))?;
    Ok(actor)
}

impl From<UseError> for Fault {
    fn from(error: UseError) -> Self {
        use crate::domain::policy::Refusal;
        let message = format!("{error}.");
        match error {
            UseError::Refused(Refusal::Unauthenticated) | UseError::Credentials => Self::Unauthenticated(message),
            UseError::Refused(Refusal::Forbidden(_)) => Self::Forbidden(message),
            UseError::Limited { seconds } => Self::RateLimited { seconds, message },
            UseError::Store(_) | UseError::Internal(_) => Self::Internal(message),
        }
    }
}
