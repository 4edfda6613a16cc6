//! Files on their way in: `POST /uploads?name=…`, the bytes as body. They wait a day for an import that names them.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use tracing_actix_web::RequestId;

use super::{State, caller::caller, problem};
use crate::usecase::{act::UseError, job::Receiving};

/// Name of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    name: Option<String>,
}

/// Takes a file.
pub async fn post(
    request: HttpRequest,
    mut payload: web::Payload,
    state: web::Data<State>,
    parameters: web::Query<Parameters>,
    id: RequestId,
) -> HttpResponse {
    let act = match caller(&request, &state, &id).await {
        Ok(caller) => caller.act,
        Err(error) => return refused(&error, &id),
    };
    let limits = &state.config.import;
    let most = limits.file_bytes.max(limits.csv_bytes);
    let mut file = match Receiving::begin(&act, parameters.name.as_deref().unwrap_or("upload"), most) {
        Ok(file) => file,
        Err(error) => return refused(&error, &id),
    };
    let receive = async {
        while let Some(bytes) = payload.next().await {
            let Ok(bytes) = bytes else {
                return Ok(Some((StatusCode::BAD_REQUEST, "BAD_INPUT", "the body broke off.".to_owned())));
            };
            if !file.take(&state.database, &bytes).await? {
                let message = format!("fileBytes: more than {most} bytes asked, {most} allowed.");
                return Ok(Some((StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED", message)));
            }
        }
        Ok::<_, UseError>(None)
    };
    let received = tokio::time::timeout(Duration::from_secs(limits.upload_seconds), receive).await;
    let failure = match received {
        Ok(Ok(None)) => None,
        Ok(Ok(Some(failure))) => Some(failure),
        Ok(Err(error)) => {
            let _ = file.give_up(&state.database).await;
            return refused(&error, &id);
        }
        Err(_) => {
            let message = format!("the body took more than {} seconds.", limits.upload_seconds);
            Some((StatusCode::REQUEST_TIMEOUT, "LIMIT_EXCEEDED", message))
        }
    };
    if let Some((status, code, message)) = failure {
        if let Err(error) = file.give_up(&state.database).await {
            tracing::warn!(%error, "pieces of a file are left");
        }
        return problem(status, code, &message, &id);
    }
    match file.end(&state.database, &act).await {
        Ok(file) => HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
            "upload": file.id,
            "name": file.name,
            "bytes": file.bytes,
            "sha256": file.hash,
        })),
        Err(error) => refused(&error, &id),
    }
}

fn refused(error: &UseError, id: &RequestId) -> HttpResponse {
    use crate::domain::policy::Refusal;
    let message = format!("{error}.");
    match error {
        UseError::Refused(Refusal::Forbidden(_)) => problem(StatusCode::FORBIDDEN, "FORBIDDEN", &message, id),
        UseError::Refused(_) | UseError::Credentials => {
            let mut response = problem(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", &message, id);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
            response
        }
        UseError::Limited { .. } => problem(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", &message, id),
        UseError::Store(_) | UseError::Internal(_) => {
            tracing::error!(%error, "an upload failed");
            let message = "The file could not be kept. Try again later.";
            problem(StatusCode::SERVICE_UNAVAILABLE, "INTERNAL", message, id)
        }
    }
}
