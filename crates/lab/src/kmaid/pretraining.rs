//! First stage of K-M3AID, and of ACML for 13C: the spectrum encoder learns, with a graph network as its teacher, to
//! point where the spectrum's molecule points (CReSS). Only molecules of the run's own training
//! part are shown, so the frozen encoder has seen no spectrum of the test fold.

use std::marker::PhantomData;
use std::path::Path;

use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Device;

use super::example::KmaidExample;
use super::loss::contrastive;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{
    EpochLoss, PRETRAINING_FILE, Rate, Stage, StepLoss, Trainer, Validated, Weights, shaken, shown,
    shuffled, train_epochs,
};
use larmor_networks::{GinBatch, GinFeatures, KmaidConfig, Parameters, SpectrumTeacher};

/// Cosines are divided by this (CLIP).
const TEMPERATURE: f64 = 0.07;
/// Keeps the stage's random numbers apart from the next one's.
const SALT: u64 = 0x5eed;

/// What the stage needs of an example.
pub(crate) trait CarbonExample {
    /// Bins of the 13C spectrum.
    fn bins(&self) -> &[u16];
    /// The molecule.
    fn features(&self) -> &GinFeatures;
}

impl CarbonExample for KmaidExample {
    fn bins(&self) -> &[u16] {
        &self.spectrum
    }

    fn features(&self) -> &GinFeatures {
        &self.features
    }
}

/// Settings of the stage, those of the run it belongs to.
pub(crate) struct Pretraining<'a> {
    pub(crate) out: &'a Path,
    pub(crate) teacher: KmaidConfig,
    pub(crate) epochs: i64,
    pub(crate) batch: usize,
    pub(crate) learning_rate: f64,
    pub(crate) weight_decay: f64,
    pub(crate) seed: u64,
    pub(crate) resume: bool,
    pub(crate) stop_after: Option<i64>,
    pub(crate) device: Device,
}

/// Trains the spectrum encoder, or goes on where a checkpoint stands; returns its weights, and how
/// many epochs are done.
pub(crate) fn pretrain<T: CarbonExample>(
    run: &Pretraining<'_>,
    parts: &Parts<T>,
    report: &mut dyn FnMut(&str),
) -> Result<(Weights, i64), TrainingError> {
    let mut parameters = Parameters::random(run.seed ^ SALT, run.device);
    let net = SpectrumTeacher::build(&mut parameters, &run.teacher, run.device)?;
    let mut weights = parameters.finish(run.out)?;
    let stage = Stage {
        out: run.out,
        checkpoint: PRETRAINING_FILE,
        label: "spectrum encoder",
        epochs: run.epochs,
        until: run.stop_after.unwrap_or(i64::MAX),
        batch: run.batch,
        // A single molecule has nothing to be told from.
        least_batch: 2,
        rate: Rate::OneCycle(run.learning_rate),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: SALT,
        resume: run.resume,
        device: run.device,
    };
    let mut trainer = EncoderTrainer { net, run, example: PhantomData };
    let epochs = train_epochs(&mut trainer, parts, &mut weights, &stage, report)?;
    Ok((weights, epochs))
}

struct EncoderTrainer<'a, T> {
    net: SpectrumTeacher,
    run: &'a Pretraining<'a>,
    example: PhantomData<T>,
}

impl<T: CarbonExample> Trainer for EncoderTrainer<'_, T> {
    type Example = T;
    type Item = usize;

    fn items(&self, train: &[T], random: &mut ChaCha8Rng) -> Vec<usize> {
        shuffled(train.len(), random)
    }

    fn loss(
        &self,
        train: &[T],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let (mut spectra, mut graphs) = (Vec::new(), Vec::new());
        for &i in batch {
            spectra.push(shaken(train[i].bins(), random));
            graphs.push(shown(train[i].features(), random));
        }
        let spectra: Vec<&[u16]> = spectra.iter().map(Vec::as_slice).collect();
        let batch = GinBatch::collate(&graphs.iter().collect::<Vec<_>>(), self.run.device)?;
        let logits = self.net.cosines(&spectra, &batch, true)?.f_div_scalar(TEMPERATURE)?;
        StepLoss::of(contrastive(&logits)?).map(Some)
    }

    fn validate(&self, validation: &[T], epoch: &EpochLoss) -> Result<Validated, TrainingError> {
        let accuracy = accuracy(&self.net, validation, self.run)?;
        let loss = epoch.mean(0);
        Ok(Validated {
            error: None,
            log: json!({"stage": "spectrum", "loss": loss, "validation_graph_accuracy": accuracy}),
            line: format!("loss {loss:7.4}  validation {:.1} %", 100.0 * accuracy),
        })
    }
}

/// Share of validation spectra whose molecule is the nearest of their batch.
#[allow(clippy::cast_precision_loss)]
fn accuracy<T: CarbonExample>(
    net: &SpectrumTeacher,
    examples: &[T],
    run: &Pretraining<'_>,
) -> Result<f64, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut right, mut all) = (0.0, 0.0);
    for chunk in examples.chunks(run.batch) {
        let spectra: Vec<&[u16]> = chunk.iter().map(T::bins).collect();
        let graphs: Vec<&GinFeatures> = chunk.iter().map(T::features).collect();
        let cosines = net.cosines(&spectra, &GinBatch::collate(&graphs, run.device)?, false)?;
        let best = Vec::<i64>::try_from(&cosines.f_argmax(1, false)?)?;
        right += best.iter().zip(0..).filter(|(best, own)| **best == *own).count() as f64;
        all += chunk.len() as f64;
    }
    Ok(right / f64::max(all, 1.0))
}
