//! How well ACML does on molecules it was not trained on.

use serde::Serialize;

use super::example::AcmlExample;
use super::loss::soft_contrastive;
use super::settings::AcmlTraining;
use crate::error::TrainingError;
use crate::training::random;
use larmor_networks::{Acml, GinBatch, GinFeatures};

/// Keeps validation's drawn spectra the same in every epoch.
const SALT: u64 = 0xacdc;

/// Figures of one validation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Validation {
    pub(super) loss: f64,
    /// Share of molecules whose spectrum is the nearest of their batch, and the other way round.
    pub(super) graph_accuracy: f64,
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn validate(
    net: &Acml,
    examples: &[AcmlExample],
    run: &AcmlTraining,
) -> Result<Validation, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let mut random = random(run.seed, SALT, 0);
    let (mut loss, mut batches, mut right, mut all) = (0.0, 0.0, 0.0, 0.0);
    for chunk in examples.chunks(run.batch) {
        let spectra: Vec<_> =
            chunk.iter().map(|e| e.measured.shown(net.config(), &mut random)).collect();
        let features: Vec<&GinFeatures> = chunk.iter().map(|e| &e.features).collect();
        let batch = GinBatch::collate(&features, run.device)?;
        let molecules = net.project_graphs(&net.graphs(&batch, false)?, false)?;
        let spectra = net.project_spectra(&net.encode(&spectra)?, false)?;
        loss += soft_contrastive(&molecules, &spectra)?.f_double_value(&[])?;
        batches += 1.0;
        let logits = molecules.f_matmul(&spectra.f_tr()?)?;
        for along in 0..2 {
            let best = Vec::<i64>::try_from(&logits.f_argmax(along, false)?)?;
            right += best.iter().zip(0..).filter(|(best, own)| **best == *own).count() as f64;
            all += best.len() as f64;
        }
    }
    Ok(Validation {
        loss: loss / f64::max(batches, 1.0),
        graph_accuracy: right / f64::max(all, 1.0),
    })
}
