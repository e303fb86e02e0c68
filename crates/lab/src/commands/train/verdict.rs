//! `larmor-lab train verdict`: how discrepancies of proposed structures are weighed.

use std::path::PathBuf;

use super::fit_lists::FitLists;
use larmor_command_line::CommandError;
use larmor_elucidation::Elucidator;
use larmor_lab::verification::{VerdictTraining, train_verdict};

/// Options of `larmor-lab train verdict`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    lists: FitLists,
    /// Wrong structures of a kind for each molecule, at most.
    #[arg(long, value_name = "N", default_value_t = 2)]
    per_kind: usize,
    /// Molecules whose structures are compared with their alternatives, too.
    #[arg(long, value_name = "N", default_value_t = 300)]
    compared: usize,
    /// File for the weights (JSON).
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    let (system, cases) = arguments.lists.open()?;
    let elucidator = Elucidator::new(system.predictor().clone(), Vec::new());
    let training = VerdictTraining {
        per_kind: arguments.per_kind,
        compared: arguments.compared,
        seed: arguments.lists.seed,
    };
    let weights = train_verdict(&elucidator, &cases, training)?;
    let text = serde_json::to_string_pretty(&weights)?;
    std::fs::write(&arguments.out, text + "\n")
        .map_err(|e| format!("{}: {e}", arguments.out.display()))?;
    Ok(())
}
