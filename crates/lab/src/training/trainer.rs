//! The loop that every network is trained by: epochs of batches, a step for each, a line in the log
//! and a checkpoint after each epoch, the best weights kept, and a run that goes on exactly where it
//! stopped.

use std::path::Path;
use std::time::Instant;

use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tch::{Device, Kind, Tensor};

use super::adamw::AdamW;
use super::augmentation::random;
use super::checkpoint::{self, Progress, Weights};
use super::run_log;
use super::schedule::Rate;
use crate::data::Parts;
use crate::error::TrainingError;

/// Steps after which it is looked whether the loss is still a number.
const STEPS_BETWEEN_LOOKS: i64 = 64;

/// What differs between the networks.
pub(crate) trait Trainer {
    /// A molecule as the network learns from it.
    type Example;
    /// What batches are made of: rows of the training part, or couples of them.
    type Item;

    /// Called once before the first epoch, when the weights are those the run starts with or goes
    /// on from.
    ///
    /// # Errors
    /// [`TrainingError`] when libtorch refuses.
    fn begin(&mut self, _parts: &Parts<Self::Example>) -> Result<(), TrainingError> {
        Ok(())
    }

    /// All items of an epoch, in the order it takes them.
    fn items(&self, train: &[Self::Example], random: &mut ChaCha8Rng) -> Vec<Self::Item>;

    /// The loss of one batch; `None` where it teaches nothing.
    ///
    /// # Errors
    /// [`TrainingError`] when the network fails.
    fn loss(
        &self,
        train: &[Self::Example],
        batch: &[Self::Item],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError>;

    /// How well the network does on what it is not trained on, after an epoch with this loss.
    ///
    /// # Errors
    /// [`TrainingError`] when the network fails.
    fn validate(
        &self,
        validation: &[Self::Example],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError>;

    /// Writes the best weights so far.
    ///
    /// # Errors
    /// [`TrainingError`] when files cannot be written.
    fn keep_best(
        &self,
        _parts: &Parts<Self::Example>,
        _weights: &[(String, Tensor)],
    ) -> Result<(), TrainingError> {
        Ok(())
    }
}

/// What one batch comes to.
pub(crate) struct StepLoss {
    /// What the weights descend.
    pub(crate) loss: Tensor,
    /// Figures that are summed up over an epoch, on the device: to read them at every step would have
    /// the processor wait for it.
    figures: Tensor,
}

impl StepLoss {
    /// A loss that is its own figure.
    pub(crate) fn of(loss: Tensor) -> Result<Self, TrainingError> {
        let figures = loss.f_detach()?.f_reshape([1])?;
        Ok(Self { loss, figures })
    }

    /// A loss with numbers to be summed up.
    pub(crate) fn with_figures(loss: Tensor, figures: &[&Tensor]) -> Result<Self, TrainingError> {
        let figures =
            figures.iter().map(|one| one.f_detach()).collect::<Result<Vec<_>, tch::TchError>>()?;
        Ok(Self { loss, figures: Tensor::f_stack(&figures, 0)? })
    }
}

/// Figures of an epoch's steps.
#[derive(Debug, Default)]
pub(crate) struct EpochLoss {
    sums: Vec<f64>,
    batches: f64,
}

impl EpochLoss {
    /// Sum of a figure over the batches.
    pub(crate) fn sum(&self, figure: usize) -> f64 {
        self.sums.get(figure).copied().unwrap_or(0.0)
    }

    /// Mean of a figure over the batches.
    pub(crate) fn mean(&self, figure: usize) -> f64 {
        self.sum(figure) / f64::max(self.batches, 1.0)
    }
}

/// What a validation found.
pub(crate) struct Validated {
    /// What the best epoch has least of; a stage without keeps its last weights.
    pub(crate) error: Option<f64>,
    /// The epoch's figures for the log: a JSON object.
    pub(crate) log: Value,
    /// The same for the operator.
    pub(crate) line: String,
}

/// Settings of a run, or of one of its stages.
pub(crate) struct Stage<'a> {
    /// Folder for checkpoint and log.
    pub(crate) out: &'a Path,
    /// Name of the checkpoint file.
    pub(crate) checkpoint: &'static str,
    /// What an epoch is called in the lines for the operator.
    pub(crate) label: &'static str,
    /// Epochs of the whole stage, over which the learning rate goes.
    pub(crate) epochs: i64,
    /// Stop once so many are done, to be resumed later.
    pub(crate) until: i64,
    /// Items in a batch, and the fewest that make one.
    pub(crate) batch: usize,
    pub(crate) least_batch: usize,
    pub(crate) rate: Rate,
    pub(crate) weight_decay: f64,
    /// Seed of order, augmentation and dropout; `salt` keeps a stage's random numbers apart from
    /// those of the next.
    pub(crate) seed: u64,
    pub(crate) salt: u64,
    /// Go on from the checkpoint, where there is one.
    pub(crate) resume: bool,
    pub(crate) device: Device,
}

/// Trains until the stage ends or is to stop, and returns how many epochs are done. The weights are
/// those of the last.
///
/// # Errors
/// [`TrainingError`] when there is nothing to train or to validate on, the network fails, files
/// cannot be written, or the loss diverges.
pub(crate) fn train_epochs<T: Trainer>(
    trainer: &mut T,
    parts: &Parts<T::Example>,
    weights: &mut Weights,
    stage: &Stage<'_>,
    report: &mut dyn FnMut(&str),
) -> Result<i64, TrainingError> {
    parts.refuse_empty()?;
    let moved = checkpoint::trained(weights);
    let mut optimiser = AdamW::new(moved, stage.weight_decay, 1.0, stage.device)?;
    let path = stage.out.join(stage.checkpoint);
    let mut progress = Progress { epochs: 0, best: f64::INFINITY };
    if stage.resume && path.exists() {
        progress = checkpoint::load(&path, weights, &mut optimiser)?;
        report(&format!("resumed after {} {}", stage.label, progress.epochs));
    }
    trainer.begin(parts)?;
    while progress.epochs < stage.until.min(stage.epochs) {
        let started = Instant::now();
        let loss = train_epoch(trainer, parts, &mut optimiser, stage, progress.epochs)?;
        progress.epochs += 1;
        let validated = trainer.validate(&parts.validation, &loss)?;
        if let Some(error) = validated.error.filter(|error| *error < progress.best) {
            progress.best = error;
            trainer.keep_best(parts, weights)?;
        }
        checkpoint::save(&path, weights, &optimiser, progress)?;
        let seconds = started.elapsed().as_secs_f64();
        let mut line = validated.log;
        line["epoch"] = json!(progress.epochs);
        line["step"] = json!(optimiser.steps);
        line["seconds"] = json!(seconds);
        run_log::append(stage.out, &line)?;
        report(&format!(
            "{} {:3}/{}  {}  {seconds:.1} s",
            stage.label, progress.epochs, stage.epochs, validated.line
        ));
    }
    Ok(progress.epochs)
}

/// One pass in an order that depends only on seed and epoch.
#[allow(clippy::cast_possible_wrap)]
fn train_epoch<T: Trainer>(
    trainer: &T,
    parts: &Parts<T::Example>,
    optimiser: &mut AdamW,
    stage: &Stage<'_>,
    number: i64,
) -> Result<EpochLoss, TrainingError> {
    let mut random = random(stage.seed, stage.salt, number);
    let items = trainer.items(&parts.train, &mut random);
    let steps = stage.epochs * items.len().div_ceil(stage.batch) as i64;
    let (mut epoch, mut summed) = (EpochLoss::default(), None::<Tensor>);
    for batch in items.chunks(stage.batch).filter(|batch| batch.len() >= stage.least_batch) {
        // Dropout draws from torch's generator: seeded by step, so that a resumed run is the same.
        tch::manual_seed((stage.seed ^ stage.salt).cast_signed() ^ (optimiser.steps << 16));
        let Some(step) = trainer.loss(&parts.train, batch, &mut random)? else { continue };
        step.loss.f_backward()?;
        optimiser.step(stage.rate.at(optimiser.steps, steps))?;
        let figures = step.figures.f_to_kind(Kind::Float)?;
        summed = Some(match summed {
            Some(sum) => sum.f_add(&figures)?,
            None => figures,
        });
        epoch.batches += 1.0;
        if optimiser.steps % STEPS_BETWEEN_LOOKS == 0 {
            read(summed.as_ref(), optimiser.steps)?;
        }
    }
    epoch.sums = read(summed.as_ref(), optimiser.steps)?;
    // An epoch in which nothing is learned would pass for a network that has learned.
    if epoch.batches == 0.0 { Err(parts.no_batch()) } else { Ok(epoch) }
}

/// Sums as numbers; a loss that is none any more ends the run before it is written anywhere.
fn read(sums: Option<&Tensor>, steps: i64) -> Result<Vec<f64>, TrainingError> {
    let Some(sums) = sums else { return Ok(Vec::new()) };
    let sums = Vec::<f32>::try_from(sums.f_to_device(Device::Cpu)?)?;
    let sums: Vec<f64> = sums.into_iter().map(f64::from).collect();
    match sums.iter().all(|sum| sum.is_finite()) {
        true => Ok(sums),
        false => Err(TrainingError::Diverged(sums.iter().sum(), steps)),
    }
}
