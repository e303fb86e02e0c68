//! `larmor-lab train kmaid`: train K-M3AID.

use std::path::PathBuf;

use super::options::{Predicted, Run, TestFold, configuration, print_card, print_progress};
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
    #[command(flatten)]
    tests: TestFold,
    #[command(flatten)]
    predicted: Predicted,
    /// Weights of a K-M3AID run that left out the same fold (`trained_on.bin` beside them), in place
    /// of the first stage.
    #[arg(long, value_name = "FILE")]
    start_from: Option<PathBuf>,
    /// Also train on molecules that are in no fold.
    #[arg(long)]
    beyond_folds: bool,
    /// A built-in configuration (soft, paper, sp-id, wp-id-1, wp-id-5, wp-id-10, no-comm, gaussian,
    /// student-t) or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "soft")]
    variant: String,
    /// Passes of the first stage: over measured and predicted spectra together, or, where the encoder
    /// of spectra is to be frozen, of the encoder alone.
    #[arg(long, default_value_t = 30)]
    pretraining_epochs: i64,
    /// Passes over the measured spectra after it.
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
    /// Store the weights in 16 bits.
    #[arg(long)]
    half_precision: bool,
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
        test_fold: arguments.tests.fold(),
        held_out: common.held_out()?,
        network: configuration(&arguments.variant, KmaidConfig::named, &KMAID_CONFIGS)?,
        predicted: arguments.predicted.files(),
        start_from: arguments.start_from.clone(),
        pretraining_epochs: arguments.pretraining_epochs,
        epochs: arguments.epochs,
        batch: arguments.batch.max(2),
        learning_rate: arguments.learning_rate,
        constant_rate: arguments.constant_rate,
        weight_decay: arguments.weight_decay,
        seed: arguments.seed,
        half_precision: arguments.half_precision,
        resume: common.resume,
        stop_after: common.stop_after,
        device: choose_device(&common.device)?,
    };
    print_card(train_kmaid(&run, &mut print_progress)?)
}
