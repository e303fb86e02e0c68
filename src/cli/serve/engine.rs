//! What processing needs besides the database: the network and the libraries.

use std::sync::Arc;

use tracing::info;

use crate::config::Config;
use crate::service::{LibraryInfo, ModelInfo, ServerInfo};
use larmor_command_line::CommandError;
use larmor_elucidation::library::{self, Library};
use larmor_elucidation::{Elucidator, RunningNetworks, SpectrumEmbedders};
use larmor_networks::inference::{RunningDevice, RunningModel};

/// Running networks and open libraries.
pub(super) struct Engine {
    pub(super) elucidator: Arc<Elucidator>,
    pub(super) libraries: Vec<Arc<Library>>,
    pub(super) model_digest: String,
    pub(super) models: Vec<RunningModel>,
    pub(super) device: RunningDevice,
}

impl Engine {
    /// Loads networks and libraries. Blocks.
    pub(super) fn start(config: &Config) -> Result<Self, CommandError> {
        let folder = config.models.folder();
        let networks = RunningNetworks::start(&folder, &config.models.device)?;
        for model in &networks.models {
            info!(name = model.name, folder = %folder.display(), device = %networks.device,
                digest = model.card.weights_sha256, "network");
        }
        let model_digest = networks.predictor.model_digest().to_owned();
        let mut libraries = Vec::new();
        for name in &config.library.active {
            let folder = library::directory(&config.state_dir, name)?;
            let library = Library::open(&folder, &model_digest)?;
            info!(name, version = library.version(), molecules = library.len(), "library");
            libraries.push(Arc::new(library));
        }
        let elucidator = Arc::new(
            Elucidator::new(Arc::clone(&networks.predictor), libraries.clone())
                .comparing(networks.comparers.clone()),
        );
        let RunningNetworks { models, device, .. } = networks;
        Ok(Self { elucidator, libraries, model_digest, models, device })
    }

    /// The networks that similar spectra are searched by.
    pub(super) fn embedders(&self) -> SpectrumEmbedders {
        self.elucidator.embedders()
    }

    /// What the service tells of it.
    pub(super) fn info(&self) -> ServerInfo {
        let libraries = self.libraries.iter().map(|library| LibraryInfo {
            name: library.name().to_owned(),
            version: library.version().to_owned(),
            size: u64::from(library.len()),
        });
        let models = self.models.iter().map(|model| ModelInfo {
            name: model.name.to_owned(),
            digest: model.card.weights_sha256.clone(),
            card: serde_json::to_string(&model.card).unwrap_or_default(),
        });
        ServerInfo {
            models: models.collect(),
            devices: vec![self.device.clone()],
            libraries: libraries.collect(),
            ..ServerInfo::default()
        }
    }
}
