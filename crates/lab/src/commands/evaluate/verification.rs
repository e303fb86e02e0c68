//! `larmor-lab evaluate verification`: is a structure right that is proposed alone?

use std::path::PathBuf;

use super::cases::CaseOptions;
use super::options::Common;
use larmor_command_line::CommandError;
use larmor_lab::protocols::{self, System};
use larmor_lab::verification::write_outcomes;

/// Options of `larmor-lab evaluate verification`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    cases: CaseOptions,
    /// Wrong structures of a kind for each molecule, at most, drawn at random.
    #[arg(long, value_name = "N", default_value_t = 3)]
    per_kind: usize,
    /// Leave out the rows of single kinds but for E/Z and epimers.
    #[arg(long)]
    no_kinds: bool,
    /// Write every single judgement to this file, as JSON lines.
    #[arg(long, value_name = "FILE")]
    outcomes: Option<PathBuf>,
}

pub(super) fn verification(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let System::Shift(system) = &system else {
        return Err("only a shift network judges proposed structures".into());
    };
    let cases = arguments.cases.read(common, &trained_on)?;
    let (most, kinds) = (arguments.per_kind, !arguments.no_kinds);
    let (report, judged) = protocols::verification(system, &cases, most, common.seed, kinds)?;
    if let Some(path) = &arguments.outcomes {
        write_outcomes(path, &cases.source, &judged)?;
    }
    common.print(&report)
}
