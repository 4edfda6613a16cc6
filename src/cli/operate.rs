//! Commands of the operator, who has the database itself: accounts, keys, audit, imports.

use std::{
    collections::BTreeSet,
    io::{BufRead, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::watch;

use super::{Failure, failed};
use crate::{
    config::Config,
    domain::{
        account::{Actor, Role},
        audit::Walk,
        submission::{Action, State, Submission},
        text::Text,
    },
    server,
    snapshot::{Snapshot, Snapshots},
    store::{self, Database},
    usecase::{
        accounts::{self, NewAccount},
        act::{Act, Complaint, Outcome},
        authority,
        import::{self, Format, Order, Progress, ReportOrder, Source, Terms},
        load_dataset, publish,
        workflow::{self, Step},
    },
};

/// Keep accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account. The password is asked for, or read from standard input.
    Create {
        /// Name to sign in with.
        name: String,
        /// Name to show; the same if nothing is said.
        #[arg(long)]
        display_name: Option<String>,
        /// Role: EDITOR, REVIEWER, PUBLISHER, STEWARD, ADMIN or READER. Can be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Code of a unit that it may import for, with all below it. Can be repeated.
        #[arg(long = "unit")]
        units: Vec<String>,
    },
}

/// Keep the keys that sign access tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a new signing key. Tokens that are out stay good to their end.
    Rotate,
}

/// Look at the audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Walk the whole trail and name the first broken link.
    Verify,
}

/// Import a file.
#[derive(Debug, Args)]
pub struct ImportCommand {
    /// The file.
    file: PathBuf,
    /// Official number of the report; found in the text of a report.
    #[arg(long)]
    report: Option<String>,
    /// What the report is about.
    #[arg(long)]
    title: Option<String>,
    /// Nominal period: 2024, 2024-S1, 2024-01-01/P9M …
    #[arg(long)]
    period: Option<String>,
    /// Code of the unit that the report is about.
    #[arg(long)]
    unit: Option<String>,
    /// Date of the document, YYYY-MM-DD.
    #[arg(long)]
    issued_on: Option<NaiveDate>,
    /// When it had become public, for reports of the past (RFC 3339).
    #[arg(long)]
    published_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Form: long, wide or text; found out if nothing is said.
    #[arg(long)]
    format: Option<String>,
    /// Worksheet.
    #[arg(long)]
    sheet: Option<String>,
    /// Code of the table, for the wide form.
    #[arg(long)]
    table: Option<String>,
    /// Only show what would be imported.
    #[arg(long)]
    preview: bool,
    /// Submit, approve and publish at once, as the operator. Findings of severity ERROR still block.
    #[arg(long)]
    publish: bool,
}

fn operator() -> Act {
    Act { actor: Actor::Operator, now: server::clock(), request_id: "command line".to_owned() }
}

fn say(text: impl std::fmt::Display) -> Result<(), Failure> {
    writeln!(std::io::stdout().lock(), "{text}").map_err(failed)
}

fn done<T>(outcome: Outcome<T>) -> Result<T, Failure> {
    let complaint = |c: Complaint| {
        let path = c.path.iter().filter(|p| *p != "input").cloned().collect::<Vec<_>>().join(".");
        format!("{}{}{}", path, if path.is_empty() { "" } else { ": " }, c.message)
    };
    outcome
        .map_err(failed)?
        .map_err(|list| failed(list.into_iter().map(complaint).collect::<Vec<_>>().join("\n        ")))
}

/// The password: asked for twice at a terminal, else the first line of standard input.
fn password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ").map_err(failed)?;
        let second = rpassword::prompt_password("Again: ").map_err(failed)?;
        return if first == second { Ok(first) } else { Err(failed("the two passwords differ")) };
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Keeps accounts.
pub async fn account(config: &Config, command: AccountCommand) -> Result<(), Failure> {
    let AccountCommand::Create { name, display_name, roles, units } = command;
    let roles: BTreeSet<Role> = roles
        .iter()
        .map(|role| Role::from_code(&role.to_uppercase()).ok_or_else(|| failed(format!("`{role}` is no role"))))
        .collect::<Result<_, _>>()?;
    let (database, snapshot) = open(config).await?;
    for code in &units {
        if snapshot.catalogue.unit_versions(code).next().is_none() {
            return Err(failed(format!("there is no unit `{code}`")));
        }
    }
    let new = NewAccount {
        display_name: display_name.unwrap_or_else(|| name.clone()),
        name,
        password: Some(password()?),
        roles,
        units: units.into_iter().collect(),
    };
    let passwords = server::authority(config).map_err(failed)?.passwords;
    let made = done(accounts::make(&database, &passwords, &operator(), new).await)?;
    let roles = made.roles.iter().map(|r| r.code()).collect::<Vec<_>>().join(", ");
    say(format!("account {} made: {roles}", made.name))
}

/// Keeps signing keys.
pub async fn token(config: &Config, command: TokenCommand) -> Result<(), Failure> {
    let TokenCommand::Rotate = command;
    let database = server::open(config).await.map_err(failed)?;
    let keys = authority::rotate(&database, server::clock()).await.map_err(failed)?;
    let kid = keys.signing().map(|key| key.kid.clone()).unwrap_or_default();
    say(format!("new signing key {kid}; nodes use it within a minute, older tokens stay good to their end"))
}

/// Looks at the audit trail.
pub async fn audit(config: &Config, command: AuditCommand) -> Result<(), Failure> {
    let AuditCommand::Verify = command;
    let database = server::open(config).await.map_err(failed)?;
    let mut walk = Walk::default();
    let mut seq = 0;
    loop {
        let events = store::audit::after(database.reader(), seq, 1000).await.map_err(failed)?;
        let Some(last) = events.last() else { break };
        seq = last.seq;
        for event in &events {
            walk.step(event)
                .map_err(|link| failed(format!("the audit trail is broken at {}: {}", link.seq, link.what)))?;
        }
    }
    match walk.head() {
        None => say("the audit trail is empty"),
        Some((seq, hash)) => say(format!("the audit trail is whole: {seq} events, head {hash}")),
    }
}

/// Opens the database, loading the data set if it is empty.
async fn open(config: &Config) -> Result<(Database, Arc<Snapshot>), Failure> {
    let database = server::open(config).await.map_err(failed)?;
    load_dataset::run(&database, &config.data.folder, server::clock(), config.data.figures).await.map_err(failed)?;
    let snapshot = newest(&database).await?;
    Ok((database, snapshot))
}

async fn newest(database: &Database) -> Result<Arc<Snapshot>, Failure> {
    Snapshots::default().newest(database).await.map_err(failed)
}

/// Imports a file.
pub async fn import(config: &Config, command: ImportCommand) -> Result<(), Failure> {
    let (database, snapshot) = open(config).await?;
    let limits = config.import.limits();
    let format = command.format.as_ref().map(|format| {
        Format::from_code(&format.to_uppercase()).ok_or_else(|| failed(format!("`{format}` is no form")))
    });
    let period = command.period.as_ref().map(|period| period.parse().map_err(failed));
    let name = command.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let order = Order {
        report: ReportOrder {
            code: command.report,
            title: command.title.map(|title| Text::new(title, "")),
            period: period.transpose()?,
            unit: command.unit,
            issued_on: command.issued_on,
            published_at: command.published_at,
            due_at: None,
        },
        source: Source::File(command.file.clone()),
        file_name: name,
        format: format.transpose()?,
        sheet: command.sheet,
        style: None,
        table: command.table,
        columns: Vec::new(),
        limits: limits.files.clone(),
    };
    if command.preview {
        return show(done(import::preview(&database, &snapshot, &operator(), &order, limits.figures).await)?);
    }
    let submission = bring(&database, &snapshot, &order, limits.figures).await?;
    say(format!("submission {}: {}", submission.code, submission.header.report))?;
    let findings = store::submissions::findings_of(database.reader(), submission.id).await.map_err(failed)?;
    for finding in findings.iter().take(100) {
        say(format!("{} {}: {} ({})", finding.severity.code(), finding.rule, finding.message.vi, finding.place))?;
    }
    say(format!("{} findings", findings.len()))?;
    if !command.publish {
        return Ok(());
    }
    let step = Step { code: submission.code.clone(), seen: None, comment: String::new() };
    let catalogue = &snapshot.catalogue;
    let mut published = submission;
    // The same command again goes on where one that was killed stood.
    for action in [Action::Submit, Action::Approve] {
        if published.state.after(action).is_some() {
            published = done(workflow::step(&database, catalogue, &operator(), action, &step, None).await)?;
        }
    }
    if published.state != State::Published {
        published = done(publish::publish(&database, catalogue, &operator(), &step).await)?;
    }
    say(format!("published as release {}", published.release.unwrap_or_default()))
}

/// Imports with a bar: within memory if it fits, else piece by piece.
async fn bring(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    order: &Order,
    most: usize,
) -> Result<Submission, Failure> {
    let size = std::fs::metadata(match &order.source {
        Source::File(path) => path.as_path(),
        _ => return Err(failed("no file")),
    });
    let is_small = size.map_err(failed)?.len() < 8 * 1024 * 1024;
    if is_small || order.format.is_some_and(|f| f != Format::Long) {
        let terms = Terms { most, ..Terms::default() };
        return Ok(done(import::import(database, snapshot, &operator(), order, &terms).await)?.submission);
    }
    let (rows, seen) = watch::channel((0, None));
    let (_running, stop) = watch::channel(false);
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} rows, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    let shown = bar.clone();
    let watching = tokio::task::spawn_local(async move {
        let mut seen = seen;
        while seen.changed().await.is_ok() {
            let (read, total): (u64, Option<u64>) = *seen.borrow_and_update();
            shown.set_length(total.unwrap_or(read));
            shown.set_position(read);
        }
    });
    let progress = Progress { rows, stop };
    let outcome = import::run_large(database, snapshot, &operator(), order, None, &progress).await;
    drop(progress);
    watching.abort();
    bar.finish_and_clear();
    done(outcome)
}

fn show(preview: import::Preview) -> Result<(), Failure> {
    let reading = &preview.reading;
    say(format!(
        "{}: {} rows, {} figures, {} mistakes, {} remarks; {} findings; {} added, {} changed, {} unchanged",
        reading.header.report,
        reading.rows,
        reading.figures.len(),
        reading.problems.count,
        reading.warnings.count,
        preview.verdict.findings.len(),
        preview.verdict.diff.added,
        preview.verdict.diff.changed,
        preview.verdict.diff.unchanged,
    ))?;
    for problem in reading.problems.first.iter().chain(&reading.warnings.first) {
        let kind = if problem.is_warning { "remark" } else { "mistake" };
        say(format!("{kind} {}: {}", problem.code.code(), import::cell_complaint(problem).message))?;
    }
    for finding in preview.verdict.findings.iter().take(100) {
        say(format!("{} {}: {} ({})", finding.severity.code(), finding.rule, finding.message.vi, finding.place))?;
    }
    say(format!("preview {}", preview.hash))
}
