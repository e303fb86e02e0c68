//! How well SpecMol does on molecules it was not trained on.

use serde::Serialize;
use tch::Device;

use super::crossed_pairs::{CrossedPairs, cross_entropy};
use super::molecule::SpecmolMolecule;
use super::negatives::Neighbours;
use super::settings::SpecmolTraining;
use super::spectra::{ShownPart, SpectrumSource};
use crate::error::TrainingError;
use crate::statistics::area_under_curve;
use crate::training::random;
use larmor_chemistry::MolecularGraph;
use larmor_networks::SpecMol;

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
    molecules: &[SpecmolMolecule],
    source: &SpectrumSource,
    run: &SpecmolTraining,
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
        let spectra =
            source.batch(ShownPart::Validation, molecules, rows, &mut random, run.device)?;
        let graphs: Vec<&MolecularGraph> = rows.iter().map(|&row| &molecules[row].graph).collect();
        let batch = net.collate(&graphs)?;
        let vectors = net.encode_molecules(&batch, false)?;
        let spectra = net.encode_spectra(&spectra)?;
        let crossed = CrossedPairs::of(chunk.len(), run.device)?;
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
