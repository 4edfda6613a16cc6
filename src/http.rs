//! The URL map on one screen, and what all requests share.

mod caller;
mod files;
mod graphiql;
mod graphql;
mod health;
mod uploads;

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::{
    HttpResponse,
    http::{Method, StatusCode, header},
    middleware::Compress,
    web::{self, ServiceConfig},
};
use chrono::{DateTime, Utc};
use serde_json::json;
use tracing_actix_web::{RequestId, TracingLogger};

use crate::{
    config::{self, Config},
    graphql::schema::{self, SolieuSchema},
    snapshot::Snapshots,
    store::Database,
    usecase::{authority::Authority, job::Jobs},
};

/// What the handlers share.
pub struct State {
    /// The database.
    pub database: Database,
    /// The catalogue of the newest release.
    pub snapshots: Arc<Snapshots>,
    /// The schema.
    pub schema: SolieuSchema,
    /// The settings.
    pub config: Config,
    /// Knows who somebody is.
    pub authority: Authority,
    /// The jobs of this process.
    pub jobs: Jobs,
    /// What time it is.
    pub clock: fn() -> DateTime<Utc>,
}

/// Every address of the service.
pub fn routes(state: Arc<State>) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        let graphiql = state.config.server.graphiql;
        app.app_data(web::Data::from(state));
        app.service(
            web::resource("/graphql")
                .route(web::get().to(graphql::get))
                .route(web::head().to(graphql::get))
                .route(web::post().to(graphql::post))
                .default_service(web::to(|| async { graphql::method_not_allowed("GET, HEAD, POST, OPTIONS") })),
        );
        let sdl = web::Bytes::from(schema::sdl());
        app.route("/schema.graphql", web::get().to(move || text("text/plain; charset=utf-8", sdl.clone())));
        app.route("/uploads", web::post().to(uploads::post));
        app.route("/.well-known/jwks.json", web::get().to(files::jwks));
        app.route("/templates/long.csv", web::get().to(files::long_csv));
        app.route("/templates/long.xlsx", web::get().to(files::long_xlsx));
        app.route("/livez", web::get().to(health::live));
        app.route("/readyz", web::get().to(health::ready));
        if graphiql {
            app.route("/", web::get().to(graphiql::page));
        }
    }
}

/// An error of an address that is not GraphQL, in the form of GraphQL errors.
fn problem(status: StatusCode, code: &str, message: &str, id: &RequestId) -> HttpResponse {
    let errors = json!([{ "message": message, "extensions": { "code": code, "requestId": id.to_string() } }]);
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-request-id", id.to_string()))
        .json(json!({ "errors": errors }))
}

async fn text(kind: &'static str, body: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).body(body)
}

/// Answers are public and carry no secrets, so they may be compressed.
pub fn compression() -> Compress {
    Compress::default()
}

/// Which pages of other origins may read answers; never with credentials.
pub fn cors(cors: &config::Cors) -> Cors {
    let allowed = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::POST])
        .allowed_headers([header::CONTENT_TYPE, header::ACCEPT, header::AUTHORIZATION])
        .expose_headers([header::HeaderName::from_static("x-request-id")])
        .max_age(86_400);
    match cors.origins.iter().any(|origin| origin == "*") {
        true => allowed.allow_any_origin().send_wildcard(),
        false => cors.origins.iter().fold(allowed, |cors, origin| cors.allowed_origin(origin)),
    }
}

/// One span a request, with its id.
pub fn tracing() -> TracingLogger<tracing_actix_web::DefaultRootSpanBuilder> {
    TracingLogger::default()
}
