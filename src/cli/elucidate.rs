//! `larmor elucidate`: acquisition or peak list in, candidates and assignments out.

use super::CommandError;

/// Options of `larmor elucidate`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(
    _arguments: &Arguments,
    _config: Option<&std::path::Path>,
) -> Result<(), CommandError> {
    Err("not built yet".into())
}
