//! What can go wrong while training.

use std::path::{Path, PathBuf};

use larmor_networks::NetworkError;

/// Why training ended early.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// A file could not be read or written.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {reason}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The network or libtorch failed.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The loss is no longer a number.
    #[error("the loss became {0} at step {1}: lower the learning rate")]
    Diverged(f64, i64),
}

impl From<tch::TchError> for TrainingError {
    fn from(error: tch::TchError) -> Self {
        Self::Network(error.into())
    }
}

impl TrainingError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |cause| Self::File { path: path.to_owned(), cause }
    }
}
