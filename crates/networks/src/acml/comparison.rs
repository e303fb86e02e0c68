//! ACML as a batch model: a spectrum held against molecules.

use std::path::Path;

use super::network::Acml;
use super::spectrum::AcmlSpectrum;
use crate::batch_model::{BatchModel, within_atoms};
use crate::card::ModelCard;
use crate::error::NetworkError;
use crate::placement::Placement;
use larmor_chemistry::MolecularGraph;

/// A spectrum and the molecules it is to be held against.
#[derive(Debug, Clone, PartialEq)]
pub struct AcmlComparison {
    /// The spectrum, of the network's nucleus.
    pub spectrum: AcmlSpectrum,
    /// The molecules.
    pub molecules: Vec<MolecularGraph>,
}

impl BatchModel for Acml {
    type Input = AcmlComparison;
    /// A dot product for each molecule; higher is likelier.
    type Output = Vec<f32>;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn batch_len(comparisons: &[AcmlComparison]) -> usize {
        within_atoms(comparisons, |comparison| &comparison.molecules)
    }

    fn infer(&self, comparisons: &[AcmlComparison]) -> Result<Vec<Vec<f32>>, NetworkError> {
        comparisons
            .iter()
            .map(|AcmlComparison { spectrum, molecules }| {
                let spectrum = self.embed_spectrum(spectrum)?;
                let molecules = self.embed_molecules(molecules)?;
                let dot = |row: &Vec<f32>| row.iter().zip(&spectrum).map(|(a, b)| a * b).sum();
                Ok(molecules.iter().map(dot).collect())
            })
            .collect()
    }
}
