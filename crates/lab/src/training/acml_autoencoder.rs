//! First stage of ACML for 1H: a convolutional auto-encoder learns to draw again the spectra of the
//! run's training part, so that the frozen encoder has seen no spectrum of the test fold.

use std::time::Instant;

use rand::seq::SliceRandom;
use serde_json::json;
use tch::Tensor;

use super::adamw::AdamW;
use super::augmentation::random;
use super::checkpoint::{self, Progress};
use super::kmaid_pretraining::CHECKPOINT;
use super::schedule::OneCycle;
use super::split::Parts;
use super::{AcmlExample, AcmlTraining, TrainingError, run_log};
use larmor_networks::{AcmlSpectrum, Parameters, ProtonAutoencoder};
use larmor_nmr::spectrum::simulation::Window;

/// Keep this stage's random numbers, and those of its validation, apart from the next one's.
const SALT: u64 = 0xae;
const VALIDATION_SALT: u64 = 0xae0;

/// Trains the auto-encoder, or goes on where a checkpoint stands; returns its weights, and how many
/// epochs are done.
pub(super) fn pretrain(
    run: &AcmlTraining,
    parts: &Parts<AcmlExample>,
    tell: &mut dyn FnMut(&str),
) -> Result<(Vec<(String, Tensor)>, i64), TrainingError> {
    let mut parameters = Parameters::random(run.seed ^ SALT, run.device);
    let net = ProtonAutoencoder::build(&mut parameters, run.network.points)?;
    let mut weights = parameters.finish(&run.out)?;
    let mut optimiser =
        AdamW::new(checkpoint::trained(&weights), run.weight_decay, 1.0, run.device)?;
    let path = run.out.join(CHECKPOINT);
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if run.resume && path.exists() {
        progress = checkpoint::load(&path, &mut weights, &mut optimiser)?;
    }
    let last = run.stop_after.unwrap_or(i64::MAX).min(run.pretraining_epochs);
    while progress.epochs < last {
        let started = Instant::now();
        let lost = epoch(&net, &mut optimiser, &parts.train, run, progress.epochs)?;
        progress.epochs += 1;
        let validation = {
            let _no_gradients = tch::no_grad_guard();
            share_lost(&net, &parts.validation, run)?
        };
        checkpoint::save(&path, &weights, &optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        run_log::append(
            &run.out,
            &json!({"stage": "spectrum", "epoch": progress.epochs, "step": optimiser.steps,
                "share_lost": lost, "validation_share_lost": validation, "seconds": seconds}),
        )?;
        tell(&format!(
            "auto-encoder {:3}/{}  lost {:.1} %  validation {:.1} %  {seconds:.1} s",
            progress.epochs,
            run.pretraining_epochs,
            100.0 * lost,
            100.0 * validation
        ));
    }
    Ok((weights, progress.epochs))
}

/// One pass; returns the share of the traces' power that is not drawn again.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
fn epoch(
    net: &ProtonAutoencoder,
    optimiser: &mut AdamW,
    train: &[AcmlExample],
    run: &AcmlTraining,
    number: i64,
) -> Result<f64, TrainingError> {
    let mut random = random(run.seed, SALT, number);
    let mut order: Vec<usize> = (0..train.len()).collect();
    order.shuffle(&mut random);
    let steps_an_epoch = train.len().div_ceil(run.batch) as i64;
    let schedule =
        OneCycle { peak: run.learning_rate, steps: run.pretraining_epochs * steps_an_epoch };
    let window = Window::proton(run.network.points);
    let (mut lost, mut whole) = (0.0, 0.0);
    for chunk in order.chunks(run.batch) {
        let shown: Vec<_> =
            chunk.iter().map(|&i| train[i].measured.shown(&window, &mut random)).collect();
        let [apart, power] =
            net.losses(&AcmlSpectrum::trace_rows(&shown, &run.network, run.device)?)?;
        // Spectra are mostly empty: relative to their power the loss is of order one.
        let loss = apart.f_div(&power)?;
        let value = apart.f_double_value(&[])?;
        if !value.is_finite() {
            return Err(TrainingError::Diverged(value, optimiser.steps));
        }
        loss.f_backward()?;
        optimiser.step(schedule.rate(optimiser.steps))?;
        lost += value;
        whole += power.f_double_value(&[])?;
    }
    Ok(lost / f64::max(whole, f64::MIN_POSITIVE))
}

fn share_lost(
    net: &ProtonAutoencoder,
    examples: &[AcmlExample],
    run: &AcmlTraining,
) -> Result<f64, TrainingError> {
    let mut random = random(run.seed, VALIDATION_SALT, 0);
    let window = Window::proton(run.network.points);
    let (mut lost, mut whole) = (0.0, 0.0);
    for chunk in examples.chunks(run.batch) {
        let shown: Vec<_> = chunk.iter().map(|e| e.measured.shown(&window, &mut random)).collect();
        let [apart, power] =
            net.losses(&AcmlSpectrum::trace_rows(&shown, &run.network, run.device)?)?;
        lost += apart.f_double_value(&[])?;
        whole += power.f_double_value(&[])?;
    }
    Ok(lost / f64::max(whole, f64::MIN_POSITIVE))
}
