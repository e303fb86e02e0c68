//! Where ACML's frozen encoder comes from: trained as the run's first stage, or in another run.

use std::path::Path;

use tch::Tensor;

use super::autoencoder;
use super::example::AcmlExample;
use super::settings::AcmlTraining;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::kmaid::{Pretraining, pretrain};
use crate::training::{EarlierWeights, Weights, copy_weights};
use larmor_networks::{AcmlConfig, AcmlInput, AcmlNucleus, GRAPH_TEACHER, SPECTRUM_ENCODER};

/// A frozen encoder.
pub(super) struct Encoder {
    /// Its weights by name; others may stand among them.
    pub(super) weights: Weights,
    /// Digests of the keys it was trained on, sorted.
    pub(super) trained_on: Vec<u64>,
    /// True when it is ready to be used.
    pub(super) ready: bool,
}

impl Encoder {
    /// Reads the encoder the run names, or trains it.
    pub(super) fn obtain(
        run: &AcmlTraining,
        parts: &mut Parts<AcmlExample>,
        report: &mut dyn FnMut(&str),
    ) -> Result<Self, TrainingError> {
        if let Some(path) = &run.encoder {
            return Self::read(path, parts);
        }
        let published = run.network.input == AcmlInput::Published;
        let measured = parts.train.len();
        if !published {
            let tested = parts.tested();
            let (train, nucleus) = (&mut parts.train, run.network.nucleus);
            let dropped = run.predicted.read(&tested, &run.held_out, |record, molecule| {
                train.extend(AcmlExample::predicted(&record, &molecule, nucleus));
            })?;
            report(&format!("{} predicted spectra; left out: {dropped}", train.len() - measured));
        }
        let (weights, epochs) = match run.network.nucleus {
            AcmlNucleus::Proton if published => autoencoder::pretrain(run, parts, report)?,
            _ => {
                let stage = Pretraining {
                    out: &run.out,
                    teacher: run.network.teacher(),
                    among_isomers: !published,
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
        let trained_on = parts.trained_on();
        parts.train.truncate(measured);
        Ok(Self { weights, trained_on, ready: epochs >= run.pretraining_epochs })
    }

    fn read(path: &Path, parts: &Parts<AcmlExample>) -> Result<Self, TrainingError> {
        let EarlierWeights { weights, trained_on } = EarlierWeights::read(path, parts)?;
        let own = format!("{SPECTRUM_ENCODER}.");
        if !weights.iter().any(|(name, _)| name.starts_with(&own)) {
            let reason = "holds no spectrum encoder".to_owned();
            return Err(TrainingError::Format { path: path.to_owned(), reason });
        }
        Ok(Self { weights, trained_on, ready: true })
    }

    /// Copies the encoder into a fresh network, and the graph network that taught it where it is of
    /// the same kind: what it knows need not be learned again.
    pub(super) fn put_into(
        &self,
        network: &mut [(String, Tensor)],
        config: &AcmlConfig,
        from: &Path,
    ) -> Result<(), TrainingError> {
        let own = format!("{SPECTRUM_ENCODER}.");
        let of_encoder = |name: &str| name.starts_with(&own);
        let wanted = network.iter().filter(|(name, _)| of_encoder(name)).count();
        let found =
            copy_weights(network, &self.weights, |name| of_encoder(name).then(|| name.to_owned()))?;
        if found < wanted {
            let reason = format!("holds {found} of the {wanted} weights of this encoder");
            return Err(TrainingError::Format { path: from.to_owned(), reason });
        }
        if config.input == AcmlInput::Peaks {
            copy_weights(network, &self.weights, |name| {
                let name = name.trim_start_matches(GRAPH_TEACHER);
                (!of_encoder(name)).then(|| name.to_owned())
            })?;
        }
        Ok(())
    }
}
