//! What can go wrong with a network.

use std::path::{Path, PathBuf};

/// Why a network could not be loaded or run.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// libtorch refused an operation.
    #[error("libtorch: {0}")]
    Torch(String),
    /// The weight file does not fit the network.
    #[error("weights in {path}: {reason}")]
    Weights {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The model card cannot be used.
    #[error("model card {path}: {reason}")]
    Card {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// What a network was given to look at is not what it takes.
    #[error("{0}")]
    Input(String),
    /// The asked-for device is not there.
    #[error("{0}")]
    Device(String),
}

impl From<tch::TchError> for NetworkError {
    fn from(error: tch::TchError) -> Self {
        Self::Torch(first_line(&error))
    }
}

impl NetworkError {
    /// A weight file that libtorch cannot read.
    pub(crate) fn weights(path: &Path, error: &tch::TchError) -> Self {
        Self::Weights { path: path.to_owned(), reason: first_line(error) }
    }
}

/// libtorch's messages carry a C++ backtrace; only the first line says something.
fn first_line(error: &tch::TchError) -> String {
    let text = error.to_string();
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason given").trim().to_owned()
}
