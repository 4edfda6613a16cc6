//! Settings: `config/default.toml`, a file, the environment and flags, in that order.

use std::{collections::BTreeMap, path::Path};

use config::{Config as Layers, File, FileFormat};
use serde::Deserialize;

use crate::{
    graphql::{ImportLimits, admission::AdmissionLimits},
    ingest::book::FileLimits,
};

/// The defaults; they list every key there is.
const DEFAULTS: &str = include_str!("../config/default.toml");
/// Prefix of the environment variables.
const PREFIX: &str = "SOLIEU_";
/// Deepest nesting that may be admitted.
const MAX_NESTING: usize = 200;
/// Longest life of an access token.
const MAX_ACCESS_SECONDS: u32 = 3600;
/// The variable that names the file; not a setting itself.
const FILE_VARIABLE: &str = "SOLIEU_CONFIG";

/// All settings. `config/default.toml` explains each.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub data: Data,
    pub graphql: Graphql,
    pub auth: Auth,
    pub import: Import,
    pub cors: Cors,
    pub log: Log,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub workers: usize,
    pub body_bytes: usize,
    pub body_seconds: u64,
    pub shutdown_seconds: u64,
    pub schedule_seconds: u64,
    pub graphiql: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Database {
    pub url: String,
    pub readers: u32,
    pub acquire_seconds: u64,
    pub statement_seconds: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Data {
    pub folder: std::path::PathBuf,
    pub figures: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Graphql {
    pub complexity: usize,
    pub seconds: u64,
    pub mutation_seconds: u64,
    pub admission: AdmissionLimits,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Auth {
    pub issuer: String,
    pub audience: String,
    pub access_seconds: u32,
    pub refresh_idle_days: u32,
    pub refresh_days: u32,
    pub provider: Provider,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Provider {
    pub issuer: String,
    pub audience: String,
    pub jwks_url: String,
    pub algorithms: Vec<String>,
    pub name_claim: String,
    pub allow_http_loopback: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Import {
    pub file_bytes: u64,
    pub csv_bytes: u64,
    pub upload_seconds: u64,
    pub unpacked_bytes: u64,
    pub ratio: u64,
    pub rows: u64,
    pub columns: usize,
    pub cells: u64,
    pub figures: usize,
}

impl Import {
    /// The bounds as imports take them.
    pub fn limits(&self) -> ImportLimits {
        ImportLimits {
            files: FileLimits {
                bytes: self.file_bytes,
                csv_bytes: self.csv_bytes,
                unpacked_bytes: self.unpacked_bytes,
                ratio: self.ratio,
                rows: self.rows,
                columns: self.columns,
                cells: self.cells,
                ..FileLimits::default()
            },
            figures: self.figures,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Cors {
    pub origins: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "config/default.toml explains each key")]
pub struct Log {
    pub filter: String,
    pub format: LogFormat,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Why the settings cannot be used. Each is one line that names the key, file or variable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file {0}: {1}")]
    File(String, String),
    /// There is no such key.
    #[error("configuration file {file}: unknown key `{key}`{hint}")]
    UnknownKey {
        /// File.
        file: String,
        /// Key.
        key: String,
        /// A likely correction.
        hint: String,
    },
    /// There is no such variable.
    #[error("environment variable {name} is not a setting of solieu{hint}")]
    UnknownVariable {
        /// Variable.
        name: String,
        /// A likely correction.
        hint: String,
    },
    /// A value cannot be read.
    #[error("configuration: {0}")]
    Value(String),
}

impl Config {
    /// Reads the settings. `flags` are keys and values from the command line.
    ///
    /// # Errors
    /// The first thing that is unknown or cannot be read.
    pub fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, ConfigError> {
        let defaults: toml::Table = DEFAULTS.parse().map_err(|e: toml::de::Error| ConfigError::Value(e.to_string()))?;
        let known = flatten(&defaults);
        let mut layers = Layers::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = file {
            let text = read_file(path, &known)?;
            layers = layers.add_source(File::from_str(&text, FileFormat::Toml));
        }
        let mut overrides = environment_values(environment, &known)?;
        overrides.extend(flags.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let value = |error: config::ConfigError| ConfigError::Value(error.to_string());
        for (key, text) in overrides {
            layers = match known.get(&key) {
                Some(toml::Value::Array(_)) => {
                    let list: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
                    layers.set_override(&key, list).map_err(value)?
                }
                _ => layers.set_override(&key, text).map_err(value)?,
            };
        }
        let config: Self = layers.build().and_then(Layers::try_deserialize).map_err(value)?;
        config.check()?;
        Ok(config)
    }

    /// Values that can be read but not used.
    fn check(&self) -> Result<(), ConfigError> {
        let at_least_one = [
            ("server.body_bytes", self.server.body_bytes as u64),
            ("server.body_seconds", self.server.body_seconds),
            ("database.readers", self.database.readers.into()),
            ("database.acquire_seconds", self.database.acquire_seconds),
            ("database.statement_seconds", self.database.statement_seconds),
            ("graphql.complexity", self.graphql.complexity as u64),
            ("graphql.seconds", self.graphql.seconds),
            ("graphql.mutation_seconds", self.graphql.mutation_seconds),
            ("server.schedule_seconds", self.server.schedule_seconds),
            ("auth.access_seconds", self.auth.access_seconds.into()),
            ("auth.refresh_idle_days", self.auth.refresh_idle_days.into()),
            ("auth.refresh_days", self.auth.refresh_days.into()),
            ("import.file_bytes", self.import.file_bytes),
            ("import.upload_seconds", self.import.upload_seconds),
            ("import.columns", self.import.columns as u64),
            ("import.figures", self.import.figures as u64),
        ];
        if let Some((key, _)) = at_least_one.into_iter().find(|(_, value)| *value == 0) {
            return Err(ConfigError::Value(format!("{key} must be 1 or more")));
        }
        if self.auth.access_seconds > MAX_ACCESS_SECONDS {
            let message = format!(
                "auth.access_seconds must be {MAX_ACCESS_SECONDS} or less: a key that was replaced verifies for an hour"
            );
            return Err(ConfigError::Value(message));
        }
        if self.graphql.admission.nesting > MAX_NESTING {
            let message = format!(
                "graphql.admission.nesting must be {MAX_NESTING} or less: the parser overflows its stack beyond some 1,200"
            );
            return Err(ConfigError::Value(message));
        }
        let is_origin = |origin: &&String| {
            origin.as_str() == "*"
                || url::Url::parse(origin).is_ok_and(|url| {
                    url.origin().is_tuple() && url.origin().ascii_serialization() == origin.trim_end_matches('/')
                })
        };
        match self.cors.origins.iter().find(|origin| !is_origin(origin)) {
            Some(origin) => Err(ConfigError::Value(format!(
                "cors.origins: `{origin}` is not an origin, such as https://portal.example"
            ))),
            None => Ok(()),
        }
    }
}

fn read_file(path: &Path, known: &BTreeMap<String, toml::Value>) -> Result<String, ConfigError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| ConfigError::File(file.clone(), e.to_string()))?;
    let table: toml::Table =
        text.parse().map_err(|e: toml::de::Error| ConfigError::File(file.clone(), e.message().to_owned()))?;
    for key in flatten(&table).into_keys() {
        if !known.contains_key(&key) {
            let hint = hint(&key, known.keys().map(String::as_str));
            return Err(ConfigError::UnknownKey { file, key, hint });
        }
    }
    Ok(text)
}

fn environment_values(
    environment: impl IntoIterator<Item = (String, String)>,
    known: &BTreeMap<String, toml::Value>,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let names: BTreeMap<String, &String> = known.keys().map(|key| (variable(key), key)).collect();
    let mut values = BTreeMap::new();
    let mut short = None;
    for (name, value) in environment {
        match names.get(&name) {
            Some(key) => {
                values.insert((*key).clone(), value);
            }
            None if name == "DATABASE_URL" => short = Some(value),
            None if name == FILE_VARIABLE => {}
            None if name.starts_with(PREFIX) => {
                let hint = hint(&name, names.keys().map(String::as_str));
                return Err(ConfigError::UnknownVariable { name, hint });
            }
            None => {}
        }
    }
    if let Some(url) = short {
        values.entry("database.url".to_owned()).or_insert(url);
    }
    Ok(values)
}

/// Name of the environment variable of a key.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_uppercase())
}

fn flatten(table: &toml::Table) -> BTreeMap<String, toml::Value> {
    let mut flat = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => {
                flat.extend(flatten(inner).into_iter().map(|(k, v)| (format!("{key}.{k}"), v)));
            }
            value => {
                flat.insert(key.clone(), value.clone());
            }
        }
    }
    flat
}

/// "; did you mean …?" for the known name that shares most of its beginning and end, if that is most of it.
fn hint<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    let likeness = |name: &&str| {
        let front = name.bytes().zip(unknown.bytes()).take_while(|(a, b)| a == b).count();
        let back = name.bytes().rev().zip(unknown.bytes().rev()).take_while(|(a, b)| a == b).count();
        front + back
    };
    // What all variables share says nothing.
    let common = if unknown.starts_with(PREFIX) { PREFIX.len() } else { 0 };
    let is_close = |name: &&str| likeness(name).saturating_sub(common) * 3 >= (unknown.len() - common) * 2;
    let best = known.max_by_key(likeness).filter(is_close);
    best.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(environment: &[(&str, &str)], flags: &[(&str, String)]) -> Result<Config, String> {
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::read(None, environment, flags).map_err(|e| e.to_string())
    }

    #[test]
    fn the_defaults_are_complete_and_right() {
        let config = read(&[], &[]).expect("defaults");
        assert_eq!(config.graphql.admission, AdmissionLimits::default());
        assert_eq!(config.server.port, 8080);
    }

    #[test]
    fn later_layers_win() {
        let environment = [
            ("SOLIEU_SERVER_PORT", "9000"),
            ("DATABASE_URL", "sqlite:x"),
            ("SOLIEU_CORS_ORIGINS", "https://a.example, https://b.example"),
        ];
        let config = read(&environment, &[("server.port", "9001".into())]).expect("valid");
        assert_eq!(
            (config.server.port, config.database.url.as_str(), config.cors.origins.len()),
            (9001, "sqlite:x", 2)
        );
    }

    #[test]
    fn what_is_unknown_or_bad_is_named() {
        assert_eq!(
            read(&[("SOLIEU_SERVER_PROT", "1")], &[]).unwrap_err(),
            "environment variable SOLIEU_SERVER_PROT is not a setting of solieu; did you mean `SOLIEU_SERVER_PORT`?"
        );
        assert!(read(&[("SOLIEU_SERVER_PORT", "many")], &[]).unwrap_err().contains("server.port"));
        assert!(read(&[("SOLIEU_SERVER_PORT", "70000")], &[]).unwrap_err().contains("server.port"));
        assert!(read(&[("SOLIEU_LOG_FORMAT", "xml")], &[]).unwrap_err().contains("log.format"));
        for (name, value, key) in [
            ("SOLIEU_DATABASE_READERS", "0", "database.readers"),
            ("SOLIEU_GRAPHQL_SECONDS", "0", "graphql.seconds"),
            ("SOLIEU_GRAPHQL_ADMISSION_NESTING", "100000", "graphql.admission.nesting"),
            ("SOLIEU_AUTH_ACCESS_SECONDS", "3601", "auth.access_seconds"),
            ("SOLIEU_CORS_ORIGINS", "not a url", "cors.origins"),
            ("SOLIEU_CORS_ORIGINS", "https://a.example/path", "cors.origins"),
        ] {
            assert!(read(&[(name, value)], &[]).unwrap_err().contains(key), "{name}");
        }
        assert!(!read(&[("SOLIEU_X", "1")], &[]).unwrap_err().contains("did you mean"));
    }

    #[test]
    fn a_file_with_an_unknown_key_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("my.toml");
        std::fs::write(&path, "[server]\nprot = 1\n").expect("file");
        let error = Config::read(Some(&path), [], &[]).unwrap_err().to_string();
        assert!(error.contains("unknown key `server.prot`; did you mean `server.port`?"), "{error}");
    }
}
