//! What an epoch of the shift network is made of.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Tensor;

use super::example::ShiftExample;
use super::loss::Targets;
use super::settings::ShiftTraining;
use super::validation::mean_errors;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{EpochLoss, StepLoss, Trainer, Validated, detached, shuffled, write_tensors};
use larmor_networks::{GraphBatch, ShiftNet, WEIGHTS_FILE, mirror};

/// Code of chloroform, which most spectra are of whose solvent nobody named.
const USUAL_SOLVENT: i64 = 1;

pub(super) struct ShiftTrainer<'a> {
    pub(super) net: &'a ShiftNet,
    /// True in the stage whose best weights are the network's.
    pub(super) last_stage: bool,
    pub(super) run: &'a ShiftTraining,
}

impl Trainer for ShiftTrainer<'_> {
    type Example = ShiftExample;
    type Item = usize;

    fn items(&self, train: &[ShiftExample], random: &mut ChaCha8Rng) -> Vec<usize> {
        shuffled(train.len(), random)
    }

    fn loss(
        &self,
        train: &[ShiftExample],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let examples: Vec<&ShiftExample> = batch.iter().map(|&i| &train[i]).collect();
        let mirrored: Vec<_> = examples
            .iter()
            .map(|example| {
                let mut features = example.features.clone();
                if random.random_bool(0.5) {
                    mirror(&mut features.nodes);
                }
                features
            })
            .collect();
        // The usual solvent is named now and then only, so that both cases are learned; others mostly.
        let named = |solvent| if solvent == USUAL_SOLVENT { 0.5 } else { 0.8 };
        let solvents: Vec<i64> = examples
            .iter()
            .map(|e| if random.random_bool(named(e.solvent)) { e.solvent } else { 0 })
            .collect();
        let device = self.run.device;
        let batch = GraphBatch::collate(&mirrored.iter().collect::<Vec<_>>(), device)?
            .dissolved(&solvents)?;
        let output = self.net.forward(&batch, true)?;
        let targets = Targets::matched(&examples, &output, device)?;
        targets.loss(&output)?.map(StepLoss::of).transpose()
    }

    fn validate(
        &self,
        validation: &[ShiftExample],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError> {
        let forward = |batch: &GraphBatch| self.net.forward(batch, false);
        let [carbon, proton, geminal] = mean_errors(&forward, validation, self.run.device)?;
        let loss = epoch.mean(0);
        Ok(Validated {
            // 1H counts as in the loss: a tenth of its ppm is worth a whole one of 13C.
            error: self.last_stage.then_some(carbon + 4.0 * proton),
            log: json!({"stage": if self.last_stage { "measured" } else { "predicted" },
                "loss": loss, "validation_13c_mae": carbon, "validation_1h_mae": proton,
                "validation_geminal_mae": geminal}),
            line: format!(
                "loss {loss:7.4}  validation MAE 13C {carbon:.3} 1H {proton:.3} geminal {geminal:.3} ppm"
            ),
        })
    }

    fn keep_best(
        &self,
        _parts: &Parts<ShiftExample>,
        weights: &[(String, Tensor)],
    ) -> Result<(), TrainingError> {
        write_tensors(&self.run.out.join(WEIGHTS_FILE), &detached(weights))
    }
}
