//! First stage of K-M3AID as published, and of ACML: the spectrum encoder learns, with a graph network
//! as its teacher, to point where the spectrum's molecule points (CReSS). Only molecules of the run's
//! own training part are shown, so the frozen encoder has seen no spectrum of the test fold.

use std::marker::PhantomData;
use std::path::Path;

use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::{Device, Tensor};

use super::example::KmaidExample;
use super::loss::contrastive;
use crate::data::{Parts, moved};
use crate::error::TrainingError;
use crate::training::{
    EpochLoss, PRETRAINING_FILE, Rate, Stage, StepLoss, Trainer, Validated, Weights, among_isomers,
    random, shown, shuffled, train_epochs,
};
use larmor_networks::{GinBatch, GinFeatures, Parameters, SpectrumTeacher, TeacherConfig};

/// Cosines are divided by this (CLIP).
const TEMPERATURE: f64 = 0.07;
/// Keeps the stage's random numbers apart from the next one's.
const SALT: u64 = 0x5eed;
/// Keeps what validation is shown the same in every epoch.
const VALIDATION_SALT: u64 = 0x5eee;

/// What the stage needs of an example.
pub(crate) trait SpectrumExample: Sized {
    /// The molecule.
    fn features(&self) -> &GinFeatures;

    /// A number for the molecule's formula.
    fn formula(&self) -> u64;

    /// Spectra encoded as they may be shown, a row each.
    ///
    /// # Errors
    /// [`TrainingError`] when the encoder fails.
    fn encode(
        net: &SpectrumTeacher,
        examples: &[&Self],
        random: &mut ChaCha8Rng,
    ) -> Result<Tensor, TrainingError>;
}

impl SpectrumExample for KmaidExample {
    fn features(&self) -> &GinFeatures {
        &self.features
    }

    fn formula(&self) -> u64 {
        self.formula
    }

    fn encode(
        net: &SpectrumTeacher,
        examples: &[&Self],
        random: &mut ChaCha8Rng,
    ) -> Result<Tensor, TrainingError> {
        let spectra: Vec<Vec<f32>> = examples.iter().map(|e| moved(&e.lines, random)).collect();
        Ok(net.encode_shifts(&spectra.iter().map(Vec::as_slice).collect::<Vec<_>>())?)
    }
}

/// Settings of the stage, those of the run it belongs to.
pub(crate) struct Pretraining<'a> {
    pub(crate) out: &'a Path,
    pub(crate) teacher: TeacherConfig,
    /// Isomers side by side in a batch.
    pub(crate) among_isomers: bool,
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
pub(crate) fn pretrain<T: SpectrumExample>(
    run: &Pretraining<'_>,
    parts: &Parts<T>,
    report: &mut dyn FnMut(&str),
) -> Result<(Weights, i64), TrainingError> {
    let mut parameters = Parameters::random(run.seed ^ SALT, run.device);
    let net = SpectrumTeacher::build(&mut parameters, &run.teacher)?;
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

impl<T: SpectrumExample> Trainer for EncoderTrainer<'_, T> {
    type Example = T;
    type Item = usize;

    fn items(&self, train: &[T], random: &mut ChaCha8Rng) -> Vec<usize> {
        match self.run.among_isomers {
            true => among_isomers(&train.iter().map(T::formula).collect::<Vec<_>>(), random),
            false => shuffled(train.len(), random),
        }
    }

    fn loss(
        &self,
        train: &[T],
        batch: &[usize],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let examples: Vec<&T> = batch.iter().map(|&i| &train[i]).collect();
        let spectra = T::encode(&self.net, &examples, random)?;
        let graphs: Vec<_> = examples.iter().map(|e| shown(e.features(), random)).collect();
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
fn accuracy<T: SpectrumExample>(
    net: &SpectrumTeacher,
    examples: &[T],
    run: &Pretraining<'_>,
) -> Result<f64, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let mut random = random(run.seed, VALIDATION_SALT, 0);
    let (mut right, mut all) = (0.0, 0.0);
    for chunk in examples.chunks(run.batch) {
        let spectra = T::encode(net, &chunk.iter().collect::<Vec<_>>(), &mut random)?;
        let graphs: Vec<&GinFeatures> = chunk.iter().map(T::features).collect();
        let cosines = net.cosines(&spectra, &GinBatch::collate(&graphs, run.device)?, false)?;
        let best = Vec::<i64>::try_from(&cosines.f_argmax(1, false)?)?;
        right += best.iter().zip(0..).filter(|(best, own)| **best == *own).count() as f64;
        all += chunk.len() as f64;
    }
    Ok(right / f64::max(all, 1.0))
}
