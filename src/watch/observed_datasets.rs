//! What was observed of each dataset before, so that a scan reads only what has changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::WatchSettings;
use super::file_stamps::FileStamps;

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
    /// That it is ready, skipped or bad: nothing more until its files change.
    Final,
}

#[derive(Debug)]
struct Entry {
    stamps: FileStamps,
    /// When these files were first seen as they are.
    since: Instant,
    reported: Reported,
    /// Whether it has been reported as incomplete and not yet as anything else.
    open: bool,
    /// Number of the last full scan that found it.
    scan: u64,
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
    scan: u64,
}

impl ObservedDatasets {
    /// Notes a dataset's files; `quiet` is how long the file system says they have been left
    /// alone.
    pub(super) fn note(
        &mut self,
        dataset: &Path,
        stamps: FileStamps,
        quiet: Duration,
        now: Instant,
        settings: WatchSettings,
    ) -> Need {
        let scan = self.scan;
        let entry = self.entries.entry(dataset.to_owned()).or_insert(Entry {
            stamps,
            since: now,
            reported: Reported::Nothing,
            open: false,
            scan,
        });
        if entry.stamps != stamps {
            (entry.stamps, entry.since, entry.reported) = (stamps, now, Reported::Nothing);
        }
        entry.scan = scan;
        // Whichever clock has seen them idle for longer: ours starts with this process, the file
        // server's may be ahead.
        let quiet = quiet.max(now.duration_since(entry.since));
        match entry.reported {
            Reported::Nothing => Need::Inspect(quiet),
            Reported::Incomplete if quiet >= settings.stale_after => Need::Inspect(quiet),
            Reported::Unsettled if quiet >= settings.settle => Need::Inspect(quiet),
            Reported::Incomplete | Reported::Unsettled | Reported::Overdue | Reported::Final => {
                Need::Nothing
            }
        }
    }

    /// Remembers what was reported of a dataset whose files were noted before.
    pub(super) fn reported(&mut self, dataset: &Path, reported: Reported) {
        if let Some(entry) = self.entries.get_mut(dataset) {
            entry.reported = reported;
            entry.open = !matches!(reported, Reported::Nothing | Reported::Final);
        }
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

    /// Forgets a dataset that is gone.
    pub(super) fn forget(&mut self, dataset: &Path) {
        self.entries.remove(dataset);
    }

    /// A full scan begins.
    pub(super) fn begin_scan(&mut self) {
        self.scan += 1;
    }

    /// Datasets that the scan did not find.
    pub(super) fn missed(&self) -> Vec<PathBuf> {
        let missed = self.entries.iter().filter(|(_, entry)| entry.scan != self.scan);
        missed.map(|(path, _)| path.clone()).collect()
    }

    /// Datasets observed.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);
    const SETTLE: Duration = Duration::from_secs(600);
    const SETTINGS: WatchSettings =
        WatchSettings { settle: SETTLE, scan_interval: SETTLE, stale_after: DAY };

    fn stamps(content: &str) -> FileStamps {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("acqus"), "").unwrap();
        std::fs::write(dir.path().join("fid"), content).unwrap();
        FileStamps::of(dir.path()).unwrap()
    }

    #[test]
    fn unchanged_files_are_inspected_once() {
        let (mut observed, path, now) =
            (ObservedDatasets::default(), Path::new("a/10"), Instant::now());
        let seen = stamps("1");
        let note = |observed: &mut ObservedDatasets, e| {
            observed.note(path, e, Duration::ZERO, now, SETTINGS)
        };
        assert_eq!(note(&mut observed, seen), Need::Inspect(Duration::ZERO));
        assert_eq!(
            note(&mut observed, seen),
            Need::Inspect(Duration::ZERO),
            "nothing was reported yet"
        );
        for reported in [Reported::Incomplete, Reported::Overdue, Reported::Final] {
            observed.reported(path, reported);
            assert_eq!(note(&mut observed, seen), Need::Nothing);
        }
        observed.inspect_again(path);
        assert_eq!(note(&mut observed, seen), Need::Inspect(Duration::ZERO));
        assert_eq!(note(&mut observed, stamps("22")), Need::Inspect(Duration::ZERO));
    }

    #[test]
    fn an_incomplete_dataset_is_inspected_again_when_it_is_stale_and_then_no_more() {
        let (mut observed, path, now) =
            (ObservedDatasets::default(), Path::new("a/10"), Instant::now());
        let seen = stamps("1");
        observed.note(path, seen, Duration::ZERO, now, SETTINGS);
        observed.reported(path, Reported::Incomplete);
        assert_eq!(
            observed.note(path, seen, Duration::ZERO, now + DAY / 2, SETTINGS),
            Need::Nothing
        );
        assert_eq!(
            observed.note(path, seen, Duration::ZERO, now + DAY, SETTINGS),
            Need::Inspect(DAY)
        );
        assert_eq!(observed.note(path, seen, DAY * 2, now, SETTINGS), Need::Inspect(DAY * 2));
        observed.reported(path, Reported::Overdue);
        assert_eq!(observed.note(path, seen, DAY * 2, now + DAY, SETTINGS), Need::Nothing);
    }

    #[test]
    fn a_dataset_that_is_cut_off_is_inspected_again_when_it_has_settled() {
        let (mut observed, path, now) =
            (ObservedDatasets::default(), Path::new("a.dx"), Instant::now());
        let seen = stamps("1");
        observed.note(path, seen, Duration::ZERO, now, SETTINGS);
        observed.reported(path, Reported::Unsettled);
        assert!(observed.is_open(path));
        let mut note = |at| observed.note(path, seen, Duration::ZERO, at, SETTINGS);
        assert_eq!(note(now + SETTLE / 2), Need::Nothing);
        assert_eq!(note(now + SETTLE), Need::Inspect(SETTLE));
    }

    #[test]
    fn a_scan_knows_what_it_did_not_find() {
        let (mut observed, now) = (ObservedDatasets::default(), Instant::now());
        for path in ["a/10", "a/11"] {
            observed.note(Path::new(path), stamps("1"), Duration::ZERO, now, SETTINGS);
        }
        observed.begin_scan();
        observed.note(Path::new("a/11"), stamps("1"), Duration::ZERO, now, SETTINGS);
        assert_eq!(observed.missed(), [PathBuf::from("a/10")]);
        observed.forget(Path::new("a/10"));
        assert!(observed.missed().is_empty());
        assert_eq!(observed.len(), 1);
    }
}
