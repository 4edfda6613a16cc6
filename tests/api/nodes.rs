//! Global ids.

use serde_json::Value;

use crate::support::TestApp;

#[tokio::test]
async fn everything_with_an_id_is_found_by_it() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ reports { nodes { id } } documents(first: 1) { nodes { id } } indicators(first: 1) { nodes { id } } units(first: 1) { nodes { id } }
                 systems(first: 1) { nodes { id } } topics { id } targets(first: 1) { nodes { id } } releases { nodes { id } } observations(first: 1) { nodes { id } }
                 series(indicators: ["work-files.online-rate"], first: 1) { id } unit(code: "164") { events { id } } }"#,
        )
        .await;
    let mut ids = Vec::new();
    collect(&data, &mut ids);
    assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len(), "ids are unique");
    let list: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    let found = app.data(&format!("{{ nodes(ids: [{}]) {{ __typename id }} }}", list.join(","))).await;
    let back: Vec<&str> = found["nodes"].as_array().expect("nodes").iter().filter_map(|n| n["id"].as_str()).collect();
    assert_eq!(back, ids);
    let types: std::collections::HashSet<&str> =
        found["nodes"].as_array().expect("nodes").iter().filter_map(|n| n["__typename"].as_str()).collect();
    assert_eq!(types.len(), 11, "{types:?}");
}

fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|v| collect(v, ids));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, ids)),
        _ => {}
    }
}

#[tokio::test]
async fn ids_are_the_same_in_another_database() {
    let (a, b) = (TestApp::start().await, TestApp::start().await);
    let query = "{ observations(first: 5, sort: PLACE_ASC) { nodes { id } } }";
    assert_eq!(a.data(query).await, b.data(query).await);
}
