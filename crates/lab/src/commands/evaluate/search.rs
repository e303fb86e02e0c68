//! `larmor-lab evaluate search`: is the right structure found, and does what is said come true?

use std::path::PathBuf;
use std::sync::Arc;

use super::cases::CaseOptions;
use super::options::{Common, open_library};
use larmor_command_line::CommandError;
use larmor_elucidation::Elucidator;
use larmor_lab::protocols::{self, System};

/// Options of `larmor-lab evaluate search`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    cases: CaseOptions,
    /// Folder of a library, as `larmor library import` makes it with the shift network.
    #[arg(long, value_name = "DIR")]
    library: PathBuf,
}

pub(super) fn search(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let cases = arguments.cases.read(common, &trained_on)?;
    let library = Arc::new(open_library(&arguments.library, &system)?);
    let System::Shift(system) = &system else {
        return Err("only a shift network searches by lists".into());
    };
    let elucidator = Elucidator::new(system.predictor().clone(), vec![library])
        .with_parameters(*system.parameters());
    common.print(&protocols::search(&elucidator, &cases)?)
}
