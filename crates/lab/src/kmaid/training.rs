//! The training run of K-M3AID. As published, the spectrum encoder comes first, then, with it frozen,
//! the rest; otherwise the whole network learns, first of measured and predicted spectra, then of
//! measured ones.

use std::fs;

use super::card::write_kmaid_card;
use super::example::{KmaidExample, read_kmaid_examples};
use super::pretraining::{Pretraining, pretrain};
use super::settings::KmaidTraining;
use super::trainer::KmaidTrainer;
use crate::data::{NO_FOLD, Parts};
use crate::error::TrainingError;
use crate::training::{
    CHECKPOINT_FILE, EarlierWeights, PRETRAINING_FILE, Rate, Stage, Weights, copy_weights,
    train_epochs,
};
use larmor_networks::{Kmaid, ModelCard, Parameters, TeacherConfig};

/// Keeps the first stage's random numbers apart from the next one's.
const FIRST_STAGE: u64 = 0x9e1;

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation error with their card in `out`; no card while the first stage lasts. `report`
/// is called with a line for the operator now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read or leave nothing to train or to validate on, files
/// cannot be written, or the loss diverges.
pub fn train_kmaid(
    run: &KmaidTraining,
    report: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut data = read_kmaid_examples(&run.data, run.folds.as_ref())?;
    data.retain(NO_FOLD, |example| run.beyond_folds || example.fold.is_some());
    let mut parts = Parts::split(data, run.test_fold, &run.held_out);
    parts.report(report);
    let mut parameters = Parameters::random(run.seed, run.device);
    let net = Kmaid::build(&mut parameters, &run.network, run.device)?;
    let mut weights = parameters.finish(&run.out)?;
    let seen_before = match first_stage(run, &net, &mut weights, &mut parts, report)? {
        FirstStage::Done { seen } => seen,
        FirstStage::Stopped => return Ok(None),
    };
    let before = if run.start_from.is_some() { 0 } else { run.pretraining_epochs };
    let until = run.stop_after.map_or(run.epochs, |all| all - before);
    let mut trainer = KmaidTrainer { net: &net, run, seen_before: &seen_before, last_stage: true };
    let stage = Stage { until, ..stage(run) };
    if train_epochs(&mut trainer, &parts, &mut weights, &stage, report)? == 0 {
        return Ok(None);
    }
    write_kmaid_card(run, &parts, &seen_before).map(Some)
}

/// How the first stage ended.
enum FirstStage {
    /// The network holds what it learned; digests of the keys it saw.
    Done { seen: Vec<u64> },
    /// It is to be resumed later.
    Stopped,
}

fn first_stage(
    run: &KmaidTraining,
    net: &Kmaid,
    weights: &mut Weights,
    parts: &mut Parts<KmaidExample>,
    report: &mut dyn FnMut(&str),
) -> Result<FirstStage, TrainingError> {
    if let Some(path) = &run.start_from {
        let earlier = EarlierWeights::read(path, parts)?;
        let copied = copy_weights(weights, &earlier.weights, |name| Some(name.to_owned()))?;
        if copied < weights.len() {
            let reason = format!("holds {copied} of the {} weights of this network", weights.len());
            return Err(TrainingError::Format { path: path.clone(), reason });
        }
        return Ok(FirstStage::Done { seen: earlier.trained_on });
    }
    if run.network.frozen_encoder {
        let (encoder, epochs) = pretrain(&pretraining(run), parts, report)?;
        copy_weights(weights, &encoder, |name| Some(name.to_owned()))?;
        return Ok(ended(epochs, run, Vec::new()));
    }
    if run.pretraining_epochs == 0 {
        return Ok(FirstStage::Done { seen: Vec::new() });
    }
    let measured = parts.train.len();
    let train = &mut parts.train;
    let tested = parts.test.iter().map(|example| example.block.clone()).collect();
    let dropped = run.predicted.read(&tested, &run.held_out, |record, molecule| {
        train.extend(KmaidExample::predicted(&record, &molecule));
    })?;
    report(&format!("{} predicted spectra; left out: {dropped}", train.len() - measured));
    let stage = Stage {
        checkpoint: PRETRAINING_FILE,
        label: "first stage",
        epochs: run.pretraining_epochs,
        until: run.stop_after.unwrap_or(i64::MAX),
        salt: FIRST_STAGE,
        ..stage(run)
    };
    let mut trainer = KmaidTrainer { net, run, seen_before: &[], last_stage: false };
    let epochs = train_epochs(&mut trainer, parts, weights, &stage, report)?;
    let seen = parts.trained_on();
    parts.train.truncate(measured);
    Ok(ended(epochs, run, seen))
}

fn ended(epochs: i64, run: &KmaidTraining, seen: Vec<u64>) -> FirstStage {
    if epochs < run.pretraining_epochs { FirstStage::Stopped } else { FirstStage::Done { seen } }
}

/// The second stage, all of it.
fn stage(run: &KmaidTraining) -> Stage<'_> {
    Stage {
        out: &run.out,
        checkpoint: CHECKPOINT_FILE,
        label: "epoch",
        epochs: run.epochs,
        until: run.epochs,
        batch: run.batch,
        // A single molecule has nothing to be told from.
        least_batch: 2,
        rate: Rate::new(run.learning_rate, run.constant_rate),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: 0,
        resume: run.resume,
        device: run.device,
    }
}

fn pretraining(run: &KmaidTraining) -> Pretraining<'_> {
    let network = &run.network;
    Pretraining {
        out: &run.out,
        teacher: TeacherConfig {
            carbon: Some(network.shifts),
            layers: network.layers,
            width: network.width,
            dropout: network.dropout,
            atoms: network.atoms,
        },
        among_isomers: false,
        epochs: run.pretraining_epochs,
        batch: run.batch,
        learning_rate: run.learning_rate,
        weight_decay: run.weight_decay,
        seed: run.seed,
        resume: run.resume,
        stop_after: run.stop_after,
        device: run.device,
    }
}
