//! Who calls: the bearer token or key of a request.

use actix_web::{HttpRequest, http::header};
use tracing_actix_web::RequestId;

use super::State;
use crate::{
    domain::account::Actor,
    graphql::Caller,
    usecase::act::{Act, UseError},
};

/// Longest credential that is looked at.
const MAX_CREDENTIAL: usize = 8192;

/// Who sends a request. Without a credential it is anybody; a credential that is no good is refused, so that nobody
/// takes the public answer for their own.
///
/// # Errors
/// If the credential is no good.
pub async fn caller(request: &HttpRequest, state: &State, id: &RequestId) -> Result<Caller, UseError> {
    let now = (state.clock)();
    let refused = || UseError::Refused(crate::domain::policy::Refusal::Unauthenticated);
    let mut named = request.headers().get_all(header::AUTHORIZATION);
    let actor = match (named.next(), named.next()) {
        (None, _) => Actor::Anonymous,
        // Whoever stands before the service may have looked at the other one.
        (Some(_), Some(_)) => return Err(refused()),
        (Some(value), None) => {
            let text = value.to_str().map_err(|_| refused())?;
            let (scheme, credential) = text.split_once(' ').ok_or_else(refused)?;
            if !scheme.eq_ignore_ascii_case("bearer") || credential.len() > MAX_CREDENTIAL {
                return Err(refused());
            }
            state.authority.actor(&state.database, credential.trim(), now).await?
        }
    };
    let address = request.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default();
    Ok(Caller {
        act: Act { actor, now, request_id: id.to_string() },
        address,
        authority: state.authority.clone(),
        jobs: state.jobs.clone(),
        limits: state.config.import.limits(),
    })
}
