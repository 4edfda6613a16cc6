//! Reports, their sections and appendices.

use crate::support::TestApp;

#[tokio::test]
async fn an_appendix_stands_as_printed() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ report(code: "3872-BC/BCSD") { appendices { code columns { number } rows { number } }
                 appendix(code: "II") { title columns { number label quantity { indicator { code } breakdown { key } } }
                   rows { number label unit { code } cells { column text observations { value asPrinted } } } }
                 third: appendix(code: "III") { note(lang: EN) columns { group(lang: EN) label(lang: EN) } rows { number }
                   completeness { expected received missing missingUnits(first: 3) { code } } } } }"#,
        )
        .await;
    let report = &data["report"];
    let sizes: Vec<(usize, usize)> = report["appendices"]
        .as_array()
        .expect("tables")
        .iter()
        .map(|t| (t["rows"].as_array().map_or(0, Vec::len), t["columns"].as_array().map_or(0, Vec::len)))
        .collect();
    assert_eq!(sizes, [(15, 2), (29, 4), (12, 11)]);
    let fourth = &report["appendix"]["rows"][3];
    assert_eq!(
        (&fourth["label"], &fourth["unit"]["code"]),
        (&"Sở Tài Nguyên và Môi trường".into(), &"TN-STNMT".into())
    );
    assert_eq!(
        (&fourth["cells"][0]["text"], &fourth["cells"][0]["observations"][0]["value"]),
        (&"46.821".into(), &"46821".into())
    );
    assert_eq!(report["appendix"]["rows"][8]["cells"][2]["text"], "1022", "as printed, without a dot");
    assert_eq!(report["third"]["columns"][5]["group"], "Dossiers resolved");
    assert_eq!(
        (&report["third"]["completeness"]["expected"], &report["third"]["completeness"]["received"]),
        (&28.into(), &11.into())
    );
    assert_eq!(report["third"]["completeness"]["missingUnits"][0]["code"], "TN-SNV");
}

#[tokio::test]
async fn cells_of_the_target_table_hold_words_and_figures() {
    let app = TestApp::start().await;
    let data = app.data(r#"{ report(code: "3872-BC/BCSD") { appendix(code: "I") { rows { number label cells { text observations { value } } } } } }"#).await;
    let rows = data["report"]["appendix"]["rows"].as_array().expect("rows");
    let second: Vec<&str> = rows[1]["cells"][0]["observations"]
        .as_array()
        .expect("figures")
        .iter()
        .filter_map(|o| o["value"].as_str())
        .collect();
    assert_eq!(second, ["90", "65", "40"]);
    assert_eq!(rows[1]["cells"][1]["text"], "Đạt");
}

#[tokio::test]
async fn sections_hold_their_figures() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ report(code: "3872-BC/BCSD") { period { code shape } versions { number release { number publishedAt } } document { issuer { code } }
                 sections(first: 200) { code parent { code } children { code } observations(first: 1) { totalCount } } } }"#,
        )
        .await;
    let sections = data["report"]["sections"].as_array().expect("sections");
    let of = |code: &str| sections.iter().find(|s| s["code"] == code).unwrap_or_else(|| panic!("no section {code}"));
    assert_eq!(of("II.3.5.c")["parent"]["code"], "II.3.5");
    assert_eq!(of("II.3.5.c")["observations"]["totalCount"], 3);
    assert_eq!(of("IV")["observations"]["totalCount"], 0);
    assert_eq!(
        (&data["report"]["period"]["code"], &data["report"]["period"]["shape"]),
        (&"2024-01-01/P9M".into(), &"MONTHS".into())
    );
    assert_eq!(data["report"]["versions"][0]["release"]["number"], 2);
}

#[tokio::test]
async fn the_newest_report_opens_a_portal() {
    let app = TestApp::start().await;
    let data = app.data("{ reports(first: 1) { totalCount nodes { code headlines { value locator { text } } completeness { expected missing } } } releases { nodes { number document { code } } } }").await;
    let report = &data["reports"]["nodes"][0];
    assert_eq!(report["headlines"].as_array().map(Vec::len), Some(12));
    assert_eq!((&report["completeness"]["expected"], &report["completeness"]["missing"]), (&28.into(), &17.into()));
    assert_eq!(data["releases"]["nodes"][0]["number"], 2);
}
