//! The training run of the shift network: predicted shifts first, where there are any, then measured
//! ones.

use std::fs;
use std::path::Path;

use super::card::write_shift_card;
use super::example::{ShiftExample, read_shift_examples};
use super::listed::read_listed;
use super::settings::ShiftTraining;
use super::trainer::ShiftTrainer;
use crate::data::{Parts, TRAINED_ON_FILE, read_trained_on};
use crate::error::TrainingError;
use crate::training::{CHECKPOINT_FILE, PRETRAINING_FILE, Rate, Stage, train_epochs};
use larmor_networks::{ModelCard, Parameters, ShiftNet};

/// Keeps the first stage's random numbers apart from the next one's.
const FIRST_STAGE: u64 = 0x9e1;

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation error with their card in `out`; no card while the first stage lasts. `report` is called with a line for the
/// operator now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read or leave nothing to train or to validate on, files
/// cannot be written, or the loss diverges.
pub fn train_shift(
    run: &ShiftTraining,
    report: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut parts = Parts::split(read_shift_examples(&run.data)?, run.test_fold, &run.held_out);
    parts.report(report);
    if !run.listed.paths.is_empty() {
        let assigned = parts.train.iter().map(|example| example.block.clone()).collect();
        let (listed, dropped) = read_listed(&run.listed, &parts.tested(), &run.held_out, assigned)?;
        report(&format!("{} with lists or spins; left out: {dropped}", listed.len()));
        parts.train.extend(listed);
    }
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
        until: run.epochs,
        batch: run.batch,
        least_batch: 1,
        rate: Rate::OneCycle(run.learning_rate),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: 0,
        resume: run.resume,
        device: run.device,
    };
    let mut seen_before = match &run.start_from {
        Some(weights) => taught_before(weights)?,
        None => Vec::new(),
    };
    if run.pretraining_epochs > 0 {
        let first = Stage {
            checkpoint: PRETRAINING_FILE,
            label: "first stage",
            epochs: run.pretraining_epochs,
            until: run.stop_after.unwrap_or(i64::MAX),
            salt: FIRST_STAGE,
            ..stage
        };
        let mut predicted = Vec::new();
        let dropped =
            run.predicted.read_every(&parts.tested(), &run.held_out, |record, molecule| {
                predicted.push(ShiftExample::predicted(&record, &molecule));
            })?;
        report(&format!("{} predicted; left out: {dropped}", predicted.len()));
        let measured = std::mem::replace(&mut parts.train, predicted);
        let mut trainer = ShiftTrainer { net: &net, run, last_stage: false };
        let epochs = train_epochs(&mut trainer, &parts, &mut weights, &first, report)?;
        seen_before.extend(parts.trained_on());
        parts.train = measured;
        if epochs < run.pretraining_epochs {
            return Ok(None);
        }
    }
    let until = run.stop_after.map_or(run.epochs, |all| all - run.pretraining_epochs);
    let stage = Stage { until, ..stage };
    let mut trainer = ShiftTrainer { net: &net, run, last_stage: true };
    if train_epochs(&mut trainer, &parts, &mut weights, &stage, report)? == 0 {
        return Ok(None);
    }
    write_shift_card(run, &parts, &seen_before).map(Some)
}

/// What weights were trained on before a run starts from them, as the list beside them says; nothing
/// where there is none.
fn taught_before(weights: &Path) -> Result<Vec<u64>, TrainingError> {
    match weights.parent() {
        Some(folder) if folder.join(TRAINED_ON_FILE).exists() => read_trained_on(folder),
        _ => Ok(Vec::new()),
    }
}
