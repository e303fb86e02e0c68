//! `larmor-lab evaluate mixtures`: what is found where more than one compound is in the tube?

use super::cases::CaseOptions;
use super::options::Common;
use larmor_command_line::CommandError;
use larmor_lab::protocols::{self, System};

/// Options of `larmor-lab evaluate mixtures`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    cases: CaseOptions,
}

pub(super) fn mixtures(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let System::Shift(system) = &system else {
        return Err("only a shift network judges mixtures".into());
    };
    let cases = arguments.cases.read(common, &trained_on)?;
    common.print(&protocols::mixtures(system, &cases, common.seed)?)
}
