//! Why a protocol could not be run.

use std::path::PathBuf;

use crate::training::TrainingError;
use larmor_elucidation::ElucidationError;
use larmor_networks::NetworkError;
use larmor_networks::inference::InferenceError;

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
    /// Peaks could not be judged.
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
