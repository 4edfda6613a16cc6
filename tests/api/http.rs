//! GraphQL over HTTP.

use serde_json::{Value, json};

use crate::support::TestApp;

const QUERY: &str = "{ serverInfo { name } }";

#[tokio::test]
async fn queries_go_by_post_and_by_get() {
    let app = TestApp::start().await;
    let posted = app
        .client
        .post(format!("{}/graphql", app.address))
        .json(&json!({ "query": QUERY }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(posted.status(), 200);
    assert!(posted.headers().contains_key("x-request-id"));
    let mut url = url::Url::parse(&format!("{}/graphql", app.address)).expect("an address");
    url.query_pairs_mut()
        .append_pair(
            "query",
            "query A($n: Int!) { indicators(first: $n) { nodes { code } } } query B { serverInfo { name } }",
        )
        .append_pair("operationName", "A")
        .append_pair("variables", r#"{"n": 2}"#);
    let got: Value = app.client.get(url).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(got["data"]["indicators"]["nodes"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn the_media_type_decides_the_status_of_a_refusal() {
    let app = TestApp::start().await;
    for (accept, status, kind) in [
        ("application/graphql-response+json", 400, "application/graphql-response+json; charset=utf-8"),
        ("application/json", 200, "application/json; charset=utf-8"),
        ("*/*", 200, "application/json; charset=utf-8"),
        (
            "application/json;q=0.5, application/graphql-response+json",
            400,
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        for query in
            ["{ nothing }", "{", "{ a { a { a { a { a { a { a { a { a { a { a { a { a } } } } } } } } } } } } }"]
        {
            let request = app.client.post(format!("{}/graphql", app.address)).header("accept", accept);
            let response = request.json(&json!({ "query": query })).send().await.expect("an answer");
            assert_eq!(response.status(), status, "{accept} {query}");
            assert_eq!(response.headers()["content-type"], kind, "{accept}");
            let body: Value = response.json().await.expect("JSON");
            assert!(body.get("data").is_none(), "no data key in a request error: {body}");
        }
    }
    let sent = app
        .client
        .post(format!("{}/graphql", app.address))
        .header("accept", "text/csv")
        .json(&json!({ "query": QUERY }))
        .send();
    assert_eq!(sent.await.expect("an answer").status(), 406);
}

#[tokio::test]
async fn only_json_is_taken() {
    let app = TestApp::start().await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "",
    ] {
        let body = json!({ "query": QUERY }).to_string();
        let sent = app
            .client
            .post(format!("{}/graphql", app.address))
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(sent.status(), 415, "{kind}");
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{\"query\": 1}",
        "{}",
        "{\"query\":null}",
        "[{\"query\":\"{ serverInfo { name } }\"}]",
    ] {
        let request =
            app.client.post(format!("{}/graphql", app.address)).header("content-type", "application/json").body(body);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 400, "{body}");
        let error: Value = response.json().await.expect("JSON");
        assert_eq!(error["errors"][0]["extensions"]["code"], "BAD_INPUT", "{body}");
    }
}

#[tokio::test]
async fn other_methods_are_refused_and_other_origins_may_read() {
    let app = TestApp::start().await;
    let url = format!("{}/graphql", app.address);
    for method in [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PATCH] {
        let response = app.client.request(method, &url).send().await.expect("an answer");
        assert_eq!(response.status(), 405);
        assert!(response.headers().contains_key("allow"));
    }
    let preflight = app
        .client
        .request(reqwest::Method::OPTIONS, &url)
        .header("origin", "https://portal.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .send()
        .await
        .expect("an answer");
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert!(!preflight.headers().contains_key("access-control-allow-credentials"));
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_query() {
    let app = TestApp::start().await;
    let sent = app.client.post(format!("{}/graphql", app.address));
    let query = "{ z: observations(first: 1) { totalCount } a: serverInfo { version name } m: indicators(first: 1) { totalCount } }";
    let text = sent.json(&json!({ "query": query })).send().await.expect("an answer").text().await.expect("text");
    let places: Vec<_> =
        ["\"z\"", "\"a\"", "\"version\"", "\"name\"", "\"m\""].iter().map(|key| text.find(key)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
}

#[tokio::test]
async fn health_schema_and_page_are_served() {
    let app = TestApp::start().await;
    let get = async |path: &str| {
        let response = app.client.get(format!("{}{path}", app.address)).send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("text"))
    };
    assert_eq!(get("/livez").await, (200, "ok\n".to_owned()));
    assert_eq!(get("/readyz").await, (200, "ok, release 2\n".to_owned()));
    assert_eq!(get("/schema.graphql").await.1, solieu::graphql::schema::sdl());
    let (status, page) = get("/").await;
    assert!(status == 200 && page.contains("query PortalHome") && !page.contains("/*TABS*/"));
    assert_eq!(get("/nothing").await.0, 404);
}

#[tokio::test]
async fn answers_are_compressed_on_demand() {
    let app = TestApp::start().await;
    let request = app.client.get(format!("{}/schema.graphql", app.address)).header("accept-encoding", "gzip");
    assert_eq!(request.send().await.expect("an answer").headers()["content-encoding"], "gzip");
}

#[tokio::test]
async fn a_missing_database_is_an_unavailable_service_and_not_a_leak() {
    let app = TestApp::start().await;
    app.break_database().await;
    let response = app
        .client
        .post(format!("{}/graphql", app.address))
        .json(&json!({ "query": "{ observations { totalCount } }" }))
        .send()
        .await;
    let response = response.expect("an answer");
    assert_eq!(response.status(), 503);
    let body = response.text().await.expect("text");
    assert!(body.contains("INTERNAL") && body.contains("requestId"), "{body}");
    for word in ["SELECT", "relation", "no such table", "sqlx", "release\""] {
        assert!(!body.contains(word), "{body}");
    }
    assert_eq!(app.client.get(format!("{}/readyz", app.address)).send().await.expect("an answer").status(), 503);
    assert_eq!(app.client.get(format!("{}/livez", app.address)).send().await.expect("an answer").status(), 200);
}
