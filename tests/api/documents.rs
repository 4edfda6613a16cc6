//! Documents and how they refer to each other.

use crate::support::TestApp;

#[tokio::test]
async fn a_resolution_leads_to_its_targets_and_to_who_cites_it() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ document(code: "01-NQ/TU") { type issuedOn issuer { code } targets(first: 100) { code } referencedBy(first: 50) { from { code } kind locator { text(lang: EN) } } }
                 directive: document(code: "06/CT-UBND") { referencedBy { locator { table row } } }
                 act: document(code: "202/2025/QH15") { unitEvents(first: 100) { code } } }"#,
        )
        .await;
    assert_eq!(
        (&data["document"]["type"], &data["document"]["issuedOn"]),
        (&"RESOLUTION".into(), &"2020-12-31".into())
    );
    assert_eq!(data["document"]["targets"].as_array().map(Vec::len), Some(19));
    let references = data["document"]["referencedBy"].as_array().expect("references");
    assert!(references.iter().any(|r| r["kind"] == "LEGAL_BASIS" && r["from"]["code"] == "3872-BC/BCSD"));
    let rows = data["directive"]["referencedBy"].as_array().expect("references");
    assert!(rows.iter().any(|r| r["locator"]["table"] == "I" && r["locator"]["row"] == "5"), "{rows:?}");
    assert!(data["act"]["unitEvents"].as_array().is_some_and(|e| !e.is_empty()));
}

#[tokio::test]
async fn a_document_carries_its_figures_and_systems() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ document(code: "article-2023") { report { code } issuedOn note(lang: EN) sections { code } systems(first: 100) { code }
                 observations(first: 100) { totalCount nodes { asPrinted locator { section } } } }
                 documents(types: [DECREE, DECISION], first: 100) { totalCount nodes { type } } }"#,
        )
        .await;
    assert!(data["document"]["report"].is_null() && data["document"]["issuedOn"].is_null());
    assert_eq!(
        data["document"]["observations"]["totalCount"],
        data["document"]["observations"]["nodes"].as_array().map_or(0, Vec::len)
    );
    assert!(data["document"]["systems"].as_array().is_some_and(|s| s.iter().any(|s| s["code"] == "c-thainguyen")));
    let kinds = data["documents"]["nodes"].as_array().expect("documents");
    assert!(!kinds.is_empty() && kinds.iter().all(|d| d["type"] == "DECREE" || d["type"] == "DECISION"));
}
