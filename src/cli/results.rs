//! `larmor results`: watch, list and get results of a running server.

use super::CommandError;

/// Options of `larmor results`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> Result<(), CommandError> {
    Err("not built yet".into())
}
