//! What was public when: corrections, withdrawals, reports loaded late, publication at a set time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use solieu::{
    domain::{
        id::{IndicatorId, UnitId},
        period::Period,
        selection::Condition,
        submission::{Action, State},
        text::Text,
    },
    ingest::{
        book::FileLimits,
        grid::{Cell, GridLine},
    },
    server,
    snapshot::{Snapshot, Snapshots},
    store::{self, Database, Scope},
    usecase::{
        import::{self, Order, ReportOrder, Source, Terms},
        publish,
        workflow::{self, Step},
    },
};

use crate::support::{POOLS, TestApp, TestDatabase, fine, number, operator, with};

/// A small report of figures of one indicator.
fn report(code: &str, figures: &[(&str, i32)]) -> Value {
    let rows: Vec<String> =
        figures.iter().map(|(unit, value)| format!("dossiers.received,{unit},2031,{value}\n")).collect();
    json!({
        "report": { "code": code, "title": "Thử", "period": "2031", "unit": "19", "issuedOn": "2025-01-10" },
        "source": { "text": format!("indicator,unit,period,value\n{}", rows.concat()) },
    })
}

/// Value, document and preference of every figure of 2031, by unit and document.
async fn state(app: &TestApp, as_of: &str) -> Vec<String> {
    let as_of = if as_of.is_empty() { String::new() } else { format!(", asOf: {as_of}") };
    let data = app
        .data(&format!(
            r#"{{ observations(first: 100, filter: {{ periods: ["2031"] }}{as_of}) {{
                 nodes {{ unit {{ code }} value document {{ code }} isPreferred }} }} }}"#
        ))
        .await;
    let line = |n: &Value| {
        let mark = if n["isPreferred"] == true { "" } else { " beside" };
        let text = |v: &Value| v.as_str().expect("text").to_owned();
        format!("{} {} {}{mark}", text(&n["unit"]["code"]), text(&n["document"]["code"]), text(&n["value"]))
    };
    let mut lines: Vec<String> = data["observations"]["nodes"].as_array().expect("nodes").iter().map(line).collect();
    lines.sort();
    lines
}

/// When a release was published.
async fn published_at(app: &TestApp, release: i64) -> DateTime<Utc> {
    let data = app.data("{ releases(first: 50) { nodes { number publishedAt } } }").await;
    let nodes = data["releases"]["nodes"].as_array().expect("releases").clone();
    let found = nodes.iter().find(|r| r["number"] == release).expect("the release");
    found["publishedAt"].as_str().expect("a time").parse().expect("a time")
}

fn at(instant: DateTime<Utc>) -> String {
    format!(r#"{{ at: "{}" }}"#, instant.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}

#[tokio::test]
async fn a_correction_leaves_the_earlier_figure_where_it_was() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let first = desk.import(report("1/C", &[("164", 10), ("165", 20), ("167", 30)])).await;
    let one = desk.publish(&first).await;
    let before = state(&app, "").await;
    assert_eq!(before, ["164 1/C 10", "165 1/C 20", "167 1/C 30"]);
    let others = app.data(r#"{ observations(first: 300, filter: { documents: ["3872-BC/BCSD"] }) { nodes { id value isPreferred } } }"#).await;

    let direct = desk.editor.look(report("1/C", &[("164", 11)])).await["previewHash"].clone();
    let refused =
        desk.editor.call("importReport", with(report("1/C", &[("164", 11)]), "previewHash", direct), "errors { code }");
    assert_eq!(refused.await["errors"][0]["code"], "WRONG_STATE", "a published report needs a correction");
    let fields = "submission { code isCorrection reason state } errors { code }";
    for (report, reason, code) in [("1/C", " ", "REASON_REQUIRED"), ("9/C", "why", "NOT_FOUND")] {
        let done = desk.publisher.call("correctReport", json!({ "report": report, "reason": reason }), fields).await;
        assert_eq!(done["errors"][0]["code"], code);
    }
    let begun = desk.publisher.call("correctReport", json!({ "report": "1/C", "reason": "đếm lại" }), fields).await;
    let second = fine(begun)["submission"]["code"].as_str().expect("a code").to_owned();
    let again = desk.publisher.call("correctReport", json!({ "report": "1/C", "reason": "đếm lại" }), fields).await;
    assert_eq!(again["errors"][0]["code"], "WRONG_STATE");
    assert_eq!(desk.import(report("1/C", &[("164", 11)])).await, second);
    assert_eq!(state(&app, "").await, before, "a draft is not public");
    let two = desk.publish(&second).await;

    assert_eq!(state(&app, "").await, ["164 1/C 11", "165 1/C 20", "167 1/C 30"]);
    assert_eq!(state(&app, &format!("{{ release: {one} }}")).await, before);
    let (then, now) = (published_at(&app, one).await, published_at(&app, two).await);
    assert!(then < now);
    assert_eq!(state(&app, &at(then)).await, before);
    assert_eq!(state(&app, &at(now)).await, state(&app, "").await);
    let data = app.data(r#"{ report(code: "1/C") { versions { number release { number note title } } } }"#).await;
    let versions = &data["report"]["versions"];
    assert_eq!(versions.as_array().map(Vec::len), Some(2), "{versions}");
    assert_eq!((&versions[0]["number"], &versions[0]["release"]["number"]), (&json!(1), &json!(one)));
    assert_eq!((&versions[1]["number"], &versions[1]["release"]["number"]), (&json!(2), &json!(two)));
    assert_eq!((&versions[0]["release"]["note"], &versions[1]["release"]["note"]), (&json!(null), &json!("đếm lại")));
    let query = format!(
        r#"{{ a: submission(code: "{first}") {{ state }} b: submission(code: "{second}") {{ state isCorrection reason }} }}"#
    );
    let told = desk.reviewer.ask(&query).await;
    assert_eq!(told["data"]["a"]["state"], "SUPERSEDED");
    assert_eq!(told["data"]["b"], json!({ "state": "PUBLISHED", "isCorrection": true, "reason": "đếm lại" }));
    let after = app.data(r#"{ observations(first: 300, filter: { documents: ["3872-BC/BCSD"] }) { nodes { id value isPreferred } } }"#).await;
    assert_eq!(after, others);
}

#[tokio::test]
async fn what_is_withdrawn_is_gone_and_the_other_document_speaks_again() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let first = desk.import(report("1/W", &[("164", 10), ("165", 20)])).await;
    let one = desk.publish(&first).await;
    let second = desk.import(report("2/W", &[("164", 11), ("167", 31)])).await;
    let two = desk.publish(&second).await;
    let before = state(&app, "").await;
    assert_eq!(before, ["164 1/W 10 beside", "164 2/W 11", "165 1/W 20", "167 2/W 31"]);

    let fields = "release { number publishedAt note } errors { code }";
    let withdraw =
        |report: &str| desk.publisher.call("withdrawReport", json!({ "report": report, "reason": "sai" }), fields);
    assert_eq!(withdraw("9/W").await["errors"][0]["code"], "NOT_FOUND");
    let done = fine(withdraw("2/W").await);
    let three = done["release"]["number"].as_i64().expect("a release");
    assert_eq!((three, &done["release"]["note"]), (two + 1, &json!("sai")));
    assert_eq!(state(&app, "").await, ["164 1/W 10", "165 1/W 20"]);
    assert_eq!(state(&app, &format!("{{ release: {two} }}")).await, before);
    assert_eq!(state(&app, &at(published_at(&app, two).await)).await, before);
    assert_eq!(state(&app, &at(published_at(&app, one).await)).await, ["164 1/W 10", "165 1/W 20"]);
    assert_eq!(state(&app, &at(published_at(&app, three).await)).await, ["164 1/W 10", "165 1/W 20"]);
    assert_eq!(withdraw("2/W").await["errors"][0]["code"], "WRONG_STATE");
    let told = desk.reviewer.ask(&format!(r#"{{ submission(code: "{second}") {{ state }} }}"#)).await;
    assert_eq!(told["data"]["submission"]["state"], "WITHDRAWN");

    // A later statement about the same key does not bring the withdrawn one back.
    let third = desk.import(report("3/W", &[("164", 12), ("167", 32)])).await;
    desk.publish(&third).await;
    assert_eq!(state(&app, "").await, ["164 1/W 10 beside", "164 3/W 12", "165 1/W 20", "167 3/W 32"]);
    assert_eq!(state(&app, &at(published_at(&app, two).await)).await, before);
}

#[tokio::test]
async fn a_report_of_the_past_takes_its_place_between_the_others() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    // The shipped releases are of 2023-12-31 and 2024-09-20; this one became public in between.
    let known = app
        .data(r#"{ observations(first: 1, filter: { documents: ["article-2023"], indicators: ["telecom.bts-stations"] }) { nodes { period { code } accumulation value } } }"#)
        .await;
    let known = &known["observations"]["nodes"][0];
    let (period, accumulation) =
        (known["period"]["code"].as_str().expect("a period"), known["accumulation"].as_str().expect("one"));
    assert_eq!(known["value"], "1800");
    let everything = |as_of: &str| {
        let query = format!(
            "{{ observations(first: 1000, sort: PERIOD_DESC, asOf: {as_of}) {{ totalCount nodes {{ id value isPreferred }} }} }}"
        );
        let app = &app;
        async move { app.data(&query).await.to_string() }
    };
    let one = everything("{ release: 1 }").await;
    let two = everything("{ release: 2 }").await;
    let text = format!(
        "indicator,unit,period,accumulation,value\ntelecom.bts-stations,19,{period},{accumulation},1799\ndossiers.received,164,2023,,7\n"
    );
    let input = json!({
        "report": { "code": "5/L", "title": "Muộn", "period": period, "unit": "19", "issuedOn": "2024-03-01", "publishedAt": "2024-03-02T08:00:00+07:00" },
        "source": { "text": text },
    });
    let code = desk.import(input).await;
    let three = desk.publish(&code).await;
    assert_eq!(three, 3);
    let released = published_at(&app, three).await;
    assert_eq!(released.to_rfc3339(), "2024-03-02T01:00:00+00:00");

    assert_eq!(everything("{ release: 2 }").await, two, "what a release made public stays as it was");
    assert_eq!(everything("{ release: 1 }").await, one);
    let stations = |as_of: &str| {
        let query = format!(
            r#"{{ observations(first: 10, asOf: {as_of}, filter: {{ indicators: ["telecom.bts-stations"], periods: ["{period}"] }}) {{
                 nodes {{ value isPreferred document {{ code }} release {{ number }} }} }}
                 others: observations(first: 10, asOf: {as_of}, filter: {{ documents: ["5/L"], indicators: ["dossiers.received"] }}) {{ totalCount }}
                 later: observations(first: 1, asOf: {as_of}, filter: {{ documents: ["3872-BC/BCSD"] }}) {{ totalCount }} }}"#
        );
        let app = &app;
        async move {
            let data = app.data(&query).await;
            let nodes = data["observations"]["nodes"].as_array().expect("nodes").clone();
            let preferred: Vec<String> = nodes
                .iter()
                .filter(|n| n["isPreferred"] == true)
                .map(|n| {
                    format!(
                        "{} {}",
                        n["document"]["code"].as_str().expect("a code"),
                        n["value"].as_str().expect("a value")
                    )
                })
                .collect();
            (preferred.join(", "), data["others"]["totalCount"].clone(), data["later"]["totalCount"] != 0)
        }
    };
    let between = stations(r#"{ at: "2024-06-01T00:00:00Z" }"#).await;
    assert_eq!(between, ("5/L 1799".to_owned(), json!(1), false));
    let earlier = stations(r#"{ at: "2024-03-01T00:00:00Z" }"#).await;
    assert_eq!(earlier, ("article-2023 1800".to_owned(), json!(0), false));
    assert_eq!(stations("{ release: 2 }").await, ("article-2023 1800".to_owned(), json!(0), true));
    // Of the two that speak of this key the one that became public later is preferred, whenever it was recorded.
    assert_eq!(stations("{ release: 3 }").await, ("5/L 1799".to_owned(), json!(1), true));

    // Loaded still later, but public still earlier: beside the preferred one.
    let text =
        format!("indicator,unit,period,accumulation,value\ntelecom.bts-stations,19,{period},{accumulation},1700\n");
    let input = json!({
        "report": { "code": "6/L", "title": "Muộn hơn", "period": period, "unit": "19", "issuedOn": "2024-01-05", "publishedAt": "2024-01-06T00:00:00Z" },
        "source": { "text": text },
    });
    let code = desk.import(input).await;
    desk.publish(&code).await;
    assert_eq!(stations(r#"{ at: "2024-02-01T00:00:00Z" }"#).await, ("6/L 1700".to_owned(), json!(0), false));
    assert_eq!(stations(r#"{ at: "2024-06-01T00:00:00Z" }"#).await, between);
    assert_eq!(stations("{ release: 4 }").await, ("5/L 1799".to_owned(), json!(1), true));
    assert_eq!(everything("{ release: 2 }").await, two);
}

/// Looks until something is true, at most ten seconds.
async fn until<F: Future<Output = bool>>(what: impl Fn() -> F) -> bool {
    for _ in 0..100 {
        if what().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}

const SCHEDULED: &str = "submission { code state publishAt release { number } } errors { code message path }";

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

#[tokio::test]
async fn a_publication_waits_for_its_instant() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let code = desk.import(report("1/S", &[("164", 10)])).await;
    desk.approve(&code).await;
    let now = server::clock();
    for wrong in [now - chrono::Duration::seconds(1), now + chrono::Duration::days(500)] {
        let input = json!({ "submission": code, "at": rfc3339(wrong) });
        assert_eq!(desk.publisher.call("publishReport", input, SCHEDULED).await["errors"][0]["code"], "BAD_TIME");
    }
    let instant = server::clock() + chrono::Duration::seconds(3);
    let input = json!({ "submission": code, "at": rfc3339(instant) });
    let done = fine(desk.publisher.call("publishReport", input, SCHEDULED).await);
    assert_eq!((&done["submission"]["state"], &done["submission"]["release"]), (&json!("SCHEDULED"), &json!(null)));
    let seen = state(&app, "").await;
    assert!(seen.is_empty() || server::clock() >= instant, "{seen:?}");
    assert!(until(|| async { !state(&app, "").await.is_empty() }).await, "not published");
    assert!(server::clock() >= instant);
    assert_eq!(state(&app, "").await, ["164 1/S 10"]);
    let micros = instant.timestamp_micros();
    assert_eq!(published_at(&app, 3).await.timestamp_micros(), micros);
    let told = desk
        .reviewer
        .ask(&format!(r#"{{ submission(code: "{code}") {{ state publishAt release {{ number }} }} }}"#))
        .await;
    assert_eq!(
        told["data"]["submission"],
        json!({ "state": "PUBLISHED", "publishAt": null, "release": { "number": 3 } })
    );
}

#[tokio::test]
async fn a_publication_that_was_taken_back_does_not_happen() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let code = desk.import(report("1/U", &[("164", 10)])).await;
    desk.approve(&code).await;
    let instant = server::clock() + chrono::Duration::seconds(2);
    let input = json!({ "submission": code, "at": rfc3339(instant) });
    fine(desk.publisher.call("publishReport", input, SCHEDULED).await);
    let back = fine(desk.publisher.call("unscheduleReport", json!({ "submission": code }), SCHEDULED).await);
    assert_eq!((&back["submission"]["state"], &back["submission"]["publishAt"]), (&json!("APPROVED"), &json!(null)));
    tokio::time::sleep((instant - server::clock()).to_std().unwrap_or_default() + Duration::from_millis(500)).await;
    assert!(state(&app, "").await.is_empty());
}

#[tokio::test]
async fn a_publication_whose_instant_passed_while_the_service_was_down_is_made_up_for() {
    let database = Arc::new(TestDatabase::loaded().await);
    let instant;
    {
        let app = TestApp::start_again(database.clone(), |_| {}).await;
        let desk = app.desk().await;
        let code = desk.import(report("1/D", &[("164", 10)])).await;
        desk.approve(&code).await;
        instant = server::clock() + chrono::Duration::seconds(30);
        let input = json!({ "submission": code, "at": rfc3339(instant) });
        let done = fine(desk.publisher.call("publishReport", input, SCHEDULED).await);
        assert_eq!(done["submission"]["state"], "SCHEDULED");
        assert!(state(&app, "").await.is_empty());
    }
    // Nobody waits half a minute in a test: the instant moves instead, while no service runs.
    let opened = Database::open(&database.url, POOLS).await.expect("opens");
    let past = instant - chrono::Duration::seconds(60);
    let transaction = opened.begin().await.expect("begins");
    let mut waiting = store::submissions::by_code(&transaction, "S-1").await.expect("answers").expect("it");
    let version = waiting.version;
    waiting.publish_at = DateTime::from_timestamp_micros(past.timestamp_micros());
    assert!(store::submissions::update(&transaction, &waiting, version).await.expect("written"));
    transaction.commit().await.expect("committed");
    opened.close().await.expect("closed");

    let app = TestApp::start_again(database, |_| {}).await;
    assert!(until(|| async { !state(&app, "").await.is_empty() }).await, "not published");
    assert_eq!(published_at(&app, 3).await.timestamp_micros(), past.timestamp_micros());
}

/// What one release said of one key in the name of one document; nothing if the document was withdrawn.
#[derive(Clone, Copy)]
struct Said {
    release: i32,
    at: i64,
    document: usize,
    value: Option<i64>,
}

const DOCUMENTS: [&str; 3] = ["1/H", "2/H", "3/H"];
const UNITS: [&str; 3] = ["164", "165", "167"];

/// The history as it should be, computed the plain way, by key.
#[derive(Default)]
struct Model([Vec<Said>; 3]);

impl Model {
    /// Document, value and preference of what stands for a key.
    fn stands(&self, key: usize, release: i32, at: Option<i64>) -> BTreeSet<(usize, i64, bool)> {
        let is_known = |s: &&Said| s.release <= release && at.is_none_or(|at| s.at <= at);
        let last = |document: usize| {
            let of_document = self.0[key].iter().filter(is_known).filter(|s| s.document == document);
            of_document.max_by_key(|s| (s.at, s.release)).filter(|s| s.value.is_some())
        };
        let standing: Vec<&Said> = (0..3).filter_map(last).collect();
        let first = standing.iter().max_by_key(|s| (s.at, s.release)).map(|s| s.document);
        standing.iter().map(|s| (s.document, s.value.expect("a value"), first == Some(s.document))).collect()
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

struct World {
    database: Database,
    snapshot: Arc<Snapshot>,
    model: Model,
    instants: Vec<i64>,
}

impl World {
    async fn look_again(&mut self) {
        self.snapshot = Snapshots::default().newest(&self.database).await.expect("a snapshot");
    }

    fn order(&self, document: usize, figures: &[(usize, i64)], published_at: Option<DateTime<Utc>>) -> Order {
        let line =
            |number: u64, cells: &[&str]| GridLine { number, cells: cells.iter().map(|c| Cell::text(*c)).collect() };
        let mut lines = vec![line(1, &["indicator", "unit", "period", "value"])];
        for (number, (key, value)) in (2..).zip(figures) {
            lines.push(line(number, &["dossiers.received", UNITS[*key], "2031", &value.to_string()]));
        }
        Order {
            report: ReportOrder {
                code: Some(DOCUMENTS[document].to_owned()),
                title: Some(Text::new("Thử", "")),
                period: "2031".parse::<Period>().ok(),
                unit: Some("19".to_owned()),
                issued_on: chrono::NaiveDate::from_ymd_opt(2025, 1, 10),
                published_at,
                due_at: None,
            },
            source: Source::Lines(lines),
            file_name: String::new(),
            format: None,
            sheet: None,
            style: None,
            table: None,
            columns: Vec::new(),
            limits: FileLimits::default(),
        }
    }

    /// Publishes some figures, now or in the past.
    async fn publish(&mut self, document: usize, figures: &[(usize, i64)], published_at: Option<DateTime<Utc>>) {
        let order = self.order(document, figures, published_at);
        let terms = Terms { most: 100, ..Terms::default() };
        let done = import::import(&self.database, &self.snapshot, &operator(), &order, &terms).await;
        let done = done.expect("the operator may").expect("no mistake");
        if done.is_repeated {
            return;
        }
        let step = Step { code: done.submission.code, seen: None, comment: String::new() };
        for action in [Action::Submit, Action::Approve] {
            let taken =
                workflow::step(&self.database, &self.snapshot.catalogue, &operator(), action, &step, None).await;
            taken.expect("the operator may").expect("possible");
        }
        let published = publish::publish(&self.database, &self.snapshot.catalogue, &operator(), &step).await;
        let published = published.expect("the operator may").expect("possible");
        assert_eq!(published.state, State::Published);
        self.look_again().await;
        let release = published.release.expect("a release");
        let at = self.time_of(release);
        assert!(published_at.is_none_or(|wanted| wanted.timestamp_micros() == at), "published when it was said");
        for (key, value) in figures {
            self.model.0[*key].push(Said { release, at, document, value: Some(*value) });
        }
    }

    async fn withdraw(&mut self, document: usize) {
        let done =
            publish::withdraw(&self.database, &self.snapshot.catalogue, &operator(), DOCUMENTS[document], "sai").await;
        // What was never published, or is withdrawn already, stays as it is.
        let Ok(release) = done.expect("the operator may") else { return };
        self.look_again().await;
        let at = self.time_of(release);
        self.model.0.iter_mut().for_each(|key| key.push(Said { release, at, document, value: None }));
    }

    fn time_of(&mut self, release: i32) -> i64 {
        let found = self.snapshot.catalogue.releases.iter().find(|r| r.number == release).expect("the release");
        self.instants.push(found.published_at.timestamp_micros());
        found.published_at.timestamp_micros()
    }

    async fn stored(&self, scope: Scope) -> [BTreeSet<(usize, i64, bool)>; 3] {
        let catalogue = &self.snapshot.catalogue;
        let document =
            |id| DOCUMENTS.iter().position(|code| catalogue.document_by_code(code).is_some_and(|d| d.id == id));
        let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 10).expect("a day");
        let unit: BTreeMap<UnitId, usize> =
            UNITS.iter().zip(0..).map(|(code, i)| (catalogue.unit_on(code, day).expect("a unit").id, i)).collect();
        let indicator: IndicatorId = catalogue.indicator_by_code("dossiers.received").expect("an indicator").id;
        let condition = Condition::All(vec![
            Condition::Indicators(vec![indicator]),
            Condition::Periods(vec!["2031".parse().expect("a period")]),
        ]);
        let rows = store::observations::of_condition(self.database.reader(), scope, &condition).await.expect("figures");
        let mut found: [BTreeSet<(usize, i64, bool)>; 3] = Default::default();
        for o in rows {
            let value = o.value.expect("a value").to_string().parse().expect("a whole number");
            let place = unit[&o.series.unit];
            let row = (document(o.document).expect("one of the documents"), value, o.preferred);
            assert!(found[place].insert(row), "{row:?} twice");
        }
        found
    }

    /// Compares every release and every instant that matters with the model.
    async fn check(&self, story: &str) {
        let newest = self.snapshot.scope.release;
        let mut scopes: Vec<Scope> = (1..=newest).map(Scope::of_release).collect();
        let instants: BTreeSet<i64> = self.instants.iter().flat_map(|at| [at - 1, *at, at + 1]).collect();
        scopes.extend(instants.into_iter().map(|at| Scope { release: newest, at: Some(at) }));
        for scope in scopes {
            let stored = self.stored(scope).await;
            for (key, rows) in stored.iter().enumerate() {
                assert_eq!(
                    *rows,
                    self.model.stands(key, scope.release, scope.at),
                    "key {key} at {scope:?} after{story}"
                );
                let preferred = rows.iter().filter(|r| r.2).count();
                assert_eq!(preferred, usize::from(!rows.is_empty()), "key {key} at {scope:?} after{story}");
            }
        }
    }
}

#[tokio::test]
async fn every_history_is_kept_as_it_was_told() {
    for seed in 1..=4 {
        let test = TestDatabase::loaded().await;
        let database = Database::open(&test.url, POOLS).await.expect("opens");
        let snapshot = Snapshots::default().newest(&database).await.expect("a snapshot");
        let mut world = World { database, snapshot, model: Model::default(), instants: Vec::new() };
        let mut dice = Dice(seed);
        let mut story = format!(" seed {seed}");
        for _ in 0..14 {
            let document = dice.roll(3) as usize;
            let is_withdrawal = dice.roll(4) == 0;
            if is_withdrawal {
                story += &format!(", withdraw {document}");
                world.withdraw(document).await;
            } else {
                let keys: Vec<usize> = (0..3).filter(|_| dice.roll(2) == 0).collect();
                let keys = if keys.is_empty() { vec![document] } else { keys };
                let figures: Vec<(usize, i64)> = keys.into_iter().map(|key| (key, dice.roll(3) as i64 + 1)).collect();
                // Into the past: a fixed day, or right before or after what is there already.
                let past = match dice.roll(4) {
                    0 => Some(1_600_000_000_000_000 + dice.roll(5) as i64 * 86_400_000_000),
                    1 if !world.instants.is_empty() => {
                        let known = world.instants[dice.roll(world.instants.len() as u64) as usize];
                        Some(known + dice.roll(3) as i64 - 1)
                    }
                    _ => None,
                };
                story += &format!(", {document} says {figures:?} at {past:?}");
                world.publish(document, &figures, past.and_then(DateTime::from_timestamp_micros)).await;
            }
            world.check(&story).await;
        }
        let rows = number(&world.database, "SELECT COUNT(*) FROM submission_row").await;
        assert!(rows > 5, "something happened");
        world.database.close().await.expect("closes");
    }
}
