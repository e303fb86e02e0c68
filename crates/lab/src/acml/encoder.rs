//! Where ACML's frozen encoder comes from: trained as the run's first stage, or in another run.

use std::path::Path;

use tch::Tensor;

use super::autoencoder;
use super::example::AcmlExample;
use super::settings::AcmlTraining;
use crate::data::{Keyed, Parts, key_hash, read_trained_on};
use crate::error::TrainingError;
use crate::kmaid::{Pretraining, pretrain};
use crate::training::Weights;
use larmor_networks::{AcmlNucleus, KmaidConfig, SPECTRUM_ENCODER, read_weights};

/// A frozen encoder.
pub(super) struct Encoder {
    /// Its weights by name; others may stand among them.
    pub(super) weights: Weights,
    /// Digests of the keys it was trained on, where that was another run.
    pub(super) trained_on: Vec<u64>,
    /// True when it is ready to be used.
    pub(super) ready: bool,
}

impl Encoder {
    /// Reads the encoder the run names, or trains it.
    pub(super) fn obtain(
        run: &AcmlTraining,
        parts: &Parts<AcmlExample>,
        report: &mut dyn FnMut(&str),
    ) -> Result<Self, TrainingError> {
        if let Some(path) = &run.encoder {
            return Self::read(path, parts);
        }
        let (weights, epochs) = match run.network.nucleus {
            AcmlNucleus::Proton => autoencoder::pretrain(run, parts, report)?,
            AcmlNucleus::Carbon => {
                let stage = Pretraining {
                    out: &run.out,
                    teacher: KmaidConfig {
                        width: run.network.width,
                        layers: run.network.layers,
                        dropout: run.network.dropout,
                        ..KmaidConfig::default()
                    },
                    epochs: run.pretraining_epochs,
                    batch: run.batch,
                    learning_rate: run.learning_rate,
                    weight_decay: run.weight_decay,
                    seed: run.seed,
                    resume: run.resume,
                    stop_after: run.stop_after,
                    device: run.device,
                };
                pretrain(&stage, parts, report)?
            }
        };
        Ok(Self { weights, trained_on: Vec::new(), ready: epochs >= run.pretraining_epochs })
    }

    /// From a checkpoint of a first stage, or the weights of a whole model. What it was trained on
    /// stands beside it, and nothing of the test fold may be among that.
    fn read(path: &Path, parts: &Parts<AcmlExample>) -> Result<Self, TrainingError> {
        let wrong = |reason: String| TrainingError::Format { path: path.to_owned(), reason };
        let trained_on = read_trained_on(path.parent().unwrap_or(Path::new(".")))?;
        let seen = parts
            .test
            .iter()
            .filter(|example| trained_on.binary_search(&key_hash(example.block())).is_ok())
            .count();
        if seen > 0 {
            let reason = format!("this encoder was trained on {seen} molecules of the test fold");
            return Err(wrong(reason));
        }
        let tensors = read_weights(path)?;
        let own = format!("{SPECTRUM_ENCODER}.");
        let weights: Weights = tensors
            .into_iter()
            .map(|(name, tensor)| (name.trim_start_matches("weights.").to_owned(), tensor))
            .filter(|(name, _)| name.starts_with(&own))
            .collect();
        if weights.is_empty() {
            return Err(wrong("holds no spectrum encoder".to_owned()));
        }
        Ok(Self { weights, trained_on, ready: true })
    }

    /// Copies the encoder into a fresh network.
    pub(super) fn put_into(
        &self,
        network: &mut [(String, Tensor)],
        from: &Path,
    ) -> Result<(), TrainingError> {
        let _no_gradients = tch::no_grad_guard();
        let own = format!("{SPECTRUM_ENCODER}.");
        for (name, weight) in network.iter_mut().filter(|(name, _)| name.starts_with(&own)) {
            let learned = self.weights.iter().find(|(other, _)| other == name);
            let learned = learned.filter(|(_, learned)| learned.size() == weight.size());
            let Some((_, learned)) = learned else {
                let reason = format!("the encoder lacks '{name}' of {:?}", weight.size());
                return Err(TrainingError::Format { path: from.to_owned(), reason });
            };
            weight.f_copy_(learned)?;
        }
        Ok(())
    }
}
