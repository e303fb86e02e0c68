//! `larmor-lab train none`: how probable it is that none of the candidates of a search is right.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use larmor_command_line::{CommandError, output};
use larmor_elucidation::library::Library;
use larmor_elucidation::{Elucidator, Parameters};
use larmor_lab::evaluation::Selection;
use larmor_lab::protocols::System;
use larmor_lab::verification::{CaseSet, Half, read_blocks, train_none};

/// Options of `larmor-lab train none`.
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
    /// Folder of a library, as `larmor library import` makes it with the shift network.
    #[arg(long, value_name = "DIR")]
    library: PathBuf,
    /// At most so many molecules, drawn at random.
    #[arg(long, value_name = "N")]
    molecules: Option<usize>,
    /// Seed of every draw.
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

/// Prints the regressions as the parameter `none_of_these`.
pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(1);
    let (system, _, trained_on) = System::open(&arguments.model, "auto", Parameters::default())?;
    let System::Shift(system) = &system else {
        return Err("only a shift network searches by lists".into());
    };
    let mut without = HashSet::new();
    for path in &arguments.without {
        without.extend(read_blocks(path)?);
    }
    let selection =
        Selection { most: arguments.molecules, seed: arguments.seed, ..Selection::default() };
    let (lists, half) = (&arguments.lists, Half::Fit);
    let cases = CaseSet::of_lists(lists, half, &without, &selection, &trained_on)?;
    let predictor = system.predictor().clone();
    let library = Library::open(&arguments.library, predictor.model_digest())?;
    let elucidator = Elucidator::new(predictor, vec![Arc::new(library)]);
    let found = train_none(&elucidator, &cases)?;
    Ok(writeln!(output(), "{}", serde_json::to_string_pretty(&found)?)?)
}
