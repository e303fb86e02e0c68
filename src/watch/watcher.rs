//! Watches one root. The scan decides what there is; hints only make it look sooner.

use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use tracing::{debug, info, warn};

use larmor_nmr::fid;
use larmor_store::{SightedState, Sighting, StoreError};

use super::evidence::Evidence;
use super::hints::Hints;
use super::ledger::{Ledger, Need, Told};
use super::look::{Look, look, sighting};
use super::walk::{Met, dataset_of, datasets};
use super::{Patience, WatchedRoot, decode_path};

/// Wait after the database was found away, and after files changed under our eyes.
const PAUSE: Duration = Duration::from_secs(1);
/// What failed for a cause that may pass rests for this long before it is looked at again, unless
/// the root has just come back.
const REST: Duration = Duration::from_secs(600);

/// Takes what the watcher sees. Blocks the calling thread.
pub trait Sightings {
    /// Records a sighting.
    ///
    /// # Errors
    /// When it could not be recorded; the watcher tells it again later.
    fn sight(&mut self, sighting: &Sighting) -> Result<(), StoreError>;

    /// Stored paths of the instrument's datasets that failed at least `rest` ago for a cause that
    /// may have passed.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn stranded(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError>;
}

/// The watcher of one root, with what it knows of its datasets.
pub(super) struct Watcher<S> {
    root: WatchedRoot,
    patience: Patience,
    sightings: S,
    ledger: Ledger,
    /// Datasets to look at before the next scan.
    due: HashMap<PathBuf, Instant>,
    next_scan: Instant,
    /// Whether the root could be listed at the last scan; none before the first.
    there: Option<bool>,
    stop: Arc<AtomicBool>,
}

/// The database is away: nothing can be told for now.
struct Away;

impl<S: Sightings> Watcher<S> {
    pub(super) fn new(
        root: WatchedRoot,
        patience: Patience,
        sightings: S,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            root,
            patience,
            sightings,
            ledger: Ledger::default(),
            due: HashMap::new(),
            next_scan: Instant::now(),
            there: None,
            stop,
        }
    }

    /// Watches until told to stop.
    pub(super) fn run(mut self, mut hints: Hints) {
        let mut deaf = false;
        while !self.stopped() {
            if !self.root.poll && self.there != Some(false) {
                match hints.listen(&self.root.path) {
                    Ok(()) => deaf = false,
                    Err(error) if !deaf => {
                        deaf = true;
                        warn!(root = %self.root.path.display(), %error,
                            "no notifications; datasets are found by scans alone");
                    }
                    Err(_) => {}
                }
            }
            if hints.take_overflow() || self.next_scan <= Instant::now() {
                self.scan(Some(&hints));
            } else {
                self.look_at_due();
            }
            if self.there == Some(false) {
                hints.deafen();
            }
            for path in hints.wait(self.next_wake()) {
                self.hinted(&path);
            }
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn next_wake(&self) -> Instant {
        self.due.values().copied().fold(self.next_scan, Instant::min)
    }

    /// Looks at everything below the root; what is hinted at meanwhile comes first.
    pub(super) fn scan(&mut self, hints: Option<&Hints>) {
        let begun = Instant::now();
        self.ledger.begin_scan();
        if let Err(Away) = self.take_up_stranded() {
            self.next_scan = Instant::now() + PAUSE;
            return;
        }
        let (mut found, mut readable) = (0_usize, true);
        for met in datasets(&self.root.path.clone(), is_dataset) {
            if self.stopped() {
                return;
            }
            match met {
                Met::Dataset(dataset) => {
                    found += 1;
                    if let Some(hints) = hints {
                        hints.ready().for_each(|path| self.hinted(&path));
                        self.look_at_due();
                    }
                    if let Err(Away) = self.consider(&dataset) {
                        self.next_scan = Instant::now() + PAUSE;
                        return;
                    }
                }
                Met::Unreadable(error) if error.depth() == 0 => {
                    readable = false;
                    if self.there != Some(false) {
                        warn!(root = %self.root.path.display(), %error,
                            "the root cannot be read; it is tried again at every scan");
                    }
                }
                Met::Unreadable(error) => debug!(%error, "a directory cannot be read"),
            }
        }
        if readable && self.there != Some(true) {
            info!(root = %self.root.path.display(), instrument = self.root.instrument,
                datasets = found, "watching");
        }
        self.there = Some(readable);
        if readable && let Err(Away) = self.consider_missed() {
            self.next_scan = Instant::now() + PAUSE;
            return;
        }
        debug!(root = %self.root.path.display(), datasets = found, known = self.ledger.len(),
            took_ms = begun.elapsed().as_millis(), "scanned");
        self.next_scan = Instant::now() + self.patience.scan_interval;
    }

    /// Datasets that failed while their files could not be reached are looked at again: the files
    /// themselves have not changed.
    fn take_up_stranded(&mut self) -> Result<(), Away> {
        // Nothing was told yet, so everything will be.
        if self.there.is_none() {
            return Ok(());
        }
        let back = self.there == Some(false) && self.root.path.is_dir();
        let rest = if back { Duration::ZERO } else { REST };
        match self.sightings.stranded(&self.root.instrument, rest) {
            Ok(stranded) => {
                for path in stranded {
                    self.ledger.look_again(&decode_path(&path));
                }
                Ok(())
            }
            Err(error) if error.is_unavailable() => Err(Away),
            Err(error) => {
                warn!(
                    error = &error as &dyn std::error::Error,
                    "datasets that failed in passing cannot be asked for"
                );
                Ok(())
            }
        }
    }

    fn consider_missed(&mut self) -> Result<(), Away> {
        for dataset in self.ledger.missed() {
            if Evidence::of(&dataset).is_err() {
                self.gone(&dataset)?;
            }
        }
        Ok(())
    }

    fn look_at_due(&mut self) {
        let now = Instant::now();
        let due: Vec<PathBuf> =
            self.due.iter().filter(|(_, at)| **at <= now).map(|(path, _)| path.clone()).collect();
        for dataset in due {
            self.due.remove(&dataset);
            if let Err(Away) = self.consider(&dataset) {
                // The next scan meets it again.
                self.next_scan = self.next_scan.min(Instant::now() + PAUSE);
            }
        }
    }

    /// Something changed at `path`.
    fn hinted(&mut self, path: &Path) {
        let now = Instant::now();
        match dataset_of(&self.root.path, path, is_dataset) {
            Some(dataset) => {
                self.due.entry(dataset).or_insert(now);
            }
            // A whole directory may have been moved in.
            None if path.starts_with(&self.root.path) && path.is_dir() && !path.is_symlink() => {
                for met in datasets(path, is_dataset) {
                    if let Met::Dataset(dataset) = met {
                        self.due.entry(dataset).or_insert(now);
                    }
                }
            }
            None => {}
        }
    }

    /// Looks into a dataset if its files are not as they were.
    fn consider(&mut self, dataset: &Path) -> Result<(), Away> {
        let evidence = match Evidence::of(dataset) {
            Ok(evidence) => evidence,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.gone(dataset),
            Err(error) => {
                debug!(dataset = %dataset.display(), %error, "a dataset cannot be looked at");
                return Ok(());
            }
        };
        let quiet = evidence.quiet(SystemTime::now());
        let stale_after = self.patience.stale_after;
        let need = self.ledger.note(dataset, evidence, quiet, Instant::now(), stale_after);
        let Need::Look(quiet) = need else { return Ok(()) };
        match self.look(dataset, evidence, quiet) {
            Look::Tell(sighting, told) => {
                if self.tell(&sighting)? {
                    self.ledger.told(dataset, told);
                }
                Ok(())
            }
            Look::Wait(time) => {
                let at = Instant::now() + time.max(PAUSE / 5);
                self.due.insert(dataset.to_owned(), at);
                Ok(())
            }
            Look::Gone => self.gone(dataset),
        }
    }

    /// A dataset that breaks the reader must not end the watch over all others.
    fn look(&self, dataset: &Path, evidence: Evidence, quiet: Duration) -> Look {
        let looked = catch_unwind(AssertUnwindSafe(|| {
            look(&self.root, dataset, evidence, quiet, self.patience)
        }));
        looked.unwrap_or_else(|_| {
            let relative = dataset.strip_prefix(&self.root.path).unwrap_or(dataset);
            let mut sighting = sighting(&self.root, dataset, relative);
            sighting.state = SightedState::Failed;
            sighting.reason = Some("Larmor failed to inspect it; please report this".to_owned());
            Look::Tell(Box::new(sighting), Told::Final)
        })
    }

    /// A dataset that was being written is gone. One that had been told as final needs no word:
    /// it may have been moved, or archived.
    fn gone(&mut self, dataset: &Path) -> Result<(), Away> {
        self.due.remove(dataset);
        if self.ledger.is_open(dataset) {
            let relative = dataset.strip_prefix(&self.root.path).unwrap_or(dataset);
            let mut sighting = sighting(&self.root, dataset, relative);
            sighting.state = SightedState::Overdue;
            sighting.reason = Some("it vanished before it was complete".to_owned());
            self.tell(&sighting)?;
        }
        self.ledger.forget(dataset);
        Ok(())
    }

    /// Tells a sighting; false when the store refused it.
    fn tell(&mut self, sighting: &Sighting) -> Result<bool, Away> {
        match self.sightings.sight(sighting) {
            Ok(()) => Ok(true),
            Err(error) if error.is_unavailable() => {
                debug!(%error, "the database is away; the scan is repeated");
                Err(Away)
            }
            Err(error) => {
                warn!(
                    path = sighting.path,
                    error = &error as &dyn std::error::Error,
                    "a dataset could not be recorded; it is tried again at the next scan"
                );
                Ok(false)
            }
        }
    }
}

fn is_dataset(path: &Path) -> bool {
    fid::recognise(path).is_some()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
