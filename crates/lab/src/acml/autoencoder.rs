//! First stage of ACML for 1H: a convolutional auto-encoder learns to draw again the spectra of the
//! run's training part, so that the frozen encoder has seen no spectrum of the test fold.

use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::example::AcmlExample;
use super::settings::AcmlTraining;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{
    EpochLoss, PRETRAINING_FILE, Rate, Stage, StepLoss, Trainer, Validated, Weights, random,
    shuffled, train_epochs,
};
use larmor_networks::{AcmlSpectrum, Parameters, ProtonAutoencoder};

/// Keep this stage's random numbers, and those of its validation, apart from the next one's.
const SALT: u64 = 0xae;
const VALIDATION_SALT: u64 = 0xae0;

/// Trains the auto-encoder, or goes on where a checkpoint stands; returns its weights, and how many
/// epochs are done.
pub(super) fn pretrain(
    run: &AcmlTraining,
    parts: &Parts<AcmlExample>,
    report: &mut dyn FnMut(&str),
) -> Result<(Weights, i64), TrainingError> {
    let mut parameters = Parameters::random(run.seed ^ SALT, run.device);
    let net = ProtonAutoencoder::build(&mut parameters, run.network.points)?;
    let mut weights = parameters.finish(&run.out)?;
    let stage = Stage {
        out: &run.out,
        checkpoint: PRETRAINING_FILE,
        label: "auto-encoder",
        epochs: run.pretraining_epochs,
        until: run.stop_after.unwrap_or(i64::MAX),
        batch: run.batch,
        least_batch: 1,
        rate: Rate::OneCycle(run.learning_rate),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: SALT,
        resume: run.resume,
        device: run.device,
    };
    let mut trainer = AutoencoderTrainer { net, run };
    let epochs = train_epochs(&mut trainer, parts, &mut weights, &stage, report)?;
    Ok((weights, epochs))
}

struct AutoencoderTrainer<'a> {
    net: ProtonAutoencoder,
    run: &'a AcmlTraining,
}

impl Trainer for AutoencoderTrainer<'_> {
    type Example = AcmlExample;
    type Item = usize;

    fn items(&self, train: &[AcmlExample], random: &mut ChaCha8Rng) -> Vec<usize> {
        shuffled(train.len(), random)
    }

    fn loss(
        &self,
        train: &[AcmlExample],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let network = &self.run.network;
        let shown: Vec<_> =
            batch.iter().map(|&i| train[i].measured.shown(network, random)).collect();
        let [apart, power] =
            self.net.losses(&AcmlSpectrum::trace_rows(&shown, network, self.run.device)?)?;
        // Spectra are mostly empty: relative to their power the loss is of order one.
        let loss = apart.f_div(&power)?;
        StepLoss::with_figures(loss, &[&apart, &power]).map(Some)
    }

    /// The share of the traces' power that is not drawn again.
    fn validate(
        &self,
        validation: &[AcmlExample],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError> {
        let lost = epoch.sum(0) / f64::max(epoch.sum(1), f64::MIN_POSITIVE);
        let of_validation = share_lost(&self.net, validation, self.run)?;
        Ok(Validated {
            error: None,
            log: json!({"stage": "spectrum", "share_lost": lost,
                "validation_share_lost": of_validation}),
            line: format!("lost {:.1} %  validation {:.1} %", 100.0 * lost, 100.0 * of_validation),
        })
    }
}

fn share_lost(
    net: &ProtonAutoencoder,
    examples: &[AcmlExample],
    run: &AcmlTraining,
) -> Result<f64, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let mut random = random(run.seed, VALIDATION_SALT, 0);
    let (mut lost, mut whole) = (0.0, 0.0);
    for chunk in examples.chunks(run.batch) {
        let shown: Vec<_> =
            chunk.iter().map(|e| e.measured.shown(&run.network, &mut random)).collect();
        let [apart, power] =
            net.losses(&AcmlSpectrum::trace_rows(&shown, &run.network, run.device)?)?;
        lost += apart.f_double_value(&[])?;
        whole += power.f_double_value(&[])?;
    }
    Ok(lost / f64::max(whole, f64::MIN_POSITIVE))
}
