//! What is already known of each dataset, so that a scan reads only what has changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::evidence::Evidence;

/// What has been told of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing of its files as they stand.
    Nothing,
    /// That it is not complete.
    Incomplete,
    /// That it is stuck.
    Overdue,
    /// That it is ready, skipped or bad: nothing more until its files change.
    Final,
}

#[derive(Debug)]
struct Entry {
    evidence: Evidence,
    /// When these files were first seen as they are.
    since: Instant,
    told: Told,
    /// Whether it has been told as incomplete and not yet as anything else.
    open: bool,
    /// Number of the last full scan that met it.
    scan: u64,
}

/// Whether a dataset has to be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing new.
    Nothing,
    /// Look. Its files have been left alone for this long.
    Look(Duration),
}

/// The datasets of one root.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    known: HashMap<PathBuf, Entry>,
    scan: u64,
}

impl Ledger {
    /// Notes a dataset's files; `quiet` is how long the file system says they have been left
    /// alone.
    pub(super) fn note(
        &mut self,
        dataset: &Path,
        evidence: Evidence,
        quiet: Duration,
        now: Instant,
        stale_after: Duration,
    ) -> Need {
        let scan = self.scan;
        let entry = self.known.entry(dataset.to_owned()).or_insert(Entry {
            evidence,
            since: now,
            told: Told::Nothing,
            open: false,
            scan,
        });
        if entry.evidence != evidence {
            (entry.evidence, entry.since, entry.told) = (evidence, now, Told::Nothing);
        }
        entry.scan = scan;
        // Whichever clock has seen them idle for longer: ours starts with this process, the file
        // server's may be ahead.
        let quiet = quiet.max(now.duration_since(entry.since));
        match entry.told {
            Told::Nothing => Need::Look(quiet),
            Told::Incomplete if quiet >= stale_after => Need::Look(quiet),
            Told::Incomplete | Told::Overdue | Told::Final => Need::Nothing,
        }
    }

    /// Remembers what was told of a dataset whose files were noted before.
    pub(super) fn told(&mut self, dataset: &Path, told: Told) {
        if let Some(entry) = self.known.get_mut(dataset) {
            entry.told = told;
            entry.open = matches!(told, Told::Incomplete | Told::Overdue);
        }
    }

    /// Has a dataset looked into again although its files are as they were.
    pub(super) fn look_again(&mut self, dataset: &Path) {
        if let Some(entry) = self.known.get_mut(dataset) {
            entry.told = Told::Nothing;
        }
    }

    /// True when the last that was told of a dataset is that more is to come.
    pub(super) fn is_open(&self, dataset: &Path) -> bool {
        self.known.get(dataset).is_some_and(|entry| entry.open)
    }

    /// Forgets a dataset that is gone.
    pub(super) fn forget(&mut self, dataset: &Path) {
        self.known.remove(dataset);
    }

    /// A full scan begins.
    pub(super) fn begin_scan(&mut self) {
        self.scan += 1;
    }

    /// Datasets that the scan did not meet.
    pub(super) fn missed(&self) -> Vec<PathBuf> {
        let missed = self.known.iter().filter(|(_, entry)| entry.scan != self.scan);
        missed.map(|(path, _)| path.clone()).collect()
    }

    /// Datasets known.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn evidence(content: &str) -> Evidence {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("fid"), content).unwrap();
        Evidence::of(dir.path()).unwrap()
    }

    #[test]
    fn unchanged_files_are_looked_into_once() {
        let (mut ledger, path, now) = (Ledger::default(), Path::new("a/10"), Instant::now());
        let seen = evidence("1");
        let note = |ledger: &mut Ledger, e| ledger.note(path, e, Duration::ZERO, now, DAY);
        assert_eq!(note(&mut ledger, seen), Need::Look(Duration::ZERO));
        assert_eq!(note(&mut ledger, seen), Need::Look(Duration::ZERO), "nothing was told yet");
        for told in [Told::Incomplete, Told::Overdue, Told::Final] {
            ledger.told(path, told);
            assert_eq!(note(&mut ledger, seen), Need::Nothing);
        }
        ledger.look_again(path);
        assert_eq!(note(&mut ledger, seen), Need::Look(Duration::ZERO));
        assert_eq!(note(&mut ledger, evidence("22")), Need::Look(Duration::ZERO));
    }

    #[test]
    fn an_incomplete_dataset_is_looked_into_again_when_it_is_stale_and_then_no_more() {
        let (mut ledger, path, now) = (Ledger::default(), Path::new("a/10"), Instant::now());
        let seen = evidence("1");
        ledger.note(path, seen, Duration::ZERO, now, DAY);
        ledger.told(path, Told::Incomplete);
        assert_eq!(ledger.note(path, seen, Duration::ZERO, now + DAY / 2, DAY), Need::Nothing);
        assert_eq!(ledger.note(path, seen, Duration::ZERO, now + DAY, DAY), Need::Look(DAY));
        assert_eq!(ledger.note(path, seen, DAY * 2, now, DAY), Need::Look(DAY * 2));
        ledger.told(path, Told::Overdue);
        assert_eq!(ledger.note(path, seen, DAY * 2, now + DAY, DAY), Need::Nothing);
    }

    #[test]
    fn a_scan_tells_what_it_did_not_meet() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        for path in ["a/10", "a/11"] {
            ledger.note(Path::new(path), evidence("1"), Duration::ZERO, now, DAY);
        }
        ledger.begin_scan();
        ledger.note(Path::new("a/11"), evidence("1"), Duration::ZERO, now, DAY);
        assert_eq!(ledger.missed(), [PathBuf::from("a/10")]);
        ledger.forget(Path::new("a/10"));
        assert!(ledger.missed().is_empty());
        assert_eq!(ledger.len(), 1);
    }
}
