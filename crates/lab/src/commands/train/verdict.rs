//! `larmor-lab train verdict`: how discrepancies of proposed structures are weighed.

use std::collections::HashSet;
use std::path::PathBuf;

use larmor_command_line::CommandError;
use larmor_elucidation::{Elucidator, Parameters};
use larmor_lab::evaluation::Selection;
use larmor_lab::protocols::System;
use larmor_lab::verification::{CaseSet, Half, VerdictTraining, read_blocks, train_verdict};

/// Options of `larmor-lab train verdict`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder of the shift network.
    #[arg(long, value_name = "DIR")]
    model: PathBuf,
    /// 13C and 1H lists as printed (JSON lines); their half to fit on is taken.
    #[arg(long, value_name = "FILE")]
    lists: PathBuf,
    /// Leave out what is in this file (JSON lines with `inchikey`), too; may be given several times.
    #[arg(long, value_name = "FILE")]
    without: Vec<PathBuf>,
    /// At most so many molecules, drawn at random.
    #[arg(long, value_name = "N")]
    molecules: Option<usize>,
    /// Wrong structures of a kind for each molecule, at most.
    #[arg(long, value_name = "N", default_value_t = 2)]
    per_kind: usize,
    /// Molecules whose structures are compared with their alternatives, too.
    #[arg(long, value_name = "N", default_value_t = 300)]
    compared: usize,
    /// Seed of every draw.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// File for the weights (JSON).
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(1);
    let (system, _, trained_on) = System::open(&arguments.model, "auto", Parameters::default())?;
    let System::Shift(system) = &system else {
        return Err("only a shift network judges proposed structures".into());
    };
    let mut without = HashSet::new();
    for path in &arguments.without {
        without.extend(read_blocks(path)?);
    }
    let selection =
        Selection { most: arguments.molecules, seed: arguments.seed, ..Selection::default() };
    let (lists, half) = (&arguments.lists, Half::Fit);
    let cases = CaseSet::of_lists(lists, half, &without, &selection, &trained_on)?;
    let elucidator = Elucidator::new(system.predictor().clone(), Vec::new());
    let training = VerdictTraining {
        per_kind: arguments.per_kind,
        compared: arguments.compared,
        seed: arguments.seed,
    };
    let weights = train_verdict(&elucidator, &cases, training)?;
    let text = serde_json::to_string_pretty(&weights)?;
    std::fs::write(&arguments.out, text + "\n")
        .map_err(|e| format!("{}: {e}", arguments.out.display()))?;
    Ok(())
}
