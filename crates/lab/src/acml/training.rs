//! The training run of ACML: an encoder of spectra, frozen, teaches a graph network.

use std::fs;

use super::card::write_acml_card;
use super::encoder::Encoder;
use super::example::read_acml_examples;
use super::settings::AcmlTraining;
use super::trainer::AcmlTrainer;
use crate::data::{NO_FOLD, Parts};
use crate::error::TrainingError;
use crate::training::{CHECKPOINT_FILE, Rate, Stage, Weights, train_epochs};
use larmor_networks::{Acml, ModelCard, Parameters};

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation error with their card in `out`; no card while the first stage lasts. `report`
/// is called with a line for the operator now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read or leave nothing to train or to validate on, files
/// cannot be written, or the loss diverges.
pub fn train_acml(
    run: &AcmlTraining,
    report: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut data = read_acml_examples(&run.data, run.folds.as_ref(), run.network.nucleus)?;
    data.retain(NO_FOLD, |example| run.beyond_folds || example.fold.is_some());
    let mut parts = Parts::split(data, run.test_fold, &run.held_out);
    parts.report(report);
    let encoder = Encoder::obtain(run, &mut parts, report)?;
    if !encoder.ready {
        return Ok(None);
    }
    let (net, mut weights) = with_encoder(run, &encoder)?;
    let before = if run.encoder.is_some() { 0 } else { run.pretraining_epochs };
    let stage = Stage {
        out: &run.out,
        checkpoint: CHECKPOINT_FILE,
        label: "epoch",
        epochs: run.epochs,
        until: run.stop_after.map_or(run.epochs, |all| all - before),
        batch: run.batch,
        // A single molecule has nothing to be told from.
        least_batch: 2,
        rate: Rate::new(run.learning_rate, run.constant_rate),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: 0,
        resume: run.resume,
        device: run.device,
    };
    let mut trainer = AcmlTrainer { net, run, encoder: &encoder };
    if train_epochs(&mut trainer, &parts, &mut weights, &stage, report)? == 0 {
        return Ok(None);
    }
    write_acml_card(run, &parts, &encoder).map(Some)
}

/// A fresh network that holds the encoder.
fn with_encoder(run: &AcmlTraining, encoder: &Encoder) -> Result<(Acml, Weights), TrainingError> {
    let mut parameters = Parameters::random(run.seed, run.device);
    let net = Acml::build(&mut parameters, &run.network, run.device)?;
    let mut weights = parameters.finish(&run.out)?;
    encoder.put_into(&mut weights, &run.network, run.encoder.as_deref().unwrap_or(&run.out))?;
    Ok((net, weights))
}
