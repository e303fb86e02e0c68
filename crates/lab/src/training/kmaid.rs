//! The training run of K-M3AID: the spectrum encoder first, then, with it frozen, the rest.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use rand::seq::SliceRandom;
use serde_json::json;
use tch::{Device, Tensor};

use super::adamw::AdamW;
use super::augmentation::{random, shown};
use super::checkpoint::{self, Progress};
use super::kmaid_batch::KmaidBatch;
use super::kmaid_card::write_card;
use super::kmaid_loss::{atoms_and_peaks, contrastive};
use super::kmaid_pretraining::pretrain;
use super::kmaid_validation::validate;
use super::schedule::OneCycle;
use super::split::Parts;
use super::{Folds, HeldOut, KmaidExample, TrainingError, read_kmaid_examples, run_log};
use larmor_networks::{GinFeatures, Kmaid, KmaidConfig, ModelCard, Parameters, WEIGHTS_FILE};

/// Spectra encoded at a time.
const ENCODED_AT_ONCE: usize = 1_024;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct KmaidTraining {
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
    /// The network and its losses.
    pub network: KmaidConfig,
    /// Passes over the data that train the spectrum encoder.
    pub pretraining_epochs: i64,
    /// Passes over the data that train the rest.
    pub epochs: i64,
    /// Molecules in a batch.
    pub batch: usize,
    /// Learning rate: the highest of a cycle, or the one of all steps.
    pub learning_rate: f64,
    /// Keep the learning rate as it is, as the authors did, in place of one cycle.
    pub constant_rate: bool,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and augmentation.
    pub seed: u64,
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
pub fn train_kmaid(
    run: &KmaidTraining,
    tell: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut examples = read_kmaid_examples(&run.data, run.folds.as_ref())?;
    examples.retain(|example| run.beyond_folds || example.fold.is_some());
    let parts = Parts::split(examples, Some(run.test_fold), &run.held_out);
    tell(&format!(
        "{} molecules to train on, {} validate, {} test",
        parts.train.len(),
        parts.validation.len(),
        parts.test.len()
    ));
    let (encoder, encoder_epochs) = pretrain(&run.pretraining(), &parts, tell)?;
    if encoder_epochs < run.pretraining_epochs {
        return Ok(None);
    }
    let mut stage = Stage::start(run, encoder)?;
    let path = run.out.join("checkpoint.safetensors");
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && path.exists() {
        progress = checkpoint::load(&path, &mut stage.weights, &mut stage.optimiser)?;
        tell(&format!("resumed after epoch {}", progress.epochs));
    }
    let train = encoded(&stage.net, &parts.train)?;
    let validation = encoded(&stage.net, &parts.validation)?;
    let last = run.stop_after.map_or(run.epochs, |all| all - run.pretraining_epochs);
    while progress.epochs < last.min(run.epochs) {
        let started = Instant::now();
        let losses = stage.epoch(&parts.train, &train, run, progress.epochs)?;
        progress.epochs += 1;
        let found = validate(&stage.net, &parts.validation, &validation, run)?;
        if found.error(&run.network) < progress.best {
            progress.best = found.error(&run.network);
            let weights = checkpoint::detached(&stage.weights);
            checkpoint::write_tensors(&run.out.join(WEIGHTS_FILE), &weights)?;
            // With its card, so that the best so far can be measured while the run goes on.
            write_card(run, &parts)?;
        }
        checkpoint::save(&path, &stage.weights, &stage.optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        run_log::append(
            &run.out,
            &json!({"stage": "kmaid", "epoch": progress.epochs, "step": stage.optimiser.steps,
                "graph_loss": losses[0], "node_loss": losses[1], "validation": found,
                "seconds": seconds}),
        )?;
        tell(&format!(
            "epoch {:3}/{}  loss graph {:.3} node {:.3}  validation graph {:.1} % node {:.1} %  {seconds:.1} s",
            progress.epochs,
            run.epochs,
            losses[0],
            losses[1],
            100.0 * found.graph_accuracy,
            100.0 * found.node_accuracy
        ));
    }
    if progress.epochs == 0 {
        return Ok(None);
    }
    write_card(run, &parts).map(Some)
}

/// Vectors of the spectra, which stay the same through the stage.
fn encoded(net: &Kmaid, examples: &[KmaidExample]) -> Result<Tensor, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let parts = examples
        .chunks(ENCODED_AT_ONCE)
        .map(|chunk| {
            let spectra: Vec<&[u16]> = chunk.iter().map(|e| e.spectrum.as_slice()).collect();
            net.encode_spectra(&spectra)
        })
        .collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() {
        return net.encode_spectra(&[]).map_err(TrainingError::from);
    }
    Ok(Tensor::f_cat(&parts, 0)?)
}

/// The second stage's network, weights and optimiser.
struct Stage {
    net: Kmaid,
    weights: Vec<(String, Tensor)>,
    optimiser: AdamW,
}

impl Stage {
    fn start(run: &KmaidTraining, encoder: Vec<(String, Tensor)>) -> Result<Self, TrainingError> {
        let mut parameters = Parameters::random(run.seed, run.device);
        let net = Kmaid::build(&mut parameters, &run.network, run.device)?;
        let mut weights = parameters.finish(&run.out)?;
        let _no_gradients = tch::no_grad_guard();
        for (name, learned) in encoder {
            if let Some((_, weight)) = weights.iter_mut().find(|(own, _)| *own == name) {
                weight.f_copy_(&learned)?;
            }
        }
        let optimiser =
            AdamW::new(checkpoint::trained(&weights), run.weight_decay, 1.0, run.device)?;
        Ok(Self { net, weights, optimiser })
    }

    /// One pass in an order that depends only on seed and epoch. Returns the mean losses.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, clippy::cast_sign_loss)]
    fn epoch(
        &mut self,
        train: &[KmaidExample],
        spectra: &Tensor,
        run: &KmaidTraining,
        number: i64,
    ) -> Result<[f64; 2], TrainingError> {
        let mut random = random(run.seed, 0, number);
        let mut order: Vec<usize> = (0..train.len()).collect();
        order.shuffle(&mut random);
        let steps_an_epoch = order.len().div_ceil(run.batch) as i64;
        let cycle = OneCycle { peak: run.learning_rate, steps: run.epochs * steps_an_epoch };
        let (mut sums, mut batches) = ([0.0; 2], 0.0);
        // A single molecule has nothing to be told from.
        for chunk in order.chunks(run.batch).filter(|chunk| chunk.len() > 1) {
            // Dropout draws from torch's generator: seeded by step, so that a resumed run is the
            // same.
            let steps = self.optimiser.steps;
            tch::manual_seed(run.seed as i64 ^ (steps << 16));
            let examples: Vec<&KmaidExample> = chunk.iter().map(|&i| &train[i]).collect();
            let shown: Vec<GinFeatures> =
                examples.iter().map(|e| shown(&e.features, &mut random)).collect();
            let batch =
                KmaidBatch::collate(&shown.iter().collect::<Vec<_>>(), &examples, run.device)?;
            let rows: Vec<i64> = chunk.iter().map(|&i| i as i64).collect();
            let rows = Tensor::f_from_slice(&rows)?.f_to_device(run.device)?;
            let losses =
                losses(&self.net, &batch, &spectra.f_index_select(0, &rows)?, &run.network, true)?;
            let total = losses[0]
                .f_mul_scalar(run.network.graph_weight)?
                .f_add(&losses[1].f_mul_scalar(run.network.node_weight)?)?;
            let values = [losses[0].f_double_value(&[])?, losses[1].f_double_value(&[])?];
            if !values.iter().all(|value| value.is_finite()) {
                return Err(TrainingError::Diverged(values[0] + values[1], steps));
            }
            total.f_backward()?;
            let rate = if run.constant_rate { run.learning_rate } else { cycle.rate(steps) };
            self.optimiser.step(rate)?;
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            batches += 1.0;
        }
        Ok(sums.map(|sum| sum / f64::max(batches, 1.0)))
    }
}

/// Graph loss and node loss of a batch.
pub(super) fn losses(
    net: &Kmaid,
    batch: &KmaidBatch,
    spectra: &Tensor,
    config: &KmaidConfig,
    training: bool,
) -> Result<[Tensor; 2], TrainingError> {
    let structures = net.structures(&batch.graphs, &batch.atoms, training)?;
    let spectra = net.project_spectra(spectra, training)?;
    let graph = contrastive(&structures.graphs.f_matmul(&spectra.f_tr()?)?)?;
    if batch.sizes.iter().all(|&size| size == 0) {
        let none = graph.f_zeros_like()?;
        return Ok([graph, none]);
    }
    let peaks = net.project_peaks(&batch.ppm, &batch.hydrogens, training)?;
    let logits = structures.nodes.f_matmul(&peaks.f_tr()?)?;
    Ok([graph, atoms_and_peaks(&logits, &batch.ppm, config.node_loss)?])
}
