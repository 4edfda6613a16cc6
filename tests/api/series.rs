//! Series: several at once, with gaps and breaks.

use crate::support::TestApp;

#[tokio::test]
async fn several_series_come_in_the_order_asked() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ series(indicators: ["services.full-online-rate", "dossiers.received"], units: ["172", "164"], breakdowns: [""], last: 5) {
                 indicator { code } unit { code } points { value } latest { value } } }"#,
        )
        .await;
    let keys: Vec<(String, String)> = data["series"]
        .as_array()
        .expect("series")
        .iter()
        .map(|s| {
            (
                s["indicator"]["code"].as_str().unwrap_or_default().to_owned(),
                s["unit"]["code"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("services.full-online-rate", "172"),
        ("services.full-online-rate", "164"),
        ("dossiers.received", "172"),
        ("dossiers.received", "164"),
    ];
    assert_eq!(keys, expected.map(|(i, u)| (i.to_owned(), u.to_owned())));
    assert_eq!(data["series"][1]["latest"]["value"], "98.14");
}

#[tokio::test]
async fn last_and_span_cut_the_points() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ all: series(indicators: ["telecom.bts-stations"]) { points { value } }
                 one: series(indicators: ["telecom.bts-stations"], last: 1) { points { value } }
                 old: series(indicators: ["telecom.bts-stations"], to: "2023-12-31") { points { value } }
                 none: series(indicators: []) { points { value } } }"#,
        )
        .await;
    assert_eq!(data["all"][0]["points"].as_array().map(Vec::len), Some(2));
    assert_eq!(data["one"][0]["points"][0]["value"], "1830");
    assert_eq!(data["old"][0]["points"][0]["value"], "1800");
    assert_eq!(data["none"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn breaks_are_explicit() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ series(indicators: ["dossiers.received"], units: ["19"], breakdowns: [""]) {
                 breaks { kind on before { code } after { code } event { code } explanation(lang: EN) } gaps { code } } }"#,
        )
        .await;
    let breaks = data["series"][0]["breaks"].as_array().expect("breaks");
    assert_eq!(breaks[0]["kind"], "PERIOD_SHAPE");
    assert_eq!(
        (&breaks[0]["before"]["code"], &breaks[0]["after"]["code"]),
        (&"2023-01-01/P8M".into(), &"2024-01-01/2024-09-03".into())
    );
    assert_eq!((&breaks[1]["kind"], &breaks[1]["on"]), (&"UNIT_EVENT".into(), &"2025-07-01".into()));
    assert!(breaks[1]["after"].is_null(), "the old province has no figures after it ended");
}

#[tokio::test]
async fn a_dashboard_is_one_round_trip() {
    let app = TestApp::start().await;
    let query = r#"{ series(
        indicators: ["services.full-online-rate", "services.full-online-dossiers", "dossiers.received", "dossiers.resolved", "dossiers.pending",
                     "telecom.bts-stations", "telecom.operators", "payment.accounts", "dossiers.on-time-rate", "inspections.digital-rate"]
        units: ["164", "165", "172", "173", "169", "168", "171", "170", "167"], first: 200, last: 12) {
          indicator { code } unit { code name } breakdown { key } points { period { code } number displayValue status } } }"#;
    let before = app.statements();
    let data = app.data(query).await;
    assert!(app.statements() - before <= 2, "{} statements", app.statements() - before);
    assert_eq!(data["series"].as_array().map(Vec::len), Some(9 * 15));
}
