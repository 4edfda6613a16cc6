//! What is asked wrongly is refused with a code and the name of the argument.

use crate::support::TestApp;

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = TestApp::start().await;
    let cases = [
        (r#"{ series(indicators: ["no.such"]) { id } }"#, "indicators"),
        (r#"{ series(indicators: ["telecom.bts-stations"], units: ["999"]) { id } }"#, "units"),
        (r#"{ series(indicators: ["telecom.bts-stations"], breakdowns: ["nothing=here"]) { id } }"#, "breakdowns"),
        (r#"{ series(indicators: ["telecom.bts-stations"], breakdowns: ["="]) { id } }"#, "breakdowns"),
        (r#"{ series(indicators: ["telecom.bts-stations"], last: 0) { id } }"#, "last"),
        (r#"{ series(indicators: ["telecom.bts-stations"], first: -1) { id } }"#, "first"),
        (r#"{ series(indicators: ["telecom.bts-stations"], from: "2024-02-30") { id } }"#, "from"),
        (r#"{ series(indicators: ["telecom.bts-stations"], from: "2024-02-01", to: "2024-01-01") { id } }"#, "to"),
        (
            r#"{ ranking(indicator: "services.full-online-rate", period: "2024-Q5", unitKinds: [CITY]) { rankedCount } }"#,
            "period",
        ),
        (
            r#"{ ranking(indicator: "services.full-online-rate", period: "2024-13", unitKinds: [CITY]) { rankedCount } }"#,
            "period",
        ),
        (
            r#"{ ranking(indicator: "services.full-online-rate", period: "2024", unitKinds: []) { rankedCount } }"#,
            "unitKinds",
        ),
        (r#"{ ranking(indicator: "x", period: "2024", unitKinds: [CITY]) { rankedCount } }"#, "indicator"),
        (r#"{ observations(first: 1001) { totalCount } }"#, "first"),
        (r#"{ observations(first: 0) { totalCount } }"#, "first"),
        (r#"{ observations(first: -2147483648) { totalCount } }"#, "first"),
        (r#"{ observations(first: 1, last: 1) { totalCount } }"#, "first"),
        (r#"{ observations(after: "???") { totalCount } }"#, "after"),
        (r#"{ observations(before: "bm9uc2Vuc2U") { totalCount } }"#, "before"),
        (r#"{ observations(filter: null) { totalCount } }"#, "filter"),
        (r#"{ observations(filter: { indicators: null }) { totalCount } }"#, "filter.indicators"),
        (r#"{ observations(filter: { indicators: ["nope"] }) { totalCount } }"#, "filter.indicators"),
        (r#"{ observations(filter: { or: [{}, { periods: ["2024-Q5"] }] }) { totalCount } }"#, "filter.or.1.periods"),
        (r#"{ observations(filter: { not: { valueFrom: "viel" } }) { totalCount } }"#, "filter.not.valueFrom"),
        (r#"{ observations(filter: { valueFrom: "2", valueTo: "1" }) { totalCount } }"#, "filter.valueTo"),
        (r#"{ observations(filter: { from: "2025-01-01", to: "2024-01-01" }) { totalCount } }"#, "filter.to"),
        (
            r#"{ observations(filter: { dimension: { dimension: "channel", values: ["pigeon"] } }) { totalCount } }"#,
            "filter.dimension",
        ),
        (r#"{ observations(filter: { belowUnit: "nowhere" }) { totalCount } }"#, "filter.belowUnit"),
        (r#"{ observations(filter: { documents: ["nothing"] }) { totalCount } }"#, "filter.documents"),
        (r#"{ availability(filter: { topics: ["nothing"] }) { observationCount } }"#, "filter.topics"),
        (r#"{ indicators(first: 101) { totalCount } }"#, "first"),
        (r#"{ indicators(codes: null) { totalCount } }"#, "codes"),
        (r#"{ units(at: "yesterday") { totalCount } }"#, "at"),
        (r#"{ unit(code: "19", at: "2024-1-1") { id } }"#, "at"),
        (r#"{ unit(code: "19@1997-01-01", at: "2024-01-01") { id } }"#, "at"),
        (r#"{ scorecard(resolution: "nothing") { entries { number } } }"#, "resolution"),
        (r#"{ search(query: "x", first: 1000) { code } }"#, "first"),
        (r#"{ node(id: "garbage") { id } }"#, "id"),
        (r#"{ node(id: "Tm90aGluZzp4") { id } }"#, "id"),
        (r#"{ nodes(ids: ["VW5pdDox", "%"]) { id } }"#, "ids"),
    ];
    for (query, argument) in cases {
        assert_eq!(app.refusal(query).await, ("BAD_INPUT".to_owned(), argument.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_or_order_is_refused() {
    let app = TestApp::start().await;
    let cursor = app.data("{ observations(first: 1, sort: VALUE_ASC) { pageInfo { endCursor } } }").await;
    let cursor = cursor["observations"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    let other_order = format!("{{ observations(after: \"{cursor}\", sort: PERIOD_ASC) {{ totalCount }} }}");
    assert_eq!(app.refusal(&other_order).await, ("BAD_INPUT".to_owned(), "after".to_owned()));
    let other_list = format!("{{ indicators(after: \"{cursor}\") {{ totalCount }} }}");
    assert_eq!(app.refusal(&other_list).await, ("BAD_INPUT".to_owned(), "after".to_owned()));
    let units = app.data("{ units(first: 1) { pageInfo { endCursor } } }").await;
    let units = units["units"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    assert_eq!(app.refusal(&format!("{{ systems(after: \"{units}\") {{ totalCount }} }}")).await.0, "BAD_INPUT");
}

#[tokio::test]
async fn what_the_schema_does_not_know_has_a_code_too() {
    let app = TestApp::start().await;
    for query in [
        "{ nothing }",
        "{ observations(sort: SIDEWAYS) { totalCount } }",
        "{ observations(first: \"many\") { totalCount } }",
        "{",
        "",
        "query A { serverInfo { name } } query B { serverInfo { name } }",
    ] {
        assert_eq!(app.refusal(query).await.0, "BAD_INPUT", "{query}");
    }
}

#[tokio::test]
async fn too_much_is_refused_with_the_name_of_the_limit() {
    let app = TestApp::start().await;
    let many: Vec<String> = (0..1_001).map(|_| "\"164\"".to_owned()).collect();
    let cases = [
        (format!("{{ observations(filter: {{ units: [{}] }}) {{ totalCount }} }}", many.join(" ")), "inputListLength"),
        ("{ observations(filter: { not: { not: { not: { not: { not: { not: { hasValue: true } } } } } } }) { totalCount } }".to_owned(), "filterDepth"),
        ("{ observations(first: 1000) { nodes { indicator { series(first: 1000) { points { value } } } } } }".to_owned(), "complexity"),
    ];
    for (query, limit) in cases {
        let answer = app.ask(&query).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(
            (extensions["code"].as_str(), extensions["limit"].as_str()),
            (Some("LIMIT_EXCEEDED"), Some(limit)),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn what_does_not_exist_is_null_without_an_error() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ report(code: "x") { id } document(code: "x") { id } indicator(code: "x") { id } unit(code: "x") { id } system(code: "x") { id }
                 topic(code: "x") { id } target(code: "x") { id } gone: unit(code: "164", at: "2026-01-01") { id }
                 scorecard(resolution: "06/CT-UBND") { entries { number } } node(id: "VW5pdDp4QA") { id } }"#,
        )
        .await;
    for (field, value) in data.as_object().expect("data") {
        assert!(value.is_null(), "{field}: {value}");
    }
}

#[tokio::test]
async fn a_generous_budget_still_bounds_the_points_of_series() {
    let app = TestApp::start_with(|config| config.graphql.complexity = usize::MAX).await;
    let answer = app.ask(r#"{ series(indicators: ["telecom.bts-stations"], first: 1000, last: 1000) { id } }"#).await;
    assert_eq!(answer["errors"][0]["extensions"]["limit"], "seriesPoints", "{answer}");
}

#[tokio::test]
async fn wrong_types_name_their_argument_too() {
    let app = TestApp::start().await;
    assert_eq!(
        app.refusal("{ observations(first: \"many\") { totalCount } }").await,
        ("BAD_INPUT".to_owned(), "first".to_owned())
    );
    let answer = app.ask("query Q($n: Int!) { observations(first: $n) { totalCount } }").await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
}
