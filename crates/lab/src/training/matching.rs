//! The training run of SpecMol-MatchNet.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;
use tch::{Device, Kind, Tensor};

use super::adamw::AdamW;
use super::augmentation::random;
use super::checkpoint::{self, Progress};
use super::match_card::write_card;
use super::match_negatives::Neighbours;
use super::match_shown::{Part, Shown, place_backbone};
use super::match_validation::validate;
use super::schedule::OneCycle;
use super::split::Parts;
use super::{
    HeldOut, MatchMolecule, TrainingError, predict_match_shifts, read_match_molecules, run_log,
};
use larmor_chemistry::MolecularGraph;
use larmor_networks::{
    ModelCard, MoleculeBatch, Parameters, Resnet, SpecMol, SpecMolConfig, SpectrumInput,
    WEIGHTS_FILE,
};

/// Pairs two molecules with their spectra make: two that match, two that do not.
const PAIRS_OF_A_COUPLE: usize = 4;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct MatchTraining {
    /// List of molecules: CSV with `smiles` and `label`.
    pub data: PathBuf,
    /// Folder for checkpoints, log, card and weights.
    pub out: PathBuf,
    /// Molecules that must not be trained on.
    pub held_out: HeldOut,
    /// The network.
    pub network: SpecMolConfig,
    /// Folder of the shift network that says what spectra look like.
    pub shift_model: PathBuf,
    /// The backbone, where the network takes pictures.
    pub backbone: Option<PathBuf>,
    /// Folder for the backbone's features; the output folder where none is named.
    pub cache: Option<PathBuf>,
    /// Train and validate on so many molecules; all where it is not stated.
    pub molecules: Option<usize>,
    /// How far shifts are moved from what is predicted, in widths of the prediction.
    pub shift_noise: f64,
    /// Passes over the molecules.
    pub epochs: i64,
    /// Pairs in a batch.
    pub batch: usize,
    /// Learning rate: the one of all steps, or the highest of a cycle.
    pub learning_rate: f64,
    /// Let the learning rate rise and fall in place of keeping it.
    pub one_cycle: bool,
    /// Decay of weight matrices.
    pub weight_decay: f64,
    /// Seed of weights, order and spectra.
    pub seed: u64,
    /// Go on from the checkpoint in `out`.
    pub resume: bool,
    /// Stop after this many epochs, to be resumed later.
    pub stop_after: Option<i64>,
    /// Where to run.
    pub device: Device,
}

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation loss with their card in `out`. `tell` is called with a line for the operator
/// now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read, files cannot be written, or the loss diverges.
pub fn train_match(
    run: &MatchTraining,
    tell: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut molecules = read_match_molecules(&run.data, run.molecules, run.seed)?;
    predict_match_shifts(&mut molecules, &run.shift_model, run.device)?;
    molecules.retain(|molecule| molecule.shifts.c13.iter().any(Option::is_some));
    let parts = Parts::split(molecules, None, &run.held_out);
    tell(&format!(
        "{} molecules to train on, {} validate",
        parts.train.len(),
        parts.validation.len()
    ));
    let (shown, backbone) = shown(run, &parts, tell)?;
    let neighbours = Neighbours::of(&parts.train, &mut random(run.seed, 1, 0));
    let mut stage = Stage::start(run)?;
    let path = run.out.join("checkpoint.safetensors");
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && path.exists() {
        progress = checkpoint::load(&path, &mut stage.weights, &mut stage.optimiser)?;
        tell(&format!("resumed after epoch {}", progress.epochs));
    }
    while progress.epochs < run.stop_after.unwrap_or(run.epochs).min(run.epochs) {
        let started = Instant::now();
        let loss = stage.epoch(run, &parts.train, &neighbours, &shown, progress.epochs)?;
        progress.epochs += 1;
        let found = validate(&stage.net, &parts.validation, &shown, run)?;
        if found.loss < progress.best {
            progress.best = found.loss;
            let weights = checkpoint::halved(&stage.weights)?;
            checkpoint::write_tensors(&run.out.join(WEIGHTS_FILE), &weights)?;
            // With its card, so that the best so far can be measured while the run goes on.
            write_card(run, &parts, backbone.as_deref())?;
        }
        checkpoint::save(&path, &stage.weights, &stage.optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        run_log::append(
            &run.out,
            &json!({"epoch": progress.epochs, "step": stage.optimiser.steps, "loss": loss,
                "validation": found, "seconds": seconds}),
        )?;
        tell(&format!(
            "epoch {:3}/{}  loss {loss:.4}  validation {:.4}  AUC {:.4}  accuracy {:.1} %  {seconds:.1} s",
            progress.epochs,
            run.epochs,
            found.loss,
            found.auc,
            100.0 * found.accuracy
        ));
    }
    if progress.epochs == 0 {
        return Ok(None);
    }
    write_card(run, &parts, backbone.as_deref()).map(Some)
}

/// Spectra in the form the network takes, and the digest of the backbone.
fn shown(
    run: &MatchTraining,
    parts: &Parts<MatchMolecule>,
    tell: &mut dyn FnMut(&str),
) -> Result<(Shown, Option<String>), TrainingError> {
    if run.network.spectra == SpectrumInput::Trace {
        return Ok((Shown::Traces { shift_noise: run.shift_noise }, None));
    }
    let path = run.backbone.as_ref().ok_or_else(|| TrainingError::Format {
        path: run.out.clone(),
        reason: "a network on pictures needs a backbone: './dev backbone' makes one".to_owned(),
    })?;
    let backbone = Resnet::open(path, run.device)?;
    place_backbone(path, &run.out)?;
    let shown = Shown::pictures(
        &backbone,
        run.cache.as_ref().unwrap_or(&run.out),
        [&parts.train, &parts.validation],
        run.shift_noise,
        run.seed,
        tell,
    )?;
    Ok((shown, Some(backbone.digest().to_owned())))
}

/// Network, weights and optimiser.
struct Stage {
    net: SpecMol,
    weights: Vec<(String, Tensor)>,
    optimiser: AdamW,
}

impl Stage {
    fn start(run: &MatchTraining) -> Result<Self, TrainingError> {
        let mut parameters = Parameters::random(run.seed, run.device);
        let net = SpecMol::build(&mut parameters, &run.network, run.device)?;
        let weights = parameters.finish(&run.out)?;
        let optimiser =
            AdamW::new(checkpoint::trained(&weights), run.weight_decay, 1.0, run.device)?;
        Ok(Self { net, weights, optimiser })
    }

    /// One pass in an order that depends only on seed and epoch. Returns the mean loss.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
    fn epoch(
        &mut self,
        run: &MatchTraining,
        train: &[MatchMolecule],
        neighbours: &Neighbours,
        shown: &Shown,
        number: i64,
    ) -> Result<f64, TrainingError> {
        let mut random = random(run.seed, 0, number);
        let couples = neighbours.couples(train, &mut random);
        let at_once = (run.batch / PAIRS_OF_A_COUPLE).max(1);
        let steps_an_epoch = couples.len().div_ceil(at_once) as i64;
        let cycle = OneCycle { peak: run.learning_rate, steps: run.epochs * steps_an_epoch };
        let (mut sum, mut batches) = (0.0, 0.0);
        for chunk in couples.chunks(at_once) {
            // Dropout draws from torch's generator: seeded by step, so that a resumed run is the
            // same.
            let steps = self.optimiser.steps;
            tch::manual_seed(run.seed as i64 ^ (steps << 16));
            let rows = chunk.as_flattened();
            let spectra = shown.batch(Part::Train, train, rows, &mut random, run.device)?;
            let graphs: Vec<&MolecularGraph> = rows.iter().map(|&row| &train[row].graph).collect();
            let molecules = MoleculeBatch::collate(&graphs, run.device)?;
            let molecules = self.net.encode_molecules(&molecules, true)?;
            let spectra = self.net.encode_spectra(&spectra)?;
            let crossed = Crossed::of(chunk.len(), run.device)?;
            let logits = self.net.logits(
                &molecules.f_index_select(0, &crossed.molecules)?,
                &spectra.f_index_select(0, &crossed.spectra)?,
                true,
            )?;
            let loss = cross_entropy(&logits, &crossed.labels)?;
            let value = loss.f_double_value(&[])?;
            if !value.is_finite() {
                return Err(TrainingError::Diverged(value, steps));
            }
            loss.f_backward()?;
            let rate = if run.one_cycle { cycle.rate(steps) } else { run.learning_rate };
            self.optimiser.step(rate)?;
            sum += value;
            batches += 1.0;
        }
        Ok(sum / f64::max(batches, 1.0))
    }
}

/// Binary cross-entropy of logits.
pub(super) fn cross_entropy(logits: &Tensor, labels: &Tensor) -> Result<Tensor, TrainingError> {
    let none: Option<Tensor> = None;
    Ok(logits.f_binary_cross_entropy_with_logits(
        labels,
        none.as_ref(),
        none.as_ref(),
        tch::Reduction::Mean,
    )?)
}

/// Rows of couples laid one after the other, paired with their own and with each other's spectra.
pub(super) struct Crossed {
    pub molecules: Tensor,
    pub spectra: Tensor,
    pub labels: Tensor,
}

impl Crossed {
    #[allow(clippy::cast_possible_wrap)]
    pub(super) fn of(couples: usize, device: Device) -> Result<Self, TrainingError> {
        let (mut molecules, mut spectra) = (Vec::new(), Vec::new());
        for first in (0..couples as i64).map(|couple| 2 * couple) {
            molecules.extend([first, first + 1, first, first + 1]);
            spectra.extend([first, first + 1, first + 1, first]);
        }
        let labels = [1.0_f32, 1.0, 0.0, 0.0].repeat(couples);
        Ok(Self {
            molecules: Tensor::f_from_slice(&molecules)?.f_to_device(device)?,
            spectra: Tensor::f_from_slice(&spectra)?.f_to_device(device)?,
            labels: Tensor::f_from_slice(&labels)?.f_to_kind(Kind::Float)?.f_to_device(device)?,
        })
    }
}
