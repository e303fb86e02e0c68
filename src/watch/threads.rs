//! One thread for each root.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tracing::{error, warn};

use larmor_store::Store;

use super::notifications::Notifications;
use super::pulse::Pulse;
use super::sink::ObservationSink;
use super::store_sink::StoreSink;
use super::watcher::Watcher;
use super::{WatchSettings, WatchedRoot};
use crate::conditions::Conditions;

/// Longest wait for the watchers to end. What hangs on a share then ends with the process.
const ENDING: Duration = Duration::from_secs(4);
/// A watcher comes round every second, however long its steps take; one that has not for this long
/// never will.
const LOST: Duration = Duration::from_secs(300);

/// The running watchers. Dropping it stops them without waiting.
pub struct Watching {
    stop: Arc<AtomicBool>,
    watchers: Vec<RunningWatcher>,
}

/// The thread of one watcher.
struct RunningWatcher {
    instrument: String,
    thread: JoinHandle<()>,
    pulse: Arc<Pulse>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl RunningWatcher {
    fn is_alive(&self) -> bool {
        !self.thread.is_finished() && self.pulse.age() < LOST
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
    conditions: &Conditions,
) -> io::Result<Watching> {
    let mut watching = Watching::new();
    for root in roots {
        let sink = StoreSink::new(store.clone(), Handle::current(), conditions.clone());
        watching.add(Watcher::new(root, settings, sink, watching.stop_signal()))?;
    }
    Ok(watching)
}

impl Watching {
    /// No watchers yet.
    pub(super) fn new() -> Self {
        Self { stop: Arc::default(), watchers: Vec::new() }
    }

    /// What asks the watchers to stop.
    pub(super) fn stop_signal(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Gives a watcher that heeds the signal a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn add<S>(&mut self, watcher: Watcher<S>) -> io::Result<()>
    where
        S: ObservationSink + Send + 'static,
    {
        let instrument = watcher.root.settings.instrument.clone();
        let notifications = Notifications::new();
        let wake = Box::new(notifications.waker());
        let pulse = watcher.pulse();
        let thread = thread::Builder::new()
            .name(format!("watch {instrument}"))
            .spawn(|| watcher.watch(notifications))?;
        self.watchers.push(RunningWatcher { instrument, thread, pulse, wake });
        Ok(())
    }

    /// True while every root is being watched: a share that hangs keeps no watcher from that.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.watchers.iter().all(RunningWatcher::is_alive)
    }

    fn signal_stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        for watcher in &self.watchers {
            (watcher.wake)();
        }
    }

    /// Stops; waits a few seconds at most for the inspections under way. Blocks the calling thread.
    pub fn stop(mut self) {
        self.signal_stop();
        let begun = Instant::now();
        for watcher in self.watchers.drain(..) {
            while !watcher.thread.is_finished() && begun.elapsed() < ENDING {
                thread::sleep(Duration::from_millis(10));
            }
            if !watcher.thread.is_finished() {
                warn!(instrument = watcher.instrument, "its watcher hangs and is left behind");
            } else if watcher.thread.join().is_err() {
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
