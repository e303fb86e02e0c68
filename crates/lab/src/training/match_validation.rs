//! How well SpecMol does on molecules it was not trained on, and the area under its curve.

use serde::Serialize;
use tch::Device;

use super::augmentation::random;
use super::match_negatives::Neighbours;
use super::match_shown::{Part, Shown};
use super::matching::{Crossed, cross_entropy};
use super::{MatchMolecule, MatchTraining, TrainingError};
use larmor_chemistry::MolecularGraph;
use larmor_networks::{MoleculeBatch, SpecMol};

/// Couples judged at a time.
const AT_ONCE: usize = 64;

/// Figures of one validation: the same pairs every time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Validation {
    pub loss: f64,
    pub auc: f64,
    /// Share of pairs on the right side of one half.
    pub accuracy: f64,
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn validate(
    net: &SpecMol,
    molecules: &[MatchMolecule],
    shown: &Shown,
    run: &MatchTraining,
) -> Result<Validation, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let mut random = random(run.seed, 2, 0);
    let couples = if molecules.is_empty() {
        Vec::new()
    } else {
        Neighbours::of(molecules, &mut random).couples(molecules, &mut random)
    };
    let (mut loss, mut found) = (0.0, Vec::new());
    for chunk in couples.chunks(AT_ONCE) {
        let rows = chunk.as_flattened();
        let spectra = shown.batch(Part::Validation, molecules, rows, &mut random, run.device)?;
        let graphs: Vec<&MolecularGraph> = rows.iter().map(|&row| &molecules[row].graph).collect();
        let batch = MoleculeBatch::collate(&graphs, run.device)?;
        let vectors = net.encode_molecules(&batch, false)?;
        let spectra = net.encode_spectra(&spectra)?;
        let crossed = Crossed::of(chunk.len(), run.device)?;
        let logits = net.logits(
            &vectors.f_index_select(0, &crossed.molecules)?,
            &spectra.f_index_select(0, &crossed.spectra)?,
            false,
        )?;
        loss += cross_entropy(&logits, &crossed.labels)?.f_double_value(&[])? * chunk.len() as f64;
        let logits = Vec::<f32>::try_from(&logits.f_to_device(Device::Cpu)?)?;
        let labels = Vec::<f32>::try_from(&crossed.labels.f_to_device(Device::Cpu)?)?;
        found.extend(logits.into_iter().map(f64::from).zip(labels.iter().map(|&l| l > 0.5)));
    }
    let right = found.iter().filter(|(logit, label)| (*logit > 0.0) == *label).count();
    Ok(Validation {
        loss: loss / couples.len().max(1) as f64,
        auc: area_under_curve(&found),
        accuracy: right as f64 / found.len().max(1) as f64,
    })
}

/// Probability that a pair that matches scores above one that does not, a tie counting half (the
/// area under the receiver operating characteristic; Mann and Whitney, 1947). NaN where one of the
/// two kinds is missing.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn area_under_curve(scored: &[(f64, bool)]) -> f64 {
    let mut sorted: Vec<(f64, bool)> = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let matching = tied.iter().filter(|(_, label)| *label).count() as f64;
        let not = tied.len() as f64 - matching;
        sum += matching * (below + not / 2.0);
        below += not;
    }
    sum / (below * (scored.len() as f64 - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs_in_the_right_order() {
        let scored = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        assert!((area_under_curve(&scored) - 0.75).abs() < 1e-12);
        let tied = [(0.5, true), (0.5, false)];
        assert!((area_under_curve(&tied) - 0.5).abs() < 1e-12);
        assert!(area_under_curve(&[(0.5, true)]).is_nan());
    }
}
