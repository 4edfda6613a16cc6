//! A page to try queries, with the examples of the project as tabs.

use actix_web::{HttpResponse, http::header};

use crate::graphql::examples;

const PAGE: &str = include_str!("graphiql.html");

/// The page.
pub async fn page() -> HttpResponse {
    let tabs: Vec<serde_json::Value> =
        examples::ALL.iter().map(|example| serde_json::json!({ "query": example.query })).collect();
    // `<` could end the script element.
    let tabs = serde_json::Value::from(tabs).to_string().replace('<', "\\u003c");
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(PAGE.replace("/*TABS*/[]", &tabs))
}
