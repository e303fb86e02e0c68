//! The training run of the shift network.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Device;

use super::adamw::AdamW;
use super::checkpoint::{self, Progress};
use super::run_log;
use super::schedule::OneCycle;
use super::shift_card::write_card;
use super::shift_loss::Targets;
use super::split::Parts;
use super::{HeldOut, ShiftExample, TrainingError, read_examples};
use larmor_networks::{
    GraphBatch, ModelCard, NetworkError, Parameters, ShiftConfig, ShiftNet, ShiftOutput,
    WEIGHTS_FILE, mirror,
};

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct ShiftTraining {
    /// Data file: JSON lines, gzipped or not.
    pub data: PathBuf,
    /// Folder for checkpoint, log, card and weights.
    pub out: PathBuf,
    /// Fold of the published split kept for the test; `None` trains on every fold.
    pub test_fold: Option<u8>,
    /// Further molecules that must not be trained on.
    pub held_out: HeldOut,
    /// Size of the network.
    pub network: ShiftConfig,
    /// Passes over the data.
    pub epochs: i64,
    /// Molecules in a batch.
    pub batch: usize,
    /// Highest learning rate.
    pub learning_rate: f64,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and augmentation.
    pub seed: u64,
    /// Weight file to start from instead of random weights.
    pub start_from: Option<PathBuf>,
    /// Go on from the checkpoint in `out`.
    pub resume: bool,
    /// Stop after this many epochs, to be resumed later.
    pub stop_after: Option<i64>,
    /// Where to run.
    pub device: Device,
}

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation error with their card in `out`. `tell` is called with a line for the
/// operator now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read, files cannot be written, or the loss diverges.
pub fn train_shift(
    run: &ShiftTraining,
    tell: &mut dyn FnMut(&str),
) -> Result<ModelCard, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let (examples, unusable) = read_examples(&run.data)?;
    let parts = Parts::split(examples, run.test_fold, &run.held_out);
    tell(&format!(
        "{} molecules to train on, {} validate, {} test, {unusable} without a usable shift",
        parts.train.len(),
        parts.validation.len(),
        parts.test.len()
    ));
    let mut parameters = match &run.start_from {
        Some(weights) => Parameters::from_file(weights, run.device, true)?,
        None => Parameters::random(run.seed, run.device),
    };
    let net = ShiftNet::build(&mut parameters, run.network)?;
    let mut weights = parameters.finish(&run.out)?;
    let trainable = weights.iter().map(|(_, w)| w.shallow_clone()).collect();
    let mut optimiser = AdamW::new(trainable, run.weight_decay, 1.0, run.device)?;
    let checkpoint_path = run.out.join("checkpoint.safetensors");
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && checkpoint_path.exists() {
        progress = checkpoint::load(&checkpoint_path, &mut weights, &mut optimiser)?;
        tell(&format!("resumed after epoch {}", progress.epochs));
    }
    while progress.epochs < run.stop_after.unwrap_or(run.epochs).min(run.epochs) {
        let started = Instant::now();
        let loss = epoch(&net, &mut optimiser, &parts.train, run, progress.epochs)?;
        progress.epochs += 1;
        let forward = |batch: &GraphBatch| net.forward(batch, false);
        let validation = mean_errors(&forward, &parts.validation, run.device)?;
        if validation[0] < progress.best {
            progress.best = validation[0];
            checkpoint::write_tensors(
                &run.out.join(WEIGHTS_FILE),
                &checkpoint::detached(&weights),
            )?;
        }
        checkpoint::save(&checkpoint_path, &weights, &optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        run_log::append(
            &run.out,
            &json!({"epoch": progress.epochs, "loss": loss, "validation_13c_mae": validation[0],
            "validation_1h_mae": validation[1], "seconds": seconds}),
        )?;
        tell(&format!(
            "epoch {:3}/{}  loss {loss:7.4}  validation MAE 13C {:.3} 1H {:.3} ppm  {seconds:.1} s",
            progress.epochs, run.epochs, validation[0], validation[1]
        ));
    }
    write_card(run, &parts)
}

/// One pass in an order that depends only on seed and epoch. Returns the mean loss.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, clippy::cast_sign_loss)]
fn epoch(
    net: &ShiftNet,
    optimiser: &mut AdamW,
    train: &[ShiftExample],
    run: &ShiftTraining,
    number: i64,
) -> Result<f64, TrainingError> {
    let mut random =
        ChaCha8Rng::seed_from_u64(run.seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
    let mut order: Vec<usize> = (0..train.len()).collect();
    order.shuffle(&mut random);
    let steps_an_epoch = order.len().div_ceil(run.batch) as i64;
    let schedule = OneCycle { peak: run.learning_rate, steps: run.epochs * steps_an_epoch };
    let (mut sum, mut batches) = (0.0, 0.0);
    for chunk in order.chunks(run.batch) {
        // Dropout draws from torch's generator: seeded by step, so that a resumed run is the same.
        tch::manual_seed(run.seed as i64 ^ (optimiser.steps << 16));
        let examples: Vec<&ShiftExample> = chunk.iter().map(|&i| &train[i]).collect();
        let mirrored: Vec<_> = examples
            .iter()
            .map(|example| {
                let mut features = example.features.clone();
                if random.random_bool(0.5) {
                    mirror(&mut features.nodes);
                }
                features
            })
            .collect();
        // A solvent is named now and then only, so that both cases are learned.
        let solvents: Vec<i64> = examples
            .iter()
            .map(|example| if random.random_bool(0.5) { example.solvent } else { 0 })
            .collect();
        let batch = GraphBatch::collate(&mirrored.iter().collect::<Vec<_>>(), run.device)?
            .dissolved(&solvents)?;
        let output = net.forward(&batch, true)?;
        let targets = Targets::matched(&examples, &output, run.device)?;
        let Some(loss) = targets.loss(&output)? else { continue };
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

/// Mean absolute errors in ppm, 13C and 1H, over atoms with a known shift.
#[allow(clippy::cast_precision_loss)]
pub(super) fn mean_errors(
    forward: &dyn Fn(&GraphBatch) -> Result<ShiftOutput, NetworkError>,
    examples: &[ShiftExample],
    device: Device,
) -> Result<[f64; 2], TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut sum, mut count) = ([0.0; 2], [0.0; 2]);
    for chunk in examples.chunks(256) {
        let features: Vec<_> = chunk.iter().map(|e| &e.features).collect();
        let output = forward(&GraphBatch::collate(&features, device)?)?;
        let errors =
            Targets::collate(&chunk.iter().collect::<Vec<_>>(), device)?.errors(&output)?;
        for nucleus in 0..2 {
            sum[nucleus] += errors[nucleus].iter().sum::<f64>();
            count[nucleus] += errors[nucleus].len() as f64;
        }
    }
    Ok([sum[0] / f64::max(count[0], 1.0), sum[1] / f64::max(count[1], 1.0)])
}
