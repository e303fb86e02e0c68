//! Logs. ERROR is kept for lost data and for what an operator has to act on.

mod settings;

use std::io;

use tracing_subscriber::EnvFilter;

pub use settings::{LogFormat, LogSettings};

/// Why logs cannot be written as asked.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The directives make no sense.
    #[error("log.level '{level}' cannot be understood")]
    Level {
        /// As configured.
        level: String,
        /// Why.
        source: tracing_subscriber::filter::ParseError,
    },
    /// Something else in this process has taken the logs.
    #[error("logs are already being written")]
    Taken,
}

/// Writes logs to standard error from now on.
///
/// # Errors
/// [`TelemetryError`] when the level is no filter, or logs are set up already.
pub fn start(settings: &LogSettings) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&settings.level)
        .map_err(|source| TelemetryError::Level { level: settings.level.clone(), source })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match settings.format {
        LogFormat::Text => lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|_| TelemetryError::Taken)
}
