//! Earlier states: every root field as a release or an instant had it.

use crate::support::TestApp;

#[tokio::test]
async fn the_same_key_at_two_releases_in_one_request() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ now: unit(code: "19", at: "2024-01-01") { latest(indicator: "telecom.bts-stations") { value release { number } } }
                 then: unit(code: "19", at: "2024-01-01", asOf: { release: 1 }) { latest(indicator: "telecom.bts-stations") { value release { number }
                   document { code } changeOnYear { reason } } }
                 instant: unit(code: "19", at: "2024-01-01", asOf: { at: "2024-06-01T00:00:00+07:00" }) { latest(indicator: "telecom.bts-stations") { value } } }"#,
        )
        .await;
    assert_eq!(
        (&data["now"]["latest"]["value"], &data["now"]["latest"]["release"]["number"]),
        (&"1830".into(), &2.into())
    );
    assert_eq!(
        (&data["then"]["latest"]["value"], &data["then"]["latest"]["release"]["number"]),
        (&"1800".into(), &1.into())
    );
    assert_eq!(data["then"]["latest"]["document"]["code"], "article-2023");
    assert_eq!(data["instant"]["latest"]["value"], "1800");
}

#[tokio::test]
async fn nothing_of_a_later_release_is_seen() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"{ reports(asOf: { release: 1 }) { totalCount } report(code: "3872-BC/BCSD", asOf: { release: 1 }) { id }
                 scorecard(resolution: "01-NQ/TU", asOf: { release: 1 }) { entries { number } }
                 releases(asOf: { release: 1 }) { totalCount }
                 observations(first: 1, asOf: { release: 1 }) { totalCount }
                 availability(asOf: { release: 1 }) { observationCount }
                 later: observations(first: 1, filter: { documents: ["3872-BC/BCSD"] }, asOf: { release: 1 }) { totalCount }
                 document(code: "3872-BC/BCSD", asOf: { release: 1 }) { sections { code } appendices { code } references { kind } observations { totalCount } }
                 ranking(indicator: "services.full-online-rate", period: "2024-01-01/2024-09-03", unitKinds: [CITY], asOf: { release: 1 }) { rankedCount }
                 series(indicators: ["telecom.bts-stations"], asOf: { release: 1 }) { points { value } }
                 system(code: "lgsp", asOf: { release: 1 }) { mentions { document { code } } indicators(first: 2) { series(first: 2, last: 2) { points { value } } } } }"#,
        )
        .await;
    for (field, expected) in [("reports", 0), ("releases", 1), ("observations", 26), ("later", 0)] {
        assert_eq!(data[field]["totalCount"], expected, "{field}");
    }
    assert_eq!(data["availability"]["observationCount"], 26);
    assert!(data["report"].is_null() && data["scorecard"].is_null());
    for list in ["sections", "appendices", "references"] {
        assert_eq!(data["document"][list].as_array().map(Vec::len), Some(0), "{list}");
    }
    assert_eq!(data["document"]["observations"]["totalCount"], 0);
    assert_eq!(data["ranking"]["rankedCount"], 0);
    assert_eq!(data["series"][0]["points"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["system"]["mentions"].as_array().map(Vec::len), Some(0));
    assert_eq!(data["system"]["indicators"][0]["series"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn a_node_is_what_the_release_had() {
    let app = TestApp::start().await;
    let data =
        app.data(r#"{ observations(first: 1, filter: { documents: ["3872-BC/BCSD"] }) { nodes { id } } }"#).await;
    let id = data["observations"]["nodes"][0]["id"].as_str().expect("an id").to_owned();
    let data = app
        .data(&format!(
            r#"{{ now: node(id: "{id}") {{ id }} then: node(id: "{id}", asOf: {{ release: 1 }}) {{ id }} }}"#
        ))
        .await;
    assert_eq!(data["now"]["id"], id.as_str());
    assert!(data["then"].is_null());
}

#[tokio::test]
async fn releases_and_instants_that_do_not_exist_are_refused() {
    let app = TestApp::start().await;
    for (as_of, argument) in [
        ("{ release: 3 }", "asOf.release"),
        ("{ release: 0 }", "asOf.release"),
        ("{ release: -1 }", "asOf.release"),
        (r#"{ at: "2020-01-01T00:00:00Z" }"#, "asOf.at"),
        (r#"{ at: "yesterday" }"#, "asOf.at"),
        ("null", "asOf"),
    ] {
        let (code, named) = app.refusal(&format!("{{ reports(asOf: {as_of}) {{ totalCount }} }}")).await;
        assert_eq!((code.as_str(), named.as_str()), ("BAD_INPUT", argument), "{as_of}");
        let (code, named) = app.refusal(&format!(r#"{{ unit(code: "19", asOf: {as_of}) {{ id }} }}"#)).await;
        assert_eq!((code.as_str(), named.as_str()), ("BAD_INPUT", argument), "{as_of}");
    }
    for as_of in [r#"{ release: 1, at: "2024-01-01T00:00:00Z" }"#, "{}", "{ release: null }"] {
        assert_eq!(
            app.refusal(&format!("{{ reports(asOf: {as_of}) {{ totalCount }} }}")).await.0,
            "BAD_INPUT",
            "{as_of}"
        );
    }
}
