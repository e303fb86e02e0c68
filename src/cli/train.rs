//! `larmor train`: train a network.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::CommandError;
use super::output::output;
use crate::network::{ModelCard, ShiftConfig, choose_device};
use crate::training::{
    HeldOut, ShiftCombination, ShiftTraining, TrainingError, combine_shift, train_shift,
};

/// Options of `larmor train`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    network: Network,
}

#[derive(Debug, clap::Subcommand)]
enum Network {
    /// The shift network: 13C and 1H shifts from a structure.
    Shift(Shift),
    /// Puts trained shift networks together into one model that answers with their mean.
    ShiftEnsemble(Ensemble),
}

#[derive(Debug, clap::Args)]
struct Shift {
    /// Molecules with assigned shifts: JSON lines, gzipped or not.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Folder for checkpoint, log, model card and weights.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// InChIKey first blocks that must not be trained on, one a line.
    #[arg(long, value_name = "FILE")]
    held_out: Option<PathBuf>,
    /// Fold of the published split that tests.
    #[arg(long, default_value_t = 0, conflicts_with = "all_folds")]
    test_fold: u8,
    /// Train on every fold; nothing is left to test on.
    #[arg(long)]
    all_folds: bool,
    /// Passes over the data.
    #[arg(long, default_value_t = 60)]
    epochs: i64,
    /// Molecules in a batch.
    #[arg(long, default_value_t = 48)]
    batch: usize,
    /// Message-passing layers.
    #[arg(long, default_value_t = 5)]
    layers: i64,
    /// Width of an atom's state.
    #[arg(long, default_value_t = 128)]
    width: i64,
    /// Dropout inside each layer.
    #[arg(long, default_value_t = 0.05)]
    dropout: f64,
    /// An attention block after every so many layers; 0 for none.
    #[arg(long, default_value_t = 2)]
    attention_every: i64,
    /// Highest learning rate.
    #[arg(long, default_value_t = 1.5e-3)]
    learning_rate: f64,
    /// Decay of weight matrices.
    #[arg(long, default_value_t = 0.02)]
    weight_decay: f64,
    /// Seed of weights, order and augmentation.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Weights to start from instead of random ones (a network of the same size).
    #[arg(long, value_name = "FILE")]
    start_from: Option<PathBuf>,
    /// Go on from the checkpoint in the output folder.
    #[arg(long)]
    resume: bool,
    /// Stop after this many epochs of the run, to be resumed later.
    #[arg(long, value_name = "EPOCHS")]
    stop_after: Option<i64>,
    /// `auto`, `cpu`, `cuda` or `cuda:N`.
    #[arg(long, default_value = "auto")]
    device: String,
    /// Threads libtorch may use on the CPU; one is fastest for networks of this size.
    #[arg(long, default_value_t = 1)]
    threads: i32,
}

#[derive(Debug, clap::Args)]
struct Ensemble {
    /// Folders of the trained networks.
    #[arg(required = true, value_name = "DIR")]
    members: Vec<PathBuf>,
    /// The data all of them were trained on.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Folder for the combined model.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// InChIKey first blocks none of them was trained on, one a line.
    #[arg(long, value_name = "FILE")]
    held_out: Option<PathBuf>,
    /// Fold of the published split none of them was trained on.
    #[arg(long, default_value_t = 0, conflicts_with = "all_folds")]
    test_fold: u8,
    /// The networks were trained on every fold.
    #[arg(long)]
    all_folds: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let card = match &arguments.network {
        Network::Shift(shift) => train(shift)?,
        Network::ShiftEnsemble(ensemble) => combine(ensemble)?,
    };
    writeln!(output(), "{}", serde_json::to_string_pretty(&card)?)?;
    Ok(())
}

fn held_out(path: Option<&Path>) -> Result<HeldOut, TrainingError> {
    Ok(path.map(HeldOut::read).transpose()?.unwrap_or_default())
}

fn combine(ensemble: &Ensemble) -> Result<ModelCard, CommandError> {
    tch::set_num_threads(1);
    Ok(combine_shift(&ShiftCombination {
        members: ensemble.members.clone(),
        out: ensemble.out.clone(),
        data: ensemble.data.clone(),
        test_fold: (!ensemble.all_folds).then_some(ensemble.test_fold),
        held_out: held_out(ensemble.held_out.as_deref())?,
        device: choose_device("cpu")?,
    })?)
}

fn train(shift: &Shift) -> Result<ModelCard, CommandError> {
    tch::set_num_threads(shift.threads);
    let run = ShiftTraining {
        data: shift.data.clone(),
        out: shift.out.clone(),
        test_fold: (!shift.all_folds).then_some(shift.test_fold),
        held_out: held_out(shift.held_out.as_deref())?,
        network: ShiftConfig {
            layers: shift.layers,
            width: shift.width,
            dropout: shift.dropout,
            attention_every: shift.attention_every,
            solvent: true,
        },
        epochs: shift.epochs,
        batch: shift.batch.max(1),
        learning_rate: shift.learning_rate,
        weight_decay: shift.weight_decay,
        seed: shift.seed,
        start_from: shift.start_from.clone(),
        resume: shift.resume,
        stop_after: shift.stop_after,
        device: choose_device(&shift.device)?,
    };
    // A run of hours does not end because nobody reads its progress any more.
    Ok(train_shift(&run, &mut |line| {
        let _ = writeln!(output(), "{line}");
    })?)
}
