//! Settings of a training run of `SpecMol`.

use std::path::PathBuf;

use tch::Device;

use crate::data::HeldOut;
use larmor_networks::SpecMolConfig;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct SpecmolTraining {
    /// List of molecules: CSV with `smiles` and `label`.
    pub data: PathBuf,
    /// Folder for checkpoints, log, card and weights.
    pub out: PathBuf,
    /// Molecules that must not be trained on.
    pub held_out: HeldOut,
    /// The network.
    pub network: SpecMolConfig,
    /// Folder of the shift network that says what spectra look like.
    pub shift_model: PathBuf,
    /// The backbone, where the network takes pictures.
    pub backbone: Option<PathBuf>,
    /// Weights of ACML for 1H and for 13C, or of K-M3AID, whose encoders a network on peaks takes.
    pub encoders: Vec<PathBuf>,
    /// Folder for the backbone's features; the output folder where none is named.
    pub cache: Option<PathBuf>,
    /// Train and validate on so many molecules; all where it is not stated.
    pub molecules: Option<usize>,
    /// How far shifts are moved from what is predicted, in widths of the prediction.
    pub shift_noise: f64,
    /// Passes over the molecules.
    pub epochs: i64,
    /// Pairs in a batch.
    pub batch: usize,
    /// Learning rate: the one of all steps, or the highest of a cycle.
    pub learning_rate: f64,
    /// Let the learning rate rise and fall in place of keeping it.
    pub one_cycle: bool,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and spectra.
    pub seed: u64,
    /// Go on from the checkpoint in `out`.
    pub resume: bool,
    /// Stop after this many epochs, to be resumed later.
    pub stop_after: Option<i64>,
    /// Where to run.
    pub device: Device,
}
