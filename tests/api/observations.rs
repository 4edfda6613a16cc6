//! Lists of figures: filters, orders, pages.

use std::collections::HashSet;

use serde_json::Value;

use crate::support::TestApp;

async fn count(app: &TestApp, filter: &str) -> i64 {
    let data = app.data(&format!("{{ observations(first: 1, filter: {filter}) {{ totalCount }} }}")).await;
    data["observations"]["totalCount"].as_i64().expect("a count")
}

async fn all_pages(app: &TestApp, sort: &str, forwards: bool) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = match forwards {
            true => {
                format!("first: 47 {}", if cursor.is_empty() { String::new() } else { format!("after: \"{cursor}\"") })
            }
            false => {
                format!("last: 47 {}", if cursor.is_empty() { String::new() } else { format!("before: \"{cursor}\"") })
            }
        };
        let query = format!(
            "{{ observations({page} sort: {sort} filter: {{ documents: [\"3872-BC/BCSD\"] }}) {{
                nodes {{ id value number period {{ end }} unit {{ code }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let answer = app.data(&query).await["observations"].take();
        let mut nodes = answer["nodes"].as_array().cloned().expect("nodes");
        let info = &answer["pageInfo"];
        let (more, next) = match forwards {
            true => (info["hasNextPage"] == true, info["endCursor"].as_str()),
            false => (info["hasPreviousPage"] == true, info["startCursor"].as_str()),
        };
        cursor = next.unwrap_or_default().to_owned();
        match forwards {
            true => found.append(&mut nodes),
            false => {
                nodes.append(&mut found);
                found = nodes;
            }
        }
        if !more {
            return found;
        }
    }
}

#[tokio::test]
async fn pages_give_every_figure_once_in_order_in_both_directions() {
    let app = TestApp::start().await;
    let total = count(&app, r#"{ documents: ["3872-BC/BCSD"] }"#).await as usize;
    assert!(total > 500, "{total}");
    for sort in ["PERIOD_ASC", "PERIOD_DESC", "UNIT_ASC", "UNIT_DESC", "VALUE_ASC", "VALUE_DESC", "PLACE_ASC"] {
        let forwards = all_pages(&app, sort, true).await;
        let ids: HashSet<String> = forwards.iter().map(|o| o["id"].to_string()).collect();
        assert_eq!((forwards.len(), ids.len()), (total, total), "{sort}");
        assert_eq!(forwards, all_pages(&app, sort, false).await, "{sort} backwards");
        let in_order = |a: &Value, b: &Value| match sort {
            "PERIOD_ASC" => a["period"]["end"].as_str() <= b["period"]["end"].as_str(),
            "PERIOD_DESC" => a["period"]["end"].as_str() >= b["period"]["end"].as_str(),
            "UNIT_ASC" => a["unit"]["code"].as_str() <= b["unit"]["code"].as_str(),
            "UNIT_DESC" => a["unit"]["code"].as_str() >= b["unit"]["code"].as_str(),
            "VALUE_ASC" => b["number"].is_null() || a["number"].as_f64() <= b["number"].as_f64(),
            "VALUE_DESC" => b["number"].is_null() || a["number"].as_f64() >= b["number"].as_f64(),
            _ => true,
        };
        assert!(forwards.windows(2).all(|pair| in_order(&pair[0], &pair[1])), "{sort}");
    }
}

#[tokio::test]
async fn conditions_join_as_logic_says() {
    let app = TestApp::start().await;
    let all = count(&app, "{}").await;
    let a = count(&app, r#"{ indicators: ["dossiers.received"] }"#).await;
    let b = count(&app, r#"{ qualifiers: [AT_LEAST] }"#).await;
    let both = count(&app, r#"{ indicators: ["dossiers.received"], qualifiers: [AT_LEAST] }"#).await;
    let either = count(&app, r#"{ or: [{ indicators: ["dossiers.received"] }, { qualifiers: [AT_LEAST] }] }"#).await;
    assert!(a > 0 && b > 0 && both > 0);
    assert_eq!(either, a + b - both);
    assert_eq!(
        count(&app, r#"{ and: [{ indicators: ["dossiers.received"] }, { qualifiers: [AT_LEAST] }] }"#).await,
        both
    );
    assert_eq!(count(&app, r#"{ not: { indicators: ["dossiers.received"] } }"#).await, all - a);
    assert_eq!(
        count(&app, r#"{ not: { or: [{ indicators: ["dossiers.received"] }, { qualifiers: [AT_LEAST] }] } }"#).await,
        all - either
    );
    assert_eq!(count(&app, "{ and: [] }").await, all, "no condition");
    assert_eq!(count(&app, "{ or: [] }").await, 0, "none of nothing");
    assert_eq!(count(&app, "{ indicators: [] }").await, 0, "an empty list matches nothing");
    assert_eq!(count(&app, "{ periods: [] }").await, 0);
}

#[tokio::test]
async fn negation_keeps_figures_without_value_or_place() {
    let app = TestApp::start().await;
    let all = count(&app, "{}").await;
    for filter in [
        r#"valueFrom: "100""#,
        r#"valueTo: "100""#,
        r#"section: "II.3""#,
        "footnote: 13",
        r#"table: "II""#,
        "hasValue: true",
        "isPreferred: true",
    ] {
        let yes = count(&app, &format!("{{ {filter} }}")).await;
        let no = count(&app, &format!("{{ not: {{ {filter} }} }}")).await;
        assert!(yes > 0, "{filter}");
        assert_eq!(yes + no, all, "{filter}");
    }
}

#[tokio::test]
async fn each_filter_narrows_to_what_it_names() {
    let app = TestApp::start().await;
    assert_eq!(count(&app, r#"{ table: "II" }"#).await, 29 * 4);
    assert_eq!(count(&app, r#"{ table: "III" }"#).await, 12 * 11);
    assert_eq!(count(&app, r#"{ footnote: 13 }"#).await, 12);
    assert_eq!(count(&app, r#"{ table: "III", unitKinds: [CITY] }"#).await, 3 * 11);
    assert_eq!(count(&app, r#"{ table: "II", belowUnit: "19" }"#).await, 28 * 4);
    assert_eq!(
        count(&app, r#"{ table: "III", dimension: { dimension: "timeliness", values: ["overdue"] } }"#).await,
        12 * 2
    );
    assert_eq!(
        count(&app, r#"{ table: "III", breakdowns: ["timeliness=overdue"], accumulations: [AS_OF] }"#).await,
        12
    );
    assert_eq!(count(&app, r#"{ units: ["164"] }"#).await, count(&app, r#"{ units: ["164@"] }"#).await);
    assert_eq!(count(&app, r#"{ periods: ["2024-01-01/2024-09-03"], table: "II" }"#).await, 116);
    assert_eq!(count(&app, r#"{ section: "II.3.5" }"#).await, count(&app, r#"{ or: [{ section: "II.3.5.a" }, { section: "II.3.5.b" }, { section: "II.3.5.c" }, { section: "II.3.5.d" }, { section: "II.3.5.đ" }] }"#).await);
    assert_eq!(count(&app, r#"{ section: "II.%" }"#).await, 0, "no pattern slips in");
    assert_eq!(count(&app, r#"{ from: "2024-01-01", documents: ["article-2023"] }"#).await, 0);
    assert_eq!(
        count(&app, r#"{ topics: ["society.health"] }"#).await,
        count(&app, r#"{ topics: ["society.health", "society.health"] }"#).await
    );
    assert!(count(&app, r#"{ topics: ["society"] }"#).await > count(&app, r#"{ topics: ["society.health"] }"#).await);
}

#[tokio::test]
async fn sections_are_codes_and_no_patterns() {
    let app = TestApp::start().await;
    assert!(count(&app, r#"{ section: "II.3" }"#).await > 200);
    for section in ["ii.3", "II.3%", "II_3", "II.3.", "", "II."] {
        assert_eq!(count(&app, &format!(r#"{{ section: "{section}" }}"#)).await, 0, "{section}");
    }
}
