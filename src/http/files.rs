//! Small files of the service itself: public keys, templates of imports.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use tracing_actix_web::RequestId;

use super::{State, problem};
use crate::ingest::template;

/// The public keys that verify access tokens (RFC 7517).
pub async fn jwks(state: web::Data<State>, id: RequestId) -> HttpResponse {
    match state.authority.jwks(&state.database, (state.clock)()).await {
        Ok(keys) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
            .content_type("application/jwk-set+json")
            .body(keys.to_string()),
        Err(error) => unavailable(&error, &id),
    }
}

/// The template of the long form as CSV.
pub async fn long_csv() -> HttpResponse {
    attachment("text/csv; charset=utf-8", "solieu-long.csv", template::csv())
}

/// The template of the long form as XLSX, with lists of indicators and units.
pub async fn long_xlsx(state: web::Data<State>, id: RequestId) -> HttpResponse {
    let snapshot = match state.snapshots.newest(&state.database).await {
        Ok(snapshot) => snapshot,
        Err(error) => return unavailable(&error, &id),
    };
    match web::block(move || template::xlsx(&snapshot.catalogue).map_err(|e| e.to_string())).await {
        Ok(Ok(bytes)) => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            attachment(kind, "solieu-long.xlsx", bytes)
        }
        Ok(Err(error)) => unavailable(&error, &id),
        Err(error) => unavailable(&error, &id),
    }
}

fn attachment(kind: &'static str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes)
}

fn unavailable(error: &dyn std::fmt::Display, id: &RequestId) -> HttpResponse {
    tracing::error!(%error, "a file cannot be made");
    problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "INTERNAL",
        "The database does not answer. Try again in a few seconds.",
        id,
    )
}
