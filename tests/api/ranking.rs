//! League tables.

use crate::support::TestApp;

#[tokio::test]
async fn districts_are_ranked_with_their_parts() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ ranking(indicator: "services.full-online-rate", period: "2024-01-01/2024-09-03", unitKinds: [CITY, DISTRICT], belowUnit: "19") {
                 rankedCount entries { rank tied unit { code } observation { value numerator { value } denominator { value } } } unranked { reason } } }"#,
        )
        .await;
    let entries = data["ranking"]["entries"].as_array().expect("entries");
    let order: Vec<&str> = entries.iter().filter_map(|e| e["unit"]["code"].as_str()).collect();
    assert_eq!(order, ["167", "165", "170", "164", "168", "169", "172", "173", "171"]);
    assert_eq!(entries[0]["observation"]["numerator"]["value"], "5093");
    assert_eq!(entries[0]["observation"]["denominator"]["value"], "5104");
    assert_eq!(data["ranking"]["unranked"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn ties_share_a_place_and_nothing_over_nothing_has_none() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ ranking(indicator: "services.full-online-rate", period: "2024-01-01/2024-09-03", unitKinds: [DEPARTMENT, AGENCY], belowUnit: "19") {
                 entries { rank tied unit { code } observation { value } } unranked { unit { code } reason observation { asPrinted status } } } }"#,
        )
        .await;
    let entries = data["ranking"]["entries"].as_array().expect("entries");
    let first: Vec<_> = entries.iter().filter(|e| e["rank"] == 1).collect();
    assert_eq!(first.len(), 11);
    assert!(first.iter().all(|e| e["tied"] == 11 && e["observation"]["value"] == "100"));
    assert_eq!(entries[11]["rank"], 12, "the place after eleven first ones");
    let unranked = data["ranking"]["unranked"].as_array().expect("units");
    let nothing: Vec<&str> =
        unranked.iter().filter(|u| u["reason"] == "CANNOT_EXIST").filter_map(|u| u["unit"]["code"].as_str()).collect();
    assert_eq!(nothing, ["TN-TTT", "TN-BDT"]);
    assert_eq!(
        unranked.iter().find(|u| u["reason"] == "CANNOT_EXIST").map(|u| &u["observation"]["asPrinted"]),
        Some(&"0".into())
    );
}

#[tokio::test]
async fn units_without_a_figure_are_listed() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ indicator(code: "dossiers.received") { ranking(period: "2024-01-01/2024-09-03", unitKinds: [DEPARTMENT], belowUnit: "19") {
                 rankedCount unranked { unit { code } reason } } } }"#,
        )
        .await;
    let ranking = &data["indicator"]["ranking"];
    assert_eq!(ranking["rankedCount"], 0, "rows 1 to 17 of Appendix III are missing");
    assert!(ranking["unranked"].as_array().expect("units").iter().all(|u| u["reason"] == "NO_FIGURE"));
}
