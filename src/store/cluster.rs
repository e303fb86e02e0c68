//! The private cluster: a Postgres of Larmor's own in its state directory.

use std::path::Path;

/// Why the private cluster could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Not built yet.
    #[error("not built yet")]
    NotBuilt,
}

/// How to run the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterOptions {
    /// Account that runs Postgres when Larmor runs as root, which Postgres refuses.
    pub user: Option<String>,
    /// False trades safety against power loss for speed, and removes the data when the
    /// process ends: for tests.
    pub durable: bool,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self { user: None, durable: true }
    }
}

/// A running private cluster. Dropping it, or the end of the process whatever the cause, stops
/// Postgres.
#[derive(Debug)]
pub struct PrivateCluster {
    url: String,
}

impl PrivateCluster {
    /// Starts the cluster in `state_dir`, making it first where there is none, and waits until
    /// it takes connections.
    ///
    /// # Errors
    /// [`ClusterError`], which says what to install or change.
    pub async fn start(state_dir: &Path, options: &ClusterOptions) -> Result<Self, ClusterError> {
        let _ = (state_dir, options);
        Err(ClusterError::NotBuilt)
    }

    /// Address of its database `larmor`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it and waits for the end.
    ///
    /// # Errors
    /// [`ClusterError`] when it does not end.
    pub async fn stop(self) -> Result<(), ClusterError> {
        Err(ClusterError::NotBuilt)
    }
}
