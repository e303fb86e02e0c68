//! `larmor process`: acquisition in, spectrum and peaks out.

use super::CommandError;

/// Options of `larmor process`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> Result<(), CommandError> {
    Err("not built yet".into())
}
