//! `larmor-lab train kmaid`: train K-M3AID.

use std::path::PathBuf;

use super::options::{Run, configuration, print_card, print_progress};
use larmor_command_line::CommandError;
use larmor_lab::data::read_folds;
use larmor_lab::kmaid::{KmaidTraining, train_kmaid};
use larmor_networks::{KMAID_CONFIGS, KmaidConfig, choose_device};

/// Options of `larmor-lab train kmaid`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
    /// Published folds: CSV lines `id,fold` (default: what the records say).
    #[arg(long, value_name = "CSV")]
    folds: Option<PathBuf>,
    /// Fold of the published split that tests.
    #[arg(long, default_value_t = 0)]
    fold: u8,
    /// Also train on molecules that are in no fold.
    #[arg(long)]
    beyond_folds: bool,
    /// A built-in configuration (paper, sp-id, wp-id-1, wp-id-5, wp-id-10, no-comm, gaussian,
    /// student-t) or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "paper")]
    variant: String,
    /// Passes over the data that train the spectrum encoder.
    #[arg(long, default_value_t = 30)]
    pretraining_epochs: i64,
    /// Passes over the data that train the rest.
    #[arg(long, default_value_t = 200)]
    epochs: i64,
    /// Molecules in a batch.
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Highest learning rate.
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Keep that learning rate throughout, as the authors did, in place of one cycle.
    #[arg(long)]
    constant_rate: bool,
    /// Decay of weight matrices.
    #[arg(long, default_value_t = 1e-3)]
    weight_decay: f64,
    /// Seed of weights, order and augmentation.
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.run;
    tch::set_num_threads(common.threads);
    let run = KmaidTraining {
        data: common.data.clone(),
        folds: arguments.folds.as_deref().map(read_folds).transpose()?,
        beyond_folds: arguments.beyond_folds,
        out: common.out.clone(),
        test_fold: arguments.fold,
        held_out: common.held_out()?,
        network: configuration(&arguments.variant, KmaidConfig::named, &KMAID_CONFIGS)?,
        pretraining_epochs: arguments.pretraining_epochs,
        epochs: arguments.epochs,
        batch: arguments.batch.max(2),
        learning_rate: arguments.learning_rate,
        constant_rate: arguments.constant_rate,
        weight_decay: arguments.weight_decay,
        seed: arguments.seed,
        resume: common.resume,
        stop_after: common.stop_after,
        device: choose_device(&common.device)?,
    };
    print_card(train_kmaid(&run, &mut print_progress)?)
}
