//! Settings of a training run of K-M3AID.

use std::path::PathBuf;

use tch::Device;

use crate::data::{Folds, HeldOut, PredictedFiles};
use larmor_networks::KmaidConfig;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct KmaidTraining {
    /// Data file: JSON lines, gzipped or not.
    pub data: PathBuf,
    /// Published folds by record number; without them the records say.
    pub folds: Option<Folds>,
    /// Also train on molecules that are in no fold.
    pub beyond_folds: bool,
    /// Folder for checkpoints, log, card and weights.
    pub out: PathBuf,
    /// Fold kept for the test; `None` trains on every fold.
    pub test_fold: Option<u8>,
    /// Further molecules that must not be trained on.
    pub held_out: HeldOut,
    /// The network and its losses.
    pub network: KmaidConfig,
    /// Predicted shifts that the first stage also sees, where the encoder is not frozen.
    pub predicted: PredictedFiles,
    /// Weights to start from in place of the first stage.
    pub start_from: Option<PathBuf>,
    /// Passes of the first stage: of the spectrum encoder alone where it is to be frozen, else of the
    /// whole network over measured and predicted spectra.
    pub pretraining_epochs: i64,
    /// Passes over the measured spectra that train the network, or the rest of it.
    pub epochs: i64,
    /// Molecules in a batch.
    pub batch: usize,
    /// Learning rate: the highest of a cycle, or the one of all steps.
    pub learning_rate: f64,
    /// Keep the learning rate as it is, as the authors did, in place of one cycle.
    pub constant_rate: bool,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and augmentation.
    pub seed: u64,
    /// Store the weights in 16 bits.
    pub half_precision: bool,
    /// Go on from the checkpoints in `out`.
    pub resume: bool,
    /// Stop after this many epochs, those of both stages counted, to be resumed later.
    pub stop_after: Option<i64>,
    /// Where to run.
    pub device: Device,
}
