//! `larmor train`: train a network.

use super::CommandError;

/// Options of `larmor train`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> Result<(), CommandError> {
    Err("not built yet".into())
}
