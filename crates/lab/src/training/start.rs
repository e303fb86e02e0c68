//! Weights of an earlier run to start from. What that run was trained on stands beside them, and
//! nothing of the test fold may be among it.

use std::path::Path;

use super::checkpoint::Weights;
use crate::data::{Keyed, Parts, key_hash, read_trained_on};
use crate::error::TrainingError;
use larmor_networks::read_weights;

/// Weights of another run.
pub(crate) struct EarlierWeights {
    /// By name.
    pub(crate) weights: Weights,
    /// Digests of the keys they were trained on, sorted.
    pub(crate) trained_on: Vec<u64>,
}

impl EarlierWeights {
    /// From a checkpoint or the weights of a whole model.
    ///
    /// # Errors
    /// [`TrainingError`] when files cannot be read, or the run had seen a molecule that tests.
    pub(crate) fn read<T: Keyed>(path: &Path, parts: &Parts<T>) -> Result<Self, TrainingError> {
        let trained_on = read_trained_on(path.parent().unwrap_or(Path::new(".")))?;
        let seen = parts
            .test
            .iter()
            .filter(|example| trained_on.binary_search(&key_hash(example.block())).is_ok())
            .count();
        if seen > 0 {
            let reason = format!("these weights know {seen} molecules of the test fold");
            return Err(TrainingError::Format { path: path.to_owned(), reason });
        }
        let weights = read_weights(path)?
            .into_iter()
            .map(|(name, tensor)| (name.trim_start_matches("weights.").to_owned(), tensor))
            .collect();
        Ok(Self { weights, trained_on })
    }
}
