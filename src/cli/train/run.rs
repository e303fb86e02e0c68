//! What every training run is told.

use std::path::PathBuf;

use crate::training::{HeldOut, TrainingError};

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
