//! Where libraries and models lie, for commands that need no daemon.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CommandError;
use crate::inference::{Predictor, Running, start};
use crate::library::{Library, directory};

/// Options every command with libraries or models has.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// Where Larmor keeps libraries.
    #[arg(
        long,
        value_name = "DIR",
        env = "LARMOR_STATE_DIR",
        default_value = ".larmor",
        help_heading = "Places"
    )]
    state_dir: PathBuf,
    /// Folder of models.
    #[arg(
        long,
        value_name = "DIR",
        env = "LARMOR_MODELS",
        default_value = "models",
        help_heading = "Places"
    )]
    models: PathBuf,
    /// Where the network runs: auto, cpu, cuda or cuda:N.
    #[arg(
        long,
        value_name = "DEVICE",
        env = "LARMOR_DEVICE",
        default_value = "auto",
        help_heading = "Places"
    )]
    device: String,
}

impl Place {
    /// Starts the shift network.
    pub(super) fn predictor(&self) -> Result<Predictor, CommandError> {
        let Running { predictor, .. } = start(&self.models.join("shift"), &self.device)?;
        Ok(predictor)
    }

    /// Opens a library by name.
    pub(super) fn library(
        &self,
        name: &str,
        model_digest: &str,
    ) -> Result<Arc<Library>, CommandError> {
        Ok(Arc::new(Library::open(&self.directory(name)?, model_digest)?))
    }

    /// Directory of a library.
    pub(super) fn directory(&self, name: &str) -> Result<PathBuf, CommandError> {
        Ok(directory(&self.state_dir, name)?)
    }

    /// The state directory.
    pub(super) fn state_dir(&self) -> &Path {
        &self.state_dir
    }
}
