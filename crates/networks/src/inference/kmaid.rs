//! K-M3AID on the device thread.

use std::path::Path;

use crate::Placement;

use super::Served;
use super::served::within_atoms;
use crate::{CarbonPeak, Kmaid, KmaidSimilarity, ModelCard, NetworkError};
use larmor_chemistry::MolecularGraph;

/// A 13C peak list and the molecules it is to be held against.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakComparison {
    /// The peaks.
    pub peaks: Vec<CarbonPeak>,
    /// The molecules.
    pub molecules: Vec<MolecularGraph>,
}

impl Served for Kmaid {
    type Input = PeakComparison;
    /// What the network says of each molecule.
    type Output = Vec<KmaidSimilarity>;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn fitting(comparisons: &[PeakComparison]) -> usize {
        within_atoms(comparisons, |comparison| &comparison.molecules)
    }

    fn run(
        &self,
        comparisons: &[PeakComparison],
    ) -> Result<Vec<Vec<KmaidSimilarity>>, NetworkError> {
        comparisons
            .iter()
            .map(|comparison| self.similarities(&comparison.peaks, &comparison.molecules))
            .collect()
    }
}
