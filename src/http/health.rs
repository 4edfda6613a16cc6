//! Is the process alive, and can it answer?

use actix_web::{HttpResponse, web};

use super::State;
use crate::store::releases;

/// The process runs.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The database answers and holds a release.
pub async fn ready(state: web::Data<State>) -> HttpResponse {
    match releases::newest(state.database.reader()).await {
        Ok(Some(release)) => {
            HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("ok, release {release}\n"))
        }
        Ok(None) => HttpResponse::ServiceUnavailable().body("no release\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().body("the database does not answer\n")
        }
    }
}
