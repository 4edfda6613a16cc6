//! Units and their history.

use crate::support::TestApp;

#[tokio::test]
async fn a_code_has_one_bearer_a_day() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ a: unit(code: "05569", at: "2024-11-30") { name kind otherVersions { name } } b: unit(code: "05569", at: "2024-12-01") { name kind }
                 c: unit(code: "05569", at: "2025-07-01") { name kind } d: unit(code: "05569") { key } }"#,
        )
        .await;
    assert_eq!(data["a"]["name"], "Xã Bảo Cường");
    assert_eq!((&data["b"]["name"], &data["b"]["kind"]), (&"Thị trấn Chợ Chu".into(), &"TOWNSHIP".into()));
    assert_eq!(data["c"]["name"], "Xã Định Hóa");
    assert_eq!(data["d"]["key"], "05569@2025-07-01");
    assert_eq!(data["a"]["otherVersions"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn the_province_is_two_territories() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ before: unit(code: "19", at: "2025-06-30") { key successors { key } children(kinds: [CITY, DISTRICT]) { totalCount } }
                 after: unit(code: "19", at: "2025-07-01") { key predecessors { code } children(kinds: [COMMUNE, WARD]) { totalCount }
                   identifiers { scheme value } events { kind effectiveOn legalBasis { code } } }
                 bacKan: unit(code: "06") { validTo successors { key } } }"#,
        )
        .await;
    assert_eq!(data["before"]["children"]["totalCount"], 9);
    assert_eq!(data["before"]["successors"][0]["key"], "19@2025-07-01");
    assert_eq!(data["after"]["children"]["totalCount"], 92);
    assert_eq!(data["after"]["events"][0]["kind"], "MERGED");
    assert_eq!(data["after"]["events"][0]["legalBasis"]["code"], "202/2025/QH15");
    assert_eq!(
        (&data["bacKan"]["validTo"], &data["bacKan"]["successors"][0]["key"]),
        (&"2025-06-30".into(), &"19@2025-07-01".into())
    );
}

#[tokio::test]
async fn districts_and_departments_lead_to_what_became_of_them() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ district: unit(code: "164") { validTo successors { code } events { kind links(first: 1) { extent share } } }
                 department: unit(code: "TN-STTTT") { successors { code } } merged: unit(code: "TN-STC-25A") { predecessors { code } } }"#,
        )
        .await;
    assert_eq!(data["district"]["successors"].as_array().map(Vec::len), Some(8));
    assert_eq!(data["district"]["events"][0]["kind"], "ABOLISHED");
    assert_eq!(data["district"]["events"][0]["links"][0]["extent"], "PARTIAL");
    assert!(data["district"]["events"][0]["links"][0]["share"].is_null(), "no official share is known");
    let successors = data["department"]["successors"].as_array().expect("units");
    assert!(successors.iter().any(|u| u["code"] == "TN-SKHCN-25A"), "{successors:?}");
    let mut merged: Vec<&str> =
        data["merged"]["predecessors"].as_array().expect("units").iter().filter_map(|u| u["code"].as_str()).collect();
    merged.sort_unstable();
    assert_eq!(merged, ["TN-SKHDT", "TN-STC"]);
}

#[tokio::test]
async fn lists_of_units_can_be_narrowed() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ districts: units(kinds: [CITY, DISTRICT], at: "2024-09-20", belowUnit: "19", first: 100) { totalCount nodes { code } }
                 communes: units(kinds: [COMMUNE, WARD, TOWNSHIP], at: "2026-01-01") { totalCount }
                 none: units(kinds: []) { totalCount } }"#,
        )
        .await;
    assert_eq!(data["districts"]["totalCount"], 9);
    assert_eq!(data["communes"]["totalCount"], 92);
    assert_eq!(data["none"]["totalCount"], 0);
}

#[tokio::test]
async fn latest_figures_are_the_newest_of_each_series() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ unit(code: "19", at: "2024-01-01") { latestFigures(first: 200, topics: ["infrastructure"]) { indicator { code } period { end } } 
                 none: latestFigures(topics: []) { id } } }"#,
        )
        .await;
    let figures = data["unit"]["latestFigures"].as_array().expect("figures");
    let stations: Vec<_> = figures.iter().filter(|o| o["indicator"]["code"] == "telecom.bts-stations").collect();
    assert_eq!(stations.len(), 1);
    assert_eq!(stations[0]["period"]["end"], "2024-09-30");
    assert!(figures.windows(2).all(|p| p[0]["period"]["end"].as_str() >= p[1]["period"]["end"].as_str()));
    assert_eq!(data["unit"]["none"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn the_first_latest_figure_is_the_newest_of_all() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ unit(code: "19", at: "2024-09-20") { one: latestFigures(first: 1) { period { end } } all: latestFigures(first: 200) { period { end } } }
                 units(first: 100, kinds: [PROVINCE, CITY, DISTRICT]) { nodes { latestFigures(first: 2) { unit { key } } key } } }"#,
        )
        .await;
    assert_eq!(data["unit"]["one"][0]["period"]["end"], data["unit"]["all"][0]["period"]["end"]);
    assert_eq!(data["unit"]["one"][0]["period"]["end"], "2024-09-30", "the goals for 2025 are no figures yet");
    for unit in data["units"]["nodes"].as_array().expect("units") {
        let figures = unit["latestFigures"].as_array().expect("figures");
        assert!(figures.len() <= 2 && figures.iter().all(|o| o["unit"]["key"] == unit["key"]));
    }
}

#[tokio::test]
async fn latest_and_ranking_answer_with_the_same_figure() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ unit(code: "19", at: "2024-09-20") { latest(indicator: "citizen-app.accounts") { value accumulation }
                   year: latest(indicator: "citizen-app.accounts", accumulation: YEAR_TO_DATE) { value } none: latest(indicator: "citizen-app.accounts", accumulation: IN_PERIOD) { value } }
                 ranking(indicator: "citizen-app.accounts", period: "2024-01-01/P9M", unitKinds: [PROVINCE]) { entries { observation { value } } }
                 year: ranking(indicator: "citizen-app.accounts", period: "2024-01-01/P9M", unitKinds: [PROVINCE], accumulation: YEAR_TO_DATE) { entries { observation { value } } } }"#,
        )
        .await;
    assert_eq!(
        (&data["unit"]["latest"]["value"], &data["unit"]["latest"]["accumulation"]),
        (&"107760".into(), &"CUMULATIVE".into())
    );
    assert_eq!(data["ranking"]["entries"][0]["observation"]["value"], "107760");
    assert_eq!(data["unit"]["year"]["value"], "1332");
    assert_eq!(data["year"]["entries"][0]["observation"]["value"], "1332");
    assert!(data["unit"]["none"].is_null());
}
