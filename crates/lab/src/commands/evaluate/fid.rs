//! `larmor-lab evaluate fid`: acquisitions of known compounds in, ranking and assignment out.

use std::path::PathBuf;

use super::options::{Common, open_library};
use larmor_command_line::CommandError;
use larmor_lab::protocols::{self, System};

/// Options of `larmor-lab evaluate fid`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Folder with `ground_truth.json` and a folder of datasets for each compound.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder of a library, as `larmor library import` makes it with the model:
    /// `STATE_DIR/libraries/NAME`.
    #[arg(long, value_name = "DIR")]
    library: Option<PathBuf>,
    /// Structures (SMILES) of which those with a compound's formula are candidates, too.
    #[arg(long, value_name = "FILE")]
    isomers: Option<PathBuf>,
    /// Only this compound.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

pub(super) fn fid(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let library =
        arguments.library.as_deref().map(|folder| open_library(folder, &system)).transpose()?;
    let System::Shift(system) = &system else {
        return Err("only a shift network judges samples".into());
    };
    common.print(&protocols::fids(
        system,
        &trained_on,
        &arguments.data,
        library,
        arguments.isomers.as_deref(),
        arguments.only.as_deref(),
    )?)
}
