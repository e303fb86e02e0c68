//! What a model was trained on, so that none of it is tested on.

use std::path::Path;

use super::EvaluationError;
use crate::training::{TRAINED_ON_FILE, key_hash, read_trained_on};

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
        std::fs::write(&path, &bytes).unwrap();
        let list = TrainedOn::read(folder.path()).unwrap();
        assert!(list.contains("BSYNRYMUTXBXSQ") && !list.contains("RYYVLZVUVIJVGH"));
        bytes.pop();
        std::fs::write(&path, &bytes).unwrap();
        assert!(TrainedOn::read(folder.path()).is_err(), "cut short");
    }
}
