//! First stage of K-M3AID, and of ACML for 13C: the spectrum encoder learns, with a graph network as its teacher, to
//! point where the spectrum's molecule points (CReSS). Only molecules of the run's own training
//! part are shown, so the frozen encoder has seen no spectrum of the test fold.

use std::path::Path;
use std::time::Instant;

use rand::seq::SliceRandom;
use serde_json::json;
use tch::{Device, Tensor};

use super::adamw::AdamW;
use super::augmentation::{random, shaken, shown};
use super::checkpoint::{self, Progress};
use super::kmaid_loss::contrastive;
use super::schedule::OneCycle;
use super::split::Parts;
use super::{AcmlExample, KmaidExample, KmaidTraining, TrainingError, run_log};
use larmor_networks::{GinBatch, GinFeatures, KmaidConfig, Parameters, SpectrumTeacher};

/// Cosines are divided by this (CLIP).
const TEMPERATURE: f64 = 0.07;
/// File of the stage's checkpoint.
pub(super) const CHECKPOINT: &str = "pretraining.safetensors";
/// Keeps the stage's random numbers apart from the next one's.
const SALT: u64 = 0x5eed;

/// What the stage needs of an example.
pub(super) trait CarbonExample {
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

impl CarbonExample for AcmlExample {
    fn bins(&self) -> &[u16] {
        self.measured.bins()
    }

    fn features(&self) -> &GinFeatures {
        &self.features
    }
}

/// Settings of the stage, those of the run it belongs to.
pub(super) struct Pretraining<'a> {
    pub(super) out: &'a Path,
    pub(super) teacher: KmaidConfig,
    pub(super) epochs: i64,
    pub(super) batch: usize,
    pub(super) learning_rate: f64,
    pub(super) weight_decay: f64,
    pub(super) seed: u64,
    pub(super) resume: bool,
    pub(super) stop_after: Option<i64>,
    pub(super) device: Device,
}

impl KmaidTraining {
    pub(super) fn pretraining(&self) -> Pretraining<'_> {
        Pretraining {
            out: &self.out,
            teacher: self.network,
            epochs: self.pretraining_epochs,
            batch: self.batch,
            learning_rate: self.learning_rate,
            weight_decay: self.weight_decay,
            seed: self.seed,
            resume: self.resume,
            stop_after: self.stop_after,
            device: self.device,
        }
    }
}

/// Trains the spectrum encoder, or goes on where a checkpoint stands; returns its weights, and how
/// many epochs are done.
pub(super) fn pretrain<T: CarbonExample>(
    run: &Pretraining<'_>,
    parts: &Parts<T>,
    tell: &mut dyn FnMut(&str),
) -> Result<(Vec<(String, Tensor)>, i64), TrainingError> {
    let mut parameters = Parameters::random(run.seed ^ SALT, run.device);
    let net = SpectrumTeacher::build(&mut parameters, &run.teacher, run.device)?;
    let mut weights = parameters.finish(run.out)?;
    let mut optimiser =
        AdamW::new(checkpoint::trained(&weights), run.weight_decay, 1.0, run.device)?;
    let path = run.out.join(CHECKPOINT);
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && path.exists() {
        progress = checkpoint::load(&path, &mut weights, &mut optimiser)?;
    }
    let last = run.stop_after.unwrap_or(i64::MAX).min(run.epochs);
    while progress.epochs < last {
        let started = Instant::now();
        let loss = epoch(&net, &mut optimiser, &parts.train, run, progress.epochs)?;
        progress.epochs += 1;
        let accuracy = accuracy(&net, &parts.validation, run)?;
        checkpoint::save(&path, &weights, &optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        let step = optimiser.steps;
        run_log::append(
            run.out,
            &json!({"stage": "spectrum", "epoch": progress.epochs, "step": step, "loss": loss,
                "validation_graph_accuracy": accuracy, "seconds": seconds}),
        )?;
        tell(&format!(
            "spectrum encoder {:3}/{}  loss {loss:7.4}  validation {:.1} %  {seconds:.1} s",
            progress.epochs,
            run.epochs,
            100.0 * accuracy
        ));
    }
    Ok((weights, progress.epochs))
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, clippy::cast_sign_loss)]
fn epoch<T: CarbonExample>(
    net: &SpectrumTeacher,
    optimiser: &mut AdamW,
    train: &[T],
    run: &Pretraining<'_>,
    number: i64,
) -> Result<f64, TrainingError> {
    let mut random = random(run.seed, SALT, number);
    let mut order: Vec<usize> = (0..train.len()).collect();
    order.shuffle(&mut random);
    let steps_an_epoch = train.len().div_ceil(run.batch) as i64;
    let schedule = OneCycle { peak: run.learning_rate, steps: run.epochs * steps_an_epoch };
    let (mut sum, mut batches) = (0.0, 0.0);
    for chunk in order.chunks(run.batch).filter(|chunk| chunk.len() > 1) {
        tch::manual_seed((run.seed ^ SALT) as i64 ^ (optimiser.steps << 16));
        let (mut spectra, mut graphs) = (Vec::new(), Vec::new());
        for &i in chunk {
            spectra.push(shaken(train[i].bins(), &mut random));
            graphs.push(shown(train[i].features(), &mut random));
        }
        let spectra: Vec<&[u16]> = spectra.iter().map(Vec::as_slice).collect();
        let batch = GinBatch::collate(&graphs.iter().collect::<Vec<_>>(), run.device)?;
        let logits = net.cosines(&spectra, &batch, true)?.f_div_scalar(TEMPERATURE)?;
        let loss = contrastive(&logits)?;
        let value = loss.f_double_value(&[])?;
        if !value.is_finite() {
            return Err(TrainingError::Diverged(value, optimiser.steps));
        }
        loss.f_backward()?;
        optimiser.step(schedule.rate(optimiser.steps))?;
        sum += value;
        batches += 1.0;
    }
    Ok(sum / f64::max(batches, 1.0))
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
