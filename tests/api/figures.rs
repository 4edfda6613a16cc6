//! Figures that anyone can find in the two documents, looked up as a reader would.

use crate::support::TestApp;

/// Indicator, breakdown, place, value, qualifier, period, unit of measure: picked by hand from every
/// chapter, footnote and appendix.
const PRINTED: &[(&str, &str, &str, &str, &str, &str, &str)] = &[
    ("telecom.bts-stations", "", "section II.3.2.c", "1830", "EXACT", "2024-01-01/P9M", "STATION"),
    ("telecom.bts-stations", "", "section P6", "1800", "EXACT", "2023-01-01/P9M", "STATION"),
    ("inspections.digital-rate", "", "section II.2.1", "25", "JUST_BELOW", "2024-01-01/P9M", "PERCENT"),
    ("economy.digital-revenue", "", "section II.3.6.a", "530300", "APPROXIMATE", "2024-01-01/P8M", "BILLION_VND"),
    ("dossiers.received", "", "section P7", "487700", "AT_LEAST", "2023-01-01/P8M", "DOSSIER"),
    ("dossiers.on-time-rate", "", "section II.3.5.c", "99.78", "EXACT", "2024-01-01/2024-09-03", "PERCENT"),
    ("procedures.service-index-rank", "", "section III.1", "7", "EXACT", "2024-09-03", "RANK"),
    (
        "services.full-online-rate",
        "",
        "Appendix II, total row, column 4",
        "95.87",
        "EXACT",
        "2024-01-01/2024-09-03",
        "PERCENT",
    ),
    (
        "work-files.online-rate",
        "level=district",
        "Appendix I, row 2, column 1",
        "65",
        "EXACT",
        "2024-01-01/P9M",
        "PERCENT",
    ),
    ("payment.accounts", "", "section II.3.6.d", "2200000", "AT_LEAST", "2024-01-01/P9M", "ACCOUNT"),
    ("payment.markets-4-0", "", "section P10", "107", "EXACT", "2023-01-01/P9M", "MARKET"),
];

#[tokio::test]
async fn printed_figures_are_found_with_all_that_qualifies_them() {
    let app = TestApp::start().await;
    for (indicator, breakdown, place, value, qualifier, period, measure) in PRINTED {
        let query = format!(
            r#"{{ indicator(code: "{indicator}") {{ unitOfMeasure {{ code }} observations(first: 50, filter: {{ breakdowns: ["{breakdown}"] }}) {{
                nodes {{ value qualifier period {{ code }} locator {{ text(lang: EN) }} }} }} }} }}"#
        );
        let found = app.data(&query).await["indicator"].take();
        assert_eq!(found["unitOfMeasure"]["code"], *measure, "{indicator}");
        let figures = found["observations"]["nodes"].as_array().cloned().unwrap_or_default();
        let there = figures.iter().find(|o| o["locator"]["text"] == *place && o["value"] == *value);
        let there = there.unwrap_or_else(|| panic!("{indicator} {value} is not at {place}: {figures:?}"));
        assert_eq!(
            (&there["qualifier"], &there["period"]["code"]),
            (&(*qualifier).into(), &(*period).into()),
            "{indicator}"
        );
    }
}

#[tokio::test]
async fn the_appendices_add_up_as_printed() {
    let app = TestApp::start().await;
    let sum = async |indicator: &str, breakdown: &str, total: bool| -> i64 {
        let units = if total { r#"units: ["19"]"# } else { r#"unitKinds: [DEPARTMENT, AGENCY, CITY, DISTRICT]"# };
        let query = format!(
            r#"{{ observations(first: 100, filter: {{ indicators: ["{indicator}"], breakdowns: ["{breakdown}"], table: "II", {units} }}) {{ nodes {{ value }} }} }}"#
        );
        let data = app.data(&query).await;
        let values = data["observations"]["nodes"].as_array().cloned().unwrap_or_default();
        values.iter().filter_map(|o| o["value"].as_str()).map(|v| v.parse::<i64>().expect("whole")).sum()
    };
    for (breakdown, printed) in [("channel=online", 133_384), ("channel=direct", 5_751), ("", 139_135)] {
        assert_eq!(sum("services.full-online-dossiers", breakdown, false).await, printed);
        assert_eq!(sum("services.full-online-dossiers", breakdown, true).await, printed);
    }
}

#[tokio::test]
async fn a_share_of_nothing_is_null_with_a_status_and_keeps_its_wording() {
    let app = TestApp::start().await;
    let data = app
        .data(r#"{ unit(code: "TN-TTT") { latest(indicator: "services.full-online-rate") { value number displayValue asPrinted status note(lang: EN) } } }"#)
        .await;
    let figure = &data["unit"]["latest"];
    assert!(figure["value"].is_null() && figure["number"].is_null());
    assert_eq!(
        (&figure["status"], &figure["asPrinted"], &figure["displayValue"]),
        (&"CANNOT_EXIST".into(), &"0".into(), &"–".into())
    );
    assert!(figure["note"].as_str().is_some_and(|note| note.contains("0/0")));
}

#[tokio::test]
async fn a_printed_growth_implies_a_base_that_is_marked_as_derived() {
    let app = TestApp::start().await;
    let data = app
        .data(r#"{ observations(first: 100, filter: { section: "II.3.2.c" }) { nodes { asPrinted basePeriod { code } impliedBase { value isDerived isExact period { code } from { asPrinted } } } } }"#)
        .await;
    let figures = data["observations"]["nodes"].as_array().cloned().unwrap_or_default();
    let growth = figures
        .iter()
        .find(|o| o["asPrinted"].as_str().is_some_and(|p| p.starts_with("giảm 12%")))
        .expect("the growth rate");
    assert_eq!(growth["impliedBase"]["value"], "1734932");
    assert_eq!(growth["impliedBase"]["isDerived"], true);
    assert_eq!(growth["impliedBase"]["isExact"], true);
    assert_eq!(growth["impliedBase"]["period"]["code"], "2023-01-01/P9M");
}

#[tokio::test]
async fn numerator_and_denominator_stand_beside_a_ratio() {
    let app = TestApp::start().await;
    let data = app
        .data(r#"{ unit(code: "164") { latest(indicator: "services.full-online-rate") { value numerator { value breakdown { key } } denominator { value } } } }"#)
        .await;
    let rate = &data["unit"]["latest"];
    assert_eq!(
        (&rate["value"], &rate["numerator"]["value"], &rate["denominator"]["value"]),
        (&"98.14".into(), &"11313".into(), &"11527".into())
    );
    assert_eq!(rate["numerator"]["breakdown"]["key"], "channel=online");
}

#[tokio::test]
async fn contradicting_printings_are_alternatives_of_each_other() {
    let app = TestApp::start().await;
    let query = r#"{ observations(filter: { indicators: ["dossiers.resolved"], breakdowns: [""], units: ["19"], isPreferred: true, from: "2024-01-01" })
        { nodes { value alternatives { value isPreferred locator { section } } } } }"#;
    let figure = app.data(query).await["observations"]["nodes"][0].take();
    assert_eq!(figure["value"], "475414");
    assert_eq!(figure["alternatives"][0]["value"], "475412");
    assert_eq!(figure["alternatives"][0]["locator"]["section"], "II.3.5.c");
}

#[tokio::test]
async fn change_is_shown_only_between_comparable_periods() {
    let app = TestApp::start().await;
    let query = |indicator: &str| {
        format!(
            r#"{{ unit(code: "19", at: "2024-09-20") {{ latest(indicator: "{indicator}") {{
                changeOnYear {{ change {{ absolute percent isExact base {{ value }} }} reason }}
                changeOnPeriod {{ change {{ absolute }} reason explanation(lang: EN) }} }} }} }}"#
        )
    };
    let stations = app.data(&query("telecom.bts-stations")).await["unit"]["latest"].take();
    assert_eq!(stations["changeOnYear"]["change"]["absolute"], "30");
    assert_eq!(stations["changeOnYear"]["change"]["percent"], "1.67");
    assert_eq!(stations["changeOnPeriod"]["reason"], "NO_PRECEDING_PERIOD");
    let share = app.data(&query("telecom.household-fibre-rate")).await["unit"]["latest"].take();
    assert_eq!(share["changeOnYear"]["change"]["absolute"], "4");
    assert!(share["changeOnYear"]["change"]["percent"].is_null(), "points, not per cent of per cent");
    let received = app.data(&query("dossiers.received")).await["unit"]["latest"].take();
    assert_eq!(received["changeOnYear"]["reason"], "PERIODS_NOT_COMPARABLE");
    assert!(received["changeOnYear"]["change"].is_null());
    let firms = app.data(&query("enterprises.digital-technology")).await["unit"]["latest"].take();
    assert_eq!(firms["changeOnYear"]["change"]["isExact"], false, "hơn 320 is vague");
}
