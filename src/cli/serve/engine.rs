//! What processing needs besides the database: the network and the libraries.

use std::sync::Arc;

use tracing::info;

use crate::cli::CommandError;
use crate::config::Config;
use crate::elucidation::Elucidator;
use crate::inference;
use crate::library::{self, Library};
use crate::service::{LibraryInfo, Limits, ModelInfo, ServerInfo};

/// A running network and open libraries.
pub(super) struct Engine {
    pub(super) elucidator: Arc<Elucidator>,
    pub(super) libraries: Vec<Arc<Library>>,
    pub(super) model_digest: String,
    pub(super) device: String,
}

impl Engine {
    /// Loads weights and libraries. Blocks.
    pub(super) fn start(config: &Config) -> Result<Self, CommandError> {
        let weights = config.models.shift_network();
        let network = inference::start(&weights, &config.models.device)?;
        let model_digest = network.predictor.model_digest().to_owned();
        info!(weights = %weights.display(), digest = model_digest, device = network.device,
            "shift network");
        let mut libraries = Vec::new();
        for name in &config.library.active {
            let folder = library::directory(&config.state_dir, name)?;
            let library = Library::open(&folder, &model_digest)?;
            info!(name, version = library.version(), molecules = library.len(), "library");
            libraries.push(Arc::new(library));
        }
        let elucidator = Arc::new(Elucidator::new(network.predictor, libraries.clone()));
        Ok(Self { elucidator, libraries, model_digest, device: network.device })
    }

    /// What the service tells of it.
    pub(super) fn info(&self) -> ServerInfo {
        let libraries = self.libraries.iter().map(|library| LibraryInfo {
            name: library.name().to_owned(),
            version: library.version().to_owned(),
            size: u64::from(library.len()),
        });
        ServerInfo {
            models: vec![ModelInfo { name: "shift".to_owned(), digest: self.model_digest.clone() }],
            devices: vec![self.device.clone()],
            libraries: libraries.collect(),
            limits: Limits::default(),
        }
    }
}
