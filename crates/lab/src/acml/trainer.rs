//! What an epoch of ACML is made of, its encoder of spectra frozen.

use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Tensor;

use super::card::write_acml_card;
use super::encoder::Encoder;
use super::example::AcmlExample;
use super::loss::soft_contrastive;
use super::settings::AcmlTraining;
use super::validation::validate;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{
    EpochLoss, StepLoss, Trainer, Validated, among_isomers, shown, shuffled, stored, write_tensors,
};
use larmor_networks::{Acml, AcmlInput, GinBatch, GinFeatures, WEIGHTS_FILE};

pub(super) struct AcmlTrainer<'a> {
    pub(super) net: Acml,
    pub(super) run: &'a AcmlTraining,
    pub(super) encoder: &'a Encoder,
}

impl Trainer for AcmlTrainer<'_> {
    type Example = AcmlExample;
    type Item = usize;

    fn items(&self, train: &[AcmlExample], random: &mut ChaCha8Rng) -> Vec<usize> {
        match self.run.network.input {
            AcmlInput::Published => shuffled(train.len(), random),
            AcmlInput::Peaks => {
                let formulas: Vec<u64> = train.iter().map(|example| example.formula).collect();
                among_isomers(&formulas, random)
            }
        }
    }

    fn loss(
        &self,
        train: &[AcmlExample],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let (mut spectra, mut graphs) = (Vec::new(), Vec::new());
        for &i in batch {
            spectra.push(train[i].measured.shown(self.net.config(), random));
            graphs.push(shown(&train[i].features, random));
        }
        let graphs: Vec<&GinFeatures> = graphs.iter().collect();
        let batch = GinBatch::collate(&graphs, self.run.device)?;
        let molecules = self.net.project_graphs(&self.net.graphs(&batch, true)?, true)?;
        let spectra = self.net.project_spectra(&self.net.encode(&spectra)?, true)?;
        StepLoss::of(soft_contrastive(&molecules, &spectra)?).map(Some)
    }

    fn validate(
        &self,
        validation: &[AcmlExample],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError> {
        let found = validate(&self.net, validation, self.run)?;
        let loss = epoch.mean(0);
        Ok(Validated {
            error: Some(1.0 - found.graph_accuracy),
            log: json!({"stage": "acml", "loss": loss, "validation": found}),
            line: format!(
                "loss {loss:.3}  validation loss {:.3}, right {:.1} %",
                found.loss,
                100.0 * found.graph_accuracy
            ),
        })
    }

    fn keep_best(
        &self,
        parts: &Parts<AcmlExample>,
        weights: &[(String, Tensor)],
    ) -> Result<(), TrainingError> {
        let weights = stored(weights, self.run.half_precision)?;
        write_tensors(&self.run.out.join(WEIGHTS_FILE), &weights)?;
        // With its card, so that the best so far can be measured while the run goes on.
        write_acml_card(self.run, parts, self.encoder).map(|_| ())
    }
}
