//! The scan of a root: what there is, what is gone, and what may not be read.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tracing::{debug, info, warn};

use larmor_store::RecordedState;

use super::account::account;
use super::dataset_search::{Found, Known, Ways, is_gone, says_gone, search};
use super::file_stamps::Fingerprint;
use super::inspect::{readable_again, unreadable};
use super::notifications::Notifications;
use super::root_presence::{self, PresentRoot, RootAway};
use super::sink::ObservationSink;
use super::steps::{Running, StepError};
use super::unreadable::Tidings;
use super::watcher::{Interrupted, Watcher};
use super::{decode_path, encode_path};

/// What failed for a cause that may pass rests for this long before it is inspected again, unless
/// the root has just come back.
pub(super) const REST: Duration = Duration::from_secs(600);
/// What a search hands over at a time.
const BATCH: usize = 256;

impl<S: ObservationSink> Watcher<S> {
    /// Inspects everything below the root that has changed; what notifications name meanwhile
    /// comes first.
    pub(super) fn scan(&mut self, notifications: Option<&Notifications>) {
        let wait = match self.try_scan(notifications) {
            Ok(()) => {
                self.backoff.reset();
                self.told_no_thread = false;
                self.settings.scan_interval
            }
            Err(Interrupted::DatabaseAway) => self.backoff.next_wait(),
            Err(Interrupted::RootAway(away)) => {
                self.tell_away(&away);
                self.settings.scan_interval
            }
            Err(Interrupted::Step(error)) => {
                self.give_up(&error);
                match error {
                    // The rest of the root is not to wait for what hangs.
                    StepError::Hung { path, .. } if path != self.path() => Duration::ZERO,
                    _ => {
                        self.reachable = Some(false);
                        self.settings.scan_interval
                    }
                }
            }
        };
        self.next_scan = Instant::now() + wait;
    }

    fn try_scan(&mut self, notifications: Option<&Notifications>) -> Result<(), Interrupted> {
        let begun = Instant::now();
        self.take_up_recorded()?;
        let present = self.present_root()?;
        // What changed while the root was away, or notifications were lost, was not told.
        let all = self.missed_notifications || self.reachable != Some(true);
        let known = self.observed.begin_scan(all);
        self.unreadable.begin_scan();
        self.recheck_retryable()?;
        let walk = self.start_search(known)?;
        let mut count = 0_usize;
        while let Some(batch) = self.steps.next(&walk)? {
            for found in batch {
                if self.stopped() {
                    return Ok(());
                }
                if let Some(notifications) = notifications {
                    self.notified(notifications.ready());
                    self.inspect_due();
                }
                count += usize::from(!matches!(found, Found::Unreadable(..)));
                self.take(found)?;
            }
        }
        self.report_missing()?;
        self.follow_unreadable()?;
        self.remember()?;
        match self.reachable {
            None => info!(root = %self.path().display(),
                instrument = self.root.settings.instrument, datasets = count, "watching"),
            Some(false) => info!(root = %self.path().display(),
                instrument = self.root.settings.instrument, datasets = count, "the root is back"),
            Some(true) => {}
        }
        let instrument = self.root.settings.instrument.clone();
        self.sink.root_is_there(&instrument);
        self.reachable = Some(true);
        self.missed_notifications = false;
        self.device = Some(present.device);
        self.memory.was_mounted |= present.is_mounted;
        self.memory.held_datasets |= count > 0;
        debug!(root = %self.path().display(), datasets = count, observed = self.observed.len(),
            took_ms = begun.elapsed().as_millis(), "scanned");
        Ok(())
    }

    /// Takes up what was recorded before this start, so that only what changed meanwhile is read.
    fn take_up_recorded(&mut self) -> Result<(), Interrupted> {
        if self.is_started {
            return Ok(());
        }
        let instrument = self.root.settings.instrument.clone();
        let root = encode_path(self.path());
        let now = Instant::now();
        let recorded = self.sink.recorded(&instrument, &root);
        for dataset in self.answer(&root, recorded)?.unwrap_or_default() {
            let path = decode_path(&dataset.path);
            match dataset.state {
                RecordedState::Final { stamps } => {
                    if let Some(files) = Fingerprint::parse(&stamps) {
                        self.observed.recorded(path, Some(files), now);
                        self.memory.held_datasets = true;
                    }
                }
                RecordedState::Incomplete => {
                    self.observed.recorded(path, None, now);
                    self.memory.held_datasets = true;
                }
                RecordedState::Unreadable { reason } => self.unreadable.recorded(path, reason),
            }
        }
        self.is_started = true;
        Ok(())
    }

    /// The root, if it is there.
    fn present_root(&mut self) -> Result<PresentRoot, Interrupted> {
        let (root, memory) = (self.path().to_owned(), self.memory);
        let marker = self.root.settings.marker.clone();
        let looked = self.steps.run(&root.clone(), move |files| {
            root_presence::look(files, &root, marker.as_deref(), memory)
        })?;
        Ok(looked?)
    }

    /// That the root is away is told once.
    fn tell_away(&mut self, away: &RootAway) {
        if self.reachable.replace(false) == Some(false) || away.is_hanging() {
            return;
        }
        warn!(root = %self.path().display(), instrument = self.root.settings.instrument,
            reason = away as &dyn std::error::Error,
            "the root is away; it is tried again at every scan, and nothing counts as deleted");
        let instrument = self.root.settings.instrument.clone();
        self.sink.root_is_away(&instrument, &format!("{}: {away}", self.path().display()));
    }

    /// Datasets that failed while their files could not be reached, and those that somebody asks
    /// for, are inspected again: the files themselves have not changed.
    fn recheck_retryable(&mut self) -> Result<(), Interrupted> {
        // At a start, and when the root is back, nothing rests.
        let rest = if self.reachable == Some(true) { REST } else { Duration::ZERO };
        let instrument = self.root.settings.instrument.clone();
        let retryable = self.sink.retryable(&instrument, rest);
        for path in self.answer(&instrument, retryable)?.unwrap_or_default() {
            let path = decode_path(&path);
            self.observed.inspect_again(&path);
            self.unreadable.record_again(&path);
        }
        Ok(())
    }

    /// Searches the root on a thread of its own; what it finds comes in batches.
    fn start_search(&mut self, known: Known) -> Result<Running<Vec<Found>>, StepError> {
        let root = self.path().to_owned();
        self.steps.start(&root.clone(), move |files, sender| {
            let mut batch = Vec::new();
            for found in search(files, &known, &Ways::new(), &root, &root) {
                // Somebody may wait for what is new; what is not can wait.
                let is_new = !matches!(found, Found::Undisturbed(_));
                batch.push(found);
                let is_full = batch.len() >= BATCH || is_new && batch.len() >= BATCH / 16;
                if is_full && sender.send(std::mem::take(&mut batch)).is_err() {
                    return;
                }
            }
            let _ = sender.send(batch);
        })
    }

    fn take(&mut self, found: Found) -> Result<(), Interrupted> {
        match found {
            Found::Undisturbed(dataset) => {
                self.observed.passed(&dataset);
                Ok(())
            }
            Found::Dataset(dataset, stamps) => match self.looked_at(&dataset, *stamps) {
                // It alone hangs: the rest is not to wait for it.
                Err(Interrupted::Step(error @ StepError::Hung { .. })) => {
                    self.give_up(&error);
                    Ok(())
                }
                outcome => outcome,
            },
            Found::Unreadable(path, error) if path == self.path() => {
                Err(RootAway::Unreadable(error).into())
            }
            Found::Unreadable(path, error) => self.refused(&path, &error),
        }
    }

    /// A directory or dataset cannot be looked at.
    pub(super) fn refused(&mut self, path: &Path, error: &io::Error) -> Result<(), Interrupted> {
        // That another step hangs there was told; that a disk fails is no matter of rights.
        // What was recorded stays recorded, whoever may read it now.
        if error.kind() != io::ErrorKind::PermissionDenied || self.observed.is_final(path) {
            debug!(path = %path.display(), %error, "cannot be read");
            return Ok(());
        }
        let observation = unreadable(&self.root, path, error);
        self.report_unreadable(path, &observation)
    }

    /// Reports what the scan did not find any more.
    fn report_missing(&mut self) -> Result<(), Interrupted> {
        let hanging = self.steps.hanging();
        let mut missed = self.observed.missed();
        missed.retain(|dataset| !hanging.iter().any(|path| dataset.starts_with(path)));
        if missed.is_empty() {
            return Ok(());
        }
        let gone = self.steps.run(&self.root.settings.path, move |files| {
            missed.retain(|dataset| says_gone(&files.stamps(dataset)));
            missed
        })?;
        // Not what went with the whole root meanwhile.
        self.present_root()?;
        self.gone(gone)
    }

    /// What could not be read before and was not met again can be read, or is gone.
    fn follow_unreadable(&mut self) -> Result<(), Interrupted> {
        let not_met = self.unreadable.not_met();
        if !not_met.is_empty() {
            let looked = self.steps.run(&self.root.settings.path, move |files| {
                let look = |path: PathBuf| {
                    let is_dataset = files.recognise(&path).is_some();
                    let listed = files.list(&path).map(drop);
                    (path, is_dataset, listed)
                };
                not_met.into_iter().map(look).collect::<Vec<_>>()
            })?;
            for (path, is_dataset, listed) in looked {
                self.follow(&path, is_dataset, listed)?;
            }
        }
        match self.unreadable.tidings() {
            Some(Tidings::Some(count, example)) => {
                warn!(root = %self.path().display(), count, example = %example.display(),
                    account = account(),
                    "directories or datasets that this account may not read; each has a row");
            }
            Some(Tidings::NoneLeft) => {
                info!(root = %self.path().display(), "everything can be read again");
            }
            None => {}
        }
        Ok(())
    }

    fn follow(
        &mut self,
        path: &Path,
        is_dataset: bool,
        listed: io::Result<()>,
    ) -> Result<(), Interrupted> {
        let is_over = match listed {
            // What is found of a dataset is reported of it.
            _ if is_dataset => true,
            Ok(()) => {
                let observation = readable_again(&self.root, path);
                self.report(&observation)?.is_some()
            }
            Err(error) if is_gone(&error) => self.report_vanished(path)?,
            Err(_) => false,
        };
        if is_over {
            self.unreadable.forget(path);
        }
        Ok(())
    }
}
