//! Commands and their exit codes: 0 done, 1 failed, 2 asked wrongly.

mod operate;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{config::Config, graphql::schema, ingest::dataset, server, telemetry};

/// Serves official statistics over GraphQL: every figure with its period, unit, source and history.
#[derive(Debug, Parser)]
#[command(name = "solieu", version, about)]
struct Cli {
    /// What to do; `serve` if nothing is said.
    #[command(subcommand)]
    command: Option<Command>,
    /// Settings that differ from config/default.toml.
    #[arg(long, global = true, env = "SOLIEU_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://USER@HOST/NAME.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Address to listen on.
    #[arg(long, global = true)]
    host: Option<String>,
    /// Port to listen on.
    #[arg(long, global = true)]
    port: Option<u16>,
    /// Data set to load into an empty database.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate, load the data set into an empty database, and serve.
    Serve,
    /// Bring the schema of the database up to date, and stop.
    Migrate,
    /// Check a data set and name file, line and column of every mistake.
    CheckData {
        /// Folder of the data set; the configured one if nothing is said.
        folder: Option<PathBuf>,
        /// Also list what the validation rules find; findings are no mistakes of the data set.
        #[arg(long)]
        findings: bool,
    },
    /// Keep accounts.
    #[command(subcommand)]
    Account(operate::AccountCommand),
    /// Keep the keys that sign access tokens.
    #[command(subcommand)]
    Token(operate::TokenCommand),
    /// Look at the audit trail.
    #[command(subcommand)]
    Audit(operate::AuditCommand),
    /// Import a file: a table (CSV, XLSX) or the text of a report. Stays a draft unless `--publish` is given.
    Import(operate::ImportCommand),
    /// Write the GraphQL schema to standard output, or to a file.
    ExportSchema {
        /// File to write.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Runs the program with the arguments and the environment of the process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match perform(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { message, code }) => {
            // One line; nothing can be done if even standard error is closed.
            let _ = writeln!(std::io::stderr(), "solieu: {message}");
            ExitCode::from(code)
        }
    }
}

struct Failure {
    message: String,
    code: u8,
}

fn failed(message: impl std::fmt::Display) -> Failure {
    Failure { message: message.to_string(), code: 1 }
}

fn perform(cli: Cli) -> Result<(), Failure> {
    if let Some(Command::ExportSchema { output }) = &cli.command {
        return export_schema(output.as_deref());
    }
    let mut flags: Vec<(&str, String)> = Vec::new();
    flags.extend(cli.database_url.map(|url| ("database.url", url)));
    flags.extend(cli.host.map(|host| ("server.host", host)));
    flags.extend(cli.port.map(|port| ("server.port", port.to_string())));
    flags.extend(cli.data.map(|folder| ("data.folder", folder.display().to_string())));
    let usage = |e: String| Failure { message: e, code: 2 };
    let config = Config::read(cli.config.as_deref(), environment(), &flags).map_err(|e| usage(e.to_string()))?;
    if let Some(Command::CheckData { folder, findings }) = &cli.command {
        return check_data(folder.as_deref().unwrap_or(&config.data.folder), *findings);
    }
    telemetry::start(&config.log).map_err(usage)?;
    let runtime = actix_web::rt::System::new();
    match cli.command {
        Some(Command::Account(command)) => runtime.block_on(operate::account(&config, command)),
        Some(Command::Token(command)) => runtime.block_on(operate::token(&config, command)),
        Some(Command::Audit(command)) => runtime.block_on(operate::audit(&config, command)),
        Some(Command::Import(command)) => runtime.block_on(operate::import(&config, command)),
        Some(Command::Migrate) => runtime.block_on(server::migrate(&config)).map_err(failed),
        _ => runtime.block_on(server::serve(config)).map_err(failed),
    }
}

fn export_schema(output: Option<&Path>) -> Result<(), Failure> {
    let sdl = schema::sdl();
    match output {
        Some(path) => std::fs::write(path, sdl).map_err(|e| failed(format!("{}: {e}", path.display()))),
        None => std::io::stdout().write_all(sdl.as_bytes()).map_err(failed),
    }
}

fn check_data(folder: &Path, findings: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match dataset::read(folder) {
        Ok(set) => {
            let c = &set.catalogue;
            writeln!(
                out,
                "{}: no mistakes in {} figures, {} indicators, {} units, {} documents, {} systems, {} targets; {} findings of {} rules",
                folder.display(),
                set.observations.len(),
                c.indicators.len(),
                c.units.len(),
                c.documents.len(),
                c.systems.len(),
                c.targets.len(),
                c.findings.len(),
                c.rules.len()
            )
            .map_err(failed)?;
            for finding in c.findings.iter().filter(|_| findings) {
                writeln!(out, "{}: {}", finding.rule, finding.message.en).map_err(failed)?;
            }
            Ok(())
        }
        Err(problems) => {
            for problem in &problems.0 {
                writeln!(out, "{}/{problem}", folder.display()).map_err(failed)?;
            }
            Err(failed(format!("{} mistakes in {}", problems.0.len(), folder.display())))
        }
    }
}

/// The variables whose names and values are text; others cannot be ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
