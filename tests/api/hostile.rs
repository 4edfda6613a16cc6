//! Documents that would bring a plain stack down are refused at once, and others go on being served.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::TestApp;

#[tokio::test]
async fn bombs_are_refused_and_the_service_lives() {
    let app = TestApp::start().await;
    let mut fan = String::from("{ ...F0 }");
    for i in 0..30 {
        fan.push_str(&format!(" fragment F{i} on Query {{ ...F{0} ...F{0} }}", i + 1));
    }
    fan.push_str(" fragment F30 on Query { serverInfo { name } }");
    let bombs = [
        format!("{{f(v:{}{})}}", "[".repeat(2_000), "]".repeat(2_000)),
        format!("{{f(v:{}1{})}}", "{a:".repeat(2_000), "}".repeat(2_000)),
        "{a".repeat(5_000),
        format!("query Q($v: {}Int{}) {{ a }}", "[".repeat(3_000), "]".repeat(3_000)),
        fan,
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
        format!("{{ {} }}", (0..1_000).map(|i| format!("a{i}: serverInfo {{ name }} ")).collect::<String>()),
        format!("{{ serverInfo {} {{ name }} }}", "@skip(if: false) ".repeat(500)),
        format!("# {}\n{{ serverInfo {{ name }} }}", "x".repeat(100_000)),
    ];
    for bomb in bombs {
        let answer = app.ask(&bomb).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
        assert!(code == "LIMIT_EXCEEDED" || code == "BAD_INPUT", "{answer}");
        assert!(answer.to_string().len() < 16_384);
        assert_eq!(app.data("{ serverInfo { name } }").await["serverInfo"]["name"], "solieu");
    }
}

#[tokio::test]
async fn errors_do_not_grow_with_the_mistakes() {
    let app = TestApp::start().await;
    let query = format!("{{ serverInfo {{ {} }} }}", (0..900).map(|i| format!("wrong{i} ")).collect::<String>());
    let answer = app.ask(&query).await;
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(20));
    assert!(answer.to_string().len() < 16_384);
}

#[tokio::test]
async fn a_large_body_is_cut_off() {
    let app = TestApp::start().await;
    let body = json!({ "query": "{ serverInfo { name } }", "padding": "x".repeat(10_000_000) }).to_string();
    let sent = app
        .client
        .post(format!("{}/graphql", app.address))
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await;
    // The service may close the connection before the caller has sent everything.
    if let Ok(response) = sent {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(app.data("{ serverInfo { name } }").await["serverInfo"]["name"], "solieu");
}

#[tokio::test]
async fn deep_variables_are_refused() {
    let app = TestApp::start().await;
    let deep = format!(
        "{{\"query\":\"{{ serverInfo {{ name }} }}\",\"variables\":{{\"a\":{}{}}}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let sent = app
        .client
        .post(format!("{}/graphql", app.address))
        .header("content-type", "application/json")
        .body(deep)
        .send();
    let response = sent.await.expect("an answer");
    assert_eq!(response.status(), 400);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_INPUT");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let app = TestApp::start_with(|config| config.server.body_seconds = 1).await;
    let mut socket =
        tokio::net::TcpStream::connect(app.address.trim_start_matches("http://")).await.expect("a connection");
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = vec![0; 64];
    let read =
        tokio::time::timeout(Duration::from_secs(20), socket.read(&mut answer)).await.expect("an end").expect("bytes");
    assert!(String::from_utf8_lossy(&answer[..read]).starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn hostile_numbers_in_list_arguments_are_refused() {
    let app = TestApp::start().await;
    for number in ["-1", "0", "2147483647", "-2147483648", "99999999999"] {
        for query in [
            format!(
                "{{ observations(first: {number}) {{ nodes {{ indicator {{ observations(first: {number}) {{ nodes {{ value }} }} }} }} }} }}"
            ),
            format!("{{ units(last: {number}) {{ nodes {{ name }} }} }}"),
            format!("{{ search(query: \"a\", first: {number}) {{ code }} }}"),
            format!("{{ series(indicators: [\"telecom.bts-stations\"], first: {number}, last: {number}) {{ id }} }}"),
        ] {
            let (code, _) = app.refusal(&query).await;
            assert!(code == "BAD_INPUT" || code == "LIMIT_EXCEEDED", "{query}: {code}");
        }
    }
}

#[tokio::test]
async fn a_filter_has_a_budget_of_conditions() {
    let app = TestApp::start().await;
    let inner: Vec<String> = (0..50).map(|_| "{ section: \"II\" }".to_owned()).collect();
    let outer: Vec<String> = (0..50).map(|_| format!("{{ or: [{}] }}", inner.join(" "))).collect();
    let query = "query Q($f: ObservationFilter!) { observations(filter: $f) { totalCount } }";
    let filter = serde_json::json!({ "or": (0..50).map(|_| json!({ "or": (0..50).map(|_| json!({ "footnote": 1 })).collect::<Vec<_>>() })).collect::<Vec<_>>() });
    let answer = app.ask_with(query, json!({ "f": filter })).await;
    assert_eq!(answer["errors"][0]["extensions"]["limit"], "filterConditions", "{answer}");
    let answer =
        app.ask(&format!("{{ observations(filter: {{ or: [{}] }}) {{ totalCount }} }}", outer.join(" "))).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{answer}");
}
