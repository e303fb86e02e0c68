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

pub(super) struct ShiftTrainer<'a> {
    pub(super) net: ShiftNet,
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
        // A solvent is named now and then only, so that both cases are learned.
        let solvents: Vec<i64> = examples
            .iter()
            .map(|example| if random.random_bool(0.5) { example.solvent } else { 0 })
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
        let [carbon, proton] = mean_errors(&forward, validation, self.run.device)?;
        let loss = epoch.mean(0);
        Ok(Validated {
            error: Some(carbon),
            log: json!({"loss": loss, "validation_13c_mae": carbon, "validation_1h_mae": proton}),
            line: format!("loss {loss:7.4}  validation MAE 13C {carbon:.3} 1H {proton:.3} ppm"),
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
