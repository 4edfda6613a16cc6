//! Topics and indicators.

use crate::support::TestApp;

#[tokio::test]
async fn the_topics_are_the_pillars_and_hold_every_indicator() {
    let app = TestApp::start().await;
    let data = app.data("{ topics { code name(lang: EN) children { code parent { code } } indicators(first: 1) { totalCount } } indicators { totalCount } }").await;
    let topics = data["topics"].as_array().expect("topics");
    assert_eq!(topics.len(), 8);
    let sum: i64 = topics.iter().filter_map(|t| t["indicators"]["totalCount"].as_i64()).sum();
    assert_eq!(data["indicators"]["totalCount"], sum);
    let government = topics.iter().find(|t| t["code"] == "government").expect("a pillar");
    assert_eq!(government["children"][0]["parent"]["code"], "government");
}

#[tokio::test]
async fn an_indicator_explains_itself() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ indicator(code: "services.full-online-rate") { name(lang: EN) definition definitionEn: definition(lang: EN) kind direction additiveOver unitOfMeasure { code symbol }
                 numerator { indicator { code } breakdown { key label(lang: EN) values { dimension value } } } denominator { breakdown { isTotal } } growthOf { indicator { code } }
                 systems { code } topic { code } }
                 growth: indicators(kinds: [CHANGE], first: 100) { nodes { code growthOf { indicator { code } } } } }"#,
        )
        .await;
    let indicator = &data["indicator"];
    assert_eq!((&indicator["kind"], &indicator["direction"]), (&"RATIO".into(), &"HIGHER".into()));
    assert_eq!(indicator["additiveOver"].as_array().map(Vec::len), Some(0), "a rate is never summed");
    assert_eq!(indicator["numerator"]["breakdown"]["key"], "channel=online");
    assert_eq!(indicator["denominator"]["breakdown"]["isTotal"], true);
    assert!(indicator["growthOf"].is_null());
    assert!(
        data["growth"]["nodes"]
            .as_array()
            .expect("indicators")
            .iter()
            .all(|i| i["growthOf"]["indicator"]["code"].is_string())
    );
}
