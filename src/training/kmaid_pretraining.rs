//! First stage of K-M3AID: the spectrum encoder learns, with a graph network as its teacher, to
//! point where the spectrum's molecule points (CReSS). Only molecules of the run's own training
//! part are shown, so the frozen encoder has seen no spectrum of the test fold.

use std::time::Instant;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Tensor;

use super::adamw::AdamW;
use super::checkpoint::{self, Progress};
use super::kmaid_loss::contrastive;
use super::schedule::OneCycle;
use super::split::Parts;
use super::{KmaidExample, KmaidTraining, TrainingError, run_log};
use crate::network::{GinBatch, GinFeatures, Parameters, SpectrumTeacher};

/// Cosines are divided by this (CLIP).
const TEMPERATURE: f64 = 0.07;
/// Each line of each epoch is moved by up to so many bins of 0.1 ppm: as far as solvent and
/// referencing move it between laboratories.
const JITTER_BINS: i32 = 3;
const CHECKPOINT: &str = "pretraining.safetensors";
/// Keeps the stage's random numbers apart from the next one's.
const SALT: u64 = 0x5eed;

/// Trains the spectrum encoder, or goes on where a checkpoint stands; returns its weights, and how
/// many epochs are done.
pub(super) fn pretrain(
    run: &KmaidTraining,
    parts: &Parts<KmaidExample>,
    tell: &mut dyn FnMut(&str),
) -> Result<(Vec<(String, Tensor)>, i64), TrainingError> {
    let mut parameters = Parameters::random(run.seed ^ SALT, run.device);
    let net = SpectrumTeacher::build(&mut parameters, &run.network, run.device)?;
    let mut weights = parameters.finish(&run.out)?;
    let mut optimiser =
        AdamW::new(checkpoint::trained(&weights), run.weight_decay, 1.0, run.device)?;
    let path = run.out.join(CHECKPOINT);
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && path.exists() {
        progress = checkpoint::load(&path, &mut weights, &mut optimiser)?;
    }
    let last = run.stop_after.unwrap_or(i64::MAX).min(run.pretraining_epochs);
    while progress.epochs < last {
        let started = Instant::now();
        let loss = epoch(&net, &mut optimiser, &parts.train, run, progress.epochs)?;
        progress.epochs += 1;
        let accuracy = accuracy(&net, &parts.validation, run)?;
        checkpoint::save(&path, &weights, &optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        let step = optimiser.steps;
        run_log::append(
            &run.out,
            &json!({"stage": "spectrum", "epoch": progress.epochs, "step": step, "loss": loss,
                "validation_graph_accuracy": accuracy, "seconds": seconds}),
        )?;
        tell(&format!(
            "spectrum encoder {:3}/{}  loss {loss:7.4}  validation {:.1} %  {seconds:.1} s",
            progress.epochs,
            run.pretraining_epochs,
            100.0 * accuracy
        ));
    }
    Ok((weights, progress.epochs))
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, clippy::cast_sign_loss)]
fn epoch(
    net: &SpectrumTeacher,
    optimiser: &mut AdamW,
    train: &[KmaidExample],
    run: &KmaidTraining,
    number: i64,
) -> Result<f64, TrainingError> {
    let mut random = run.random(SALT, number);
    let mut order: Vec<usize> = (0..train.len()).collect();
    order.shuffle(&mut random);
    let steps_an_epoch = train.len().div_ceil(run.batch) as i64;
    let schedule =
        OneCycle { peak: run.learning_rate, steps: run.pretraining_epochs * steps_an_epoch };
    let (mut sum, mut batches) = (0.0, 0.0);
    for chunk in order.chunks(run.batch).filter(|chunk| chunk.len() > 1) {
        tch::manual_seed((run.seed ^ SALT) as i64 ^ (optimiser.steps << 16));
        let (mut spectra, mut graphs) = (Vec::new(), Vec::new());
        for &i in chunk {
            spectra.push(shaken(&train[i].spectrum, &mut random));
            graphs.push(run.shown(&train[i].features, &mut random));
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

/// A spectrum with every line moved a little.
fn shaken(spectrum: &[u16], random: &mut ChaCha8Rng) -> Vec<u16> {
    spectrum
        .iter()
        .filter_map(|&bin| {
            u16::try_from(i32::from(bin) + random.random_range(-JITTER_BINS..=JITTER_BINS)).ok()
        })
        .collect()
}

/// Share of validation spectra whose molecule is the nearest of their batch.
#[allow(clippy::cast_precision_loss)]
fn accuracy(
    net: &SpectrumTeacher,
    examples: &[KmaidExample],
    run: &KmaidTraining,
) -> Result<f64, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut right, mut all) = (0.0, 0.0);
    for chunk in examples.chunks(run.batch) {
        let spectra: Vec<&[u16]> = chunk.iter().map(|e| e.spectrum.as_slice()).collect();
        let graphs: Vec<&GinFeatures> = chunk.iter().map(|e| &e.features).collect();
        let cosines = net.cosines(&spectra, &GinBatch::collate(&graphs, run.device)?, false)?;
        let best = Vec::<i64>::try_from(&cosines.f_argmax(1, false)?)?;
        right += best.iter().zip(0..).filter(|(best, own)| **best == *own).count() as f64;
        all += chunk.len() as f64;
    }
    Ok(right / f64::max(all, 1.0))
}

impl KmaidTraining {
    /// Random numbers of one epoch of one stage.
    pub(super) fn random(&self, salt: u64, epoch: i64) -> ChaCha8Rng {
        let seed = (self.seed ^ salt).wrapping_mul(1_000_003);
        ChaCha8Rng::seed_from_u64(seed.wrapping_add(epoch.unsigned_abs()))
    }

    /// A molecule as it is, or half of the time its mirror image, whose spectrum is the same.
    pub(super) fn shown(&self, features: &GinFeatures, random: &mut ChaCha8Rng) -> GinFeatures {
        if random.random_bool(0.5) { features.mirrored() } else { features.clone() }
    }
}
