//! From a push to publication, and back.

use serde_json::json;
use solieu::domain::account::Role;

use crate::support::TestApp;

const STATE: &str =
    "submission { code version state contentHash allowedActions release { number } } errors { code message path }";

#[tokio::test]
async fn figures_go_from_a_push_to_publication_by_three_people() {
    let app = TestApp::start().await;
    let editor = app.person("editor", &[Role::Editor], &["19"]).await;
    let reviewer = app.person("reviewer", &[Role::Reviewer], &[]).await;
    let publisher = app.person("publisher", &[Role::Publisher], &[]).await;
    let report = json!({ "code": "99/BC", "title": "Thử", "period": "2024", "unit": "19", "issuedOn": "2025-01-10" });
    let observations = json!([
        { "indicator": "dossiers.received", "unit": "164", "period": "2024", "value": "1234" },
        { "indicator": "dossiers.received", "unit": "165", "period": "2024", "value": "17" },
    ]);
    let input = json!({ "report": report, "observations": observations, "idempotencyKey": "one" });
    let pushed = editor.call("recordObservations", input.clone(), &format!("isRepeated {STATE}")).await;
    assert_eq!(pushed["errors"], json!([]), "{pushed}");
    let code = pushed["submission"]["code"].as_str().expect("a code").to_owned();
    assert_eq!(pushed["submission"]["state"], "DRAFT");

    let again = editor.call("recordObservations", input, &format!("isRepeated {STATE}")).await;
    assert_eq!((&again["isRepeated"], &again["submission"]["code"]), (&json!(true), &json!(code)));

    let step = json!({ "submission": code });
    let submitted = editor.call("submitReport", step.clone(), STATE).await;
    assert_eq!(submitted["submission"]["state"], "SUBMITTED", "{submitted}");
    let approved = reviewer.call("approveReport", step.clone(), STATE).await;
    assert_eq!(approved["submission"]["state"], "APPROVED", "{approved}");
    assert_eq!(approved["submission"]["allowedActions"], json!(["RETURN", "COMMENT"]));
    let published = publisher.call("publishReport", step, STATE).await;
    assert_eq!(published["submission"]["state"], "PUBLISHED", "{published}");
    assert_eq!(published["submission"]["release"]["number"], 3);

    let seen = app
        .data(r#"{ report(code: "99/BC") { title versions { number } } observations(filter: { documents: ["99/BC"] }) { nodes { value release { number } } } }"#)
        .await;
    assert_eq!(seen["report"]["versions"], json!([{ "number": 1 }]), "{seen}");
    let values: Vec<_> = seen["observations"]["nodes"].as_array().expect("nodes").iter().map(|n| &n["value"]).collect();
    assert_eq!(values.len(), 2);
    let before = app.data(r#"{ report(code: "99/BC", asOf: { release: 2 }) { title } }"#).await;
    assert!(before["report"].is_null());
}
