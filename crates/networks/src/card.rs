//! Model cards: what a set of weights is, what it was trained on and how well it does.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tch::Device;

use crate::error::NetworkError;
use crate::parameters::Parameters;
use crate::placement::Placement;

/// Name of the card in a model's folder.
pub const CARD_FILE: &str = "card.json";
/// Name of the weights in a model's folder.
pub const WEIGHTS_FILE: &str = "weights.safetensors";

/// A model card, as kept in `card.json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// What the network does: `shift`, `kmaid`, `acml` or `specmol`, for example.
    pub model: String,
    /// Version of the program that trained it.
    pub larmor_version: String,
    /// Size of the network.
    pub architecture: serde_json::Value,
    /// SHA-256 of the weight file, hex.
    pub weights_sha256: String,
    /// SHA-256 of the training data file, hex.
    pub data_sha256: String,
    /// How the data were split.
    pub split: String,
    /// Molecules trained on, validated on and tested on.
    pub molecules: serde_json::Value,
    /// Settings of the training run.
    pub training: serde_json::Value,
    /// What was measured, on which part.
    pub metrics: serde_json::Value,
    /// Where the data come from and what that means for the weights.
    pub licence: String,
}

impl ModelCard {
    /// Reads a model's card and checks that the weights beside it are the ones it describes.
    ///
    /// # Errors
    /// [`NetworkError`] when either file is missing or the digest differs.
    pub fn open(folder: &Path) -> Result<Self, NetworkError> {
        let path = folder.join(CARD_FILE);
        let wrong = |reason: String| NetworkError::Card { path: path.clone(), reason };
        let text = fs::read_to_string(&path).map_err(|e| wrong(e.to_string()))?;
        let card: Self = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        let weights = folder.join(WEIGHTS_FILE);
        let found = file_sha256(&weights)
            .map_err(|e| NetworkError::Weights { path: weights.clone(), reason: e.to_string() })?;
        if found != card.weights_sha256 {
            let reason = "not the file its card describes (digest differs)".to_owned();
            return Err(NetworkError::Weights { path: weights, reason });
        }
        Ok(card)
    }

    /// Size of the network, read as what the caller builds.
    ///
    /// # Errors
    /// [`NetworkError::Card`] when the card describes another kind of network.
    pub fn architecture<T: DeserializeOwned>(&self, folder: &Path) -> Result<T, NetworkError> {
        serde_json::from_value(self.architecture.clone()).map_err(|e| NetworkError::Card {
            path: folder.join(CARD_FILE),
            reason: format!("architecture: {e}"),
        })
    }
}

/// Opens a trained network of a folder: what `build` makes of the architecture its card states and
/// of the weights beside the card, each of which it has to ask for.
///
/// # Errors
/// [`NetworkError`] when card or weights are missing, damaged or of another network.
pub(crate) fn open_network<C: DeserializeOwned, N>(
    folder: &Path,
    on: Placement,
    build: impl FnOnce(&mut Parameters, &C, Device) -> Result<N, NetworkError>,
) -> Result<(N, ModelCard), NetworkError> {
    let card = ModelCard::open(folder)?;
    let config: C = card.architecture(folder)?;
    let path = folder.join(WEIGHTS_FILE);
    let mut parameters = Parameters::from_file(&path, on, false)?;
    let net = build(&mut parameters, &config, on.device)?;
    parameters.finish(&path)?;
    Ok((net, card))
}

/// SHA-256 of a file, hex.
///
/// # Errors
/// When the file cannot be read.
pub fn file_sha256(path: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    std::io::copy(&mut fs::File::open(path)?, &mut HashWriter(&mut hasher))?;
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

struct HashWriter<'a>(&'a mut Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
