//! The training run of ACML: an encoder of spectra, frozen, teaches a graph network.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use rand::seq::SliceRandom;
use serde_json::json;
use tch::{Device, Tensor};

use super::acml_card::write_card;
use super::acml_encoder::Encoder;
use super::acml_loss::soft_contrastive;
use super::acml_validation::validate;
use super::adamw::AdamW;
use super::augmentation::{random, shown};
use super::checkpoint::{self, Progress};
use super::schedule::OneCycle;
use super::split::Parts;
use super::{AcmlExample, Folds, HeldOut, TrainingError, read_acml_examples, run_log};
use larmor_networks::{
    Acml, AcmlConfig, GinBatch, GinFeatures, ModelCard, Parameters, WEIGHTS_FILE,
};

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct AcmlTraining {
    /// Data file: JSON lines, gzipped or not.
    pub data: PathBuf,
    /// Published folds by record number; without them the records say.
    pub folds: Option<Folds>,
    /// Also train on molecules that are in no fold.
    pub beyond_folds: bool,
    /// Folder for checkpoints, log, card and weights.
    pub out: PathBuf,
    /// Fold kept for the test.
    pub test_fold: u8,
    /// Further molecules that must not be trained on.
    pub held_out: HeldOut,
    /// Nucleus and sizes.
    pub network: AcmlConfig,
    /// An encoder trained before, in place of the first stage.
    pub encoder: Option<PathBuf>,
    /// Passes over the data that train the encoder.
    pub pretraining_epochs: i64,
    /// Passes over the data that train the rest.
    pub epochs: i64,
    /// Molecules in a batch.
    pub batch: usize,
    /// Learning rate: the highest of a cycle, or the one of all steps.
    pub learning_rate: f64,
    /// Keep the learning rate as it is in place of one cycle.
    pub constant_rate: bool,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and augmentation.
    pub seed: u64,
    /// Store the weights in 16 bits.
    pub half_precision: bool,
    /// Go on from the checkpoints in `out`.
    pub resume: bool,
    /// Stop after this many epochs, those of both stages counted, to be resumed later.
    pub stop_after: Option<i64>,
    /// Where to run.
    pub device: Device,
}

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation error with their card in `out`; no card while the first stage lasts. `tell` is
/// called with a line for the operator now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read, files cannot be written, or the loss diverges.
pub fn train_acml(
    run: &AcmlTraining,
    tell: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut examples = read_acml_examples(&run.data, run.folds.as_ref(), run.network.nucleus)?;
    examples.retain(|example| run.beyond_folds || example.fold.is_some());
    let parts = Parts::split(examples, Some(run.test_fold), &run.held_out);
    tell(&format!(
        "{} molecules to train on, {} validate, {} test",
        parts.train.len(),
        parts.validation.len(),
        parts.test.len()
    ));
    let encoder = Encoder::obtain(run, &parts, tell)?;
    if !encoder.ready {
        return Ok(None);
    }
    let mut stage = Stage::start(run, &encoder)?;
    let path = run.out.join("checkpoint.safetensors");
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && path.exists() {
        progress = checkpoint::load(&path, &mut stage.weights, &mut stage.optimiser)?;
        tell(&format!("resumed after epoch {}", progress.epochs));
    }
    let before = if run.encoder.is_some() { 0 } else { run.pretraining_epochs };
    let last = run.stop_after.map_or(run.epochs, |all| all - before);
    while progress.epochs < last.min(run.epochs) {
        let started = Instant::now();
        let loss = stage.epoch(&parts.train, run, progress.epochs)?;
        progress.epochs += 1;
        let found = validate(&stage.net, &parts.validation, run)?;
        if 1.0 - found.graph_accuracy < progress.best {
            progress.best = 1.0 - found.graph_accuracy;
            stage.write_weights(run)?;
            // With its card, so that the best so far can be measured while the run goes on.
            write_card(run, &parts, &encoder)?;
        }
        checkpoint::save(&path, &stage.weights, &stage.optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        run_log::append(
            &run.out,
            &json!({"stage": "acml", "epoch": progress.epochs, "step": stage.optimiser.steps,
                "loss": loss, "validation": found, "seconds": seconds}),
        )?;
        tell(&format!(
            "epoch {:3}/{}  loss {loss:.3}  validation loss {:.3}, right {:.1} %  {seconds:.1} s",
            progress.epochs,
            run.epochs,
            found.loss,
            100.0 * found.graph_accuracy
        ));
    }
    if progress.epochs == 0 {
        return Ok(None);
    }
    write_card(run, &parts, &encoder).map(Some)
}

/// The second stage's network, weights and optimiser.
struct Stage {
    net: Acml,
    weights: Vec<(String, Tensor)>,
    optimiser: AdamW,
}

impl Stage {
    fn start(run: &AcmlTraining, encoder: &Encoder) -> Result<Self, TrainingError> {
        let mut parameters = Parameters::random(run.seed, run.device);
        let net = Acml::build(&mut parameters, &run.network, run.device)?;
        let mut weights = parameters.finish(&run.out)?;
        encoder.put_into(&mut weights, run.encoder.as_deref().unwrap_or(&run.out))?;
        let optimiser =
            AdamW::new(checkpoint::trained(&weights), run.weight_decay, 1.0, run.device)?;
        Ok(Self { net, weights, optimiser })
    }

    fn write_weights(&self, run: &AcmlTraining) -> Result<(), TrainingError> {
        let weights = match run.half_precision {
            true => checkpoint::halved(&self.weights)?,
            false => checkpoint::detached(&self.weights),
        };
        checkpoint::write_tensors(&run.out.join(WEIGHTS_FILE), &weights)
    }

    /// One pass in an order that depends only on seed and epoch. Returns the mean loss.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
    fn epoch(
        &mut self,
        train: &[AcmlExample],
        run: &AcmlTraining,
        number: i64,
    ) -> Result<f64, TrainingError> {
        let mut random = random(run.seed, 0, number);
        let mut order: Vec<usize> = (0..train.len()).collect();
        order.shuffle(&mut random);
        let steps_an_epoch = order.len().div_ceil(run.batch) as i64;
        let cycle = OneCycle { peak: run.learning_rate, steps: run.epochs * steps_an_epoch };
        let window = self.net.window();
        let (mut sum, mut batches) = (0.0, 0.0);
        // A single molecule has nothing to be told from.
        for chunk in order.chunks(run.batch).filter(|chunk| chunk.len() > 1) {
            // Dropout draws from torch's generator: seeded by step, so that a resumed run is the
            // same.
            let steps = self.optimiser.steps;
            tch::manual_seed(run.seed.cast_signed() ^ (steps << 16));
            let (mut spectra, mut graphs) = (Vec::new(), Vec::new());
            for &i in chunk {
                spectra.push(train[i].measured.shown(&window, &mut random));
                graphs.push(shown(&train[i].features, &mut random));
            }
            let graphs: Vec<&GinFeatures> = graphs.iter().collect();
            let batch = GinBatch::collate(&graphs, run.device)?;
            let molecules = self.net.project_graphs(&self.net.graphs(&batch, true)?, true)?;
            let spectra = self.net.project_spectra(&self.net.encode(&spectra)?, true)?;
            let loss = soft_contrastive(&molecules, &spectra)?;
            let value = loss.f_double_value(&[])?;
            if !value.is_finite() {
                return Err(TrainingError::Diverged(value, steps));
            }
            loss.f_backward()?;
            let rate = if run.constant_rate { run.learning_rate } else { cycle.rate(steps) };
            self.optimiser.step(rate)?;
            sum += value;
            batches += 1.0;
        }
        Ok(sum / f64::max(batches, 1.0))
    }
}
