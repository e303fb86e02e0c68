//! Runs networks for the rest of the program: one long-lived thread owns a device and its
//! tensors, a bounded queue feeds it, batches form by size and wait.

mod device_thread;

use std::path::Path;
use std::sync::Arc;

use crate::molecule::MolecularGraph;
use crate::network::{ModelCard, NetworkError, PredictedShifts, ShiftEnsemble, choose_device};
use device_thread::DeviceThread;

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

/// A running shift network with what is known of it.
#[derive(Clone)]
pub struct Running {
    /// Predicts.
    pub predictor: Predictor,
    /// The model's card.
    pub card: ModelCard,
    /// Where it runs: `cpu` or `cuda:N`.
    pub device: String,
}

/// Loads the shift network from `folder` (a model card and its weights) and starts the thread
/// that owns it. `device` is `auto`, `cpu`, `cuda` or `cuda:N`.
///
/// # Errors
/// [`NetworkError`] when the device is not there or card or weights cannot be used.
pub fn start(folder: &Path, device: &str) -> Result<Running, NetworkError> {
    let device = choose_device(device)?;
    let (net, card) = ShiftEnsemble::open(folder, device)?;
    let thread = DeviceThread::start(net, card.weights_sha256.clone())?;
    let device = match device {
        tch::Device::Cuda(index) => format!("cuda:{index}"),
        _ => "cpu".to_owned(),
    };
    Ok(Running { predictor: Arc::new(thread), card, device })
}
