//! Information systems.

use crate::support::TestApp;

#[tokio::test]
async fn a_system_has_an_owner_a_purpose_and_figures() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ systems(first: 100) { totalCount nodes { code purpose purposeEn: purpose(lang: EN) mentions { document { code } locator { text } } } }
                 lgsp: system(code: "lgsp") { name owner { code } indicators { code series(last: 1) { latest { value qualifier decimals displayValue } } } }
                 unit(code: "TN-STTTT") { systems { code } } }"#,
        )
        .await;
    let systems = data["systems"]["nodes"].as_array().expect("systems");
    assert!(systems.len() >= 75, "{}", systems.len());
    assert!(systems.iter().all(|s| s["mentions"].as_array().is_some_and(|m| !m.is_empty())));
    let latest = &data["lgsp"]["indicators"][0]["series"][0]["latest"];
    assert_eq!(
        (&latest["value"], &latest["qualifier"], &latest["decimals"]),
        (&"5900000".into(), &"AT_LEAST".into(), &(-5).into())
    );
    assert!(latest["displayValue"].as_str().is_some_and(|text| text.starts_with("hơn 5,9 triệu")));
}
