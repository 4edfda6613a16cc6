//! The URL map on one screen, and what all requests share.

mod graphiql;
mod graphql;
mod health;

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::{
    HttpResponse,
    http::{Method, header},
    middleware::Compress,
    web::{self, ServiceConfig},
};
use tracing_actix_web::TracingLogger;

use crate::{
    config::{self, Config},
    graphql::schema::{self, SolieuSchema},
    snapshot::Snapshots,
    store::Database,
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
        app.route("/livez", web::get().to(health::live));
        app.route("/readyz", web::get().to(health::ready));
        if graphiql {
            app.route("/", web::get().to(graphiql::page));
        }
    }
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
        .allowed_headers([header::CONTENT_TYPE, header::ACCEPT])
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
