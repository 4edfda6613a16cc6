//! Search, with and without diacritics.

use crate::support::TestApp;

async fn codes(app: &TestApp, query: &str, kinds: &str) -> Vec<String> {
    let data = app.data(&format!("{{ search(query: \"{query}\" {kinds}) {{ code }} }}")).await;
    data["search"].as_array().expect("hits").iter().filter_map(|h| h["code"].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn diacritics_may_be_left_out() {
    let app = TestApp::start().await;
    let plain = codes(&app, "thu tuc hanh chinh", "").await;
    assert!(plain.iter().any(|c| c == "dossier-system"), "{plain:?}");
    assert!(!codes(&app, "dien tu", "kinds: [INDICATOR]").await.is_empty());
    assert!(codes(&app, "Đại Từ", "kinds: [UNIT]").await.iter().any(|c| c == "171@"));
    assert!(codes(&app, "dai tu", "kinds: [UNIT]").await.iter().any(|c| c == "171@"));
}

#[tokio::test]
async fn codes_aliases_numbers_and_beginnings_are_found() {
    let app = TestApp::start().await;
    assert_eq!(codes(&app, "01-NQ/TU", "kinds: [DOCUMENT]").await.first().map(String::as_str), Some("01-NQ/TU"));
    assert!(codes(&app, "STTTT", "").await.iter().any(|c| c.starts_with("TN-STTTT")));
    assert!(codes(&app, "Sở TT&TT", "kinds: [UNIT]").await.iter().any(|c| c.starts_with("TN-STTTT")));
    assert!(codes(&app, "smartph", "kinds: [INDICATOR]").await.iter().any(|c| c == "telecom.adult-smartphone-rate"));
}

#[tokio::test]
async fn nothing_odd_breaks_it() {
    let app = TestApp::start().await;
    for query in ["", "   ", "!!!", "(((", "a AND NOT", "*", "name:", "💧", "zzzzzz"] {
        let hits = codes(&app, query, "").await;
        assert!(hits.len() <= 20, "{query}");
    }
    assert!(codes(&app, "zzzzzz", "").await.is_empty());
    assert!(codes(&app, "dien tu", "kinds: []").await.is_empty());
}

#[tokio::test]
async fn a_hit_leads_to_the_thing_itself() {
    let app = TestApp::start().await;
    let data = app.data(r#"{ search(query: "LGSP", first: 1) { kind code subject { __typename ... on System { code owner { code } } } } }"#).await;
    assert_eq!(data["search"][0]["subject"]["__typename"], "System");
    assert_eq!(data["search"][0]["subject"]["code"], "lgsp");
}

#[tokio::test]
async fn a_whole_name_comes_first_and_joints_may_be_left_out() {
    let app = TestApp::start().await;
    assert_eq!(codes(&app, "Sở Tài chính", "").await.first().map(|c| c.starts_with("TN-STC")), Some(true));
    assert_eq!(codes(&app, "so tai chinh", "").await.first().map(|c| c.starts_with("TN-STC")), Some(true));
    assert_eq!(codes(&app, "Sở TTTT", "").await.first().map(String::as_str), Some("TN-STTTT@"));
}
