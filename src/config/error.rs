//! What can be wrong with a configuration, said so that it can be mended.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A line of a file.
    File {
        /// The file.
        path: PathBuf,
        /// 1-based line.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// Nobody set it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Default => f.write_str("default value"),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file {} cannot be read", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no TOML.
    #[error("{origin}: this is not TOML: {message}")]
    Syntax {
        /// Where.
        origin: Origin,
        /// What the parser says.
        message: String,
    },
    /// There is no such setting.
    #[error("{origin}: there is no setting '{key}'{}", suggestion(.nearest))]
    UnknownKey {
        /// Where.
        origin: Origin,
        /// The key as written.
        key: String,
        /// The known keys, or the one that is nearest.
        nearest: Nearest,
    },
    /// The setting cannot have this value.
    #[error("{origin}: {key}: {message}")]
    Invalid {
        /// Where.
        origin: Origin,
        /// The key.
        key: String,
        /// What is wrong and what would be right.
        message: String,
    },
}

/// What an unknown key may have been meant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nearest {
    /// This key is close.
    Key(String),
    /// None is close; these are known.
    OneOf(Vec<String>),
}

fn suggestion(nearest: &Nearest) -> String {
    match nearest {
        Nearest::Key(key) => format!("; did you mean '{key}'?"),
        Nearest::OneOf(keys) => format!("; known here: {}", keys.join(", ")),
    }
}
