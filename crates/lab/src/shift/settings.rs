//! Settings of a training run of the shift network.

use std::path::PathBuf;

use tch::Device;

use crate::data::{HeldOut, ListedFiles, PredictedFiles};
use larmor_networks::ShiftConfig;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct ShiftTraining {
    /// Data file: JSON lines, gzipped or not.
    pub data: PathBuf,
    /// Folder for checkpoint, log, card and weights.
    pub out: PathBuf,
    /// Fold of the published split kept for the test; `None` trains on every fold.
    pub test_fold: Option<u8>,
    /// Further molecules that must not be trained on.
    pub held_out: HeldOut,
    /// Size of the network.
    pub network: ShiftConfig,
    /// Predicted shifts, of another network or a teacher, that are learned before measured ones.
    pub predicted: PredictedFiles,
    /// Passes over them.
    pub pretraining_epochs: i64,
    /// Measured molecules whose atoms are not, or otherwise, known: learned with the measured ones.
    pub listed: ListedFiles,
    /// Passes over the measured shifts.
    pub epochs: i64,
    /// Molecules in a batch.
    pub batch: usize,
    /// Highest learning rate.
    pub learning_rate: f64,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and augmentation.
    pub seed: u64,
    /// Weight file to start from instead of random weights.
    pub start_from: Option<PathBuf>,
    /// Go on from the checkpoint in `out`.
    pub resume: bool,
    /// Stop after this many epochs, to be resumed later.
    pub stop_after: Option<i64>,
    /// Where to run.
    pub device: Device,
}
