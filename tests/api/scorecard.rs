//! Targets: ratings as published, as computed, and where they part.

use serde_json::Value;

use crate::support::TestApp;

async fn entries(app: &TestApp) -> Vec<Value> {
    let data = app
        .data(
            r#"{ scorecard(resolution: "01-NQ/TU") { entries { number publishedRating publishedRatingAsPrinted computedRating agrees explanation(lang: EN)
                 parts { target { code value comparator level } result { value locator { table row } } computedRating explanation(lang: EN) } }
                 disagreements { number } report { code } } }"#,
        )
        .await;
    assert_eq!(data["scorecard"]["report"]["code"], "3872-BC/BCSD");
    let denied: Vec<i64> = data["scorecard"]["disagreements"]
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|e| e["number"].as_i64())
        .collect();
    assert_eq!(denied, [2, 11, 12]);
    data["scorecard"]["entries"].as_array().cloned().expect("entries")
}

#[tokio::test]
async fn fifteen_targets_stand_as_the_numbers_have_it() {
    let app = TestApp::start().await;
    let entries = entries(&app).await;
    assert_eq!(entries.len(), 15);
    // Number, published, computed, agrees; worked out by hand from Appendix I.
    let expected = [
        (1, "ACHIEVED", "ACHIEVED", Some(true)),
        (2, "ACHIEVED", "IN_PROGRESS", Some(false)),
        (3, "ACHIEVED", "ACHIEVED", Some(true)),
        (4, "ACHIEVED", "ACHIEVED", Some(true)),
        (5, "IN_PROGRESS", "IN_PROGRESS", Some(true)),
        (6, "ACHIEVED", "ACHIEVED", Some(true)),
        (7, "ACHIEVED", "NOT_ASSESSED", None),
        (8, "ACHIEVED", "ACHIEVED", Some(true)),
        (9, "NOT_ASSESSED", "NOT_ASSESSED", Some(true)),
        (10, "ACHIEVED", "ACHIEVED", Some(true)),
        (11, "ACHIEVED", "IN_PROGRESS", Some(false)),
        (12, "ACHIEVED", "IN_PROGRESS", Some(false)),
        (13, "ACHIEVED", "NOT_ASSESSED", None),
        (14, "ACHIEVED", "NOT_ASSESSED", None),
        (15, "ACHIEVED", "ACHIEVED", Some(true)),
    ];
    for (entry, (number, published, computed, agrees)) in entries.iter().zip(expected) {
        assert_eq!(entry["number"], number);
        assert_eq!(
            (&entry["publishedRating"], &entry["computedRating"]),
            (&published.into(), &computed.into()),
            "target {number}"
        );
        assert_eq!(entry["agrees"].as_bool(), agrees, "target {number}");
    }
}

#[tokio::test]
async fn a_disagreement_is_explained_by_its_parts() {
    let app = TestApp::start().await;
    let second = entries(&app).await.into_iter().nth(1).expect("target 2");
    let parts = second["parts"].as_array().expect("parts");
    let seen: Vec<(&str, &str, &str)> = parts
        .iter()
        .map(|p| {
            (
                p["target"]["level"].as_str().unwrap_or(""),
                p["result"]["value"].as_str().unwrap_or(""),
                p["computedRating"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [("PROVINCE", "90", "IN_PROGRESS"), ("DISTRICT", "65", "IN_PROGRESS"), ("COMMUNE", "40", "IN_PROGRESS")]
    );
    assert_eq!(
        parts[0]["explanation"],
        "The printed result 90 % (2024-01-01/P9M) does not meet the demand > 90 % (equal to a bound that must be exceeded)."
    );
    let why = second["explanation"].as_str().expect("an explanation");
    assert!(
        why.starts_with("The numbers deny the published rating.")
            && why.contains("65 % (2024-01-01/P9M) does not meet the demand > 80 %"),
        "{why}"
    );
}
