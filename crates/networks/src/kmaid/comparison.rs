//! K-M3AID as a batch model: a peak list held against molecules.

use std::path::Path;

use super::network::Kmaid;
use super::similarity::{CarbonPeak, KmaidSimilarity};
use crate::batch_model::{BatchModel, within_atoms};
use crate::card::ModelCard;
use crate::error::NetworkError;
use crate::placement::Placement;
use larmor_chemistry::MolecularGraph;

/// A 13C peak list and the molecules it is to be held against.
#[derive(Debug, Clone, PartialEq)]
pub struct KmaidComparison {
    /// The peaks.
    pub peaks: Vec<CarbonPeak>,
    /// The molecules.
    pub molecules: Vec<MolecularGraph>,
}

impl BatchModel for Kmaid {
    type Input = KmaidComparison;
    /// What the network says of each molecule.
    type Output = Vec<KmaidSimilarity>;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn batch_len(comparisons: &[KmaidComparison]) -> usize {
        within_atoms(comparisons, |comparison| &comparison.molecules)
    }

    fn infer(
        &self,
        comparisons: &[KmaidComparison],
    ) -> Result<Vec<Vec<KmaidSimilarity>>, NetworkError> {
        comparisons
            .iter()
            .map(|comparison| self.similarities(&comparison.peaks, &comparison.molecules))
            .collect()
    }
}
