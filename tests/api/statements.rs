//! The number of statements does not grow with the number of parents.

use crate::support::TestApp;

/// Statements of one request; the first request after the start is not counted.
async fn statements(app: &TestApp, query: &str) -> u64 {
    app.data("{ serverInfo { name } }").await;
    let before = app.statements();
    app.data(query).await;
    app.statements() - before
}

/// Queries with a placeholder for the number of parents, and the most statements that they may take: one to
/// learn the newest release, then one for each kind of question.
const QUERIES: &[(&str, u64)] = &[
    ("{ indicators(first: N) { nodes { series(first: 2, last: 2) { points { value } } } } }", 2),
    ("{ indicators(first: N) { nodes { observations(first: 2) { totalCount nodes { value } } } } }", 3),
    (
        "{ indicators(first: N) { nodes { topic { name } owner { name } systems(first: 2) { name } targets(first: 2) { name } } } }",
        1,
    ),
    ("{ units(first: N) { nodes { latestFigures(first: 2) { value } } } }", 2),
    (
        "{ units(first: N) { nodes { observations(first: 2) { nodes { value } } latest(indicator: \"dossiers.received\") { value } } } }",
        3,
    ),
    (
        "{ units(first: N) { nodes { parent { name } children(first: 2) { nodes { name } } events(first: 2) { name } } } }",
        1,
    ),
    (
        "{ documents(first: N) { nodes { observations(first: 2) { totalCount nodes { value } } sections(first: 5) { observations(first: 2) { nodes { value } } } } } }",
        4,
    ),
    ("{ observations(first: N) { nodes { numerator { value } denominator { value } } } }", 3),
    ("{ observations(first: N) { nodes { alternatives { value } } } }", 3),
    (
        "{ observations(first: N) { nodes { changeOnYear { reason } changeOnPeriod { reason } impliedBase { value } } } }",
        3,
    ),
    (
        "{ observations(first: N) { nodes { indicator { name } unit { name } document { title } report { title } release { number } locator { text } citation } } }",
        2,
    ),
    (
        "{ observations(first: N) { nodes { targets { assessments(first: 2) { computedRating explanation result { value } entry { agrees computedRating } } } } } }",
        3,
    ),
    (
        "{ scorecard(resolution: \"01-NQ/TU\") { entries(first: N) { computedRating agrees explanation parts { computedRating result { value } } } disagreements { number } counts { computed } } }",
        3,
    ),
    (
        "{ report(code: \"3872-BC/BCSD\") { appendix(code: \"II\") { rows(first: N) { cells { observations { value } } } } } }",
        2,
    ),
    ("{ report(code: \"3872-BC/BCSD\") { headlines(first: N) { value changeOnYear { reason } } } }", 3),
    ("{ systems(first: N) { nodes { indicators(first: 5) { series(first: 2, last: 1) { latest { value } } } } } }", 2),
    (
        "{ indicators(first: N) { nodes { ranking(period: \"2024-01-01/2024-09-03\", unitKinds: [CITY]) { entries(first: 3) { rank observation { numerator { value } } } } } } }",
        4,
    ),
];

#[tokio::test]
async fn one_and_many_parents_take_the_same_number() {
    let app = TestApp::start_with(|config| config.graphql.complexity = 1_000_000).await;
    for (query, most) in QUERIES {
        let one = statements(&app, &query.replace("first: N", "first: 1")).await;
        let many = statements(&app, &query.replace("first: N", "first: 50")).await;
        assert!(one <= many && many <= *most, "{one} for 1, {many} for 50, {most} allowed: {query}");
    }
}

#[tokio::test]
async fn many_ids_and_many_root_fields_are_batched() {
    let app = TestApp::start().await;
    let data = app.data(r#"{ series(indicators: ["work-files.online-rate", "services.full-online-rate"]) { id } observations(first: 30) { nodes { id } } }"#).await;
    let ids = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().expect("a list").iter().map(|item| item["id"].to_string()).collect()
    };
    let (series, figures) = (ids(&data["series"]), ids(&data["observations"]["nodes"]));
    assert!(series.len() > 20);
    for (list, most) in [(series, 2), (figures, 2)] {
        let found = statements(&app, &format!("{{ nodes(ids: [{}]) {{ id }} }}", list.join(" "))).await;
        assert!(found <= most, "{found} statements for {} ids", list.len());
    }
    let units: String = ["164", "165", "172", "173", "169"]
        .iter()
        .map(|c| format!("u{c}: unit(code: \"{c}\") {{ latest(indicator: \"dossiers.received\") {{ value }} }} "))
        .collect();
    let found = statements(&app, &format!("{{ {units} }}")).await;
    assert!(found <= 2, "{found} statements for five units");
}
