//! `larmor-lab train acml`: train ACML for 13C or 1H.

use std::path::PathBuf;

use super::options::{Predicted, Run, TestFold, print_card, print_progress};
use larmor_command_line::CommandError;
use larmor_lab::acml::{AcmlTraining, train_acml};
use larmor_lab::data::read_folds;
use larmor_networks::{AcmlConfig, AcmlNucleus, choose_device};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Nucleus {
    #[value(name = "13C", alias = "13c")]
    Carbon,
    #[value(name = "1H", alias = "1h")]
    Proton,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Variant {
    Soft,
    Paper,
}

/// Options of `larmor-lab train acml`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
    /// Whose spectra.
    #[arg(long, value_enum)]
    nucleus: Nucleus,
    /// Published folds: CSV lines `id,fold` (default: what the records say).
    #[arg(long, value_name = "CSV")]
    folds: Option<PathBuf>,
    #[command(flatten)]
    tests: TestFold,
    #[command(flatten)]
    predicted: Predicted,
    /// `soft`: spectra as sets of peaks, atoms described in full; `paper`: 13C in bins, 1H as a trace.
    #[arg(long, value_enum, default_value = "soft")]
    variant: Variant,
    /// Also train on molecules that are in no fold.
    #[arg(long)]
    beyond_folds: bool,
    /// A spectrum encoder trained before (`pretraining.safetensors` or `weights.safetensors` of a
    /// run that left out the same fold, `trained_on.bin` beside it) in place of the first stage.
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// Passes over the data that train the spectrum encoder.
    #[arg(long, default_value_t = 30)]
    pretraining_epochs: i64,
    /// Passes over the data that train the rest.
    #[arg(long, default_value_t = 100)]
    epochs: i64,
    /// Molecules in a batch.
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Highest learning rate.
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Keep that learning rate throughout in place of one cycle.
    #[arg(long)]
    constant_rate: bool,
    /// Decay of weight matrices.
    #[arg(long, default_value_t = 1e-3)]
    weight_decay: f64,
    /// Points of a 1H trace: 512 times a power of two, or one more (the paper: 32769).
    #[arg(long, default_value_t = 4_096)]
    points: usize,
    /// Height of a 1H trace (1 = its maximum) below which heights count as they are and above which
    /// their logarithm does; 0 takes all as they are.
    #[arg(long, default_value_t = 0.02)]
    knee: f64,
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
    let nucleus = match arguments.nucleus {
        Nucleus::Carbon => AcmlNucleus::Carbon,
        Nucleus::Proton => AcmlNucleus::Proton,
    };
    let run = AcmlTraining {
        data: common.data.clone(),
        folds: arguments.folds.as_deref().map(read_folds).transpose()?,
        beyond_folds: arguments.beyond_folds,
        out: common.out.clone(),
        test_fold: arguments.tests.fold(),
        held_out: common.held_out()?,
        network: AcmlConfig {
            points: arguments.points,
            knee: arguments.knee,
            ..match arguments.variant {
                Variant::Soft => AcmlConfig::soft(nucleus),
                Variant::Paper => AcmlConfig::published(nucleus),
            }
        },
        predicted: arguments.predicted.files(),
        encoder: arguments.encoder.clone(),
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
    print_card(train_acml(&run, &mut print_progress)?)
}
