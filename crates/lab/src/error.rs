//! What can go wrong while data are read, networks trained and measured.

use std::path::{Path, PathBuf};

use larmor_chemistry::MoleculeError;
use larmor_elucidation::ElucidationError;
use larmor_networks::NetworkError;
use larmor_networks::inference::InferenceError;

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
    /// Nothing is left to train on, or to stop by.
    #[error(
        "{path}: no molecule to {purpose}: {train} to train on, {validation} to validate, {test} to \
         test; left out: {dropped}"
    )]
    Empty {
        /// The data file.
        path: PathBuf,
        /// What there is nothing for.
        purpose: &'static str,
        /// Molecules of the training part.
        train: usize,
        /// Molecules that validate.
        validation: usize,
        /// Molecules that test.
        test: usize,
        /// What was left out, and why.
        dropped: String,
    },
    /// Molecules are there, but none made a batch to learn from.
    #[error("{path}: no batch to learn from: {train} molecules to train on; left out: {dropped}")]
    NoBatch {
        /// The data file.
        path: PathBuf,
        /// Molecules of the training part.
        train: usize,
        /// What was left out, and why.
        dropped: String,
    },
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
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |cause| Self::File { path: path.to_owned(), cause }
    }
}

/// Why a protocol could not be run.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// Data could not be read.
    #[error(transparent)]
    Data(#[from] TrainingError),
    /// The network failed.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Shifts could not be predicted.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// A structure could not be read.
    #[error(transparent)]
    Structure(#[from] MoleculeError),
    /// Peaks could not be ranked by.
    #[error(transparent)]
    Elucidation(#[from] ElucidationError),
    /// The model does not say what it was trained on.
    #[error("{path}: {reason}; without it nothing keeps trained molecules out of the test")]
    TrainedOn {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The protocol is not for this kind of model.
    #[error("{0}")]
    Unsuited(String),
    /// Nothing is left to test on.
    #[error("no molecules are left to test on: {0}")]
    Nothing(String),
}

impl From<tch::TchError> for EvaluationError {
    fn from(error: tch::TchError) -> Self {
        Self::Network(error.into())
    }
}
