//! Who may do what, over HTTP: the whole table, and what a table cannot say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use solieu::{
    domain::account::Role,
    server,
    usecase::accounts::{self, AccountChange},
};

use crate::support::{Person, TestApp, operator};

/// The actors of the table: `city` is an EDITOR with a grant for 164, `province` one with a grant for 19, the next
/// five have the one role; `machine` has a key for 164 and dossiers.received; the account of `closed` was deactivated
/// after it got its token; the key of `revoked` was revoked.
///
/// - `yes`: no top-level error;
/// - `who`: UNAUTHENTICATED;
/// - `no`: FORBIDDEN;
/// - `dead`: UNAUTHENTICATED with the status 401, whatever is asked, since a credential that is no good is never nobody's.
const TABLE: &str = "
operation            nobody city province reviewer publisher steward admin reader machine closed revoked
signIn               yes    yes  yes      yes      yes       yes     yes   yes    yes     dead   dead
refreshSession       yes    yes  yes      yes      yes       yes     yes   yes    yes     dead   dead
signOut              yes    yes  yes      yes      yes       yes     yes   yes    yes     dead   dead
changePassword       who    yes  yes      yes      yes       yes     yes   yes    no      dead   dead
createAccount        who    no   no       no       no        no      yes   no     no      dead   dead
changeAccount        who    no   no       no       no        no      yes   no     no      dead   dead
createApiKey         who    no   no       no       no        no      yes   no     no      dead   dead
revokeApiKey         who    no   no       no       no        no      yes   no     no      dead   dead
accounts             who    no   no       no       no        no      yes   no     no      dead   dead
apiKeys              who    no   no       no       no        no      yes   no     no      dead   dead
auditEvents          who    no   no       no       no        no      yes   no     no      dead   dead
uploads              who    yes  yes      no       no        no      no    no     no      dead   dead
previewImport        who    yes  yes      no       no        no      no    no     no      dead   dead
importReport         who    yes  yes      no       no        no      no    no     no      dead   dead
startImport          who    yes  yes      no       no        no      no    no     no      dead   dead
importJob            who    yes  yes      no       no        no      no    no     no      dead   dead
cancelImport         who    yes  yes      no       no        no      no    no     no      dead   dead
recordObservations   who    yes  yes      no       no        no      no    no     yes     dead   dead
submitReport         who    yes  yes      no       no        no      no    no     no      dead   dead
discardReport        who    yes  yes      no       no        no      no    no     no      dead   dead
commentOnReport      who    yes  yes      yes      yes       yes     no    no     no      dead   dead
returnReport         who    no   no       yes      no        no      no    no     no      dead   dead
approveReport        who    no   no       yes      no        no      no    no     no      dead   dead
waiveFinding         who    no   no       yes      no        yes     no    no     no      dead   dead
publishReport        who    no   no       no       yes       no      no    no     no      dead   dead
unscheduleReport     who    no   no       no       yes       no      no    no     no      dead   dead
correctReport        who    no   no       no       yes       no      no    no     no      dead   dead
withdrawReport       who    no   no       no       yes       no      no    no     no      dead   dead
submissions          who    yes  yes      yes      yes       yes     yes   yes    no      dead   dead
submission           who    yes  yes      yes      yes       yes     yes   yes    no      dead   dead
reviseIndicator      who    no   no       no       no        yes     no    no     no      dead   dead
reviseUnit           who    no   no       no       no        yes     no    no     no      dead   dead
saveRule             who    no   no       no       no        yes     no    no     no      dead   dead
retireRule           who    no   no       no       no        yes     no    no     no      dead   dead
";

/// Root fields that everybody may ask for.
const PUBLIC: &[&str] = &[
    "reports",
    "report",
    "documents",
    "document",
    "scorecard",
    "rules",
    "releases",
    "topics",
    "topic",
    "indicators",
    "indicator",
    "targets",
    "target",
    "units",
    "unit",
    "systems",
    "system",
    "series",
    "observations",
    "ranking",
    "availability",
    "search",
    "node",
    "nodes",
    "serverInfo",
    "viewer",
];

/// Nobody in the table does these: what they would do is tested elsewhere (`sessions.rs`, imports).
const NOT_DONE: &[&str] = &["changePassword", "cancelImport"];

const PASSWORD: &str = "chín con trâu gặm cỏ";

/// Operations by actor by what is expected.
fn table() -> (Vec<&'static str>, BTreeMap<&'static str, Vec<&'static str>>, Vec<&'static str>) {
    let mut lines = TABLE.trim().lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let actors = lines.next().expect("a heading")[1..].to_vec();
    let lines: Vec<_> = lines.collect();
    let order = lines.iter().map(|line| line[0]).collect();
    let cells: BTreeMap<_, _> = lines.into_iter().map(|line| (line[0], line[1..].to_vec())).collect();
    assert!(cells.values().all(|line| line.len() == actors.len()));
    (actors, cells, order)
}

/// The fields of a root type of the schema.
fn root_fields(of: &str) -> BTreeSet<String> {
    use async_graphql::parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    };
    let document = parse_schema(solieu::graphql::schema::sdl()).expect("the schema is read back");
    let definitions = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) if definition.node.name.node == of => Some(definition.node.kind),
        _ => None,
    });
    let fields =
        definitions.filter_map(|kind| if let TypeKind::Object(object) = kind { Some(object.fields) } else { None });
    fields.flatten().map(|field| field.node.name.node.to_string()).collect()
}

#[test]
fn everything_in_the_schema_is_in_the_table() {
    let (_, cells, order) = table();
    assert_eq!(order.len(), cells.len(), "an operation stands twice");
    let asked: BTreeSet<String> = cells.keys().map(|name| (*name).to_owned()).collect();
    let public: BTreeSet<String> = PUBLIC.iter().map(|name| (*name).to_owned()).collect();
    let (queries, mutations) = (root_fields("Query"), root_fields("Mutation"));
    assert!(queries.len() > 30 && mutations.len() > 20);
    let known: BTreeSet<String> = &(&queries - &public) | &mutations;
    let missing: Vec<_> = known.difference(&asked).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    let gone: Vec<_> = asked.difference(&known).filter(|name| *name != "uploads").collect();
    assert!(gone.is_empty(), "not in the schema: {gone:?}");
    assert!(public.is_subset(&queries), "{:?}", &public - &queries);
}

fn report(code: &str) -> Value {
    json!({ "code": code, "title": "Thử", "period": "2024", "unit": "19", "issuedOn": "2025-01-10" })
}

fn figure(indicator: &str, unit: &str, value: &str) -> Value {
    json!({ "indicator": indicator, "unit": unit, "period": "2024", "value": value })
}

fn push(code: &str, key: &str, figures: &[Value]) -> Value {
    json!({ "report": report(code), "observations": figures, "idempotencyKey": key })
}

/// A file of the long form with one figure of 164.
fn long(value: &str) -> String {
    format!("indicator,unit,period,value\ndossiers.received,164,2024,{value}\n")
}

const STATE: &str = "submission { code version state allowedActions } errors { code message }";

/// People who bring submissions as far as a test needs them.
struct Desk {
    editor: Person,
    reviewer: Person,
    publisher: Person,
}

impl Desk {
    async fn new(app: &TestApp) -> Self {
        Self {
            editor: app.person("desk-editor", &[Role::Editor], &["19"]).await,
            reviewer: app.person("desk-reviewer", &[Role::Reviewer], &[]).await,
            publisher: app.person("desk-publisher", &[Role::Publisher], &[]).await,
        }
    }

    /// A draft with these figures.
    async fn draft(&self, code: &str, figures: &[Value]) -> String {
        let pushed = self.editor.call("recordObservations", push(code, code, figures), STATE).await;
        pushed["submission"]["code"].as_str().unwrap_or_else(|| panic!("{pushed}")).to_owned()
    }

    /// A submission that has taken these steps; gives its code.
    async fn bring(&self, code: &str, steps: &[&str]) -> String {
        let submission = self.draft(code, &[figure("dossiers.received", "164", "12")]).await;
        for step in steps {
            let (who, mut input) = match *step {
                "submitReport" => (&self.editor, json!({})),
                "approveReport" => (&self.reviewer, json!({})),
                "schedule" => (&self.publisher, json!({ "at": future() })),
                _ => (&self.publisher, json!({})),
            };
            input["submission"] = json!(submission);
            let mutation = if *step == "schedule" { "publishReport" } else { step };
            let done = who.call(mutation, input, STATE).await;
            assert_eq!(done["errors"], json!([]), "{step}: {done}");
        }
        submission
    }
}

fn future() -> String {
    (server::clock() + chrono::Duration::days(30)).to_rfc3339()
}

/// What each operation is asked with: it would be done if the caller may.
async fn inputs(app: &TestApp, desk: &Desk) -> BTreeMap<&'static str, Value> {
    let (_, key) = app.machine(&["164"], &[]).await;
    app.account("somebody", None, &[Role::Reader], &[]).await;
    app.account("door", Some(PASSWORD), &[], &[]).await;
    let of = |submission: String| json!({ "submission": submission });
    let with = |submission: String, more: Value| {
        let mut input = more;
        input["submission"] = json!(submission);
        input
    };
    let submitted = ["submitReport"];
    let approved = ["submitReport", "approveReport"];
    let source = json!({ "text": long("77") });
    let preview = json!({ "report": report("T-import"), "source": source, "format": "LONG" });
    let seen = desk.editor.call("previewImport", preview.clone(), "preview { previewHash } errors { message }").await;
    let mut import = preview.clone();
    import["previewHash"] = seen["preview"]["previewHash"].clone();
    assert!(import["previewHash"].is_string(), "{seen}");
    let odd = desk.draft("T-waive", &[figure("dossiers.on-time-rate", "164", "150")]).await;
    let found = desk.editor.ask(&format!("{{ submission(code: \"{odd}\") {{ findings {{ code severity }} }} }}")).await;
    let finding =
        found["data"]["submission"]["findings"][0]["code"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned();
    BTreeMap::from([
        ("signIn", json!({ "name": "door", "password": PASSWORD })),
        ("changePassword", json!({ "oldPassword": PASSWORD, "newPassword": "short" })),
        ("createAccount", json!({ "name": "newcomer", "displayName": "x", "roles": ["READER"], "units": [] })),
        ("changeAccount", json!({ "name": "somebody", "roles": ["ADMIN"] })),
        ("createApiKey", json!({ "name": "x", "units": ["19"], "indicators": [], "expiresAt": future() })),
        ("revokeApiKey", json!({ "id": key.id })),
        ("previewImport", preview),
        ("importReport", import),
        ("startImport", json!({ "report": report("T-start"), "source": { "upload": "" } })),
        ("cancelImport", json!({ "id": "0123" })),
        ("recordObservations", push("T-record", "k", &[figure("dossiers.received", "164", "5")])),
        ("submitReport", of(desk.bring("T-submit", &[]).await)),
        ("discardReport", of(desk.bring("T-discard", &[]).await)),
        ("commentOnReport", with(desk.bring("T-comment", &[]).await, json!({ "comment": "x" }))),
        ("returnReport", with(desk.bring("T-return", &submitted).await, json!({ "reason": "x" }))),
        ("approveReport", of(desk.bring("T-approve", &submitted).await)),
        ("waiveFinding", with(odd, json!({ "reason": "x", "finding": finding }))),
        ("publishReport", of(desk.bring("T-publish", &approved).await)),
        ("unscheduleReport", of(desk.bring("T-unschedule", &[approved[0], approved[1], "schedule"]).await)),
        ("correctReport", json!({ "report": "3872-BC/BCSD", "reason": "x" })),
        ("withdrawReport", json!({ "report": "3872-BC/BCSD", "reason": "x" })),
        ("reviseIndicator", json!({ "code": "dossiers.received", "name": "Hồ sơ", "reason": "x" })),
        ("reviseUnit", json!({ "unit": "19@1997-01-01", "nameEn": "Province", "reason": "x" })),
        (
            "saveRule",
            json!({ "code": "new", "severity": "WARNING", "check": "WITHIN_BOUNDS", "name": "x", "explanation": "x", "reason": "x" }),
        ),
        ("retireRule", json!({ "code": "never-falls", "reason": "x" })),
    ])
}

fn query_of(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "accounts" => "{ accounts { nodes { name } } }",
        "apiKeys" => "{ apiKeys { nodes { id } } }",
        "auditEvents" => "{ auditEvents { seq } }",
        "importJob" => "{ importJob(id: \"0123\") { id } }",
        "submissions" => "{ submissions { nodes { code } } }",
        "submission" => "{ submission(code: \"S-1\") { code } }",
        _ => return None,
    })
}

/// Tries an operation; gives what came of it in the words of the table, and the answer.
async fn attempt(who: &Person, operation: &str, input: &Value) -> (&'static str, Value) {
    let response = match (operation, query_of(operation)) {
        ("uploads", _) => who.send_file("x.csv", long("78").into_bytes()).await,
        (_, Some(query)) => who.post(query, json!({})).await,
        (mutation, None) => {
            let fields = match mutation {
                "signIn" | "refreshSession" => "refreshToken",
                "signOut" => "isSignedOut",
                _ => "errorCount errors { code message }",
            };
            let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
            let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} }} }}");
            who.post(&query, json!({ "input": input })).await
        }
    };
    let status = response.status().as_u16();
    let challenged = response.headers().contains_key("www-authenticate");
    let answer: Value = response.json().await.expect("JSON");
    let is_upload = operation == "uploads";
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    let verdict = match (status, code) {
        (200, None) if !is_upload => "yes",
        (201, None) if is_upload => "yes",
        (200, Some("FORBIDDEN")) if !is_upload => "no",
        (403, Some("FORBIDDEN")) if is_upload => "no",
        (200, Some("UNAUTHENTICATED")) if !is_upload => "who",
        (401, Some("UNAUTHENTICATED")) if challenged && who.credential.is_none() => "who",
        (401, Some("UNAUTHENTICATED")) if challenged => "dead",
        _ => "something else",
    };
    (verdict, answer)
}

#[tokio::test]
async fn the_table_of_permissions_holds() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let mut inputs = inputs(&app, &desk).await;
    let (actors, cells, order) = table();
    let mut people = BTreeMap::from([("nobody", app.anonymous())]);
    for (name, role, units) in [
        ("city", Role::Editor, &["164"][..]),
        ("province", Role::Editor, &["19"]),
        ("reviewer", Role::Reviewer, &[]),
        ("publisher", Role::Publisher, &[]),
        ("steward", Role::Steward, &[]),
        ("admin", Role::Admin, &[]),
        ("reader", Role::Reader, &[]),
    ] {
        let account = app.account(name, Some(PASSWORD), &[role], units).await;
        let token = app.state.authority.issue(&app.state.database, &account, server::clock()).await.expect("a token");
        people.insert(name, app.bearer(Some(token)));
    }
    people.insert("machine", app.machine(&["164"], &["dossiers.received"]).await.0);
    // Both have been good: what ended them is what is tested.
    let closed = app.person("closed", Role::ALL, &["19"]).await;
    let (revoked, key) = app.machine(&["19"], &[]).await;
    for alive in [&closed, &revoked] {
        assert!(alive.ask("{ viewer { name } }").await["data"]["viewer"]["name"].is_string());
    }
    let state = &app.state;
    let snapshot = state.snapshots.newest(&state.database).await.expect("a snapshot");
    let change = AccountChange { name: "closed".to_owned(), active: Some(false), ..AccountChange::default() };
    let done = accounts::change(&state.database, &state.authority, &snapshot.catalogue, &operator(), change).await;
    done.expect("the operator may").expect("nothing to put right");
    let done = accounts::revoke_key(&state.database, &operator(), &key.id).await;
    done.expect("the operator may").expect("nothing to put right");
    people.insert("closed", closed);
    people.insert("revoked", revoked);

    // First everything that must be refused, against targets that would be changed if it were not.
    let mut wrong = Vec::new();
    let before = app.rows().await;
    let nothing = json!({ "refreshToken": "x" });
    for (actor, column) in actors.iter().zip(0..) {
        for operation in order.iter().filter(|operation| cells[*operation][column] != "yes") {
            let input = inputs.get(operation).unwrap_or(&nothing);
            let (verdict, answer) = attempt(&people[actor], operation, input).await;
            if verdict != cells[operation][column] {
                wrong.push(format!("{operation} by {actor}: {verdict} {answer}"));
            }
            let after = app.rows().await;
            let changed: Vec<_> = after.iter().filter(|(table, rows)| before[*table] != **rows).collect();
            assert!(changed.is_empty(), "{operation} by {actor} was {verdict} and wrote {changed:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    // Then what is allowed; the first who may has it done.
    let mut done = BTreeSet::new();
    for (actor, column) in actors.iter().zip(0..) {
        for operation in order.iter().filter(|operation| cells[*operation][column] == "yes") {
            let (verdict, answer) =
                attempt(&people[actor], operation, inputs.get(operation).unwrap_or(&Value::Null)).await;
            if verdict != "yes" {
                wrong.push(format!("{operation} by {actor}: {verdict} {answer}"));
                continue;
            }
            match *operation {
                "signIn" | "refreshSession" => {
                    let token = json!({ "refreshToken": answer["data"][operation]["refreshToken"] });
                    inputs.insert("refreshSession", token.clone());
                    inputs.insert("signOut", token);
                }
                "uploads" => inputs.entry("startImport").or_default()["source"]["upload"] = answer["upload"].clone(),
                _ => {}
            }
            if answer["data"][operation]["errorCount"].as_i64().unwrap_or(0) == 0 {
                done.insert(*operation);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let undone: Vec<_> = order.iter().filter(|o| !done.contains(*o) && !NOT_DONE.contains(o)).collect();
    assert!(undone.is_empty(), "nobody has done {undone:?}, so that their refusal proves nothing");
}

/// Tries to push; must be forbidden, and nothing must be written.
async fn forbidden(app: &TestApp, who: &Person, input: Value) {
    let before = app.rows().await;
    let (verdict, answer) = attempt(who, "recordObservations", &input).await;
    assert_eq!(verdict, "no", "{input}: {answer}");
    assert_eq!(app.rows().await, before, "{input}");
}

#[tokio::test]
async fn grants_reach_down_and_nowhere_else() {
    let app = TestApp::start().await;
    let city = app.person("city", &[Role::Editor], &["164"]).await;
    let province = app.person("province", &[Role::Editor], &["19"]).await;
    let nowhere = app.person("nowhere", &[Role::Editor], &[]).await;
    let (machine, _) = app.machine(&["164"], &["dossiers.received"]).await;
    let received = |unit: &str| figure("dossiers.received", unit, "3");
    for unit in ["165", "19"] {
        for who in [&city, &machine, &nowhere] {
            forbidden(&app, who, push("G", unit, &[received(unit)])).await;
            // One that is granted does not carry along one that is not.
            forbidden(&app, who, push("G", unit, &[received("164"), received(unit)])).await;
        }
    }
    forbidden(&app, &nowhere, push("G", "n", &[received("164")])).await;
    forbidden(&app, &machine, push("G", "i", &[figure("dossiers.resolved", "164", "3")])).await;
    forbidden(&app, &machine, push("G", "i", &[received("164"), figure("dossiers.resolved", "164", "3")])).await;
    for (who, input) in [
        (&machine, push("G", "1", &[received("164")])),
        (&city, push("G", "2", &[figure("dossiers.resolved", "164", "3")])),
        (&province, push("G", "3", &[received("165"), received("19")])),
    ] {
        let pushed = who.call("recordObservations", input, STATE).await;
        assert_eq!(pushed["errors"], json!([]), "{pushed}");
    }
}

#[tokio::test]
async fn a_push_of_nothing_changes_no_header_of_others() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let code = desk.bring("H", &["submitReport", "approveReport"]).await;
    let nowhere = app.person("nowhere", &[Role::Editor], &[]).await;
    let before = app.rows().await;
    let mut input = push("H", "nothing", &[]);
    input["report"]["title"] = json!("Của tôi");
    let (verdict, answer) = attempt(&nowhere, "recordObservations", &input).await;
    assert!(verdict == "no" || answer["data"]["recordObservations"]["errorCount"] != 0, "{answer}");
    for (format, text) in [("LONG", "indicator,unit,period,value\n"), ("TEXT", "I. KẾT QUẢ\n\nCủa tôi cả.\n")]
    {
        no_import_without_figures(&nowhere, &input["report"], format, text).await;
    }
    assert_eq!(app.rows().await, before);
    let now = desk.editor.ask(&format!("{{ submission(code: \"{code}\") {{ state title }} }}")).await;
    assert_eq!(now["data"]["submission"], json!({ "state": "APPROVED", "title": "Thử" }));
}

async fn no_import_without_figures(nowhere: &Person, report: &Value, format: &str, text: &str) {
    let text = json!({ "report": report, "source": { "text": text }, "format": format });
    let query = "mutation($input: PreviewImportInput!) { previewImport(input: $input) { preview { previewHash } errors { message } } }";
    let seen = nowhere.ask_with(query, json!({ "input": text })).await;
    if let Some(hash) = seen["data"]["previewImport"]["preview"]["previewHash"].as_str() {
        let mut import = text.clone();
        import["previewHash"] = json!(hash);
        let (verdict, answer) = attempt(nowhere, "importReport", &import).await;
        assert!(verdict == "no" || answer["data"]["importReport"]["errorCount"] != 0, "{format}: {answer}");
    }
}

#[tokio::test]
async fn an_import_beside_requests_needs_the_same_grants() {
    let app = TestApp::start().await;
    let city = app.person("city", &[Role::Editor], &["164"]).await;
    for (unit, expected) in [("165", "FAILED"), ("164", "DONE")] {
        let before = app.rows().await;
        let upload = city.upload("x.csv", long("9").replace("164", unit).into_bytes()).await;
        let input = json!({ "report": report("J"), "source": { "upload": upload }, "format": "LONG" });
        let begun = city.call("startImport", input, "job { id } errors { message }").await;
        let id = begun["job"]["id"].as_str().unwrap_or_else(|| panic!("{begun}")).to_owned();
        let query = format!("{{ importJob(id: \"{id}\") {{ state }} }}");
        let mut state = json!("RUNNING");
        for _ in 0..600 {
            state = city.ask(&query).await["data"]["importJob"]["state"].clone();
            if state != "RUNNING" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(state, expected);
        let mut after = app.rows().await;
        // That a file came and a job was begun is written down, whatever becomes of it.
        assert_eq!(after["audit_event"] - before["audit_event"], if unit == "165" { 2 } else { 3 });
        for table in ["upload", "upload_chunk", "import_job", "audit_event"] {
            after.insert(table.to_owned(), before[table]);
        }
        assert_eq!(after == before, unit == "165", "{before:?} {after:?}");
        // Jobs and files are their owner's, also among editors of the same units.
        let other = app.person(&format!("other-{unit}"), &[Role::Editor], &["164"]).await;
        assert!(other.ask(&query).await["data"]["importJob"].is_null());
        let stolen = json!({ "report": report("K"), "source": { "upload": upload } });
        let refused = other.call("startImport", stolen, "job { id } errors { code }").await;
        assert_eq!(refused["errors"][0]["code"], "NOT_FOUND");
        let refused = other.call("cancelImport", json!({ "id": id }), "errors { code }").await;
        assert_eq!(refused["errors"][0]["code"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn nobody_reviews_what_they_had_a_part_in() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let both = app.person("both", &[Role::Editor, Role::Reviewer], &["164"]).await;
    let all = app.person("all", Role::ALL, &["19"]).await;
    for who in [&both, &all] {
        let name = who.ask("{ viewer { name } }").await["data"]["viewer"]["name"].as_str().expect("a name").to_owned();
        // One who began it, and one who only brought a figure to what another began.
        let begun = format!("begun-{name}");
        let own =
            who.call("recordObservations", push(&begun, "1", &[figure("dossiers.received", "164", "4")]), STATE).await;
        let own = own["submission"]["code"].as_str().expect("a code").to_owned();
        let joined = format!("joined-{name}");
        let other = desk.draft(&joined, &[figure("dossiers.resolved", "165", "6")]).await;
        let pushed =
            who.call("recordObservations", push(&joined, "2", &[figure("dossiers.received", "164", "5")]), STATE).await;
        assert_eq!(pushed["submission"]["code"], json!(other), "{pushed}");
        for code in [own, other] {
            let step = json!({ "submission": code });
            let submitted = desk.editor.call("submitReport", step.clone(), STATE).await;
            assert_eq!(submitted["errors"], json!([]), "{submitted}");
            let before = app.rows().await;
            for (mutation, input) in [
                ("approveReport", step.clone()),
                ("returnReport", json!({ "submission": code, "reason": "x" })),
                ("waiveFinding", json!({ "submission": code, "reason": "x", "finding": "x" })),
            ] {
                let (verdict, answer) = attempt(who, mutation, &input).await;
                assert_eq!(verdict, "no", "{mutation} of {code} by {name}: {answer}");
            }
            assert_eq!(app.rows().await, before);
            let seen = who.ask(&format!("{{ submission(code: \"{code}\") {{ state allowedActions }} }}")).await;
            let allowed = seen["data"]["submission"]["allowedActions"].to_string();
            assert!(!allowed.contains("APPROVE") && !allowed.contains("RETURN"), "{seen}");
            // It is not the submission that stands against it.
            let approved = desk.reviewer.call("approveReport", step, STATE).await;
            assert_eq!(approved["submission"]["state"], "APPROVED", "{approved}");
        }
    }
}

#[tokio::test]
async fn only_what_was_approved_is_published() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let releases = app.count("release").await;
    for (report, steps) in [("A", &[][..]), ("B", &["submitReport"])] {
        let step = json!({ "submission": desk.bring(report, steps).await });
        for input in [step.clone(), json!({ "submission": step["submission"], "at": future() })] {
            let refused = desk.publisher.call("publishReport", input, STATE).await;
            assert_eq!(refused["errors"][0]["code"], "WRONG_STATE", "{refused}");
        }
    }
    let step = json!({ "submission": desk.bring("C", &["submitReport", "approveReport"]).await });
    let more = push("C", "again", &[figure("dossiers.received", "164", "13")]);
    let again = desk.editor.call("recordObservations", more, STATE).await;
    assert_eq!((&again["submission"]["code"], &again["submission"]["state"]), (&step["submission"], &json!("DRAFT")));
    let refused = desk.publisher.call("publishReport", step.clone(), STATE).await;
    assert_eq!(refused["errors"][0]["code"], "WRONG_STATE", "{refused}");
    assert_eq!(refused["submission"]["state"], "DRAFT");
    assert_eq!(app.count("release").await, releases);
    assert!(app.data(r#"{ report(code: "C") { title } }"#).await["report"].is_null());
    for (who, mutation) in
        [(&desk.editor, "submitReport"), (&desk.reviewer, "approveReport"), (&desk.publisher, "publishReport")]
    {
        let done = who.call(mutation, step.clone(), STATE).await;
        assert_eq!(done["errors"], json!([]), "{done}");
    }
    let published = app.data(r#"{ observations(filter: { documents: ["C"] }) { nodes { value } } }"#).await;
    assert_eq!(published["observations"]["nodes"], json!([{ "value": "13" }]));
}

#[tokio::test]
async fn who_saw_an_older_version_is_told_the_newer() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let code = desk.bring("V", &["submitReport"]).await;
    let seen = desk.reviewer.ask(&format!("{{ submission(code: \"{code}\") {{ version }} }}")).await;
    let version = seen["data"]["submission"]["version"].as_i64().expect("a version");
    let comment = json!({ "submission": code, "comment": "x" });
    desk.editor.call("commentOnReport", comment, STATE).await;
    let before = app.rows().await;
    let stale = json!({ "submission": code, "version": version });
    let refused = desk.reviewer.call("approveReport", stale, STATE).await;
    assert_eq!(refused["errors"][0]["code"], "STALE", "{refused}");
    assert_eq!(refused["submission"]["version"], json!(version + 1));
    assert_eq!(refused["submission"]["state"], "SUBMITTED");
    assert_eq!(app.rows().await, before);
    let fresh = json!({ "submission": code, "version": version + 1 });
    let approved = desk.reviewer.call("approveReport", fresh, STATE).await;
    assert_eq!(approved["submission"]["state"], "APPROVED", "{approved}");
}

#[tokio::test]
async fn of_two_publishers_at_once_one_publishes() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let second = app.person("second", &[Role::Publisher], &[]).await;
    let releases = app.count("release").await;
    for (number, is_versioned) in (1..).zip([false, true, false, true]) {
        let code = desk.bring(&format!("P-{number}"), &["submitReport", "approveReport"]).await;
        let seen = second.ask(&format!("{{ submission(code: \"{code}\") {{ version }} }}")).await;
        let mut step = json!({ "submission": code });
        if is_versioned {
            step["version"] = seen["data"]["submission"]["version"].clone();
        }
        let one = desk.publisher.call("publishReport", step.clone(), STATE);
        let two = second.call("publishReport", step, STATE);
        let (one, two) = tokio::join!(one, two);
        let (won, lost): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(|p| p["errors"] == json!([]));
        assert_eq!((won.len(), lost.len()), (1, 1), "{won:?} {lost:?}");
        let reason = lost[0]["errors"][0]["code"].as_str().expect("a code");
        assert!(reason == "WRONG_STATE" || reason == "STALE", "{lost:?}");
        assert_eq!(lost[0]["submission"]["state"], "PUBLISHED");
        assert_eq!(lost[0]["submission"]["version"], won[0]["submission"]["version"]);
        assert_eq!(app.count("release").await, releases + number);
    }
}

#[tokio::test]
async fn errors_say_nothing_of_the_database() {
    let app = TestApp::start().await;
    let desk = Desk::new(&app).await;
    let admin = app.person("admin", &[Role::Admin], &[]).await;
    let code = desk.bring("E", &["submitReport"]).await;
    for evil in ["'; DROP TABLE account; --", "\" OR 1=1", "x\0y", "\u{202e}\u{feff}%_\\"] {
        let step = json!({ "submission": evil });
        let mut bad = push("E2", evil, &[figure(evil, evil, evil)]);
        bad["report"]["code"] = json!(evil);
        let mut odd = push(evil, &format!("{evil}2"), &[figure("dossiers.received", "164", "1")]);
        odd["report"]["title"] = json!(evil);
        let asked = [
            (&desk.editor, "submitReport", step.clone()),
            (&desk.reviewer, "approveReport", step),
            (&desk.reviewer, "approveReport", json!({ "submission": code, "version": -1, "comment": evil })),
            (&desk.reviewer, "waiveFinding", json!({ "submission": code, "reason": evil, "finding": evil })),
            (&desk.editor, "commentOnReport", json!({ "submission": code, "comment": evil })),
            (&desk.editor, "recordObservations", bad),
            (&desk.editor, "recordObservations", odd),
            (&desk.publisher, "withdrawReport", json!({ "report": evil, "reason": evil })),
            (&admin, "changeAccount", json!({ "name": evil, "roles": [] })),
            (&admin, "createAccount", json!({ "name": evil, "displayName": evil, "roles": [], "units": [evil] })),
            (&admin, "revokeApiKey", json!({ "id": evil })),
            (&admin, "signIn", json!({ "name": evil, "password": evil })),
            (&admin, "refreshSession", json!({ "refreshToken": evil })),
        ];
        for (who, mutation, input) in asked {
            let (_, answer) = attempt(who, mutation, &input).await;
            let errors = json!([answer["errors"], answer["data"][mutation]["errors"]]).to_string();
            for word in
                ["SELECT", "INSERT", "UPDATE ", "sqlx", "sqlite", "postgres", "constraint", "syntax error", "0x00"]
            {
                assert!(!errors.to_lowercase().contains(&word.to_lowercase()), "{mutation} with {evil:?}: {errors}");
            }
            assert_ne!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{mutation} with {evil:?}: {answer}");
        }
    }
    for query in ["{ submission(code: \"x\\u0000\") { code } }", "{ submission(code: \"x\0\") { code } }"] {
        assert_eq!(desk.editor.code(query, json!({})).await, "BAD_INPUT", "{query:?}");
    }
}
