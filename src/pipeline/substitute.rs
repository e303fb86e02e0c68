//! Workers that work in place of those that wait for a slow share.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::debug;

use super::compute::ComputeThread;
use super::worker::{Shared, Worker};

/// Most substitutes of a process at once.
pub(super) const MOST: usize = 8;

/// Another worker, for as long as this is kept; it finishes what it has at hand then.
pub(super) struct Substitute {
    _until: DropGuard,
}

impl Substitute {
    /// Starts one; `None` when there are many already, or the system gives no thread.
    pub(super) fn start(shared: &Arc<Shared>) -> Option<Self> {
        let place = Arc::clone(&shared.substitutes).try_acquire_owned().ok()?;
        let compute = match ComputeThread::start("compute substitute", &shared.computing) {
            Ok(compute) => compute,
            Err(error) => {
                debug!(%error, "no substitute for a worker that waits");
                return None;
            }
        };
        let worker = Worker {
            name: format!("{}/substitute", shared.process_name),
            compute,
            shared: Arc::clone(shared),
        };
        let until = CancellationToken::new();
        shared.tracker.spawn(work(worker, until.clone(), place));
        Some(Self { _until: until.drop_guard() })
    }
}

async fn work(worker: Worker, until: CancellationToken, place: OwnedSemaphorePermit) {
    worker.work(until).await;
    drop(place);
}
