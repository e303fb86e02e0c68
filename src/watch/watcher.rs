//! Watches one root. The scan decides what there is; notifications only make it inspect sooner.

use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use tracing::{debug, info, warn};

use larmor_store::{Observation, ObservedState, RECONNECT, StoreError};

use super::dataset_search::{Found, search};
use super::file_access::Disk;
use super::file_stamps::FileStamps;
use super::inspect::{InspectionOutcome, inspect, observation};
use super::notifications::Notifications;
use super::observed_datasets::{Need, ObservedDatasets, Reported};
use super::{WatchSettings, WatchedRoot, decode_path, encode_path};
use larmor_retry::Backoff;

/// Shortest wait before files that changed during their inspection are inspected again.
const CHANGING: Duration = Duration::from_millis(200);
/// What failed for a cause that may pass rests for this long before it is inspected again, unless
/// the root has just come back.
const REST: Duration = Duration::from_secs(600);

/// Takes what the watcher observes. Blocks the calling thread.
pub trait ObservationSink {
    /// Records an observation.
    ///
    /// # Errors
    /// When it could not be recorded; the watcher reports it again later.
    fn observe(&mut self, observation: &Observation) -> Result<(), StoreError>;

    /// Records that what lay at a stored path of the instrument's is gone.
    ///
    /// # Errors
    /// When it could not be recorded; the watcher reports it again later.
    fn vanished(&mut self, instrument: &str, path: &str) -> Result<(), StoreError>;

    /// Stored paths of the instrument's datasets that failed at least `rest` ago for a cause that
    /// may have passed, and of those that somebody asked to be looked at again.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn retryable(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError>;
}

/// The watcher of one root, with what it knows of its datasets.
pub(super) struct Watcher<S> {
    root: WatchedRoot,
    settings: WatchSettings,
    sink: S,
    observed: ObservedDatasets,
    /// Datasets to inspect before the next scan.
    due: HashMap<PathBuf, Instant>,
    next_scan: Instant,
    /// Waits for a database that is away.
    backoff: Backoff,
    /// Whether the root could be listed at the last scan; none before the first.
    reachable: Option<bool>,
    stop: Arc<AtomicBool>,
}

/// The database is away: nothing can be reported for now.
struct DatabaseAway;

impl<S: ObservationSink> Watcher<S> {
    pub(super) fn new(
        root: WatchedRoot,
        settings: WatchSettings,
        sink: S,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            root,
            settings,
            sink,
            observed: ObservedDatasets::default(),
            due: HashMap::new(),
            next_scan: Instant::now(),
            backoff: Backoff::new(RECONNECT),
            reachable: None,
            stop,
        }
    }

    /// Watches until asked to stop.
    pub(super) fn watch(mut self, mut notifications: Notifications) {
        let mut without_notifications = false;
        while !self.stopped() {
            if !self.root.settings.poll && self.reachable != Some(false) {
                match notifications.listen(&self.root.settings.path) {
                    Ok(()) => without_notifications = false,
                    Err(error) if !without_notifications => {
                        without_notifications = true;
                        warn!(root = %self.root.settings.path.display(), %error,
                            "no notifications; datasets are found by scans alone");
                    }
                    Err(_) => {}
                }
            }
            if notifications.take_overflow() || self.next_scan <= Instant::now() {
                self.scan(Some(&notifications));
            } else {
                self.inspect_due();
            }
            if self.reachable == Some(false) {
                notifications.stop_listening();
            }
            for path in notifications.wait(self.next_wake()) {
                self.notified(&path);
            }
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn next_wake(&self) -> Instant {
        self.due.values().copied().fold(self.next_scan, Instant::min)
    }

    /// Inspects everything below the root that has changed; what notifications name meanwhile
    /// comes first.
    pub(super) fn scan(&mut self, notifications: Option<&Notifications>) {
        let wait = match self.try_scan(notifications) {
            Ok(()) => {
                self.backoff.reset();
                self.settings.scan_interval
            }
            Err(DatabaseAway) => self.backoff.next_wait(),
        };
        self.next_scan = Instant::now() + wait;
    }

    fn try_scan(&mut self, notifications: Option<&Notifications>) -> Result<(), DatabaseAway> {
        let begun = Instant::now();
        self.observed.begin_scan();
        self.recheck_retryable()?;
        let (mut count, mut readable) = (0_usize, true);
        let root = self.root.settings.path.clone();
        for found in search(&Disk, &root, &root) {
            if self.stopped() {
                return Ok(());
            }
            match found {
                Found::Dataset(dataset) => {
                    count += 1;
                    if let Some(notifications) = notifications {
                        notifications.ready().for_each(|path| self.notified(&path));
                        self.inspect_due();
                    }
                    self.inspect_if_changed(&dataset)?;
                }
                Found::Unreadable(path, error) if path == root => {
                    readable = false;
                    if self.reachable != Some(false) {
                        warn!(root = %root.display(), %error,
                            "the root cannot be read; it is tried again at every scan");
                    }
                }
                Found::Unreadable(path, error) => {
                    debug!(path = %path.display(), %error, "a directory cannot be read");
                }
            }
        }
        if readable && self.reachable != Some(true) {
            info!(root = %self.root.settings.path.display(), instrument = self.root.settings.instrument,
                datasets = count, "watching");
        }
        self.reachable = Some(readable);
        if readable {
            self.report_missing()?;
        }
        debug!(root = %self.root.settings.path.display(), datasets = count, observed = self.observed.len(),
            took_ms = begun.elapsed().as_millis(), "scanned");
        Ok(())
    }

    /// Datasets that failed while their files could not be reached, and those that somebody asks
    /// for, are inspected again: the files themselves have not changed.
    fn recheck_retryable(&mut self) -> Result<(), DatabaseAway> {
        // Nothing was reported yet, so everything will be.
        if self.reachable.is_none() {
            return Ok(());
        }
        let back = self.reachable == Some(false) && self.root.settings.path.is_dir();
        let rest = if back { Duration::ZERO } else { REST };
        match self.sink.retryable(&self.root.settings.instrument, rest) {
            Ok(retryable) => {
                for path in retryable {
                    self.observed.inspect_again(&decode_path(&path));
                }
                Ok(())
            }
            Err(error) if error.is_unavailable() => Err(DatabaseAway),
            Err(error) => {
                warn!(
                    error = &error as &dyn std::error::Error,
                    "datasets that failed in passing cannot be asked for"
                );
                Ok(())
            }
        }
    }

    fn report_missing(&mut self) -> Result<(), DatabaseAway> {
        for dataset in self.observed.missed() {
            if FileStamps::of(&dataset).is_err() {
                self.gone(&dataset)?;
            }
        }
        Ok(())
    }

    fn inspect_due(&mut self) {
        let now = Instant::now();
        let due: Vec<PathBuf> =
            self.due.iter().filter(|(_, at)| **at <= now).map(|(path, _)| path.clone()).collect();
        for dataset in due {
            self.due.remove(&dataset);
            if let Err(DatabaseAway) = self.inspect_if_changed(&dataset) {
                // The next scan finds it again, and all that are due after it.
                self.next_scan = self.next_scan.min(Instant::now() + self.backoff.next_wait());
                self.due.retain(|_, at| *at > now);
                return;
            }
        }
    }

    /// Something changed at `path`.
    fn notified(&mut self, path: &Path) {
        let now = Instant::now();
        // A whole directory may have been moved in.
        for found in search(&Disk, &self.root.settings.path, path) {
            if let Found::Dataset(dataset) = found {
                self.due.entry(dataset).or_insert(now);
            }
        }
    }

    /// Inspects a dataset if its files are not as they were.
    fn inspect_if_changed(&mut self, dataset: &Path) -> Result<(), DatabaseAway> {
        let stamps = match FileStamps::of(dataset) {
            Ok(stamps) => stamps,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.gone(dataset),
            Err(error) => {
                debug!(dataset = %dataset.display(), %error, "a dataset cannot be inspected");
                return Ok(());
            }
        };
        let quiet = stamps.quiet(SystemTime::now());
        let need = self.observed.note(dataset, stamps, quiet, Instant::now(), self.settings);
        let Need::Inspect(quiet) = need else { return Ok(()) };
        match self.inspect(dataset, stamps, quiet) {
            InspectionOutcome::Report(observation, reported) => {
                if self.report(&observation)? {
                    self.observed.reported(dataset, reported);
                }
                Ok(())
            }
            InspectionOutcome::Wait(time) => {
                let at = Instant::now() + time.max(CHANGING);
                self.due.insert(dataset.to_owned(), at);
                Ok(())
            }
            InspectionOutcome::Gone => self.gone(dataset),
        }
    }

    /// A dataset that breaks the reader must not end the watch over all others.
    fn inspect(&self, dataset: &Path, stamps: FileStamps, quiet: Duration) -> InspectionOutcome {
        let inspected = catch_unwind(AssertUnwindSafe(|| {
            inspect(&self.root, dataset, stamps, quiet, self.settings)
        }));
        inspected.unwrap_or_else(|_| {
            let relative = dataset.strip_prefix(&self.root.settings.path).unwrap_or(dataset);
            let mut observation = observation(&self.root, dataset, relative);
            observation.state = ObservedState::Failed;
            observation.reason = Some("Larmor failed to inspect it; please report this".to_owned());
            InspectionOutcome::Report(Box::new(observation), Reported::Final)
        })
    }

    /// A dataset that was being written is gone. One that had been reported as final needs no word:
    /// it may have been moved, or archived.
    fn gone(&mut self, dataset: &Path) -> Result<(), DatabaseAway> {
        self.due.remove(dataset);
        if self.observed.is_open(dataset) {
            let path = encode_path(dataset);
            let recorded = self.sink.vanished(&self.root.settings.instrument, &path);
            if !self.is_recorded(&path, recorded)? {
                return Ok(());
            }
        }
        self.observed.forget(dataset);
        Ok(())
    }

    /// Reports an observation; false when the store refused it.
    fn report(&mut self, observation: &Observation) -> Result<bool, DatabaseAway> {
        let recorded = self.sink.observe(observation);
        self.is_recorded(&observation.path, recorded)
    }

    /// False when the store refused what was reported of a path.
    fn is_recorded(
        &self,
        path: &str,
        recorded: Result<(), StoreError>,
    ) -> Result<bool, DatabaseAway> {
        match recorded {
            Ok(()) => Ok(true),
            Err(error) if error.is_unavailable() => {
                debug!(%error, "the database is away; the scan is repeated");
                Err(DatabaseAway)
            }
            Err(error) => {
                warn!(
                    path,
                    error = &error as &dyn std::error::Error,
                    "a dataset could not be recorded; it is tried again at the next scan"
                );
                Ok(false)
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
