//! What there is.

use crate::support::TestApp;

#[tokio::test]
async fn counts_agree_with_the_lists() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ availability(filter: { table: "III" }) { observationCount seriesCount units(first: 100) { unit { code } count } periods { period { code } count }
                 breakdowns { count } indicators { indicator { code } count } }
                 nothing: availability(filter: { indicators: [] }) { observationCount seriesCount units { count } }
                 all: availability { observationCount } observations(first: 1) { totalCount } }"#,
        )
        .await;
    let there = &data["availability"];
    assert_eq!((&there["observationCount"], &there["seriesCount"]), (&132.into(), &132.into()));
    for axis in ["units", "periods", "breakdowns", "indicators"] {
        let sum: i64 = there[axis].as_array().expect(axis).iter().filter_map(|f| f["count"].as_i64()).sum();
        assert_eq!(sum, 132, "{axis}");
    }
    assert_eq!(there["units"].as_array().map(Vec::len), Some(12));
    assert_eq!(data["nothing"]["observationCount"], 0);
    assert_eq!(data["all"]["observationCount"], data["observations"]["totalCount"]);
}
