//! Many datasets at a time, reported in the order of the tree.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::line::Line;
use super::tree;
use larmor_command_line::CommandError;

/// Datasets that may be finished before one in front of them is.
const MOST_WAITING: usize = 64;

/// Works on every dataset below the paths with so many threads, one dataset each, and gives the
/// outcomes to `report` in the order of the tree. Memory holds one spectrum a thread and the lines
/// of at most [`MOST_WAITING`] datasets.
pub(super) fn process<T: Send>(
    paths: &[PathBuf],
    jobs: usize,
    outcome_of: impl Fn(Result<PathBuf, Box<Line>>) -> T + Sync,
    mut report: impl FnMut(T) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let tree = Mutex::new(tree::datasets(paths).enumerate());
    let gate = Gate::default();
    thread::scope(|scope| {
        let (finished, results) = mpsc::channel();
        for _ in 0..jobs {
            let finished = finished.clone();
            let (tree, gate, outcome_of) = (&tree, &gate, &outcome_of);
            scope.spawn(move || {
                loop {
                    let next = locked(tree).next();
                    let Some((place, dataset)) = next else { return };
                    if !gate.pass(place) {
                        return;
                    }
                    if finished.send((place, outcome_of(dataset))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(finished);
        let mut waiting = BTreeMap::new();
        let mut reported = 0;
        for (place, outcome) in results {
            waiting.insert(place, outcome);
            while let Some(outcome) = waiting.remove(&reported) {
                if let Err(error) = report(outcome) {
                    gate.close();
                    return Err(error);
                }
                reported += 1;
                gate.open_to(reported + MOST_WAITING.max(jobs));
            }
        }
        Ok(())
    })
}

/// Holds back those who are too far ahead of what has been reported.
struct Gate {
    /// Places before this one may pass; `None` once nobody may.
    before: Mutex<Option<usize>>,
    moved: Condvar,
}

impl Default for Gate {
    fn default() -> Self {
        Self { before: Mutex::new(Some(MOST_WAITING)), moved: Condvar::new() }
    }
}

impl Gate {
    /// Waits for its turn; false when there will be none.
    fn pass(&self, place: usize) -> bool {
        let closed_or_open = |before: &mut Option<usize>| before.is_some_and(|b| place >= b);
        self.moved
            .wait_while(locked(&self.before), closed_or_open)
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    fn open_to(&self, before: usize) {
        *locked(&self.before) = Some(before);
        self.moved.notify_all();
    }

    fn close(&self) {
        *locked(&self.before) = None;
        self.moved.notify_all();
    }
}

/// Nothing that is held here is left half changed by a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
