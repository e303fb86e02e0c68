//! What was observed of each dataset before, so that a scan reads only what has changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::WatchSettings;
use super::dataset_search::{Known, Turn, Ways};
use super::file_stamps::Fingerprint;
use super::quiet::FileClock;

/// Two changes within this time may look alike from outside: clocks of file systems tick this
/// coarsely. What was inspected so soon after a change is inspected once more.
const SURE: Duration = Duration::from_secs(2);
/// What has been left alone for this long is not looked at in every scan.
const OLD: Duration = Duration::from_secs(3600);
/// Scans in one of which what is old is looked at.
const OLD_EVERY: u64 = 20;

/// What has been reported of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reported {
    /// Nothing of its files as they stand.
    Nothing,
    /// That it is not complete.
    Incomplete,
    /// That it is not complete, which its files staying as they are would make a fault.
    Unsettled,
    /// That it is stuck.
    Overdue,
    /// That it may not be read, of which its files say nothing.
    Unreadable,
    /// That it is ready, skipped or bad: nothing more until its files change.
    Final,
}

#[derive(Debug)]
struct Entry {
    /// The files as they were seen last; none of what was recorded as incomplete before a start.
    files: Option<Fingerprint>,
    /// When these files were first seen as they are.
    since: Instant,
    /// When they were looked at last, if they were since this start.
    looked: Option<Instant>,
    /// Whether they were seen to change: what their times say is of no interest then.
    changed: bool,
    /// How long they had been left alone when they were seen last.
    quiet: Duration,
    reported: Reported,
    /// Whether they had been left alone for long enough when they were inspected.
    is_sure: bool,
    /// Whether it has been reported as incomplete and not yet as anything else.
    open: bool,
    /// Number of the last full scan that found it.
    scan: u64,
    /// Which of the scans looks at it once it is old.
    turn: u64,
}

/// Whether a dataset has to be inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing new.
    Nothing,
    /// Inspect. Its files have been left alone for this long.
    Inspect(Duration),
}

/// The datasets of one root.
#[derive(Debug, Default)]
pub(super) struct ObservedDatasets {
    entries: HashMap<PathBuf, Entry>,
    /// Every directory that a dataset was found below.
    ways: Ways,
    clock: FileClock,
    scan: u64,
}

impl ObservedDatasets {
    /// Takes up a dataset that was recorded before this start: with its files as they were then,
    /// or, with none, as incomplete.
    pub(super) fn recorded(&mut self, dataset: PathBuf, files: Option<Fingerprint>, now: Instant) {
        let turn = self.next_turn();
        let entry = Entry {
            files,
            since: now,
            looked: None,
            changed: false,
            quiet: Duration::ZERO,
            reported: if files.is_some() { Reported::Final } else { Reported::Nothing },
            is_sure: true,
            open: files.is_none(),
            scan: self.scan,
            turn,
        };
        self.note_ways(&dataset);
        self.entries.insert(dataset, entry);
    }

    fn note_ways(&mut self, dataset: &Path) {
        // What was found below it before may belong to it.
        self.ways.remove(dataset);
        for directory in dataset.ancestors().skip(1) {
            if !self.ways.insert(directory.to_owned()) {
                return;
            }
        }
    }

    /// Of the directories above these paths those that hold datasets.
    pub(super) fn ways_among(&self, paths: &[PathBuf]) -> Ways {
        let above = paths.iter().flat_map(|path| path.ancestors().skip(1));
        above.filter(|path| self.ways.contains(*path)).map(Path::to_owned).collect()
    }

    fn next_turn(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Notes a dataset's files; `quiet` is how long the file system says they have been left
    /// alone.
    pub(super) fn note(
        &mut self,
        dataset: &Path,
        files: Fingerprint,
        quiet: Duration,
        now: Instant,
        settings: WatchSettings,
    ) -> Need {
        let (scan, turn) = (self.scan, self.next_turn());
        if !self.entries.contains_key(dataset) {
            self.note_ways(dataset);
        }
        let entry = self.entries.entry(dataset.to_owned()).or_insert(Entry {
            files: Some(files),
            since: now,
            looked: None,
            changed: false,
            quiet,
            reported: Reported::Nothing,
            is_sure: true,
            open: false,
            scan,
            turn,
        });
        if entry.files != Some(files) {
            (entry.files, entry.since, entry.reported) = (Some(files), now, Reported::Nothing);
            if let Some(looked) = entry.looked {
                entry.changed = true;
                self.clock.saw_change(quiet, now.duration_since(looked));
            }
        }
        entry.scan = scan;
        entry.looked = Some(now);
        let watched = now.duration_since(entry.since);
        // Where they were not seen to change, whichever clock has seen them idle for longer: ours
        // starts with this process, the file server's may be ahead.
        let quiet = if entry.changed { watched } else { self.clock.correct(quiet).max(watched) };
        entry.quiet = quiet;
        let is_due = match entry.reported {
            Reported::Nothing | Reported::Unreadable => true,
            Reported::Incomplete => quiet >= settings.stale_after,
            Reported::Unsettled => quiet >= settings.settle,
            Reported::Overdue | Reported::Final => false,
        };
        let is_doubtful = entry.reported == Reported::Final && !entry.is_sure;
        match is_due || is_doubtful && quiet >= SURE {
            true => Need::Inspect(quiet),
            false => Need::Nothing,
        }
    }

    /// A scan came upon a dataset without looking at it.
    pub(super) fn passed(&mut self, dataset: &Path) {
        if let Some(entry) = self.entries.get_mut(dataset) {
            entry.scan = self.scan;
        }
    }

    /// Remembers what was reported of a dataset whose files were noted before. Returns the files,
    /// where nothing more is to be reported of them.
    pub(super) fn reported(&mut self, dataset: &Path, reported: Reported) -> Option<Fingerprint> {
        let entry = self.entries.get_mut(dataset)?;
        entry.reported = reported;
        entry.is_sure = entry.quiet >= SURE;
        entry.open = !matches!(reported, Reported::Nothing | Reported::Final);
        entry.files.filter(|_| reported == Reported::Final && entry.is_sure)
    }

    /// Has a dataset inspected again although its files are as they were.
    pub(super) fn inspect_again(&mut self, dataset: &Path) {
        if let Some(entry) = self.entries.get_mut(dataset) {
            entry.reported = Reported::Nothing;
        }
    }

    /// True when the last that was reported of a dataset is that more is to come.
    pub(super) fn is_open(&self, dataset: &Path) -> bool {
        self.entries.get(dataset).is_some_and(|entry| entry.open)
    }

    /// True when nothing more is to be reported of a dataset until its files change.
    pub(super) fn is_final(&self, dataset: &Path) -> bool {
        self.entries.get(dataset).is_some_and(|entry| entry.reported == Reported::Final)
    }

    /// Forgets a dataset that is gone.
    pub(super) fn forget(&mut self, dataset: &Path) {
        self.entries.remove(dataset);
    }

    /// A full scan begins. What is old and of which nothing more is to be reported is looked at
    /// when it is its turn, or in a scan that looks at all.
    pub(super) fn begin_scan(&mut self, looks_at_all: bool) -> Known {
        self.scan += 1;
        let turn = |entry: &Entry| {
            let is_old = entry.reported == Reported::Final && entry.is_sure && entry.quiet >= OLD;
            match is_old && !looks_at_all && !(entry.turn + self.scan).is_multiple_of(OLD_EVERY) {
                true => Turn::Pass,
                false => Turn::Look,
            }
        };
        self.entries.iter().map(|(path, entry)| (path.clone(), turn(entry))).collect()
    }

    /// Datasets that the scan did not find.
    pub(super) fn missed(&self) -> Vec<PathBuf> {
        let missed = self.entries.iter().filter(|(_, entry)| entry.scan != self.scan);
        missed.map(|(path, _)| path.clone()).collect()
    }

    /// As if all had been left alone for so long when they were seen last.
    #[cfg(test)]
    pub(super) fn age(&mut self, quiet: Duration) {
        for entry in self.entries.values_mut() {
            entry.quiet = quiet;
            entry.since = entry.since.checked_sub(quiet).unwrap_or(entry.since);
        }
    }

    /// Datasets observed.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
#[path = "observed_datasets_tests.rs"]
mod tests;
