//! A predictor for tests: shifts by rule, no network.

use std::sync::Arc;

use larmor_chemistry::{Hybridisation, MolecularGraph};
use larmor_networks::inference::{InferenceError, PredictShifts, Predictor};
use larmor_networks::{AtomShift, PredictedShifts};

pub(crate) struct Rules {
    digest: String,
    offset: f32,
}

/// Predictor by hybridisation and neighbours; the offset stands for other weights.
pub(crate) fn rules(offset: f32) -> Predictor {
    Arc::new(Rules { digest: format!("{:064x}", offset.to_bits()), offset })
}

impl PredictShifts for Rules {
    fn predict_shifts(
        &self,
        graphs: Vec<MolecularGraph>,
    ) -> Result<Vec<PredictedShifts>, InferenceError> {
        Ok(graphs.iter().map(|graph| self.shifts(graph)).collect())
    }

    fn model_digest(&self) -> &str {
        &self.digest
    }
}

impl Rules {
    fn shifts(&self, graph: &MolecularGraph) -> PredictedShifts {
        // Two rounds of neighbours, summed, so that the order of atoms does not matter.
        let mut value: Vec<f32> = (0..graph.len()).map(|a| base(graph, a)).collect();
        for _ in 0..2 {
            let old = value.clone();
            for bond in &graph.bonds {
                let (a, b) = (bond.begin as usize, bond.end as usize);
                value[a] += 0.04 * old[b] + pull(graph.element[b]);
                value[b] += 0.04 * old[a] + pull(graph.element[a]);
            }
        }
        let shift = |ppm: f32, spread| AtomShift { ppm, spread };
        PredictedShifts {
            c13: (0..graph.len())
                .map(|a| (graph.element[a] == 6).then(|| shift(value[a] + self.offset, 1.5)))
                .collect(),
            h1: (0..graph.len())
                .map(|a| (graph.hydrogens[a] > 0).then(|| shift(value[a] / 20.0, 0.2)))
                .collect(),
            ..PredictedShifts::default()
        }
    }
}

fn base(graph: &MolecularGraph, atom: usize) -> f32 {
    let hybridisation = match graph.hybridisation[atom] {
        Hybridisation::Sp2 => 110.0,
        Hybridisation::Sp => 70.0,
        _ => 20.0,
    };
    hybridisation - 4.0 * f32::from(graph.hydrogens[atom])
}

fn pull(element: u8) -> f32 {
    match element {
        8 => 14.0,
        7 => 9.0,
        9 | 17 | 35 => 11.0,
        6 => 1.0,
        _ => 3.0,
    }
}
