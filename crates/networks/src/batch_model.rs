//! What a network offers to whoever runs it on behalf of many callers.

use std::path::Path;

use crate::card::ModelCard;
use crate::error::NetworkError;
use crate::placement::Placement;
use larmor_chemistry::MolecularGraph;

/// Most atoms in one batch.
pub(crate) const BATCH_ATOMS: usize = 8_192;

/// How many of the first inputs go through together, each holding so many molecules against
/// something: by their atoms, one at least.
pub(crate) fn within_atoms<T>(inputs: &[T], molecules: impl Fn(&T) -> &[MolecularGraph]) -> usize {
    let mut atoms = 0;
    inputs
        .iter()
        .take_while(|input| {
            atoms += molecules(input).iter().map(MolecularGraph::len).sum::<usize>();
            atoms <= BATCH_ATOMS
        })
        .count()
        .max(1)
}

/// A trained network whose inputs come from many callers and go through it together.
pub trait BatchModel: Send + Sized + 'static {
    /// One question.
    type Input: Send + 'static;
    /// Its answer.
    type Output: Send + 'static;

    /// Opens a trained model: a folder with its card and weights.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError>;

    /// How many of the first inputs go through together: bounds memory and keeps tensors in the
    /// cache. At least 1 where there is an input.
    fn batch_len(inputs: &[Self::Input]) -> usize;

    /// Answers a batch, in order.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    fn infer(&self, inputs: &[Self::Input]) -> Result<Vec<Self::Output>, NetworkError>;
}
