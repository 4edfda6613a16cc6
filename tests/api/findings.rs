//! Validation rules and what they find in the shipped documents: the contradictions that are there, and no other.

use std::collections::BTreeMap;

use crate::support::TestApp;

#[tokio::test]
async fn the_known_contradictions_are_found_and_nothing_else() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ report(code: "3872-BC/BCSD") { findings(first: 500) { code rule { code } expected actual difference message(lang: EN) observations { uid: id locator { text(lang: EN) } } } }
                 article: document(code: "article-2023") { findings { code } } }"#,
        )
        .await;
    let findings = data["report"]["findings"].as_array().expect("findings");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding["rule"]["code"].as_str().expect("a rule")).or_default() += 1;
    }
    // Read off the documents by hand: footnote 13, the museum, nine rows of eleven and their total, three ratios
    // that were cut or misprinted, 221/222 facilities, 475.412/475.414 dossiers, targets 2, 11 and 12, two appendices
    // of another day, and the two columns that the nine rows and their total come from.
    let expected = [
        ("civil-events-by-kind", 1),
        ("dates-agree", 2),
        ("intake-columns-match", 1),
        ("museum-items-by-kind", 1),
        ("online-intake-covers-online-services", 10),
        ("printings-agree", 2),
        ("rating-agrees", 3),
        ("ratio-holds", 3),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    assert_eq!(data["article"]["findings"].as_array().map(Vec::len), Some(0));
    let civil = &findings[0];
    assert_eq!(
        (&civil["expected"], &civil["actual"], &civil["difference"]),
        (&"22500".into(), &"22719".into(), &"219".into())
    );
    assert_eq!(civil["observations"].as_array().map(Vec::len), Some(13), "the total and its twelve kinds");
    assert_eq!(civil["observations"][0]["locator"]["text"], "section II.3.5.b");
    assert_eq!(civil["observations"][1]["locator"]["text"], "section II.3.5.b, footnote 13");
    let last: Vec<(&str, &str, usize)> = findings[20..]
        .iter()
        .map(|f| {
            let text = |field: &str| f[field].as_str().expect("a text");
            (text("code"), text("message"), f["observations"].as_array().map_or(0, Vec::len))
        })
        .collect();
    let expected = [
        ("dates-agree:I", "Appendix I is dated 10 September 2024, the document itself 20 September 2024.", 0),
        ("dates-agree:II", "Appendix II is dated 10 September 2024, the document itself 20 September 2024.", 0),
        (
            "intake-columns-match:III",
            "Appendix III: columns 2 (In person or by public post) and 3 (Online) look swapped. In 10 of 12 rows, \
             Dossiers of fully online public services (Online) is more than Administrative dossiers received (Online); \
             with the columns exchanged it is in none.",
            10,
        ),
    ];
    assert_eq!(last, expected);
    let swapped = &findings[22]["observations"];
    assert_eq!(swapped[0]["locator"]["text"], "Appendix III, row 19, column 3");
    assert_eq!(swapped[9]["locator"]["text"], "Appendix III, total row, column 3");
    let codes: std::collections::HashSet<&str> = findings.iter().filter_map(|f| f["code"].as_str()).collect();
    assert_eq!(codes.len(), findings.len(), "codes are unique");
}

#[tokio::test]
async fn rules_are_listed_and_findings_filtered() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ rules(first: 100) { totalCount nodes { code severity check name(lang: EN) explanation findingCount threshold quantity { indicator { code } } parts { breakdown { key } } } }
                 report(code: "3872-BC/BCSD") { errors: findings(severity: ERROR) { code } warnings: findings(severity: WARNING, first: 500) { code } two: findings(first: 2) { code } }
                 before: document(code: "3872-BC/BCSD", asOf: { release: 1 }) { findings { code } } }"#,
        )
        .await;
    let rules = data["rules"]["nodes"].as_array().expect("rules");
    assert_eq!(data["rules"]["totalCount"], rules.len());
    let balance = rules.iter().find(|r| r["check"] == "BALANCE").expect("a balance");
    assert_eq!(
        (&balance["quantity"]["indicator"]["code"], &balance["findingCount"]),
        (&"dossiers.received".into(), &0.into())
    );
    let jump = rules.iter().find(|r| r["check"] == "JUMP").expect("a jump");
    assert_eq!((&jump["threshold"], &balance["threshold"]), (&"10".into(), &serde_json::Value::Null));
    let count = |field: &str| data["report"][field].as_array().map(Vec::len);
    assert_eq!((count("errors"), count("warnings"), count("two")), (Some(0), Some(23), Some(2)));
    assert_eq!(data["before"]["findings"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn wrong_numbers_are_found_by_the_rule_that_they_break() {
    use solieu::ingest::dataset;
    // File, text, what is put there, and the rule that must speak.
    let cases = [
        ("report-3872-2024/tables/II.csv", "376,0,376,100", "377,0,377,100", "rows-add-up"),
        ("report-3872-2024/tables/II.csv", "376,0,376,100", "376,1,376,100", "online-services-by-channel"),
        ("report-3872-2024/tables/II.csv", "11.527,\"98,14\"", "11.527,\"98,41\"", "ratio-holds"),
        ("report-3872-2024/tables/II.csv", "570,0,570,100", "570,0,570,101", "within-bounds"),
        ("report-3872-2024/tables/III.csv", "63.569,41.576", "63.569,41.577", "resolved-by-timeliness"),
        ("report-3872-2024/tables/III.csv", "64.261,62.468", "64.262,62.468", "received-is-resolved-and-pending"),
    ];
    for (file, find, put, rule) in cases {
        let folder = super::store::copy_of_data();
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).expect(file);
        assert!(text.contains(find), "{file} has `{find}`");
        std::fs::write(&path, text.replacen(find, put, 1)).expect("changed");
        let set = dataset::read(folder.path()).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(set.catalogue.findings.iter().any(|f| f.rule == rule), "`{put}` is not found by {rule}");
    }
}
