//! What is left when a process is killed, a disk is full or the database goes away.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use solieu::{
    domain::submission::{Action, State},
    server,
    snapshot::Snapshots,
    store::{self, Database},
    usecase::{job, workflow},
};

use crate::support::{POOLS, TestApp, TestDatabase, long_file, number, on_postgres, operator, root};

const REPORT: &str = "1/K";

/// The command that imports and publishes a file.
fn import(database: &TestDatabase, file: &Path, publish: bool) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_solieu"));
    command.current_dir(root()).env_remove("DATABASE_URL").env_remove("SOLIEU_SOURCES").env("SOLIEU_LOG_FILTER", "off");
    command.args(["import", &file.display().to_string(), "--database-url", &database.url, "--report", REPORT]);
    command.args(["--title", "Thử", "--period", "2024", "--unit", "19", "--issued-on", "2025-01-10"]);
    if publish {
        command.arg("--publish");
    }
    command
}

/// Output and error output of a command that must succeed.
#[track_caller]
fn succeeds(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned());
    assert_eq!(status.code(), Some(0), "{stdout}{stderr}");
    stdout
}

/// Writes a file of the long form with so many rows, each with a note of so many letters.
async fn write_file(folder: &Path, rows: usize, note: usize) -> PathBuf {
    let database = TestDatabase::loaded().await;
    let opened = Database::open(&database.url, POOLS).await.expect("opens");
    let snapshot = Snapshots::default().newest(&opened).await.expect("a snapshot");
    let path = folder.join("many.csv");
    std::fs::write(&path, long_file(&snapshot.catalogue, rows, None, note)).expect("written");
    opened.close().await.expect("closes");
    path
}

/// Waits until the database has noticed that its clients are dead.
async fn settled(database: &TestDatabase) {
    if !on_postgres() {
        return;
    }
    let connection = sea_orm::Database::connect(&database.url).await.expect("connects");
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..200 {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await.expect("answers").expect("a row");
        if row.try_get_by_index::<i64>(0).expect("a number") == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    connection.close().await.expect("closes");
}

/// What is there of the report: `nothing`, or where its submission stands. Panics if anything is there in part.
async fn left(database: &TestDatabase, rows: i64) -> String {
    settled(database).await;
    let opened = Database::open(&database.url, POOLS).await.expect("opens");
    let count = async |sql: &str| number(&opened, sql).await;
    let figures = count(&format!(
        "SELECT COUNT(*) FROM observation o JOIN document d ON d.id = o.document_id WHERE d.code = '{REPORT}'"
    ))
    .await;
    let owned =
        count("SELECT COUNT(*) FROM submission_row WHERE import_id IN (SELECT id FROM submission_import)").await;
    let release = store::releases::newest(opened.reader()).await.expect("answers");
    let submissions =
        store::submissions::find(opened.reader(), &store::submissions::Which::default()).await.expect("answers");
    if !on_postgres() {
        let statement = Statement::from_string(opened.reader().get_database_backend(), "PRAGMA integrity_check");
        let row = opened.reader().query_one_raw(statement).await.expect("answers").expect("a row");
        assert_eq!(row.try_get_by_index::<String>(0).expect("text"), "ok");
    }
    let is_published = submissions.iter().any(|s| s.state == State::Published);
    assert!(submissions.len() < 2, "{submissions:?}");
    assert_eq!(owned, if submissions.is_empty() { 0 } else { rows });
    assert_eq!(figures, if is_published { rows } else { 0 });
    assert_eq!(release, Some(if is_published { 3 } else { 2 }));
    let counted = count(&format!("SELECT COUNT(*) FROM report WHERE code = '{REPORT}'")).await;
    assert_eq!(counted, i64::from(is_published));
    opened.close().await.expect("closes");
    submissions.first().map_or("nothing".to_owned(), |s| s.state.code().to_owned())
}

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts")
}

/// Kills an import at twelve moments of its run; what is left is nothing or a whole, and the same command again ends
/// with exactly one copy.
async fn killed_at_any_moment(rows: usize, note: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = write_file(folder.path(), rows, note).await;
    let database = TestDatabase::loaded().await;
    let began = Instant::now();
    succeeds(import(&database, &file, true));
    let whole = began.elapsed();
    assert_eq!(left(&database, rows as i64).await, "PUBLISHED");
    let (mut nothing, mut something) = (0, 0);
    for n in 1..=12u32 {
        let database = TestDatabase::loaded().await;
        let delay = whole * (n * 8 + 4) / 100;
        let mut child = spawn(import(&database, &file, true));
        std::thread::sleep(delay);
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().expect("ended");
        let found = left(&database, rows as i64).await;
        if std::env::var_os("SHOW_KILLS").is_some() {
            eprintln!("rows {rows}, note {note}: killed at {:?} of {whole:?}: {found}", delay);
        }
        if found == "nothing" {
            nothing += 1
        } else {
            something += 1
        }
        let said = succeeds(import(&database, &file, true));
        assert!(said.contains("published as release 3"), "{said}");
        assert_eq!(left(&database, rows as i64).await, "PUBLISHED", "after {delay:?}");
        let opened = Database::open(&database.url, POOLS).await.expect("opens");
        job::clean_up(&opened, server::clock()).await.expect("cleans");
        assert_eq!(number(&opened, "SELECT COUNT(*) FROM submission_row").await, rows as i64);
        opened.close().await.expect("closes");
    }
    assert!(nothing > 0, "no kill came before the end: {something}");
}

#[tokio::test]
async fn an_import_killed_at_any_moment_is_nothing_or_whole() {
    killed_at_any_moment(rows(), 0).await;
}

#[tokio::test]
async fn a_large_import_killed_at_any_moment_is_nothing_or_whole() {
    // Above eight megabytes a file is read and written in pieces.
    killed_at_any_moment(rows(), 9 * 1024 * 1024 / rows()).await;
}

/// PostgreSQL takes six times as long.
fn rows() -> usize {
    if on_postgres() { 5_000 } else { 20_000 }
}

#[tokio::test]
async fn the_same_command_goes_on_where_the_last_one_stood() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = write_file(folder.path(), 50, 0).await;
    for steps in 0..=3 {
        let database = TestDatabase::loaded().await;
        succeeds(import(&database, &file, steps == 3));
        let opened = Database::open(&database.url, POOLS).await.expect("opens");
        let snapshot = Snapshots::default().newest(&opened).await.expect("a snapshot");
        let step = workflow::Step { code: "S-1".to_owned(), seen: None, comment: String::new() };
        for action in [Action::Submit, Action::Approve].into_iter().take(if steps == 3 { 0 } else { steps }) {
            let taken = workflow::step(&opened, &snapshot.catalogue, &operator(), action, &step, None).await;
            taken.expect("the operator may").expect("possible");
        }
        opened.close().await.expect("closes");
        let said = succeeds(import(&database, &file, true));
        assert!(said.contains("published as release 3"), "{steps}: {said}");
        assert_eq!(left(&database, 50).await, "PUBLISHED");
    }
}

#[tokio::test]
async fn a_full_disk_is_one_clear_line_and_leaves_nothing_in_part() {
    if on_postgres() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = write_file(folder.path(), 20_000, 0).await;
    let database = TestDatabase::loaded().await;
    let path = database.url.strip_prefix("sqlite:").expect("a file").to_owned();
    // In blocks of 512 or of 1,024 bytes, whichever the shell counts in: no file can grow by much.
    let size = std::fs::metadata(&path).expect("a file").len();
    for more in [4 * 1024, 64 * 1024] {
        let limited = import(&database, &file, true);
        let mut shell = Command::new("sh");
        shell
            .current_dir(root())
            .env_remove("DATABASE_URL")
            .env_remove("SOLIEU_SOURCES")
            .env("SOLIEU_LOG_FILTER", "off");
        let blocks = (size + more) / 1024;
        shell.args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f $(({blocks} * BLOCKS)); exec \"$0\" \"$@\"")
                .replace("BLOCKS", shell_blocks()),
        ]);
        shell.arg(limited.get_program()).args(limited.get_args());
        let Output { status, stderr, .. } = shell.output().expect("runs");
        let said = String::from_utf8_lossy(&stderr).into_owned();
        assert_eq!(status.code(), Some(1), "{said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        assert!(said.starts_with("solieu: ") && (said.contains("full") || said.contains("I/O")), "{said}");
        // What was finished before the disk was full may stay, whole.
        let found = left(&database, 20_000).await;
        assert_ne!(found, "PUBLISHED");
    }
    succeeds(import(&database, &file, true));
    assert_eq!(left(&database, 20_000).await, "PUBLISHED");
}

/// How many blocks of `ulimit -f` are 1,024 bytes in the shell of this machine.
fn shell_blocks() -> &'static str {
    let folder = tempfile::tempdir().expect("a folder");
    let script = "trap '' XFSZ; ulimit -f 1; head -c 2000 /dev/zero > probe 2>/dev/null; wc -c < probe";
    let output = Command::new("sh").args(["-c", script]).current_dir(folder.path()).output().expect("runs");
    match String::from_utf8_lossy(&output.stdout).trim() {
        "512" => "2",
        _ => "1",
    }
}

#[tokio::test]
async fn figures_that_vanish_while_a_job_runs_are_not_published_in_part() {
    use solieu::{
        ingest::book::FileLimits,
        usecase::import::{self, Order, Progress, ReportOrder, Source},
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = write_file(folder.path(), 60_000, 0).await;
    let test = TestDatabase::loaded().await;
    let opened = Database::open(&test.url, POOLS).await.expect("opens");
    let snapshot = Snapshots::default().newest(&opened).await.expect("a snapshot");
    let order = Order {
        report: ReportOrder {
            code: Some(REPORT.to_owned()),
            title: Some(solieu::domain::text::Text::new("Thử", "")),
            period: "2024".parse().ok(),
            unit: Some("19".to_owned()),
            issued_on: chrono::NaiveDate::from_ymd_opt(2025, 1, 10),
            ..ReportOrder::default()
        },
        source: Source::File(file),
        file_name: "many.csv".to_owned(),
        format: None,
        sheet: None,
        style: None,
        table: None,
        columns: Vec::new(),
        limits: FileLimits::default(),
    };
    let (rows, mut seen) = tokio::sync::watch::channel((0, None));
    let (_running, stop) = tokio::sync::watch::channel(false);
    let progress = Progress { rows, stop };
    let act = operator();
    let importing = import::run_large(&opened, &snapshot, &act, &order, None, &progress);
    // A service that starts meanwhile has not heard of this import: it is no job.
    let starting = async {
        // Forty thousand figures are a transaction; the others are still on their way.
        seen.wait_for(|(read, _)| *read >= 15_000).await.expect("it reads");
        let staged = "SELECT COUNT(*) FROM submission_row";
        while number(&opened, staged).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        job::clean_up(&opened, server::clock()).await.expect("cleans");
    };
    let (done, ()) = tokio::join!(importing, starting);
    let is_whole = matches!(&done, Ok(Ok(_)));
    let kept = number(&opened, "SELECT COUNT(*) FROM submission_row").await;
    assert_eq!(kept, if is_whole { 60_000 } else { 0 }, "{done:?}");
    let submissions = number(&opened, "SELECT COUNT(*) FROM submission").await;
    assert_eq!(submissions, i64::from(is_whole));
    opened.close().await.expect("closes");
}

/// Status and body of a question that is answered somehow.
async fn asked(app: &TestApp) -> (u16, Value) {
    let query = json!({ "query": "{ observations(first: 50) { totalCount nodes { value unit { name } } } reports { totalCount } }" });
    let answer = app.client.post(format!("{}/graphql", app.address)).json(&query).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

/// Every error says that it is not the caller's, and nothing about the database.
fn says_nothing(body: &Value) {
    for error in body["errors"].as_array().expect("errors") {
        assert_eq!(error["extensions"]["code"], "INTERNAL", "{body}");
        assert!(error["extensions"]["requestId"].is_string(), "{body}");
        let said = error["message"].as_str().expect("a message").to_lowercase();
        let told = ["terminat", "postgres", "sqlx", "connection", "pool", "statement", "admin", "solieu_"];
        assert!(!told.iter().any(|word| said.contains(word)), "{body}");
    }
}

const OTHERS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test]
async fn a_database_that_drops_its_clients_is_found_again() {
    if !on_postgres() {
        return;
    }
    let database = TestDatabase::loaded().await;
    let url = database.url.clone();
    let app = TestApp::start_on(database, |_| {}).await;
    let (_, whole) = asked(&app).await;
    assert!(whole["errors"].is_null());
    let killer = sea_orm::Database::connect(&url).await.expect("connects");
    let (mut failed, mut asked_in_all) = (0, 0);
    for _ in 0..10 {
        let asking = async {
            let mut answers = Vec::new();
            for _ in 0..10 {
                let (a, b, c) = tokio::join!(asked(&app), asked(&app), asked(&app));
                answers.extend([a, b, c]);
            }
            answers
        };
        let killing = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(20)).await;
                killer.execute_unprepared(OTHERS).await.expect("terminates");
            }
        };
        let (answers, ()) = tokio::join!(asking, killing);
        for (status, body) in answers {
            asked_in_all += 1;
            if body["errors"].is_null() {
                assert_eq!((status, &body["data"]), (200, &whole["data"]));
                continue;
            }
            failed += 1;
            says_nothing(&body);
            let is_partial = status == 200 && body.get("data").is_some();
            assert!(status == 503 || is_partial, "{status} {body}");
        }
        let (status, body) = asked(&app).await;
        assert_eq!((status, &body["data"]), (200, &whole["data"]), "{body}");
    }
    killer.close().await.expect("closes");
    if std::env::var_os("SHOW_KILLS").is_some() {
        eprintln!("{failed} of {asked_in_all} requests failed");
    }
    assert!(failed < asked_in_all);
}

#[tokio::test]
async fn a_database_that_is_away_is_a_503_until_it_is_back() {
    if !on_postgres() {
        return;
    }
    let database = TestDatabase::loaded().await;
    let url = url::Url::parse(&database.url).expect("an address");
    let name = url.path().trim_start_matches('/').to_owned();
    let mut elsewhere = url.clone();
    elsewhere.set_path("postgres");
    let admin = sea_orm::Database::connect(elsewhere.as_str()).await.expect("connects");
    let app = TestApp::start_on(database, |config| config.database.acquire_seconds = 1).await;
    let desk = app.desk().await;
    let (_, whole) = asked(&app).await;
    let end = OTHERS.replace("current_database()", &format!("'{name}'"));
    let allow = |allowed: bool| {
        let (admin, name) = (&admin, &name);
        async move {
            let sql = format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}");
            admin.execute_unprepared(&sql).await.expect("altered");
        }
    };
    for _ in 0..2 {
        allow(false).await;
        admin.execute_unprepared(&end).await.expect("terminates");
        for _ in 0..2 {
            let (status, body) = asked(&app).await;
            assert_eq!(status, 503, "{body}");
            says_nothing(&body);
            let refused =
                desk.editor.ask("mutation { submitReport(input: { submission: \"S-1\" }) { errors { code } } }").await;
            says_nothing(&refused);
        }
        allow(true).await;
        let (status, body) = asked(&app).await;
        assert_eq!((status, &body["data"]), (200, &whole["data"]), "{body}");
    }
    admin.close().await.expect("closes");
}
