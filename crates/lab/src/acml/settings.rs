//! Settings of a training run of ACML.

use std::path::PathBuf;

use tch::Device;

use crate::data::{Folds, HeldOut, PredictedFiles};
use larmor_networks::AcmlConfig;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct AcmlTraining {
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
    /// Nucleus and sizes.
    pub network: AcmlConfig,
    /// Predicted shifts that the first stage also sees, where spectra are sets of peaks.
    pub predicted: PredictedFiles,
    /// An encoder trained before, in place of the first stage; a graph network beside it is taken too
    /// where spectra are sets of peaks.
    pub encoder: Option<PathBuf>,
    /// Passes over the data that train the encoder.
    pub pretraining_epochs: i64,
    /// Passes over the data that train the rest.
    pub epochs: i64,
    /// Molecules in a batch.
    pub batch: usize,
    /// Learning rate: the highest of a cycle, or the one of all steps.
    pub learning_rate: f64,
    /// Keep the learning rate as it is in place of one cycle.
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
