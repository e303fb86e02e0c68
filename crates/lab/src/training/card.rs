//! What a finished run leaves beside its weights: the card, and which molecules it saw.

use std::fs;
use std::path::Path;

use super::TrainingError;
use larmor_networks::{CARD_FILE, ModelCard, file_sha256};

/// File beside the weights with the sorted 64-bit digests of the keys trained on.
pub const TRAINED_ON_FILE: &str = "trained_on.bin";

pub(super) const LICENCE: &str = "Trained on nmrshiftdb2, whose database licence derives from ODbL (share-alike): pass the \
     weights on under the same terms and name nmrshiftdb2.";

pub(super) fn digest(path: &Path) -> Result<String, TrainingError> {
    file_sha256(path).map_err(TrainingError::file(path))
}

/// Digests of the keys the model in a folder was trained on.
///
/// # Errors
/// [`TrainingError`] when the list cannot be read or is cut off.
pub fn read_trained_on(folder: &Path) -> Result<Vec<u64>, TrainingError> {
    let path = folder.join(TRAINED_ON_FILE);
    let bytes = fs::read(&path).map_err(TrainingError::file(&path))?;
    let (keys, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(TrainingError::Format { path, reason: "is cut off".to_owned() });
    }
    Ok(keys.iter().map(|key| u64::from_be_bytes(*key)).collect())
}

pub(super) fn write_trained_on(out: &Path, keys: &[u64]) -> Result<(), TrainingError> {
    let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_be_bytes()).collect();
    replace(&out.join(TRAINED_ON_FILE), &bytes)
}

pub(super) fn write(out: &Path, card: &ModelCard) -> Result<(), TrainingError> {
    let text = serde_json::to_string_pretty(card).unwrap_or_default() + "\n";
    replace(&out.join(CARD_FILE), text.as_bytes())
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(TrainingError::file(&temporary))?;
    fs::rename(&temporary, path).map_err(TrainingError::file(path))
}
