//! From a dataset that was found to what is reported of it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::{debug, warn};
use uuid::Uuid;

use larmor_store::{Observation, ObservedFiles, ObservedState, StoreError};

use super::dataset_search::says_gone;
use super::file_access::FileAccess;
use super::file_stamps::{FileStamps, Fingerprint};
use super::inspect::{InspectionOutcome, inspect, observation};
use super::observed_datasets::{Need, Reported};
use super::sink::ObservationSink;
use super::watcher::{CHANGING, Interrupted, Watcher};
use super::{decode_path, encode_path};

/// Files remembered at a time.
const REMEMBERED: usize = 500;

impl<S: ObservationSink> Watcher<S> {
    /// Looks at a dataset, and inspects it if its files are not as they were.
    pub(super) fn look_at(&mut self, dataset: &Path) -> Result<(), Interrupted> {
        let path = dataset.to_owned();
        let stamps = self.steps.run(dataset, move |files| files.stamps(&path))?;
        self.looked_at(dataset, stamps)
    }

    /// A dataset's files were looked at.
    pub(super) fn looked_at(
        &mut self,
        dataset: &Path,
        stamps: io::Result<FileStamps>,
    ) -> Result<(), Interrupted> {
        let stamps = match stamps {
            Ok(stamps) => stamps,
            // A scan tells whether it is gone, or the whole root.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.due.remove(dataset);
                return Ok(());
            }
            Err(error) => return self.refused(dataset, &error),
        };
        let quiet = self.clock.quiet(&stamps);
        let files = stamps.fingerprint(&self.basis());
        let need = self.observed.note(dataset, files, quiet, Instant::now(), self.settings);
        let Need::Inspect(quiet) = need else { return Ok(()) };
        match self.inspect(dataset, stamps, quiet)? {
            InspectionOutcome::Report(observation, Reported::Unreadable) => {
                self.observed.reported(dataset, Reported::Unreadable);
                self.report_unreadable(dataset, &observation)
            }
            InspectionOutcome::Report(observation, reported) => {
                self.look_where_it_lay(&observation)?;
                if let Some(acquisition) = self.report(&observation)? {
                    self.unreadable.forget(dataset);
                    let files = self.observed.reported(dataset, reported);
                    self.remember_later(observation.path, acquisition, files)?;
                }
                Ok(())
            }
            InspectionOutcome::Wait(time) => {
                let at = Instant::now() + time.max(CHANGING);
                self.due.insert(dataset.to_owned(), at);
                Ok(())
            }
            InspectionOutcome::Gone => {
                self.due.remove(dataset);
                Ok(())
            }
        }
    }

    /// What decides beside its files how a dataset is recorded: after a change of these each is
    /// inspected again.
    pub(super) fn basis(&self) -> String {
        let (version, group) = (env!("CARGO_PKG_VERSION"), &self.root.settings.group);
        format!("{version}\0{}\0{group}\0", self.root.rule.text())
    }

    fn inspect(
        &mut self,
        dataset: &Path,
        stamps: FileStamps,
        quiet: Duration,
    ) -> Result<InspectionOutcome, Interrupted> {
        let (root, path, settings) = (Arc::clone(&self.root), dataset.to_owned(), self.settings);
        // A dataset that breaks the reader must not end the watch over all others.
        let step = move |files: &dyn FileAccess| {
            let inspect = || inspect(files, &root, &path, stamps, quiet, settings);
            catch_unwind(AssertUnwindSafe(inspect)).unwrap_or_else(|_| {
                let relative = path.strip_prefix(&root.settings.path).unwrap_or(&path);
                let mut observation = observation(&root, &path, relative, None);
                observation.state = ObservedState::Failed;
                observation.reason =
                    Some("Larmor failed to inspect it; please report this".to_owned());
                InspectionOutcome::Report(Box::new(observation), Reported::Final)
            })
        };
        Ok(self.steps.run(dataset, step)?)
    }

    /// Reports what may not be read, unless it was.
    pub(super) fn report_unreadable(
        &mut self,
        path: &Path,
        observation: &Observation,
    ) -> Result<(), Interrupted> {
        let reason = observation.reason.clone().unwrap_or_default();
        if self.unreadable.met(path, &reason) && self.report(observation)?.is_some() {
            self.unreadable.recorded(path.to_owned(), reason);
        }
        Ok(())
    }

    /// A dataset may have been moved to where it is: what is gone from where it and others of its sample
    /// lay is told first.
    fn look_where_it_lay(&mut self, observation: &Observation) -> Result<(), Interrupted> {
        let places = self.sink.places_to_check(observation);
        let mut places: Vec<PathBuf> = match self.answer(&observation.path, places)? {
            Some(places) => places.iter().map(|path| decode_path(path)).collect(),
            None => Vec::new(),
        };
        if places.is_empty() {
            return Ok(());
        }
        let gone = self.steps.run(&decode_path(&observation.path), move |files| {
            places.retain(|place| says_gone(&files.stamps(place)));
            places
        })?;
        match gone.is_empty() {
            true => Ok(()),
            false => self.gone(gone),
        }
    }

    /// Datasets are gone. Those that were being written have vanished; one that had been reported as
    /// final may have been moved, or archived.
    pub(super) fn gone(&mut self, datasets: Vec<PathBuf>) -> Result<(), Interrupted> {
        let (open, complete): (Vec<_>, Vec<_>) =
            datasets.into_iter().partition(|dataset| self.observed.is_open(dataset));
        for dataset in open {
            self.due.remove(&dataset);
            if self.report_vanished(&dataset)? {
                self.observed.forget(&dataset);
            }
        }
        if complete.is_empty() {
            return Ok(());
        }
        let paths: Vec<String> = complete.iter().map(|dataset| encode_path(dataset)).collect();
        let recorded = self.sink.gone(&self.root.settings.instrument, &paths);
        if self.answer(&paths[0], recorded)?.is_some() {
            for dataset in complete {
                self.due.remove(&dataset);
                self.observed.forget(&dataset);
            }
        }
        Ok(())
    }

    /// Reports what is gone; false when the store refused it.
    pub(super) fn report_vanished(&mut self, path: &Path) -> Result<bool, Interrupted> {
        let path = encode_path(path);
        let recorded = self.sink.vanished(&self.root.settings.instrument, &path);
        Ok(self.answer(&path, recorded)?.is_some())
    }

    /// Reports an observation; returns its acquisition, and none when the store refused it.
    pub(super) fn report(
        &mut self,
        observation: &Observation,
    ) -> Result<Option<Uuid>, Interrupted> {
        let recorded = self.sink.observe(observation);
        self.answer(&observation.path, recorded)
    }

    fn remember_later(
        &mut self,
        path: String,
        acquisition: Uuid,
        files: Option<Fingerprint>,
    ) -> Result<(), Interrupted> {
        let Some(files) = files else { return Ok(()) };
        self.to_remember.push(ObservedFiles { path, acquisition, stamps: files.to_string() });
        match self.to_remember.len() >= REMEMBERED {
            true => self.remember(),
            false => Ok(()),
        }
    }

    /// Has the store remember the files of what was recorded.
    pub(super) fn remember(&mut self) -> Result<(), Interrupted> {
        if self.to_remember.is_empty() {
            return Ok(());
        }
        let recorded = self.sink.remember(&self.root.settings.instrument, &self.to_remember);
        let path = self.root.settings.path.to_string_lossy().into_owned();
        self.answer(&path, recorded)?;
        // What the store refused is read again after the next start.
        self.to_remember.clear();
        Ok(())
    }

    /// What the store answered of a path; none when it refused.
    pub(super) fn answer<T>(
        &self,
        path: &str,
        answer: Result<T, StoreError>,
    ) -> Result<Option<T>, Interrupted> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.is_unavailable() => {
                debug!(%error, "the database is away; the scan is repeated");
                Err(Interrupted::DatabaseAway)
            }
            Err(error) => {
                warn!(
                    path,
                    error = &error as &dyn std::error::Error,
                    "the store refused; it is asked again at the next scan"
                );
                Ok(None)
            }
        }
    }
}
