//! The audit trail: what is in it, that nothing can be changed in it, and that it shows if something was.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use chrono::Duration;
use serde_json::{Value, json};
use solieu::{
    domain::{account::Role, audit::AuditEvent},
    server, store,
};

use crate::support::{Person, TestApp, TestDatabase, on_postgres, root};

const PASSWORD: &str = "chín con trâu gặm cỏ";

/// Runs the command with some standard input; gives its exit code and what it wrote.
fn solieu(url: &str, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_solieu"));
    command.args(arguments).args(["--database-url", url]).current_dir(root());
    command.env_remove("DATABASE_URL").env("SOLIEU_LOG_FILTER", "off");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    // Whoever does not read its input may have closed it.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

async fn trail(app: &TestApp) -> Vec<AuditEvent> {
    store::audit::after(app.state.database.reader(), 0, 10_000).await.expect("the trail")
}

/// Calls a mutation and gives its payload and the events that it wrote.
async fn written(app: &TestApp, who: &Person, mutation: &str, input: Value, fields: &str) -> (Value, Vec<AuditEvent>) {
    let before = trail(app).await.len();
    let payload = who.call(mutation, input, fields).await;
    (payload, trail(app).await.split_off(before))
}

fn observations(value: &str) -> Value {
    json!([{ "indicator": "dossiers.received", "unit": "164", "period": "2024", "value": value }])
}

fn report(code: &str) -> Value {
    json!({ "code": code, "title": "Thử", "period": "2024", "unit": "19", "issuedOn": "2025-01-10" })
}

const STEP: &str = "submission { code state } errors { code message }";

#[tokio::test]
async fn every_mutation_that_succeeds_is_written_down_once() {
    let app = TestApp::start().await;
    let admin = app.person("admin", &[Role::Admin], &[]).await;
    let editor = app.person("editor", &[Role::Editor], &["19"]).await;
    let reviewer = app.person("reviewer", &[Role::Reviewer], &[]).await;
    let publisher = app.person("publisher", &[Role::Publisher], &[]).await;
    let (machine, key) = app.machine(&["164"], &[]).await;
    let door = app.anonymous();
    let soon = (server::clock() + Duration::days(9)).to_rfc3339();
    let source = json!({ "text": "indicator,unit,period,value\ndossiers.received,164,2024,8\n" });
    let file = json!({ "report": report("N"), "source": source, "format": "LONG" });

    let new = json!({ "name": "lan", "displayName": "Lan", "password": PASSWORD, "roles": ["READER"], "units": [] });
    let mut walk: Vec<(&Person, &str, Value, &str)> = vec![
        (&admin, "createAccount", new, "account:lan"),
        (&admin, "changeAccount", json!({ "name": "lan", "roles": ["EDITOR"], "units": ["164"] }), "account:lan"),
        (&admin, "revokeApiKey", json!({ "id": key.id }), "key:"),
        (&admin, "createApiKey", json!({ "name": "x", "units": ["164"], "indicators": [], "expiresAt": soon }), "key:"),
    ];
    let mut seen = Vec::new();
    for (who, mutation, input, subject) in walk.drain(..) {
        let (payload, events) = written(&app, who, mutation, input, "errors { message }").await;
        assert_eq!(payload["errors"], json!([]), "{mutation}: {payload}");
        assert_eq!(events.len(), 1, "{mutation}: {events:?}");
        assert_eq!(events[0].entry.actor, "account:admin");
        assert!(events[0].entry.subject.starts_with(subject), "{events:?}");
        seen.push(mutation.to_owned());
    }
    assert_eq!(machine.post("{ viewer { name } }", json!({})).await.status(), 401, "its key is revoked");

    // Sessions.
    let (session, events) =
        written(&app, &door, "signIn", json!({ "name": "lan", "password": PASSWORD }), "accessToken refreshToken")
            .await;
    assert_eq!((events.len(), events[0].entry.actor.as_str()), (1, "account:lan"), "{events:?}");
    let token = json!({ "refreshToken": session["refreshToken"] });
    let (session, events) = written(&app, &door, "refreshSession", token, "accessToken refreshToken").await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].entry.actor, "account:lan");
    let lan = app.bearer(session["accessToken"].as_str().map(str::to_owned));
    let token = json!({ "refreshToken": session["refreshToken"] });
    let (_, events) = written(&app, &door, "signOut", token.clone(), "isSignedOut").await;
    assert_eq!(events.len(), 1, "{events:?}");
    let (_, events) = written(&app, &door, "signOut", token, "isSignedOut").await;
    assert_eq!(events, [], "it had ended");
    let new = json!({ "oldPassword": PASSWORD, "newPassword": "mười con vịt bơi ao" });
    let (_, events) = written(&app, &lan, "changePassword", new, "errors { code }").await;
    assert_eq!(events.len(), 1, "{events:?}");

    // Submissions. A preview stores nothing, so there is nothing to write down.
    let (preview, events) =
        written(&app, &editor, "previewImport", file.clone(), "preview { previewHash } errors { message }").await;
    assert_eq!(events, [], "{preview}");
    let mut import = file;
    import["previewHash"] = preview["preview"]["previewHash"].clone();
    let (imported, events) = written(&app, &editor, "importReport", import.clone(), STEP).await;
    assert_eq!((events.len(), &imported["errors"]), (1, &json!([])), "{imported}");
    let code = imported["submission"]["code"].as_str().expect("a code").to_owned();
    assert_eq!(events[0].entry.subject, format!("submission:{code}"));
    let (_, events) = written(&app, &editor, "importReport", import, STEP).await;
    assert_eq!(events, [], "the same again is nothing");
    let push = json!({ "report": report("N"), "observations": observations("9"), "idempotencyKey": "k" });
    for (who, mutation, more) in [
        (&editor, "recordObservations", push),
        (&editor, "submitReport", json!({})),
        (&editor, "commentOnReport", json!({ "comment": "a" })),
        (&reviewer, "returnReport", json!({ "reason": "b" })),
        (&editor, "submitReport", json!({})),
        (&reviewer, "approveReport", json!({})),
        (&publisher, "publishReport", json!({ "at": soon })),
        (&publisher, "unscheduleReport", json!({})),
        (&publisher, "publishReport", json!({})),
        (&publisher, "correctReport", json!({ "report": "N", "reason": "c" })),
        (&publisher, "withdrawReport", json!({ "report": "N", "reason": "d" })),
    ] {
        let mut input = more;
        let fields = if mutation == "withdrawReport" { "release { number } errors { code message }" } else { STEP };
        if !matches!(mutation, "recordObservations" | "correctReport" | "withdrawReport") {
            input["submission"] = json!(code);
        }
        let (payload, events) = written(&app, who, mutation, input, fields).await;
        assert_eq!(payload["errors"], json!([]), "{mutation}: {payload}");
        assert_eq!(events.len(), 1, "{mutation}: {events:?}");
        let entry = &events[0].entry;
        assert!(entry.actor.starts_with("account:") && !entry.request_id.is_empty(), "{entry:?}");
        if payload["submission"]["code"] == json!(code) {
            assert_eq!(entry.subject, format!("submission:{code}"));
            assert!(!entry.after.is_empty() && entry.before != entry.after, "{entry:?}");
        }
    }

    // What is refused is not written down.
    let before = trail(&app).await.len();
    for (who, mutation, input) in [
        (&door, "signIn", json!({ "name": "lan", "password": "wrong" })),
        (&door, "refreshSession", json!({ "refreshToken": "x" })),
    ] {
        let query = match mutation {
            "signIn" => "mutation($i: SignInInput!) { signIn(input: $i) { accessToken } }",
            _ => "mutation($i: RefreshSessionInput!) { refreshSession(input: $i) { accessToken } }",
        };
        assert_eq!(who.code(query, json!({ "i": input })).await, "UNAUTHENTICATED");
    }
    let query = "mutation($i: ApproveReportInput!) { approveReport(input: $i) { errorCount } }";
    assert_eq!(editor.code(query, json!({ "i": { "submission": code } })).await, "FORBIDDEN");
    for (who, mutation, input) in [
        (&reviewer, "approveReport", json!({ "submission": code })),
        (&publisher, "publishReport", json!({ "submission": "S-999" })),
        (&publisher, "correctReport", json!({ "report": "none", "reason": "x" })),
        (&admin, "changeAccount", json!({ "name": "none" })),
        (&admin, "createAccount", json!({ "name": "lan", "displayName": "", "roles": [], "units": [] })),
        (&admin, "revokeApiKey", json!({ "id": key.id.replace(char::is_numeric, "x") })),
    ] {
        let payload = who.call(mutation, input, "errorCount").await;
        assert_ne!(payload["errorCount"], 0, "{mutation}");
    }
    assert_eq!(trail(&app).await.len(), before);

    // No password, token or key is in it, and administrators read the same as is kept.
    let kept = format!("{:?}", trail(&app).await);
    for secret in [PASSWORD, "mười con vịt bơi ao", session["refreshToken"].as_str().expect("a token")] {
        assert!(!kept.contains(secret));
    }
    let shown = admin.ask("{ auditEvents(first: 3) { seq hash actor action } }").await;
    let newest: Vec<Value> = trail(&app)
        .await
        .iter()
        .rev()
        .take(3)
        .map(|e| json!({ "seq": e.seq, "hash": e.hash, "actor": e.entry.actor, "action": e.entry.action }))
        .collect();
    assert_eq!(shown["data"]["auditEvents"], json!(newest), "{shown}");
}

/// A service whose trail has some events; how many.
async fn with_a_trail() -> (TestApp, i64) {
    let app = TestApp::start().await;
    for name in ["one", "two", "three", "four", "five", "six"] {
        app.account(name, None, &[Role::Reader], &[]).await;
    }
    let events = trail(&app).await.len() as i64;
    assert!(events >= 6);
    (app, events)
}

fn verify(app: &TestApp) -> (Option<i32>, String, String) {
    solieu(&app.state.config.database.url, &["audit", "verify"], "")
}

#[tokio::test]
async fn the_database_refuses_changes_of_the_trail() {
    let (app, events) = with_a_trail().await;
    let before = trail(&app).await;
    let mut statements = vec![
        "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2".to_owned(),
        "UPDATE audit_event SET seq = seq + 100".to_owned(),
        "DELETE FROM audit_event WHERE seq = 3".to_owned(),
        format!("DELETE FROM audit_event WHERE seq = {events}"),
        "DELETE FROM audit_event".to_owned(),
    ];
    match on_postgres() {
        true => statements.push("TRUNCATE audit_event".to_owned()),
        // SQLite deletes the row that stands in the way without asking delete triggers.
        false => statements.push(
            "INSERT OR REPLACE INTO audit_event SELECT seq, at, 'nobody', action, subject, before_hash, after_hash, request_id, detail, previous_hash, hash FROM audit_event WHERE seq = 2".to_owned(),
        ),
    }
    for statement in statements {
        let refused = app.sql(&statement).await;
        assert!(refused.is_err_and(|e| e.to_string().contains("append-only")), "{statement}");
    }
    assert_eq!(trail(&app).await, before);
}

#[tokio::test]
async fn the_command_says_that_a_trail_is_whole() {
    let (app, events) = with_a_trail().await;
    let (status, said, _) = verify(&app);
    assert_eq!(status, Some(0), "{said}");
    let last = trail(&app).await.pop().expect("an event");
    assert_eq!(said.trim(), format!("the audit trail is whole: {events} events, head {}", last.hash));
}

#[tokio::test]
async fn tampering_is_found_at_its_row() {
    let free: &[&str] = match on_postgres() {
        true => &["DROP TRIGGER audit_event_append_only ON audit_event"],
        false => &["DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete"],
    };
    let cases: [(&str, Vec<String>, i64); 7] = [
        ("one byte of a hash", vec!["UPDATE audit_event SET hash = 'x' || substr(hash, 2) WHERE seq = 4".into()], 4),
        ("an actor", vec!["UPDATE audit_event SET actor = 'operatox' WHERE seq = 4".into()], 4),
        ("a time", vec!["UPDATE audit_event SET at = at + 1 WHERE seq = 1".into()], 1),
        ("a detail", vec!["UPDATE audit_event SET detail = detail || ' ' WHERE seq = 5".into()], 5),
        ("a row in the middle", vec!["DELETE FROM audit_event WHERE seq = 3".into()], 4),
        ("the first row", vec!["DELETE FROM audit_event WHERE seq = 1".into()], 2),
        (
            "two rows",
            vec![
                "UPDATE audit_event SET seq = -2 WHERE seq = 2".into(),
                "UPDATE audit_event SET seq = 2 WHERE seq = 3".into(),
                "UPDATE audit_event SET seq = 3 WHERE seq = -2".into(),
            ],
            2,
        ),
    ];
    let (app, _) = with_a_trail().await;
    assert_eq!(verify(&app).0, Some(0));
    for (name, statements, seq) in cases {
        let (app, _) = with_a_trail().await;
        for statement in free.iter().map(|s| (*s).to_owned()).chain(statements) {
            app.sql(&statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
        }
        let (status, said, complained) = verify(&app);
        assert_eq!(status, Some(1), "{name}: {said}");
        assert!(complained.contains(&format!("broken at {seq}:")), "{name}: {complained}");
        assert_eq!(complained.trim_end().lines().count(), 1, "{name}: {complained}");
    }
}

#[tokio::test]
async fn a_line_is_a_line() {
    let app = TestApp::start().await;
    let editor = app.person("editor", &[Role::Editor], &["164"]).await;
    let push = json!({ "report": report("L"), "observations": observations("9"), "idempotencyKey": "k" });
    let pushed = editor.call("recordObservations", push, STEP).await;
    let said = "thật\r\n2026-11-22 operator published everything\u{85}\u{2028}\u{1b}[2Jx";
    let comment = json!({ "submission": pushed["submission"]["code"], "comment": said });
    let (_, events) = written(&app, &editor, "commentOnReport", comment, STEP).await;
    assert_eq!(events.len(), 1);
    let detail = &events[0].entry.detail;
    assert!(detail.contains("published everything"), "{detail:?}");
    assert!(!detail.contains(|c: char| c.is_control() || "\u{2028}\u{2029}".contains(c)), "{detail:?}");
    assert_eq!(verify(&app).0, Some(0));
}

#[tokio::test]
async fn the_operator_makes_accounts() {
    let database = TestDatabase::loaded().await;
    let create = |name: &str, more: &[&str], password: &str| {
        let mut arguments = vec!["account", "create", name];
        arguments.extend(more);
        solieu(&database.url, &arguments, password)
    };
    let roles = ["--role", "ADMIN", "--role", "editor", "--unit", "164"];
    let (status, said, complained) = create("root", &roles, &format!("{PASSWORD}\n"));
    assert_eq!(status, Some(0), "{complained}");
    assert_eq!(said.trim(), "account root made: EDITOR, ADMIN");
    for (name, more, password, expected) in [
        ("root", &roles[..], PASSWORD, "taken"),
        ("weak", &roles, "short", "15 characters"),
        ("weak", &roles, "", "15 characters"),
        ("weak", &roles, "passwordpassword", "tried first"),
        ("weakling", &roles, "the weakling's own", "account name"),
        ("Bad Name", &roles, PASSWORD, "lower-case"),
        ("role", &["--role", "KING"], PASSWORD, "KING"),
        ("unit", &["--role", "EDITOR", "--unit", "no such"], PASSWORD, "no such"),
    ] {
        let (status, said, complained) = create(name, more, &format!("{password}\n"));
        assert_eq!(status, Some(1), "{name}: {said}");
        assert!(complained.starts_with("solieu: ") && complained.contains(expected), "{name}: {complained}");
        assert!(
            !complained.contains("SELECT") && (password.is_empty() || !complained.contains(password)),
            "{complained}"
        );
    }
    assert_eq!(create("nobody", &[], PASSWORD).0, Some(2), "a role is required");
    let app = TestApp::start_on(database, |_| {}).await;
    assert_eq!(app.count("account").await, 1);
    let input = json!({ "name": "root", "password": PASSWORD });
    let session = app.anonymous().call("signIn", input, "accessToken viewer { name roles units }").await;
    assert_eq!(session["viewer"], json!({ "name": "root", "roles": ["EDITOR", "ADMIN"], "units": ["164"] }));
    let made = trail(&app).await.remove(0).entry;
    assert_eq!((made.actor.as_str(), made.subject.as_str()), ("operator", "account:root"));
}
