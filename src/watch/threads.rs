//! One thread for each root.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Handle;
use tracing::{debug, error};

use larmor_store::{Sighting, Store, StoreError};

use super::hints::Hints;
use super::watcher::{Sightings, Watcher};
use super::{Patience, WatchedRoot};

/// The running watchers. Dropping it stops them without waiting.
pub struct Watching {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    wakers: Vec<Box<dyn Fn() + Send + Sync>>,
}

/// Records sightings from a thread that is none of tokio's.
struct Recorder {
    store: Store,
    runtime: Handle,
}

impl Sightings for Recorder {
    fn sight(&mut self, sighting: &Sighting) -> Result<(), StoreError> {
        let sighted = self.runtime.block_on(self.store.sight(sighting))?;
        debug!(path = sighting.path, state = ?sighting.state, reason = sighting.reason,
            change = ?sighted.change, acquisition = %sighted.acquisition, "sighted");
        Ok(())
    }

    fn stranded(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError> {
        self.runtime.block_on(self.store.stranded(instrument, rest))
    }
}

/// Starts watching. To be called within a tokio runtime.
///
/// # Errors
/// When the system gives no thread.
pub fn watch(
    roots: impl IntoIterator<Item = WatchedRoot>,
    patience: Patience,
    store: &Store,
) -> io::Result<Watching> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut watching = Watching { stop, threads: Vec::new(), wakers: Vec::new() };
    for root in roots {
        let recorder = Recorder { store: store.clone(), runtime: Handle::current() };
        let hints = Hints::new();
        watching.wakers.push(Box::new(hints.waker()));
        let name = format!("watch {}", root.instrument);
        let stop = Arc::clone(&watching.stop);
        let watcher = Watcher::new(root, patience, recorder, stop);
        watching.threads.push(thread::Builder::new().name(name).spawn(|| watcher.run(hints))?);
    }
    Ok(watching)
}

impl Watching {
    /// True while every root is being watched.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.threads.iter().any(JoinHandle::is_finished)
    }

    fn tell_to_stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        for wake in &self.wakers {
            wake();
        }
    }

    /// Stops and waits for the looks under way. Blocks the calling thread.
    pub fn stop(mut self) {
        self.tell_to_stop();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                error!("a watcher had ended before it was told to; restart Larmor");
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.tell_to_stop();
    }
}
