//! SpecMol on the device thread.

use std::path::Path;

use crate::Placement;

use super::Served;
use super::served::within_atoms;
use crate::{MatchNet, ModelCard, NetworkError, SpectrumPair};
use larmor_chemistry::MolecularGraph;

/// A pair of spectra and the molecules that may show it.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchQuestion {
    /// 1H and 13C spectrum of one sample.
    pub spectra: SpectrumPair,
    /// The molecules.
    pub molecules: Vec<MolecularGraph>,
}

impl Served for MatchNet {
    type Input = MatchQuestion;
    /// Probability of each molecule that the spectra are its own.
    type Output = Vec<f32>;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn fitting(questions: &[MatchQuestion]) -> usize {
        within_atoms(questions, |question| &question.molecules)
    }

    fn run(&self, questions: &[MatchQuestion]) -> Result<Vec<Vec<f32>>, NetworkError> {
        questions
            .iter()
            .map(|question| self.match_probability(&question.molecules, &question.spectra))
            .collect()
    }
}
