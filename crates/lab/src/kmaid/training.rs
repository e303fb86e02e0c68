//! The training run of K-M3AID: the spectrum encoder first, then, with it frozen, the rest.

use std::fs;

use super::card::write_kmaid_card;
use super::example::read_kmaid_examples;
use super::pretraining::{Pretraining, pretrain};
use super::settings::KmaidTraining;
use super::trainer::KmaidTrainer;
use crate::data::{NO_FOLD, Parts};
use crate::error::TrainingError;
use crate::training::{CHECKPOINT_FILE, Rate, Stage, Weights, train_epochs};
use larmor_networks::{Kmaid, ModelCard, Parameters};

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
    let parts = Parts::split(data, Some(run.test_fold), &run.held_out);
    parts.report(report);
    let (encoder, encoder_epochs) = pretrain(&pretraining(run), &parts, report)?;
    if encoder_epochs < run.pretraining_epochs {
        return Ok(None);
    }
    let (net, mut weights) = with_encoder(run, encoder)?;
    let stage = Stage {
        out: &run.out,
        checkpoint: CHECKPOINT_FILE,
        label: "epoch",
        epochs: run.epochs,
        until: run.stop_after.map_or(run.epochs, |all| all - run.pretraining_epochs),
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
    let mut trainer = KmaidTrainer::new(net, run);
    if train_epochs(&mut trainer, &parts, &mut weights, &stage, report)? == 0 {
        return Ok(None);
    }
    write_kmaid_card(run, &parts).map(Some)
}

fn pretraining(run: &KmaidTraining) -> Pretraining<'_> {
    Pretraining {
        out: &run.out,
        teacher: run.network,
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

/// A fresh network that holds the encoder learned in the first stage.
fn with_encoder(run: &KmaidTraining, encoder: Weights) -> Result<(Kmaid, Weights), TrainingError> {
    let mut parameters = Parameters::random(run.seed, run.device);
    let net = Kmaid::build(&mut parameters, &run.network, run.device)?;
    let mut weights = parameters.finish(&run.out)?;
    let _no_gradients = tch::no_grad_guard();
    for (name, learned) in encoder {
        if let Some((_, weight)) = weights.iter_mut().find(|(own, _)| *own == name) {
            weight.f_copy_(&learned)?;
        }
    }
    Ok((net, weights))
}
