//! `larmor-lab train none`: how probable it is that none of the candidates of a search is right.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use super::fit_lists::FitLists;
use larmor_command_line::{CommandError, output};
use larmor_elucidation::Elucidator;
use larmor_elucidation::library::Library;
use larmor_lab::verification::train_none;

/// Options of `larmor-lab train none`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    lists: FitLists,
    /// Folder of a library, as `larmor library import` makes it with the shift network.
    #[arg(long, value_name = "DIR")]
    library: PathBuf,
}

/// Prints the regressions as the parameter `none_of_these`.
pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    let (system, cases) = arguments.lists.open()?;
    let predictor = system.predictor().clone();
    let library = Library::open(&arguments.library, predictor.model_digest())?;
    let elucidator = Elucidator::new(predictor, vec![Arc::new(library)]);
    let found = train_none(&elucidator, &cases)?;
    Ok(writeln!(output(), "{}", serde_json::to_string_pretty(&found)?)?)
}
