//! `larmor-lab clean`: mark wrong assignments in a data file.

use std::io::Write;
use std::path::PathBuf;

use larmor_command_line::{CommandError, output};
use larmor_lab::cleaning;
use larmor_networks::{ShiftEnsemble, choose_device};

/// Options of `larmor-lab clean`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Molecules with assigned shifts, JSON lines, gzipped or not.
    #[arg(value_name = "FILE")]
    data: PathBuf,
    /// Folder of a shift network that has not learned from the file, one taught by predicted shifts
    /// alone for example: another would repeat its mistakes.
    #[arg(long, value_name = "DIR")]
    model: PathBuf,
    /// File to write: the same records, what is wrong marked.
    #[arg(long, value_name = "FILE.jsonl.gz")]
    out: PathBuf,
    /// `auto`, `cpu`, `cuda` or `cuda:N`.
    #[arg(long, default_value = "auto")]
    device: String,
}

pub(crate) fn clean(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(1);
    let (net, _) = ShiftEnsemble::open(&arguments.model, choose_device(&arguments.device)?)?;
    let found = cleaning::clean(&arguments.data, &net, &arguments.out)?;
    write!(output(), "{found}")?;
    Ok(())
}
