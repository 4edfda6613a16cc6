//! Logs.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// Starts logging to standard error. Called once; a second call changes nothing.
///
/// # Errors
/// One line if the filter cannot be read.
pub fn start(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|e| format!("configuration: log.filter: {e}"))?;
    let subscriber = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // An error means that a subscriber is there already, as in tests.
    let _ = match log.format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    Ok(())
}
