//! What an epoch of K-M3AID is made of.

use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Tensor;

use super::batch::KmaidBatch;
use super::card::write_kmaid_card;
use super::example::KmaidExample;
use super::loss::losses;
use super::settings::KmaidTraining;
use super::validation::validate;
use crate::data::{Parts, moved};
use crate::error::TrainingError;
use crate::training::{
    EpochLoss, StepLoss, Trainer, Validated, among_isomers, shown, shuffled, stored, write_tensors,
};
use larmor_networks::{GinFeatures, Kmaid, WEIGHTS_FILE};

pub(super) struct KmaidTrainer<'a> {
    pub(super) net: &'a Kmaid,
    pub(super) run: &'a KmaidTraining,
    /// Digests of the keys that training saw before, in other stages.
    pub(super) seen_before: &'a [u64],
    /// True in the stage whose best weights are the network's.
    pub(super) last_stage: bool,
}

impl Trainer for KmaidTrainer<'_> {
    type Example = KmaidExample;
    type Item = usize;

    fn items(&self, train: &[KmaidExample], random: &mut ChaCha8Rng) -> Vec<usize> {
        if self.run.network.frozen_encoder {
            return shuffled(train.len(), random);
        }
        let formulas: Vec<u64> = train.iter().map(|example| example.formula).collect();
        among_isomers(&formulas, random)
    }

    /// A frozen encoder is shown each spectrum as it is, as published.
    fn loss(
        &self,
        train: &[KmaidExample],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let network = &self.run.network;
        let examples: Vec<&KmaidExample> = batch.iter().map(|&i| &train[i]).collect();
        let graphs: Vec<GinFeatures> =
            examples.iter().map(|e| shown(&e.features, random)).collect();
        let spectra: Vec<Vec<f32>> = examples
            .iter()
            .map(|example| match network.frozen_encoder {
                true => example.shifts(),
                false => moved(&example.lines, random),
            })
            .collect();
        let graphs: Vec<&GinFeatures> = graphs.iter().collect();
        let mut batch = KmaidBatch::collate(&graphs, &examples, &spectra, self.run.device)?;
        batch.sample(network.nodes_sampled, random)?;
        let [graph, node] = losses(self.net, &batch, network, true)?;
        let loss = graph
            .f_mul_scalar(network.graph_weight)?
            .f_add(&node.f_mul_scalar(network.node_weight)?)?;
        StepLoss::with_figures(loss, &[&graph, &node]).map(Some)
    }

    fn validate(
        &self,
        validation: &[KmaidExample],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError> {
        let found = validate(self.net, validation, self.run)?;
        let [graph, node] = [epoch.mean(0), epoch.mean(1)];
        let stage = if self.last_stage { "kmaid" } else { "predicted" };
        Ok(Validated {
            error: self.last_stage.then(|| found.error(&self.run.network)),
            log: json!({"stage": stage, "graph_loss": graph, "node_loss": node,
                "validation": found}),
            line: format!(
                "loss graph {graph:.3} node {node:.3}  validation graph {:.1} % node {:.1} %",
                100.0 * found.graph_accuracy,
                100.0 * found.node_accuracy
            ),
        })
    }

    fn keep_best(
        &self,
        parts: &Parts<KmaidExample>,
        weights: &[(String, Tensor)],
    ) -> Result<(), TrainingError> {
        let weights = stored(weights, self.run.half_precision)?;
        write_tensors(&self.run.out.join(WEIGHTS_FILE), &weights)?;
        // With its card, so that the best so far can be measured while the run goes on.
        write_kmaid_card(self.run, parts, self.seen_before).map(|_| ())
    }
}
