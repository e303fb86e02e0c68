//! The training run of the shift network.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::{Device, Tensor};

use super::adamw::AdamW;
use super::checkpoint::{self, Progress};
use super::schedule::OneCycle;
use super::shift_loss::Targets;
use super::{HeldOut, ShiftExample, TrainingError, key_hash, read_examples};
use crate::network::{
    CARD_FILE, GraphBatch, ModelCard, Parameters, ShiftConfig, ShiftNet, WEIGHTS_FILE, file_sha256,
    mirror,
};

/// One molecule in this many, chosen by the digest of its key, validates.
const VALIDATION_SHARE: u64 = 25;
/// File beside the weights with the sorted 64-bit digests of the keys trained on.
const TRAINED_ON_FILE: &str = "trained_on.bin";

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct ShiftTraining {
    /// Data file: JSON lines, gzipped or not.
    pub data: PathBuf,
    /// Folder for checkpoint, log, card and weights.
    pub out: PathBuf,
    /// Fold of the published split kept for the test.
    pub test_fold: u8,
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
    /// Go on from the checkpoint in `out`.
    pub resume: bool,
    /// Where to run.
    pub device: Device,
}

struct Parts {
    train: Vec<ShiftExample>,
    validation: Vec<ShiftExample>,
    test: Vec<ShiftExample>,
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
    let parts = split(examples, run);
    tell(&format!(
        "{} molecules to train on, {} validate, {} test, {unusable} without a usable shift",
        parts.train.len(),
        parts.validation.len(),
        parts.test.len()
    ));
    let mut parameters = Parameters::random(run.seed, run.device);
    let net = ShiftNet::build(&mut parameters, run.network, run.device)?;
    let mut weights = parameters.finish(&run.out)?;
    let trainable = weights.iter().map(|(_, w)| w.shallow_clone()).collect();
    let mut optimiser = AdamW::new(trainable, run.weight_decay, 1.0, run.device)?;
    let checkpoint_path = run.out.join("checkpoint.safetensors");
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && checkpoint_path.exists() {
        progress = checkpoint::load(&checkpoint_path, &mut weights, &mut optimiser)?;
        tell(&format!("resumed after epoch {}", progress.epochs));
    }
    while progress.epochs < run.epochs {
        let started = Instant::now();
        let loss = epoch(&net, &mut optimiser, &parts.train, run, progress.epochs)?;
        progress.epochs += 1;
        let validation = mean_errors(&net, &parts.validation, run)?;
        if validation[0] < progress.best {
            progress.best = validation[0];
            checkpoint::write_tensors(&run.out.join(WEIGHTS_FILE), &detached(&weights))?;
        }
        checkpoint::save(&checkpoint_path, &weights, &optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        log(
            run,
            &json!({"epoch": progress.epochs, "loss": loss, "validation_13c_mae": validation[0],
            "validation_1h_mae": validation[1], "seconds": seconds}),
        )?;
        tell(&format!(
            "epoch {:3}/{}  loss {loss:7.4}  validation MAE 13C {:.3} 1H {:.3} ppm  {seconds:.1} s",
            progress.epochs, run.epochs, validation[0], validation[1]
        ));
    }
    finish(run, &parts)
}

/// Splits by InChIKey first block: the test fold, the held-out molecules, a share by digest that
/// validates, and the rest.
fn split(examples: Vec<ShiftExample>, run: &ShiftTraining) -> Parts {
    let mut test_blocks = HeldOut::default();
    for example in examples.iter().filter(|e| e.fold == Some(run.test_fold)) {
        test_blocks.insert(&example.block);
    }
    let mut parts = Parts { train: Vec::new(), validation: Vec::new(), test: Vec::new() };
    for example in examples {
        if test_blocks.contains(&example.block) {
            parts.test.push(example);
        } else if run.held_out.contains(&example.block) {
            // Neither trained on nor tested on.
        } else if key_hash(&example.block) % VALIDATION_SHARE == 0 {
            parts.validation.push(example);
        } else {
            parts.train.push(example);
        }
    }
    parts
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
        let batch = GraphBatch::collate(&mirrored.iter().collect::<Vec<_>>(), run.device)?;
        let output = net.forward(&batch, true)?;
        let Some(loss) = Targets::collate(&examples, run.device)?.loss(&output)? else { continue };
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
fn mean_errors(
    net: &ShiftNet,
    examples: &[ShiftExample],
    run: &ShiftTraining,
) -> Result<[f64; 2], TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut sum, mut count) = ([0.0; 2], [0.0; 2]);
    for chunk in examples.chunks(256) {
        let features: Vec<_> = chunk.iter().map(|e| &e.features).collect();
        let output = net.forward(&GraphBatch::collate(&features, run.device)?, false)?;
        let errors =
            Targets::collate(&chunk.iter().collect::<Vec<_>>(), run.device)?.errors(&output)?;
        for nucleus in 0..2 {
            sum[nucleus] += errors[nucleus].iter().sum::<f64>();
            count[nucleus] += errors[nucleus].len() as f64;
        }
    }
    Ok([sum[0] / f64::max(count[0], 1.0), sum[1] / f64::max(count[1], 1.0)])
}

/// Tests the best weights and writes the card and the digests of the keys trained on.
fn finish(run: &ShiftTraining, parts: &Parts) -> Result<ModelCard, TrainingError> {
    let weights_path = run.out.join(WEIGHTS_FILE);
    let mut parameters = Parameters::from_file(&weights_path, run.device, false)?;
    let net = ShiftNet::build(&mut parameters, run.network, run.device)?;
    parameters.finish(&weights_path)?;
    let validation = mean_errors(&net, &parts.validation, run)?;
    let test = mean_errors(&net, &parts.test, run)?;
    let exact: Vec<ShiftExample> = parts.test.iter().filter(|e| e.exact).cloned().collect();
    let exact_errors = mean_errors(&net, &exact, run)?;
    let digest = |path: &Path| file_sha256(path).map_err(TrainingError::file(path));
    let mut keys: Vec<u64> =
        parts.train.iter().chain(&parts.validation).map(|e| key_hash(&e.block)).collect();
    keys.sort_unstable();
    keys.dedup();
    let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_be_bytes()).collect();
    replace(&run.out.join(TRAINED_ON_FILE), &bytes)?;
    let card = ModelCard {
        model: "shift".to_owned(),
        larmor_version: env!("CARGO_PKG_VERSION").to_owned(),
        architecture: json!(run.network),
        weights_sha256: digest(&weights_path)?,
        data_sha256: digest(&run.data)?,
        split: format!(
            "by InChIKey first block: K-M3AID fold {} tests, held-out compounds are left out, 1 in \
             {VALIDATION_SHARE} by digest validates, the rest trains",
            run.test_fold
        ),
        molecules: json!({"train": parts.train.len(), "validation": parts.validation.len(),
            "test": parts.test.len(), "test_exact": exact.len()}),
        training: json!({"epochs": run.epochs, "batch": run.batch, "learning_rate": run.learning_rate,
            "weight_decay": run.weight_decay, "seed": run.seed}),
        metrics: json!({
            "validation_mae_ppm": {"13C": validation[0], "1H": validation[1]},
            "test_mae_ppm": {"13C": test[0], "1H": test[1]},
            "test_exact_assignment_mae_ppm": {"13C": exact_errors[0], "1H": exact_errors[1]},
        }),
        licence: "Trained on nmrshiftdb2, whose database licence derives from ODbL (share-alike): \
                  pass the weights on under the same terms and name nmrshiftdb2."
            .to_owned(),
    };
    let text = serde_json::to_string_pretty(&card).unwrap_or_default() + "\n";
    replace(&run.out.join(CARD_FILE), text.as_bytes())?;
    Ok(card)
}

fn detached(weights: &[(String, Tensor)]) -> Vec<(String, Tensor)> {
    weights.iter().map(|(name, weight)| (name.clone(), weight.detach())).collect()
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(TrainingError::file(&temporary))?;
    fs::rename(&temporary, path).map_err(TrainingError::file(path))
}

/// Appends a line to the run's log, which can be plotted.
fn log(run: &ShiftTraining, line: &serde_json::Value) -> Result<(), TrainingError> {
    let path = run.out.join("run.jsonl");
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(TrainingError::file(&path))?;
    writeln!(file, "{line}").map_err(TrainingError::file(&path))
}
