//! The command as an operator uses it.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

use crate::support::{TestDatabase, root, shipped_data};

fn solieu(arguments: &[&str]) -> Command {
    solieu_with(arguments, &[])
}

fn solieu_with(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_solieu"));
    command
        .args(arguments)
        .current_dir(root())
        .env_remove("DATABASE_URL")
        .env_remove("SOLIEU_SOURCES")
        .env("SOLIEU_LOG_FILTER", "off");
    command.envs(environment.iter().copied());
    command
}

fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}

#[tokio::test]
async fn one_command_serves_and_a_second_start_is_at_once() {
    let database = TestDatabase::empty().await;
    for _ in 0..2 {
        let mut child =
            solieu(&["--port", "0", "--database-url", &database.url]).stdout(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = lines.next().expect("a line").expect("text");
        let address = first.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        let answer = reqwest::Client::new()
            .post(&address)
            .json(&serde_json::json!({ "query": "{ reports { totalCount } }" }))
            .send()
            .await;
        let answer: serde_json::Value = answer.expect("an answer").json().await.expect("JSON");
        assert_eq!(answer["data"]["reports"]["totalCount"], 1);
        child.kill().expect("ends");
        child.wait().expect("ended");
    }
}

#[tokio::test]
async fn failures_are_one_clear_line_and_a_code() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("sqlite:{}", folder.path().join("x.db").display());
    let nowhere = "postgres://nobody:secret@127.0.0.1:1/nothing";
    let cases = [
        (solieu(&["--port", &port, "--database-url", &file]), 1, "cannot listen on 127.0.0.1:"),
        (
            solieu_with(&["--port", "0", "--database-url", nowhere], &[("SOLIEU_DATABASE_ACQUIRE_SECONDS", "1")]),
            1,
            "cannot be reached",
        ),
        (solieu(&["--port", "0", "--database-url", &file, "--data", "/nonexistent"]), 1, "dataset.toml"),
        (solieu_with(&[], &[("SOLIEU_SERVER_PROT", "1")]), 2, "SOLIEU_SERVER_PROT"),
        (solieu_with(&[], &[("SOLIEU_SERVER_PORT", "many")]), 2, "server.port"),
        (solieu(&["--config", "/nonexistent.toml"]), 2, "/nonexistent.toml"),
    ];
    for (mut command, code, said) in cases {
        let (status, _, stderr) = run(&mut command);
        assert_eq!(status, Some(code), "{stderr}");
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
        assert!(stderr.starts_with("solieu: ") && stderr.contains(said) && !stderr.contains("secret"), "{stderr}");
    }
}

#[tokio::test]
async fn the_data_check_tells_good_from_bad() {
    let (status, stdout, _) = run(&mut solieu(&["check-data"]));
    assert_eq!(status, Some(0));
    assert!(stdout.contains("no mistakes in 5"), "{stdout}");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("dataset.toml"), "nonsense").expect("a file");
    let (status, stdout, stderr) = run(&mut solieu(&["check-data", &folder.path().display().to_string()]));
    assert_eq!(status, Some(1));
    assert!(stdout.contains("dataset.toml:1") && stderr.contains("mistakes in"), "{stdout}{stderr}");
    assert!(shipped_data().is_dir());
}

#[tokio::test]
async fn migrate_prepares_an_empty_database() {
    let database = TestDatabase::empty().await;
    for _ in 0..2 {
        assert_eq!(run(&mut solieu(&["migrate", "--database-url", &database.url])).0, Some(0));
    }
}
