//! Directories and datasets below a root that this account may not read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What is known of one.
#[derive(Debug)]
struct Entry {
    /// What was recorded.
    reason: String,
    /// Number of the last scan that met it.
    scan: u64,
}

/// Those of one root that were recorded.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    entries: HashMap<PathBuf, Entry>,
    scan: u64,
    /// How many there were when it was told last.
    told: usize,
}

/// A change that the operator is to be told of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tidings {
    /// So many cannot be read, this one among them.
    Some(usize, PathBuf),
    /// All can be read again.
    NoneLeft,
}

impl Unreadable {
    /// A full scan begins.
    pub(super) fn begin_scan(&mut self) {
        self.scan += 1;
    }

    /// One was met. Returns whether it is to be recorded: it was not, or for another reason.
    pub(super) fn met(&mut self, path: &Path, reason: &str) -> bool {
        let Some(entry) = self.entries.get_mut(path) else { return true };
        entry.scan = self.scan;
        entry.reason != reason
    }

    /// One was recorded.
    pub(super) fn recorded(&mut self, path: PathBuf, reason: String) {
        self.entries.insert(path, Entry { reason, scan: self.scan });
    }

    /// Has one recorded again.
    pub(super) fn record_again(&mut self, path: &Path) {
        if let Some(entry) = self.entries.get_mut(path) {
            entry.reason.clear();
        }
    }

    /// One can be read, or is gone.
    pub(super) fn forget(&mut self, path: &Path) {
        self.entries.remove(path);
    }

    /// Those that the scan did not meet.
    pub(super) fn not_met(&self) -> Vec<PathBuf> {
        let entries = self.entries.iter().filter(|(_, entry)| entry.scan != self.scan);
        entries.map(|(path, _)| path.clone()).collect()
    }

    /// What is to be told after a scan; nothing while as many are unreadable as before.
    pub(super) fn tidings(&mut self) -> Option<Tidings> {
        let count = self.entries.len();
        if count == std::mem::replace(&mut self.told, count) {
            return None;
        }
        Some(match self.entries.keys().min() {
            Some(first) => Tidings::Some(count, first.clone()),
            None => Tidings::NoneLeft,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_recorded_once_and_the_operator_told_when_their_number_changes() {
        let (mut unreadable, path) = (Unreadable::default(), Path::new("rossi"));
        assert_eq!(unreadable.tidings(), None);
        unreadable.begin_scan();
        assert!(unreadable.met(path, "no"), "not recorded yet");
        assert!(unreadable.met(path, "no"), "the store was away");
        unreadable.recorded(path.to_owned(), "no".to_owned());
        assert!(!unreadable.met(path, "no"));
        assert!(unreadable.met(path, "another reason"));
        assert_eq!(unreadable.tidings(), Some(Tidings::Some(1, path.to_owned())));
        assert_eq!(unreadable.tidings(), None);
        unreadable.begin_scan();
        assert_eq!(unreadable.not_met(), [path]);
        unreadable.forget(path);
        assert_eq!(unreadable.tidings(), Some(Tidings::NoneLeft));
    }
}
