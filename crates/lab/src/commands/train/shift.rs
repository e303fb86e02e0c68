//! `larmor-lab train shift`: train the shift network.

use std::path::PathBuf;

use super::options::{Predicted, Run, print_card, print_progress};
use larmor_command_line::CommandError;
use larmor_lab::data::ListedFiles;
use larmor_lab::shift::{ShiftTraining, train_shift};
use larmor_networks::{ShiftConfig, choose_device};

/// Options of `larmor-lab train shift`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
    /// Fold of the published split that tests.
    #[arg(long, default_value_t = 0, conflicts_with = "all_folds")]
    test_fold: u8,
    /// Train on every fold; nothing is left to test on.
    #[arg(long)]
    all_folds: bool,
    #[command(flatten)]
    predicted: Predicted,
    /// Passes over predicted shifts before the measured ones.
    #[arg(long, default_value_t = 0)]
    pretraining_epochs: i64,
    /// Further measured molecules: lists as printed (their half to fit on), lists of 1H shifts, spin
    /// systems; JSON lines, gzipped or not. Several may be named.
    #[arg(long = "lists", value_name = "FILE")]
    lists: Vec<PathBuf>,
    /// Passes over the measured shifts.
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
    /// Also learn how far apart the two hydrogens of a CH2 lie.
    #[arg(long)]
    geminal: bool,
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
}

pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.run;
    tch::set_num_threads(common.threads);
    let run = ShiftTraining {
        data: common.data.clone(),
        out: common.out.clone(),
        test_fold: (!arguments.all_folds).then_some(arguments.test_fold),
        held_out: common.held_out()?,
        network: ShiftConfig {
            layers: arguments.layers,
            width: arguments.width,
            dropout: arguments.dropout,
            attention_every: arguments.attention_every,
            solvent: true,
            geminal: arguments.geminal,
        },
        predicted: arguments.predicted.files(),
        listed: ListedFiles { paths: arguments.lists.clone() },
        pretraining_epochs: arguments.pretraining_epochs,
        epochs: arguments.epochs,
        batch: arguments.batch.max(1),
        learning_rate: arguments.learning_rate,
        weight_decay: arguments.weight_decay,
        seed: arguments.seed,
        start_from: arguments.start_from.clone(),
        resume: common.resume,
        stop_after: common.stop_after,
        device: choose_device(&common.device)?,
    };
    print_card(train_shift(&run, &mut print_progress)?)
}
