//! One thread for each root.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Handle;
use tracing::{debug, error};

use larmor_store::{Observation, Store, StoreError};

use super::notifications::Notifications;
use super::watcher::{ObservationSink, Watcher};
use super::{WatchSettings, WatchedRoot};

/// The running watchers. Dropping it stops them without waiting.
pub struct Watching {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    wakers: Vec<Box<dyn Fn() + Send + Sync>>,
}

/// Records observations in the store, from a thread that is none of tokio's.
struct StoreSink {
    store: Store,
    runtime: Handle,
    /// Datasets that somebody asked to be looked at again.
    asked_for: HashSet<String>,
}

impl ObservationSink for StoreSink {
    fn observe(&mut self, observation: &Observation) -> Result<(), StoreError> {
        let outcome = self.runtime.block_on(self.store.observe(observation))?;
        debug!(path = observation.path, state = ?observation.state, reason = observation.reason,
            change = ?outcome.change, acquisition = %outcome.acquisition, "observed");
        if self.asked_for.remove(&observation.path) {
            let looked = self.store.looked_at(&observation.instrument, &observation.path);
            self.runtime.block_on(looked)?;
        }
        Ok(())
    }

    fn vanished(&mut self, instrument: &str, path: &str) -> Result<(), StoreError> {
        if let Some(acquisition) = self.runtime.block_on(self.store.vanished(instrument, path))? {
            debug!(path, %acquisition, "vanished");
        }
        Ok(())
    }

    fn retryable(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError> {
        let mut places = self.runtime.block_on(self.store.retryable(instrument, rest))?;
        let asked_for = self.runtime.block_on(self.store.to_look_at(instrument))?;
        places.extend(asked_for.iter().cloned());
        self.asked_for = asked_for.into_iter().collect();
        Ok(places)
    }
}

/// Starts watching. To be called within a tokio runtime.
///
/// # Errors
/// When the system gives no thread.
pub fn watch(
    roots: impl IntoIterator<Item = WatchedRoot>,
    settings: WatchSettings,
    store: &Store,
) -> io::Result<Watching> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut watching = Watching { stop, threads: Vec::new(), wakers: Vec::new() };
    for root in roots {
        let runtime = Handle::current();
        let sink = StoreSink { store: store.clone(), runtime, asked_for: HashSet::new() };
        let notifications = Notifications::new();
        watching.wakers.push(Box::new(notifications.waker()));
        let name = format!("watch {}", root.settings.instrument);
        let stop = Arc::clone(&watching.stop);
        let watcher = Watcher::new(root, settings, sink, stop);
        watching
            .threads
            .push(thread::Builder::new().name(name).spawn(|| watcher.watch(notifications))?);
    }
    Ok(watching)
}

impl Watching {
    /// True while every root is being watched.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.threads.iter().any(JoinHandle::is_finished)
    }

    fn signal_stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        for wake in &self.wakers {
            wake();
        }
    }

    /// Stops and waits for the inspections under way. Blocks the calling thread.
    pub fn stop(mut self) {
        self.signal_stop();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                error!("a watcher had ended before it was asked to; restart Larmor");
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.signal_stop();
    }
}
