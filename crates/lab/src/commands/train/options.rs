//! Options that all training runs share, and what they print.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_lab::TrainingError;
use larmor_lab::data::{HeldOut, PredictedFiles};
use larmor_networks::ModelCard;

/// Options all networks share.
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// What is trained on: molecules with assigned shifts as JSON lines, for SpecMol a CSV list of
    /// molecules; gzipped or not.
    #[arg(long, value_name = "FILE")]
    pub(super) data: PathBuf,
    /// Folder for checkpoints, log, model card and weights.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// InChIKey first blocks that must not be trained on, one a line.
    #[arg(long, value_name = "FILE")]
    held_out: Option<PathBuf>,
    /// Go on from the checkpoint in the output folder.
    #[arg(long)]
    pub(super) resume: bool,
    /// Stop after this many epochs of the run (of both stages, where there are two), to be resumed
    /// later.
    #[arg(long, value_name = "EPOCHS")]
    pub(super) stop_after: Option<i64>,
    /// `auto`, `cpu`, `cuda` or `cuda:N`.
    #[arg(long, default_value = "auto")]
    pub(super) device: String,
    /// Threads libtorch may use on the CPU; one is fastest for networks of this size.
    #[arg(long, default_value_t = 1)]
    pub(super) threads: i32,
}

impl Run {
    pub(super) fn held_out(&self) -> Result<HeldOut, TrainingError> {
        Ok(self.held_out.as_deref().map(HeldOut::read).transpose()?.unwrap_or_default())
    }
}

/// Which fold tests.
#[derive(Debug, clap::Args)]
pub(super) struct TestFold {
    /// Fold of the published split that tests.
    #[arg(long, default_value_t = 0)]
    fold: u8,
    /// Train on every fold: for use, not for evaluation.
    #[arg(long, conflicts_with = "fold")]
    all_folds: bool,
}

impl TestFold {
    pub(super) fn fold(&self) -> Option<u8> {
        (!self.all_folds).then_some(self.fold)
    }
}

/// Predicted shifts that are learned from before measured ones.
#[derive(Debug, clap::Args)]
pub(super) struct Predicted {
    /// Molecules with predicted shifts (`larmor-lab predict`, or a teacher's labels), JSON lines,
    /// gzipped or not; several may be named.
    #[arg(long = "predicted", value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Most molecules of those files.
    #[arg(long, value_name = "N")]
    predicted_molecules: Option<usize>,
    /// Who predicted them, and what is known of what that was taught by: for the model card.
    #[arg(long, value_name = "TEXT")]
    predicted_by: Option<String>,
}

impl Predicted {
    pub(super) fn files(&self) -> PredictedFiles {
        PredictedFiles {
            paths: self.paths.clone(),
            most: self.predicted_molecules,
            by: self.predicted_by.clone(),
        }
    }
}

/// Prints a line of progress. A run of hours does not end because nobody reads it any more.
pub(super) fn print_progress(line: &str) {
    let mut out = output();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints the card of a run that has come to its end.
pub(super) fn print_card(card: Option<ModelCard>) -> Result<(), CommandError> {
    if let Some(card) = card {
        writeln!(output(), "{}", serde_json::to_string_pretty(&card)?)?;
    }
    Ok(())
}

/// A built-in configuration, or what a TOML file of that name states.
pub(super) fn configuration<T: DeserializeOwned>(
    name: &str,
    named: impl FnOnce(&str) -> Option<T>,
    known: &[&str],
) -> Result<T, CommandError> {
    if let Some(config) = named(name) {
        return Ok(config);
    }
    if !Path::new(name).exists() {
        let known = known.join(", ");
        return Err(format!("'{name}' is no configuration ({known}) and no file").into());
    }
    let text = fs::read_to_string(name).map_err(|e| format!("{name}: {e}"))?;
    Ok(toml::from_str(&text).map_err(|e| format!("{name}: {e}"))?)
}
