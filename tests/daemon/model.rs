//! Weights for the tests: the ones Larmor comes with.

use std::path::{Path, PathBuf};

/// Directory of models.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/default")
}
