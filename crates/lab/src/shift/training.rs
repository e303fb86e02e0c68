//! The training run of the shift network.

use std::fs;

use super::card::write_shift_card;
use super::example::read_shift_examples;
use super::settings::ShiftTraining;
use super::trainer::ShiftTrainer;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{CHECKPOINT_FILE, Rate, Stage, train_epochs};
use larmor_networks::{ModelCard, Parameters, ShiftNet};

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation error with their card in `out`. `report` is called with a line for the
/// operator now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read or leave nothing to train or to validate on, files
/// cannot be written, or the loss diverges.
pub fn train_shift(
    run: &ShiftTraining,
    report: &mut dyn FnMut(&str),
) -> Result<ModelCard, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let parts = Parts::split(read_shift_examples(&run.data)?, run.test_fold, &run.held_out);
    parts.report(report);
    let mut parameters = match &run.start_from {
        Some(weights) => Parameters::from_file(weights, run.device, true)?,
        None => Parameters::random(run.seed, run.device),
    };
    let net = ShiftNet::build(&mut parameters, run.network)?;
    let mut weights = parameters.finish(&run.out)?;
    let stage = Stage {
        out: &run.out,
        checkpoint: CHECKPOINT_FILE,
        label: "epoch",
        epochs: run.epochs,
        until: run.stop_after.unwrap_or(run.epochs),
        batch: run.batch,
        least_batch: 1,
        rate: Rate::OneCycle(run.learning_rate),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: 0,
        resume: run.resume,
        device: run.device,
    };
    train_epochs(&mut ShiftTrainer { net, run }, &parts, &mut weights, &stage, report)?;
    write_shift_card(run, &parts)
}
