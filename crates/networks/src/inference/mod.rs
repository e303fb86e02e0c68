//! Runs networks for the rest of the program: one long-lived thread owns a device and its
//! tensors, each network has a bounded queue there, batches form by size and wait.

mod acml;
mod device_thread;
mod kmaid;
mod lane;
mod matching;
mod registry;
mod served;
mod shifts;

use std::sync::Arc;

use crate::PredictedShifts;
use larmor_chemistry::MolecularGraph;

pub use acml::Comparison;
pub use kmaid::PeakComparison;
pub use lane::Handle;
pub use matching::MatchQuestion;
pub use registry::{Running, RunningModel, SHIFT_FOLDER, start, start_shifts};
pub use served::Served;

/// Why a prediction was not made.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum InferenceError {
    /// The queue is full; try again later.
    #[error("inference is overloaded: {limit} requests wait already")]
    Overloaded {
        /// Most requests that may wait.
        limit: usize,
    },
    /// The device thread has ended.
    #[error("inference has stopped")]
    Stopped,
    /// The network failed on this input.
    #[error("network failed: {0}")]
    Network(String),
}

/// A source of shift predictions. The daemon's is a thread that owns the network; tests bring
/// their own.
pub trait PredictShifts: Send + Sync + 'static {
    /// Predicts shifts for each graph, in order. Blocks the calling thread.
    ///
    /// # Errors
    /// [`InferenceError`] when the queue is full, the device thread has ended or the network
    /// fails.
    fn predict_shifts(
        &self,
        graphs: Vec<MolecularGraph>,
    ) -> Result<Vec<PredictedShifts>, InferenceError>;

    /// Identity of the weights: SHA-256 of the weight file, hex.
    fn model_digest(&self) -> &str;
}

/// A shared predictor.
pub type Predictor = Arc<dyn PredictShifts>;
