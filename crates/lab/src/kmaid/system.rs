//! K-M3AID as a ranker and assigner.

use std::path::Path;

use tch::{Kind, Tensor};

use crate::error::EvaluationError;
use crate::evaluation::{BATCH, CommonSpace, EvaluationMolecule, Pairs, rows_of, values};
use larmor_chemistry::Molecule;
use larmor_networks::{GinBatch, GinFeatures, Kmaid, NetworkError, Placement, shifts_of};
use larmor_nmr::spectrum::Multiplicity;

/// Most passes of the Sinkhorn iteration, and the error of a row's sum that ends it before.
const PASSES: usize = 500;
const SETTLED: f64 = 1e-4;

/// The trained network.
pub struct KmaidSystem {
    net: Kmaid,
}

impl KmaidSystem {
    pub(crate) fn open(folder: &Path, device: &str) -> Result<Self, EvaluationError> {
        Ok(Self { net: Kmaid::open(folder, Placement::named(device)?)?.0 })
    }

    /// A peak of unknown multiplicity is as likely as its four readings together.
    #[allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation)]
    pub(crate) fn pairs(
        &self,
        evaluation_set: &[&EvaluationMolecule],
        multiplicity: bool,
    ) -> Result<Vec<Pairs>, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        let device = self.net.device();
        let mut found = Vec::with_capacity(evaluation_set.len());
        for batch in evaluation_set.chunks(BATCH) {
            let features: Vec<GinFeatures> =
                batch.iter().map(|s| GinFeatures::from(&s.molecule.graph)).collect();
            let graphs = GinBatch::collate(&features.iter().collect::<Vec<_>>(), device)?;
            let atoms: Vec<i64> = batch
                .iter()
                .zip(&graphs.first)
                .flat_map(|(s, first)| {
                    s.assigned.iter().map(move |(atom, _)| *first + *atom as i64)
                })
                .collect();
            let atoms = Tensor::f_from_slice(&atoms)?.f_to_device(device)?;
            let nodes = self.net.structures(&graphs, &atoms, false)?.nodes;
            let ppm: Vec<f32> =
                batch.iter().flat_map(|s| s.assigned.iter().map(|(_, p)| p.ppm as f32)).collect();
            let ppm = Tensor::f_from_slice(&ppm)?.f_to_device(device)?;
            let readings = self.net.project_readings(&ppm)?;
            let mut first = 0;
            for tested in batch {
                let size = tested.assigned.len();
                let rows = nodes.f_narrow(0, first, size as i64)?;
                let logits = readings
                    .iter()
                    .map(|peaks| {
                        values(&rows.f_matmul(&peaks.f_narrow(0, first, size as i64)?.f_tr()?)?)
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                let score: Vec<f64> = (0..size * size)
                    .map(|at| {
                        let allowed = tested.assigned[at % size]
                            .1
                            .multiplicity
                            .filter(|_| multiplicity)
                            .map_or(0b1111, Multiplicity::counts);
                        let fitting = logits.iter().enumerate();
                        log_sum(fitting.filter(|(m, _)| allowed >> m & 1 == 1).map(|(_, l)| l[at]))
                    })
                    .collect();
                let probability = sinkhorn(&score, size);
                found.push(Pairs { size, score, probability, said: Box::new(|p| p) });
                first += size as i64;
            }
        }
        Ok(found)
    }
}

impl CommonSpace for KmaidSystem {
    fn spectra(&self, spectra: &[&EvaluationMolecule]) -> Result<Tensor, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        let rows = spectra
            .chunks(BATCH)
            .map(|batch| {
                let spectra: Vec<Vec<f32>> =
                    batch.iter().map(|s| shifts_of(s.peaks.iter().map(|peak| peak.ppm))).collect();
                let spectra: Vec<&[f32]> = spectra.iter().map(Vec::as_slice).collect();
                self.net.project_spectra(&self.net.encode_spectra(&spectra)?, false)
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Tensor::f_cat(&rows, 0)?)
    }

    fn molecules(&self, molecules: &[&Molecule]) -> Result<Tensor, EvaluationError> {
        let none = Tensor::f_zeros([0], (Kind::Int64, self.net.device()))?;
        rows_of(molecules, self.net.device(), |batch| {
            Ok(self.net.structures(batch, &none, false)?.graphs)
        })
    }
}

fn log_sum(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    most + terms.map(|term| (term - most).exp()).sum::<f64>().ln()
}

/// Scales e^score until rows and columns sum to one (Sinkhorn, 1964): every carbon has a peak and
/// every peak a carbon.
fn sinkhorn(score: &[f64], size: usize) -> Vec<f64> {
    let mut logs = score.to_vec();
    for _ in 0..PASSES {
        let mut error: f64 = 0.0;
        for row in logs.chunks_exact_mut(size.max(1)) {
            let sum = log_sum(row.iter().copied());
            error = error.max(sum.abs());
            row.iter_mut().for_each(|value| *value -= sum);
        }
        for column in 0..size {
            let sum = log_sum((0..size).map(|row| logs[row * size + column]));
            (0..size).for_each(|row| logs[row * size + column] -= sum);
        }
        if error < SETTLED {
            break;
        }
    }
    logs.iter().map(|value| value.exp()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(found: &[f64]) -> Vec<f64> {
        let row = |i: usize| found[i * 3..i * 3 + 3].iter().sum();
        let column = |i: usize| (0..3).map(|r| found[r * 3 + i]).sum();
        (0..3).map(row).chain((0..3).map(column)).collect()
    }

    #[test]
    fn sinkhorn_ends_with_rows_and_columns_that_sum_to_one() {
        let found = sinkhorn(&[5.0, 4.0, 0.0, 5.0, 1.0, 0.0, -3.0, 2.0, 4.0], 3);
        assert!(sums(&found).iter().all(|sum| (sum - 1.0).abs() < 1e-3), "{found:?}");
        assert!(
            found[1] > 0.5 && found[3] > 0.5,
            "the second row's claim on the first is stronger"
        );
        assert!(sinkhorn(&[], 0).is_empty());
    }

    /// Where a pair is certain beyond any float, what is left over dies out with one over the
    /// passes only.
    #[test]
    fn absurdly_sure_scores_still_give_probabilities() {
        let found = sinkhorn(&[5.0, 4.0, 0.0, 5.0, 1.0, 0.0, -300.0, 2.0, 400.0], 3);
        assert!(found.iter().all(|p| (0.0..=1.001).contains(p)), "{found:?}");
        assert!(sums(&found).iter().all(|sum| (sum - 1.0).abs() < 0.01), "{found:?}");
        assert!(found[8] > 0.99);
    }
}
