//! Molecules that must never be trained on, by the first block of their InChIKey.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::error::TrainingError;

/// InChIKey first blocks kept away from training.
#[derive(Debug, Clone, Default)]
pub struct HeldOut(HashSet<String>);

impl HeldOut {
    /// Reads a list: a 14-letter block first on each line, `#` starts a comment.
    ///
    /// # Errors
    /// [`TrainingError`] when the file cannot be read or a line holds no block.
    pub fn read(path: &Path) -> Result<Self, TrainingError> {
        let text = fs::read_to_string(path).map_err(TrainingError::file(path))?;
        let mut blocks = HashSet::new();
        for line in text.lines().map(|line| line.split('#').next().unwrap_or("").trim()) {
            let Some(word) = line.split_whitespace().next() else { continue };
            let block = word.get(..14).filter(|b| b.bytes().all(|c| c.is_ascii_uppercase()));
            let block = block.ok_or_else(|| TrainingError::Format {
                path: path.to_owned(),
                reason: format!("'{word}' does not start with an InChIKey block"),
            })?;
            blocks.insert(block.to_owned());
        }
        Ok(Self(blocks))
    }

    /// Adds a block.
    pub fn insert(&mut self, block: &str) {
        self.0.insert(block.to_owned());
    }

    /// True when the molecule must not be trained on.
    #[must_use]
    pub fn contains(&self, block: &str) -> bool {
        self.0.contains(block)
    }
}
