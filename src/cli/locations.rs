//! Where libraries and models lie: options of a command over the configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{self, Config};
use larmor_command_line::CommandError;
use larmor_elucidation::RunningNetworks;
use larmor_elucidation::library::{Library, directory};
use larmor_networks::inference::{Predictor, SHIFT_FOLDER, start_shift_network};

/// Options of every command with libraries or models.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Places")]
pub(super) struct LocationOptions {
    /// Where Larmor keeps libraries (default: `state_dir` of the configuration).
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Folder of models (default: `models.directory`, or the weights Larmor came with).
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Where the network runs: auto, cpu, cuda or cuda:N (default: `models.device`).
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
}

/// The configuration with the options of a command applied.
pub(super) struct Locations {
    pub(super) config: Config,
}

impl LocationOptions {
    /// Loads the configuration and applies the options.
    pub(super) fn resolve(&self, file: Option<&Path>) -> Result<Locations, CommandError> {
        let mut config = config::load(file)?.config;
        if let Some(state_dir) = &self.state_dir {
            config.state_dir.clone_from(state_dir);
        }
        if let Some(models) = &self.models {
            config.models.directory = Some(models.clone());
        }
        if let Some(device) = &self.device {
            config.models.device.clone_from(device);
        }
        Ok(Locations { config })
    }
}

impl Locations {
    /// Starts the shift network alone.
    pub(super) fn predictor(&self) -> Result<Predictor, CommandError> {
        let models = &self.config.models;
        Ok(start_shift_network(&models.folder().join(SHIFT_FOLDER), &models.device)?)
    }

    /// Starts every network.
    pub(super) fn networks(&self) -> Result<RunningNetworks, CommandError> {
        let models = &self.config.models;
        Ok(RunningNetworks::start(&models.folder(), &models.device)?)
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
        Ok(directory(&self.config.state_dir, name)?)
    }

    /// The state directory.
    pub(super) fn state_dir(&self) -> &Path {
        &self.config.state_dir
    }
}
