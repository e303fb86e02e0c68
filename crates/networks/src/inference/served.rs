//! What a network must offer to be served.

use std::path::Path;

use crate::{ModelCard, NetworkError, Placement};
use larmor_chemistry::MolecularGraph;

/// Most atoms in one batch.
pub(super) const BATCH_ATOMS: usize = 8_192;

/// How many of the first inputs go through together, each holding so many molecules against
/// something: by their atoms, one at least.
pub(super) fn within_atoms<T>(inputs: &[T], molecules: impl Fn(&T) -> &[MolecularGraph]) -> usize {
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

/// A network that the device thread can run: its inputs come from many callers and go through it
/// together.
pub trait Served: Send + Sized + 'static {
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
    fn fitting(inputs: &[Self::Input]) -> usize;

    /// Answers a batch, in order.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    fn run(&self, inputs: &[Self::Input]) -> Result<Vec<Self::Output>, NetworkError>;
}
