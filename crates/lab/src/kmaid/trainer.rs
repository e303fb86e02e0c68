//! What an epoch of K-M3AID is made of, its spectrum encoder frozen.

use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Tensor;

use super::batch::KmaidBatch;
use super::card::write_kmaid_card;
use super::example::KmaidExample;
use super::loss::losses;
use super::settings::KmaidTraining;
use super::validation::validate;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{
    EpochLoss, StepLoss, Trainer, Validated, detached, shown, shuffled, write_tensors,
};
use larmor_networks::{GinFeatures, Kmaid, WEIGHTS_FILE};

/// Spectra encoded at a time.
const ENCODED_AT_ONCE: usize = 1_024;

pub(super) struct KmaidTrainer<'a> {
    net: Kmaid,
    run: &'a KmaidTraining,
    /// Vectors of the spectra that train and of those that validate; they stay the same.
    spectra: [Tensor; 2],
}

impl<'a> KmaidTrainer<'a> {
    pub(super) fn new(net: Kmaid, run: &'a KmaidTraining) -> Self {
        Self { net, run, spectra: [Tensor::new(), Tensor::new()] }
    }
}

impl Trainer for KmaidTrainer<'_> {
    type Example = KmaidExample;
    type Item = usize;

    fn begin(&mut self, parts: &Parts<KmaidExample>) -> Result<(), TrainingError> {
        self.spectra = [encoded(&self.net, &parts.train)?, encoded(&self.net, &parts.validation)?];
        Ok(())
    }

    fn items(&self, train: &[KmaidExample], random: &mut ChaCha8Rng) -> Vec<usize> {
        shuffled(train.len(), random)
    }

    #[allow(clippy::cast_possible_wrap)]
    fn loss(
        &self,
        train: &[KmaidExample],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let (network, device) = (&self.run.network, self.run.device);
        let examples: Vec<&KmaidExample> = batch.iter().map(|&i| &train[i]).collect();
        let shown: Vec<GinFeatures> = examples.iter().map(|e| shown(&e.features, random)).collect();
        let rows: Vec<i64> = batch.iter().map(|&i| i as i64).collect();
        let batch = KmaidBatch::collate(&shown.iter().collect::<Vec<_>>(), &examples, device)?;
        let rows = Tensor::f_from_slice(&rows)?.f_to_device(device)?;
        let spectra = self.spectra[0].f_index_select(0, &rows)?;
        let [graph, node] = losses(&self.net, &batch, &spectra, network, true)?;
        let loss = graph
            .f_mul_scalar(network.graph_weight)?
            .f_add(&node.f_mul_scalar(network.node_weight)?)?;
        let figures = vec![graph.f_double_value(&[])?, node.f_double_value(&[])?];
        Ok(Some(StepLoss { loss, figures }))
    }

    fn validate(
        &self,
        validation: &[KmaidExample],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError> {
        let found = validate(&self.net, validation, &self.spectra[1], self.run)?;
        let [graph, node] = [epoch.mean(0), epoch.mean(1)];
        Ok(Validated {
            error: Some(found.error(&self.run.network)),
            log: json!({"stage": "kmaid", "graph_loss": graph, "node_loss": node,
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
        write_tensors(&self.run.out.join(WEIGHTS_FILE), &detached(weights))?;
        // With its card, so that the best so far can be measured while the run goes on.
        write_kmaid_card(self.run, parts).map(|_| ())
    }
}

/// Vectors of the spectra, which stay the same through the stage.
fn encoded(net: &Kmaid, examples: &[KmaidExample]) -> Result<Tensor, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let parts = examples
        .chunks(ENCODED_AT_ONCE)
        .map(|chunk| {
            let spectra: Vec<&[u16]> = chunk.iter().map(|e| e.spectrum.as_slice()).collect();
            net.encode_spectra(&spectra)
        })
        .collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() {
        return net.encode_spectra(&[]).map_err(TrainingError::from);
    }
    Ok(Tensor::f_cat(&parts, 0)?)
}
