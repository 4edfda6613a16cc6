//! What stewards change is a release of its own; what was said before is there as it was. Revisions and differences.

use serde_json::{Value, json};
use solieu::domain::account::Role;

use crate::support::{Person, TestApp};

const CHANGE: &str = "release { number note } errors { code message path }";

async fn steward(app: &TestApp) -> Person {
    app.person("steward", &[Role::Steward], &[]).await
}

#[tokio::test]
async fn a_new_name_holds_from_its_release_on() {
    let app = TestApp::start().await;
    let steward = steward(&app).await;
    let input = json!({ "code": "dossiers.received", "name": "Hồ sơ nhận", "reason": "Ngắn gọn hơn" });
    let done = steward.call("reviseIndicator", input, &format!("indicator {{ name }} {CHANGE}")).await;
    assert_eq!(done["errors"], json!([]), "{done}");
    assert_eq!((&done["indicator"]["name"], &done["release"]["number"]), (&json!("Hồ sơ nhận"), &json!(3)));
    assert_eq!(done["release"]["note"], "Ngắn gọn hơn");
    let input = json!({ "unit": "19@1997-01-01", "nameEn": "Old Thai Nguyen", "reason": "x" });
    let done = steward.call("reviseUnit", input, &format!("unit {{ name(lang: EN) }} {CHANGE}")).await;
    assert_eq!(done["unit"]["name"], "Old Thai Nguyen", "{done}");
    let both = app
        .data(
            r#"{ now: indicator(code: "dossiers.received") { name } then: indicator(code: "dossiers.received", asOf: { release: 2 }) { name }
                 at: indicator(code: "dossiers.received", asOf: { at: "2024-12-01T00:00:00Z" }) { name }
                 unit(code: "19", at: "2020-01-01", asOf: { release: 3 }) { name(lang: EN) } }"#,
        )
        .await;
    assert_eq!(both["now"]["name"], "Hồ sơ nhận");
    assert_eq!(both["then"]["name"], "Số hồ sơ thủ tục hành chính tiếp nhận");
    assert_eq!(both["at"], both["then"]);
    assert_eq!(both["unit"]["name"], "Thai Nguyen Province");
}

#[tokio::test]
async fn what_is_wrong_with_a_change_is_named() {
    let app = TestApp::start().await;
    let steward = steward(&app).await;
    let code = |payload: &Value| payload["errors"][0]["code"].as_str().unwrap_or_default().to_owned();
    let input = json!({ "code": "dossiers.received", "name": "", "reason": "x" });
    assert_eq!(code(&steward.call("reviseIndicator", input, CHANGE).await), "BAD_INPUT");
    let input = json!({ "code": "dossiers.received", "name": "x", "reason": " " });
    assert_eq!(code(&steward.call("reviseIndicator", input, CHANGE).await), "REASON_REQUIRED");
    let rule = json!({ "code": "sum", "severity": "ERROR", "check": "BALANCE", "name": "x", "explanation": "x", "reason": "x" });
    assert_eq!(code(&steward.call("saveRule", rule, CHANGE).await), "BAD_INPUT");
    let mutation = "mutation($i: RetireRuleInput!) { retireRule(input: $i) { errorCount } }";
    let input = json!({ "i": { "code": "nothing", "reason": "x" } });
    assert_eq!(steward.code(mutation, input).await, "BAD_INPUT");
    assert_eq!(app.data("{ releases { totalCount } }").await["releases"]["totalCount"], 2);
}

#[tokio::test]
async fn a_rule_is_applied_to_what_is_published_when_it_is_made_and_its_findings_go_with_it() {
    let app = TestApp::start().await;
    let steward = steward(&app).await;
    let count = async |as_of: &str| {
        let query =
            format!(r#"{{ report(code: "3872-BC/BCSD"{as_of}) {{ findings(first: 500) {{ rule {{ code }} }} }} }}"#);
        let data = app.data(&query).await;
        let findings = data["report"]["findings"].as_array().expect("findings").clone();
        let of_new = findings.iter().filter(|f| f["rule"]["code"] == "resolved-covers-received").count();
        (findings.len(), of_new)
    };
    let (before, none) = count("").await;
    assert_eq!((before > 20, none), (true, 0));
    // Fewer dossiers are resolved than were received, but for one row of the table, where both are 8.
    let rule = json!({
        "code": "resolved-covers-received", "severity": "WARNING", "check": "NOT_MORE",
        "quantity": "dossiers.received", "parts": ["dossiers.resolved"],
        "name": "x", "explanation": "y", "reason": "Thử",
    });
    let saved = steward.call("saveRule", rule.clone(), &format!("rule {{ findingCount }} {CHANGE}")).await;
    assert_eq!(saved["rule"]["findingCount"], 11, "{saved}");
    assert_eq!(count("").await, (before + 11, 11));
    assert_eq!(count(", asOf: { release: 2 }").await, (before, 0));

    let mut changed = rule;
    changed["parts"] = json!(["dossiers.received[intake=direct]"]);
    changed["quantity"] = json!("dossiers.received[intake=online]");
    let saved = steward.call("saveRule", changed, &format!("rule {{ findingCount }} {CHANGE}")).await;
    assert_eq!(saved["rule"]["findingCount"], 0, "{saved}");
    let retired = steward.call("retireRule", json!({ "code": "never-falls", "reason": "x" }), CHANGE).await;
    assert_eq!(retired["errors"], json!([]), "{retired}");
    let rules = app.data("{ now: rules(first: 100) { nodes { code } } then: rules(first: 100, asOf: { release: 2 }) { nodes { code } } }").await;
    let has =
        |side: &str, code: &str| rules[side]["nodes"].as_array().expect("rules").iter().any(|r| r["code"] == code);
    assert_eq!([has("now", "never-falls"), has("then", "never-falls")], [false, true]);
    assert_eq!([has("now", "resolved-covers-received"), has("then", "resolved-covers-received")], [true, false]);
}

#[tokio::test]
async fn a_correction_shows_as_revision_and_as_difference() {
    let app = TestApp::start().await;
    let publisher = app.person("publisher", &[Role::Publisher], &[]).await;
    let editor = app.person("editor", &[Role::Editor], &["19"]).await;
    let reviewer = app.person("reviewer", &[Role::Reviewer], &[]).await;
    let begun = publisher
        .call("correctReport", json!({ "report": "3872-BC/BCSD", "reason": "Nhập sai" }), "submission { code }")
        .await;
    let step = json!({ "submission": begun["submission"]["code"] });
    let csv = "indicator,unit,breakdown,accumulation,period,value,table,row,column,coverage\n\
               dossiers.received,164,,YEAR_TO_DATE,2024-01-01/2024-09-03,64262,III,20,1,2024-01-01/2024-09-03\n";
    let order = json!({ "report": { "code": "3872-BC/BCSD" }, "source": { "text": csv }, "format": "LONG" });
    let seen = editor
        .call(
            "previewImport",
            order.clone(),
            "preview { previewHash diff { addedCount changedCount unchangedCount changes { before { value } after { value } } } } errors { message }",
        )
        .await;
    let diff = &seen["preview"]["diff"];
    assert_eq!((&diff["addedCount"], &diff["changedCount"]), (&json!(0), &json!(1)), "{seen}");
    assert_eq!(diff["changes"][0], json!({ "before": { "value": "64261" }, "after": { "value": "64262" } }));
    let mut import = order;
    import["previewHash"] = seen["preview"]["previewHash"].clone();
    let imported =
        editor.call("importReport", import, "submission { findings { rule severity } } errors { message }").await;
    assert_eq!(imported["errors"], json!([]), "{imported}");
    // The total line and the balance of the city do not fit any more: that has to be waived.
    let findings = editor
        .ask(&format!("{{ submission(code: {}) {{ findings(first: 500) {{ code severity }} }} }}", step["submission"]))
        .await;
    editor.call("submitReport", step.clone(), "errorCount").await;
    for finding in findings["data"]["submission"]["findings"].as_array().expect("findings") {
        if finding["severity"] == "ERROR" {
            let input =
                json!({ "submission": step["submission"], "finding": finding["code"], "reason": "Đã xác minh" });
            let waived = reviewer.call("waiveFinding", input, "errors { message }").await;
            assert_eq!(waived["errors"], json!([]));
        }
    }
    for (who, mutation) in [(&reviewer, "approveReport"), (&publisher, "publishReport")] {
        let done = who.call(mutation, step.clone(), "submission { state } errors { message }").await;
        assert_eq!(done["errors"], json!([]), "{mutation}");
    }
    let data = app
        .data(
            r#"{ report(code: "3872-BC/BCSD") {
                   versions { number reason }
                   diff(against: 2) { addedCount changedCount removedCount changes { before { value } after { value } } }
                   findings(first: 500) { isWaived waivedReason }
                 }
                 observations(filter: { indicators: ["dossiers.received"], units: ["164"], documents: ["3872-BC/BCSD"], breakdowns: [""] }) {
                   nodes { value revisions { value release { number } } }
                 } }"#,
        )
        .await;
    assert_eq!(data["report"]["versions"][1], json!({ "number": 2, "reason": "Nhập sai" }));
    let diff = &data["report"]["diff"];
    assert_eq!([&diff["addedCount"], &diff["changedCount"], &diff["removedCount"]], [0, 1, 0], "{diff}");
    assert_eq!(diff["changes"][0]["after"]["value"], "64262");
    let revisions = &data["observations"]["nodes"][0]["revisions"];
    assert_eq!(
        *revisions,
        json!([{ "value": "64261", "release": { "number": 2 } }, { "value": "64262", "release": { "number": 3 } }])
    );
    let waived: Vec<&Value> =
        data["report"]["findings"].as_array().expect("findings").iter().filter(|f| f["isWaived"] == true).collect();
    assert!(!waived.is_empty() && waived.iter().all(|f| f["waivedReason"] == "Đã xác minh"));
}
