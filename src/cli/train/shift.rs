//! `larmor train shift`: train the shift network.

use std::io::Write;
use std::path::PathBuf;

use crate::cli::CommandError;
use crate::cli::output::output;
use crate::network::{ShiftConfig, choose_device};
use crate::training::{HeldOut, ShiftTraining, train_shift};

/// Options of `larmor train shift`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
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

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(arguments.threads);
    let run = ShiftTraining {
        data: arguments.data.clone(),
        out: arguments.out.clone(),
        test_fold: (!arguments.all_folds).then_some(arguments.test_fold),
        held_out: arguments.held_out.as_deref().map(HeldOut::read).transpose()?.unwrap_or_default(),
        network: ShiftConfig {
            layers: arguments.layers,
            width: arguments.width,
            dropout: arguments.dropout,
            attention_every: arguments.attention_every,
            solvent: true,
        },
        epochs: arguments.epochs,
        batch: arguments.batch.max(1),
        learning_rate: arguments.learning_rate,
        weight_decay: arguments.weight_decay,
        seed: arguments.seed,
        start_from: arguments.start_from.clone(),
        resume: arguments.resume,
        stop_after: arguments.stop_after,
        device: choose_device(&arguments.device)?,
    };
    // A run of hours does not end because nobody reads its progress any more.
    let card = train_shift(&run, &mut |line| {
        let _ = writeln!(output(), "{line}");
    })?;
    writeln!(output(), "{}", serde_json::to_string_pretty(&card)?)?;
    Ok(())
}
