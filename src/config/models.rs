//! Where weights lie.

use std::env;
use std::path::PathBuf;

use super::Models;

impl Models {
    /// Folder of the networks: the configured one, or where Larmor's own weights are: in the
    /// working directory, or in the tree Larmor is installed in.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        if let Some(directory) = &self.directory {
            return directory.clone();
        }
        let program = env::current_exe().unwrap_or_default();
        let installed = program.parent().and_then(|bin| bin.parent());
        let found = [PathBuf::from("models/default")]
            .into_iter()
            .chain(installed.map(|tree| tree.join("share/larmor/models/default")))
            .chain([PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/models/default"))])
            .find(|models| models.join("shift").is_dir());
        found.unwrap_or_else(|| PathBuf::from("models/default"))
    }
}
