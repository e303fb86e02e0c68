//! SpecMol as a batch model: a pair of spectra held against molecules.

use std::path::Path;

use super::network::SpecMol;
use super::spectra::SpectrumPair;
use crate::batch_model::{BatchModel, within_atoms};
use crate::card::ModelCard;
use crate::error::NetworkError;
use crate::placement::Placement;
use larmor_chemistry::MolecularGraph;

/// A pair of spectra and the molecules that may show it.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecMolComparison {
    /// 1H and 13C spectrum of one sample.
    pub spectra: SpectrumPair,
    /// The molecules.
    pub molecules: Vec<MolecularGraph>,
}

impl BatchModel for SpecMol {
    type Input = SpecMolComparison;
    /// Probability of each molecule that the spectra are its own.
    type Output = Vec<f32>;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn batch_len(comparisons: &[SpecMolComparison]) -> usize {
        within_atoms(comparisons, |comparison| &comparison.molecules)
    }

    fn infer(&self, comparisons: &[SpecMolComparison]) -> Result<Vec<Vec<f32>>, NetworkError> {
        comparisons
            .iter()
            .map(|comparison| self.match_probability(&comparison.molecules, &comparison.spectra))
            .collect()
    }
}
