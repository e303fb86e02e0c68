//! Keeps the private cluster running: a Postgres that ends by itself, or is stopped by someone,
//! is started again. Work waits meanwhile; nothing is lost.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use larmor_command_line::CommandError;
use larmor_retry::{Backoff, Schedule};
use larmor_store::cluster::{ClusterError, ClusterOptions, PrivateCluster};

/// Between tries to start it again.
const RESTART: Schedule = Schedule::new(Duration::from_secs(1), 2, Duration::from_secs(10), 0.25);

/// A private cluster with someone who looks after it.
pub(super) struct GuardedCluster {
    url: String,
    stop: CancellationToken,
    guard: JoinHandle<Result<(), ClusterError>>,
}

impl GuardedCluster {
    pub(super) async fn start(
        state_dir: &Path,
        options: ClusterOptions,
    ) -> Result<Self, ClusterError> {
        let cluster = PrivateCluster::start(state_dir, &options).await?;
        let (url, stop) = (cluster.url().to_owned(), CancellationToken::new());
        let guard = tokio::spawn(guard(cluster, state_dir.to_owned(), options, stop.clone()));
        Ok(Self { url, stop, guard })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) async fn stop(self) -> Result<(), CommandError> {
        self.stop.cancel();
        Ok(self.guard.await??)
    }
}

async fn guard(
    mut cluster: PrivateCluster,
    state_dir: PathBuf,
    options: ClusterOptions,
    stop: CancellationToken,
) -> Result<(), ClusterError> {
    loop {
        tokio::select! {
            () = cluster.ended() => warn!("Postgres ended by itself; starting it again"),
            () = stop.cancelled() => return cluster.stop().await,
        }
        // It holds the lock that the next one needs.
        drop(cluster);
        let mut backoff = Backoff::new(RESTART);
        cluster = loop {
            match PrivateCluster::start(&state_dir, &options).await {
                Ok(started) => break started,
                Err(cause) => error!(
                    error = &cause as &dyn std::error::Error,
                    "Postgres does not start; work waits until it does"
                ),
            }
            tokio::select! {
                () = sleep(backoff.next_wait()) => {}
                () = stop.cancelled() => return Ok(()),
            }
        };
    }
}
