//! What a model was trained on, so that none of it is tested on.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::file;
use crate::error::{EvaluationError, TrainingError};

/// File beside the weights with the sorted 64-bit digests of the keys trained on.
pub const TRAINED_ON_FILE: &str = "trained_on.bin";

/// Digests of the InChIKey blocks a model has seen, from beside its card.
#[derive(Debug, Clone, Default)]
pub struct TrainedOn(Vec<u64>);

impl TrainedOn {
    /// Reads the list in a model's folder.
    ///
    /// # Errors
    /// [`EvaluationError::TrainedOn`] when it is missing, empty or damaged: a model that does not
    /// say what it was trained on is not tested.
    pub fn read(folder: &Path) -> Result<Self, EvaluationError> {
        let path = folder.join(TRAINED_ON_FILE);
        let wrong = |reason: String| EvaluationError::TrainedOn { path: path.clone(), reason };
        let keys = read_trained_on(folder).map_err(|e| wrong(e.to_string()))?;
        if keys.is_empty() || !keys.is_sorted() {
            return Err(wrong("is not a list of digests".to_owned()));
        }
        Ok(Self(keys))
    }

    /// What any of several models has seen.
    #[must_use]
    pub fn together(lists: &[Self]) -> Self {
        let mut keys: Vec<u64> = lists.iter().flat_map(|list| list.0.iter().copied()).collect();
        keys.sort_unstable();
        keys.dedup();
        Self(keys)
    }

    /// True when the molecule was trained on.
    #[must_use]
    pub fn contains(&self, block: &str) -> bool {
        self.0.binary_search(&key_hash(block)).is_ok()
    }
}

/// 64-bit digest of an InChIKey block: what model cards keep of the molecules trained on.
#[must_use]
pub fn key_hash(block: &str) -> u64 {
    let digest = Sha256::digest(block.as_bytes());
    digest.iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte))
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

/// Writes the digests of the keys a model was trained on, in this run or before, sorted and each once;
/// tells how many there are.
pub(crate) fn write_trained_on(
    out: &Path,
    keys: impl IntoIterator<Item = u64>,
) -> Result<usize, TrainingError> {
    let mut keys: Vec<u64> = keys.into_iter().collect();
    keys.sort_unstable();
    keys.dedup();
    let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_be_bytes()).collect();
    file::replace(&out.join(TRAINED_ON_FILE), &bytes)?;
    Ok(keys.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_trained_molecule_is_recognised_and_a_damaged_list_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(TRAINED_ON_FILE);
        assert!(TrainedOn::read(folder.path()).is_err(), "no list");
        let mut keys = ["LFQSCWFLJHTTHZ", "BSYNRYMUTXBXSQ"].map(key_hash);
        keys.sort_unstable();
        let mut bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_be_bytes()).collect();
        fs::write(&path, &bytes).unwrap();
        let list = TrainedOn::read(folder.path()).unwrap();
        assert!(list.contains("BSYNRYMUTXBXSQ") && !list.contains("RYYVLZVUVIJVGH"));
        bytes.pop();
        fs::write(&path, &bytes).unwrap();
        assert!(TrainedOn::read(folder.path()).is_err(), "cut short");
    }
}
