//! The shift networks as a batch model.

use std::path::Path;

use super::ensemble::ShiftEnsemble;
use super::prediction::PredictedShifts;
use crate::batch_model::{BATCH_ATOMS, BatchModel};
use crate::card::ModelCard;
use crate::error::NetworkError;
use crate::placement::Placement;
use larmor_chemistry::MolecularGraph;

/// Most pairs of places in one batch once every molecule is padded to the longest.
const BATCH_PAIRS: usize = 1 << 21;

impl BatchModel for ShiftEnsemble {
    type Input = MolecularGraph;
    type Output = PredictedShifts;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn batch_len(graphs: &[MolecularGraph]) -> usize {
        let (mut atoms, mut longest) = (0, 0);
        graphs
            .iter()
            .enumerate()
            .take_while(|(before, graph)| {
                atoms += graph.len();
                longest = longest.max(graph.len());
                atoms <= BATCH_ATOMS && (before + 1) * longest * longest <= BATCH_PAIRS
            })
            .count()
            .max(1)
    }

    fn infer(&self, graphs: &[MolecularGraph]) -> Result<Vec<PredictedShifts>, NetworkError> {
        self.predict(graphs)
    }
}
