//! GraphQL over HTTP: reading requests, bounds on them, and the form of answers.
//!
//! Follows the GraphQL-over-HTTP draft: POST with JSON, GET for queries, both response media types. The
//! integration crate is not used: it ignores body limits and takes mutations from any content type.

use std::{panic::AssertUnwindSafe, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use async_graphql::{Request, Response, ServerError, Variables, parser::types::OperationType};
use futures_util::{FutureExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing_actix_web::RequestId;

use super::{State, caller::caller};
use crate::{
    domain::account::Actor,
    graphql::{
        Views,
        admission::{self, Refusal},
    },
    usecase::act::UseError,
};

/// Most errors in an answer, and most characters of a message.
const MAX_ERRORS: usize = 20;
const MAX_MESSAGE: usize = 300;
/// What the library says of an operation above the limit on cost.
const TOO_COSTLY: &str = "Query is too complex.";
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// A request as it comes in JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[expect(dead_code, reason = "clients may send extensions; none is known yet")]
    extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A request as it comes in a query string.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    #[expect(dead_code, reason = "clients may send extensions; none is known yet")]
    extensions: Option<String>,
}

/// The media types of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    GraphqlResponse,
    Json,
}

/// An answer; its fields stand in the order of the query.
#[derive(Serialize)]
struct Answer<'r> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'r async_graphql::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<serde_json::Value>,
}

/// A request that cannot be executed: status of HTTP, code and message.
struct Rejection {
    status: StatusCode,
    code: &'static str,
    message: String,
    extra: Vec<(&'static str, serde_json::Value)>,
}

impl Rejection {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), extra: Vec::new() }
    }

    fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_INPUT", message)
    }
}

/// POST: a JSON object.
pub async fn post(request: HttpRequest, payload: web::Payload, state: web::Data<State>, id: RequestId) -> HttpResponse {
    let media = match negotiate(&request) {
        Ok(media) => media,
        Err(rejection) => return reject(Media::Json, rejection, &id),
    };
    let read = async {
        check_content_type(&request)?;
        let bytes = read_body(payload, &state).await?;
        let body: Body = serde_json::from_slice(&bytes).map_err(|e| {
            Rejection::bad(format!(
                "The body is not a GraphQL request in JSON, an object with `query`: {}",
                json_complaint(&e)
            ))
        })?;
        let query = body.query.ok_or_else(|| Rejection::bad("The body has no `query`."))?;
        prepare(media, query, body.operation_name, body.variables, &state)
    };
    match read.await {
        Ok(prepared) => answer(&request, media, prepared, &state, &id).await,
        Err(rejection) => reject(media, rejection, &id),
    }
}

/// GET: a query string; queries only.
pub async fn get(request: HttpRequest, state: web::Data<State>, id: RequestId) -> HttpResponse {
    let media = match negotiate(&request) {
        Ok(media) => media,
        Err(rejection) => return reject(Media::Json, rejection, &id),
    };
    let read = || {
        let parameters = web::Query::<Parameters>::from_query(request.query_string())
            .map_err(|_| Rejection::bad("The query string cannot be read."))?
            .into_inner();
        let query = parameters.query.ok_or_else(|| Rejection::bad("The query string has no `query`."))?;
        let variables =
            parameters.variables.filter(|text| !text.is_empty()).map(|text| serde_json::from_str(&text)).transpose();
        let variables = variables
            .map_err(|e| Rejection::bad(format!("`variables` is not a JSON object: {}", json_complaint(&e))))?;
        let prepared = prepare(media, query, parameters.operation_name.filter(|n| !n.is_empty()), variables, &state)?;
        match prepared.is_query {
            true => Ok(prepared),
            false => Err(Rejection::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "BAD_INPUT",
                "GET is for queries; send this operation by POST.",
            )),
        }
    };
    match read() {
        Ok(prepared) => answer(&request, media, prepared, &state, &id).await,
        Err(rejection) => reject(media, rejection, &id),
    }
}

/// Any other method.
pub fn method_not_allowed(allowed: &'static str) -> HttpResponse {
    let errors = json!({ "errors": [{ "message": format!("Allowed methods: {allowed}."), "extensions": { "code": "BAD_INPUT" } }] });
    HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allowed)).json(errors)
}

/// The best media type that the caller accepts; none named means JSON.
fn negotiate(request: &HttpRequest) -> Result<Media, Rejection> {
    let Some(accept) = request.headers().get(header::ACCEPT) else { return Ok(Media::Json) };
    let accept = accept.to_str().unwrap_or_default();
    let mut best: Option<(f32, Media)> = None;
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            GRAPHQL_RESPONSE => Media::GraphqlResponse,
            JSON => Media::Json,
            "application/*" | "*/*" => Media::Json,
            _ => continue,
        };
        let quality = parts.find_map(|p| p.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, media));
        }
    }
    best.map(|(_, media)| media).ok_or_else(|| {
        Rejection::new(
            StatusCode::NOT_ACCEPTABLE,
            "BAD_INPUT",
            format!("Answers come as {GRAPHQL_RESPONSE} or {JSON}."),
        )
    })
}

/// Only JSON: a form or plain text could be sent by any page without the browser asking.
fn check_content_type(request: &HttpRequest) -> Result<(), Rejection> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(JSON));
    let is_utf8 =
        parts.all(|p| !p.to_ascii_lowercase().starts_with("charset=") || p.to_ascii_lowercase().ends_with("utf-8"));
    match is_json && is_utf8 {
        true => Ok(()),
        false => Err(Rejection::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BAD_INPUT",
            "Send the request as application/json in UTF-8.",
        )),
    }
}

/// Reads the body within its bounds of size and time.
async fn read_body(mut payload: web::Payload, state: &State) -> Result<web::BytesMut, Rejection> {
    let limit = state.config.server.body_bytes;
    let read = async {
        let mut body = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Rejection::bad("The body broke off."))?;
            if body.len() + chunk.len() > limit {
                return Err(Rejection {
                    extra: vec![("limit", json!("bodyBytes"))],
                    ..Rejection::new(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        "LIMIT_EXCEEDED",
                        format!("The body has more than {limit} bytes, which are allowed."),
                    )
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    let seconds = state.config.server.body_seconds;
    tokio::time::timeout(Duration::from_secs(seconds), read).await.unwrap_or_else(|_| {
        Err(Rejection {
            extra: vec![("limit", json!("bodySeconds"))],
            ..Rejection::new(
                StatusCode::REQUEST_TIMEOUT,
                "LIMIT_EXCEEDED",
                format!("The body did not come within {seconds} seconds."),
            )
        })
    })
}

/// A complaint about JSON without a copy of it.
fn json_complaint(error: &serde_json::Error) -> String {
    let text: String = error.to_string().chars().take(160).collect();
    format!("{text}.")
}

/// An admitted request.
struct Prepared {
    request: Request,
    is_query: bool,
}

fn prepare(
    media: Media,
    query: String,
    operation_name: Option<String>,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    state: &State,
) -> Result<Prepared, Rejection> {
    let status = request_error_status(media);
    // PostgreSQL keeps no such text, and nobody means it.
    let in_query = query.contains('\0') || query.contains("\\u0000");
    if in_query || variables.iter().flat_map(serde_json::Map::values).any(has_nul) {
        return Err(Rejection::new(status, "BAD_INPUT", "Texts must not contain the character U+0000."));
    }
    let document = admission::admit(&query, &state.config.graphql.admission).map_err(|refusal| match refusal {
        Refusal::Syntax(message) => Rejection::new(status, "BAD_INPUT", message),
        Refusal::Limit { limit, asked, allowed } => Rejection {
            extra: vec![("limit", json!(limit)), ("asked", json!(asked)), ("allowed", json!(allowed))],
            ..Rejection::new(status, "LIMIT_EXCEEDED", format!("{limit}: {asked} or more asked, {allowed} allowed."))
        },
    })?;
    let chosen = document
        .operations
        .iter()
        .find(|(name, _)| operation_name.is_none() || name.map(|n| n.as_str()) == operation_name.as_deref())
        .map(|(_, operation)| operation.node.ty);
    let mut request = Request::new(query);
    request.set_parsed_query(document);
    if let Some(name) = operation_name {
        request = request.operation_name(name);
    }
    if let Some(variables) = variables {
        request = request.variables(Variables::from_json(serde_json::Value::Object(variables)));
    }
    Ok(Prepared { request, is_query: chosen.is_none_or(|ty| ty == OperationType::Query) })
}

/// True if a text in it has the character U+0000.
fn has_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(list) => list.iter().any(has_nul),
        serde_json::Value::Object(fields) => fields.values().any(has_nul),
        _ => false,
    }
}

/// Executes an admitted request against the newest release.
async fn answer(http: &HttpRequest, media: Media, prepared: Prepared, state: &State, id: &RequestId) -> HttpResponse {
    let caller = match caller(http, state, id).await {
        Ok(caller) => caller,
        Err(UseError::Refused(refusal)) => {
            let message = format!("The credential is no good: {refusal}.");
            let mut response = reject(media, Rejection::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message), id);
            let scheme = header::HeaderValue::from_static("Bearer error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            return response;
        }
        Err(error) => return unavailable(media, &error, id),
    };
    let snapshot = match state.snapshots.newest(&state.database).await {
        Ok(snapshot) => snapshot,
        Err(error) => return unavailable(media, &error, id),
    };
    let is_private = caller.act.actor != Actor::Anonymous || !prepared.is_query;
    let views = Views::new(snapshot, state.snapshots.clone(), state.database.clone());
    let request = prepared.request.data(views).data(caller);
    let graphql = &state.config.graphql;
    let seconds = if prepared.is_query { graphql.seconds } else { graphql.mutation_seconds };
    let schema = state.schema.clone();
    let execution = async move { schema.execute(request).await };
    let executed = match prepared.is_query {
        true => {
            let execution = AssertUnwindSafe(execution).catch_unwind();
            tokio::time::timeout(Duration::from_secs(seconds), execution).await.map(|r| r.map_err(drop))
        }
        // A write that has begun ends, whether anybody waits for it or not.
        false => {
            let task = actix_web::rt::spawn(execution);
            tokio::time::timeout(Duration::from_secs(seconds), task).await.map(|r| r.map_err(drop))
        }
    };
    let response = match executed {
        Ok(Ok(response)) => response,
        Ok(Err(())) => {
            tracing::error!("a resolver panicked");
            return reject(
                media,
                Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", crate::graphql::INTERNAL_MESSAGE),
                id,
            );
        }
        Err(_) => {
            let rejection = Rejection {
                extra: vec![("limit", json!("executionSeconds")), ("allowed", json!(seconds))],
                ..Rejection::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "LIMIT_EXCEEDED",
                    format!("The answer took more than {seconds} seconds; ask for less."),
                )
            };
            return reject(media, rejection, id);
        }
    };
    let mut response = respond(media, response, state.config.graphql.complexity, id);
    if is_private {
        // Answers that may carry tokens are neither kept nor compressed (BREACH).
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("identity"));
    }
    response
}

fn unavailable(media: Media, error: &dyn std::fmt::Display, id: &RequestId) -> HttpResponse {
    tracing::error!(%error, "no answer");
    let message = "The database does not answer. Try again in a few seconds.";
    reject(media, Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "INTERNAL", message), id)
}

fn respond(media: Media, mut response: Response, complexity: usize, id: &RequestId) -> HttpResponse {
    // An error without a path was found before anything was executed: there is no data then.
    let is_request_error = !response.errors.is_empty()
        && response.errors.iter().all(|e| e.path.is_empty())
        && response.data == async_graphql::Value::Null;
    let more = response.errors.len().saturating_sub(MAX_ERRORS);
    response.errors.truncate(MAX_ERRORS);
    let errors: Vec<serde_json::Value> =
        response.errors.iter().map(|error| error_json(error, complexity, id)).collect();
    let body = Answer {
        errors,
        data: (!is_request_error).then_some(&response.data),
        extensions: (more > 0).then(|| json!({ "moreErrors": more })),
    };
    let status = if is_request_error { request_error_status(media) } else { StatusCode::OK };
    send(media, status, &body, id)
}

/// Status of a document that cannot be executed: plain JSON keeps the 200 that old clients rely on.
fn request_error_status(media: Media) -> StatusCode {
    match media {
        Media::GraphqlResponse => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    }
}

/// An error with a code out of the closed list, shortened, and with the request id if it is ours.
fn error_json(error: &ServerError, complexity: usize, id: &RequestId) -> serde_json::Value {
    let mut value = serde_json::to_value(error).unwrap_or_default();
    let message: String = error.message.chars().take(MAX_MESSAGE).collect();
    value["message"] = message.into();
    if value["extensions"]["code"].is_null() {
        // The library's own errors: the limit on cost, and what the schema does not allow.
        match error.message == TOO_COSTLY {
            true => {
                value["message"] = format!("complexity: more than {complexity} asked, {complexity} allowed.").into();
                value["extensions"] = json!({ "code": "LIMIT_EXCEEDED", "limit": "complexity", "allowed": complexity });
            }
            false => {
                value["extensions"]["code"] = "BAD_INPUT".into();
                if let Some(argument) = named_argument(&error.message) {
                    value["extensions"]["argument"] = argument.into();
                }
            }
        }
    }
    if value["extensions"]["code"] == "INTERNAL" {
        value["extensions"]["requestId"] = id.to_string().into();
    }
    value
}

/// The argument or variable that the library's message names.
fn named_argument(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("argument \"").or_else(|| message.split_once("Variable \""))?;
    rest.split('"').next().map(|name| name.trim_start_matches('$'))
}

fn reject(media: Media, rejection: Rejection, id: &RequestId) -> HttpResponse {
    let mut extensions = serde_json::Map::new();
    extensions.insert("code".to_owned(), rejection.code.into());
    extensions.extend(rejection.extra.into_iter().map(|(k, v)| (k.to_owned(), v)));
    if rejection.code == "INTERNAL" {
        extensions.insert("requestId".to_owned(), id.to_string().into());
    }
    let body = json!({ "errors": [{ "message": rejection.message, "extensions": extensions }] });
    send(media, rejection.status, &body, id)
}

fn send(media: Media, status: StatusCode, body: &impl Serialize, id: &RequestId) -> HttpResponse {
    let kind = match media {
        Media::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        Media::Json => "application/json; charset=utf-8",
    };
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::VARY, "accept"))
        .insert_header(("x-request-id", id.to_string()))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(serde_json::to_vec(body).unwrap_or_default())
}
