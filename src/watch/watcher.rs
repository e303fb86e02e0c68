//! Watches one root. The scan decides what there is; notifications only make it inspect sooner.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use notify::RecommendedWatcher;
use tracing::{debug, warn};

use larmor_store::{ObservedFiles, RECONNECT};

use super::dataset_search::{Found, Known, search};
use super::file_access::{Disk, EntryKind, FileAccess};
use super::notifications::Notifications;
use super::observed_datasets::ObservedDatasets;
use super::pulse::Pulse;
use super::quiet::OwnClock;
use super::root_presence::{RootAway, RootMemory};
use super::sink::ObservationSink;
use super::steps::{Running, StepError, Steps};
use super::unreadable::Unreadable;
use super::{WatchSettings, WatchedRoot};
use larmor_retry::Backoff;

/// A watcher comes round at least this often.
const ROUND: Duration = Duration::from_secs(1);
/// The first scan waits so long at most for the kernel to go through the tree.
const LISTENING: Duration = Duration::from_secs(5);

/// A directory that is new is searched again so long after.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];
/// Shortest wait before files that changed during their inspection are inspected again.
pub(super) const CHANGING: Duration = Duration::from_millis(200);
/// The kernel is asked again so long after it refused: asking goes through the whole tree.
const REFUSED: Duration = Duration::from_secs(600);

/// The watcher of one root, with what it knows of its datasets.
pub(super) struct Watcher<S> {
    pub(super) root: Arc<WatchedRoot>,
    pub(super) settings: WatchSettings,
    pub(super) sink: S,
    pub(super) steps: Steps,
    pub(super) clock: OwnClock,
    pub(super) observed: ObservedDatasets,
    pub(super) unreadable: Unreadable,
    /// What was recorded before this start is known.
    pub(super) is_started: bool,
    /// What is known of the root from the times that it was there.
    pub(super) memory: RootMemory,
    /// Whether the root was there at the last scan; none before the first.
    pub(super) reachable: Option<bool>,
    /// The device that the root lay on.
    pub(super) device: Option<u64>,
    /// Datasets to inspect before the next scan.
    pub(super) due: HashMap<PathBuf, Instant>,
    /// Directories that were new, and when to search them once more.
    again: Vec<(Instant, PathBuf)>,
    /// Files to be remembered for the next start.
    pub(super) to_remember: Vec<ObservedFiles>,
    pub(super) next_scan: Instant,
    /// Waits for a database that is away.
    pub(super) backoff: Backoff,
    /// That no thread is left was told.
    pub(super) told_no_thread: bool,
    pub(super) stop: Arc<AtomicBool>,
    pulse: Arc<Pulse>,
    /// The kernel is going through the tree.
    subscribing: Option<Running<Result<RecommendedWatcher, notify::Error>>>,
    /// That there are no notifications was told.
    told_no_notifications: bool,
    /// When the kernel is asked again after it refused.
    next_listening: Instant,
    /// Notifications were lost.
    pub(super) missed_notifications: bool,
}

/// Why what was begun could not be brought to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Interrupted {
    /// Nothing can be reported for now.
    #[error("the database is away")]
    DatabaseAway,
    /// The root is not there.
    #[error("the root is away")]
    RootAway(#[from] RootAway),
    /// The file system does not answer, or the watcher is to stop.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl<S: ObservationSink> Watcher<S> {
    pub(super) fn new(
        root: WatchedRoot,
        settings: WatchSettings,
        sink: S,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self::with_files(root, settings, sink, Arc::new(Disk), stop)
    }

    pub(super) fn with_files(
        root: WatchedRoot,
        settings: WatchSettings,
        sink: S,
        files: Arc<dyn FileAccess>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let pulse = Arc::<Pulse>::default();
        let name = format!("files {}", root.settings.instrument);
        let steps =
            Steps::new(name, files, settings.deadline, Arc::clone(&stop), Arc::clone(&pulse));
        Self {
            root: Arc::new(root),
            settings,
            sink,
            steps,
            clock: OwnClock::default(),
            observed: ObservedDatasets::default(),
            unreadable: Unreadable::default(),
            is_started: false,
            memory: RootMemory::default(),
            reachable: None,
            device: None,
            due: HashMap::new(),
            again: Vec::new(),
            to_remember: Vec::new(),
            next_scan: Instant::now(),
            backoff: Backoff::new(RECONNECT),
            told_no_thread: false,
            stop,
            pulse,
            subscribing: None,
            told_no_notifications: false,
            next_listening: Instant::now(),
            missed_notifications: false,
        }
    }

    /// Beaten as long as the watcher comes round.
    pub(super) fn pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.pulse)
    }

    pub(super) fn path(&self) -> &Path {
        &self.root.settings.path
    }

    /// Watches until asked to stop.
    pub(super) fn watch(mut self, mut notifications: Notifications) {
        while !self.stopped() {
            self.pulse.beat();
            if !self.root.settings.poll && self.reachable != Some(false) {
                self.listen(&mut notifications);
            }
            let device = self.device;
            if notifications.take_overflow() {
                self.missed_notifications = true;
                self.next_scan = Instant::now();
            }
            if self.next_scan <= Instant::now() {
                self.scan(Some(&notifications));
            } else {
                self.inspect_due();
            }
            // What the kernel watched is no longer what lies there.
            if self.reachable == Some(false) || device.is_some() && device != self.device {
                notifications.stop_listening();
                self.subscribing = None;
            }
            let changed = notifications.wait(self.next_wake());
            self.notified(changed);
        }
    }

    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn next_wake(&self) -> Instant {
        let next = self.due.values().copied().fold(self.next_scan, Instant::min);
        next.min(Instant::now() + ROUND)
    }

    /// Has the kernel tell of changes. On a large tree that takes it a while, on one that hangs for
    /// ever: scans go on meanwhile.
    fn listen(&mut self, notifications: &mut Notifications) {
        if notifications.is_listening() || self.next_listening > Instant::now() {
            return;
        }
        let (subscribing, time) = match self.subscribing.take() {
            Some(subscribing) => (subscribing, Duration::ZERO),
            None => {
                let (subscription, root) = (notifications.subscription(), self.path().to_owned());
                let started = self.steps.start(&self.root.settings.path, move |_, sender| {
                    let _ = sender.send(subscription(&root));
                });
                let Ok(subscribing) = started else { return };
                (subscribing, LISTENING)
            }
        };
        let begun = Instant::now();
        loop {
            match self.steps.wait(&subscribing, time.min(Duration::from_millis(100))) {
                Ok(Ok(watcher)) => {
                    self.told_no_notifications = false;
                    return notifications.listen(watcher);
                }
                Ok(Err(error)) => {
                    self.next_listening = Instant::now() + REFUSED;
                    if !std::mem::replace(&mut self.told_no_notifications, true) {
                        warn!(root = %self.path().display(), %error,
                            "no notifications; datasets are found by scans alone");
                    }
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if self.stopped() || begun.elapsed() >= time => {
                    self.subscribing = Some(subscribing);
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Something changed at these paths. A whole directory may have been moved in.
    pub(super) fn notified(&mut self, changed: Vec<PathBuf>) {
        let directories = self.search_below(changed);
        let now = Instant::now();
        for directory in directories {
            self.again.extend(AGAIN.map(|after| (now + after, directory.clone())));
        }
    }

    /// Searches directories once more that were new: what was written into one before the kernel
    /// watched it was not told.
    fn search_again(&mut self) {
        let now = Instant::now();
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.again).into_iter().partition(|(at, _)| *at <= now);
        self.again = later;
        let due: BTreeSet<PathBuf> = due.into_iter().map(|(_, directory)| directory).collect();
        if !due.is_empty() {
            self.search_below(due.into_iter().collect());
        }
    }

    /// Has the datasets at and below these paths looked at; returns which of the paths are
    /// directories.
    fn search_below(&mut self, changed: Vec<PathBuf>) -> Vec<PathBuf> {
        let root = self.path().to_owned();
        if !changed.iter().any(|path| path.starts_with(&root)) {
            return Vec::new();
        }
        let ways = self.observed.ways_among(&changed);
        let found = self.steps.run(&root.clone(), move |files| {
            let known = Known::new();
            let below = changed.iter().flat_map(|path| search(files, &known, &ways, &root, path));
            let datasets = below.filter_map(|found| match found {
                Found::Dataset(dataset, _) => Some(dataset),
                Found::Undisturbed(_) | Found::Unreadable(..) => None,
            });
            let datasets = datasets.collect::<Vec<_>>();
            let is_directory = |path: &PathBuf| {
                *path != root && files.kind(path).is_ok_and(|kind| kind == EntryKind::Directory)
            };
            (datasets, changed.into_iter().filter(is_directory).collect::<Vec<_>>())
        });
        let now = Instant::now();
        match found {
            Ok((datasets, directories)) => {
                for dataset in datasets {
                    // What waits for its files to rest may now have what it waits for.
                    let at = self.due.entry(dataset).or_insert(now);
                    *at = (*at).min(now + CHANGING);
                }
                directories
            }
            Err(error) => {
                // A scan finds what it was.
                self.give_up(&error);
                self.next_scan = now;
                Vec::new()
            }
        }
    }

    /// Inspects what is due.
    pub(super) fn inspect_due(&mut self) {
        self.search_again();
        let now = Instant::now();
        let mut due: Vec<PathBuf> =
            self.due.iter().filter(|(_, at)| **at <= now).map(|(path, _)| path.clone()).collect();
        // Of a sample that was moved, what was measured first comes first.
        due.sort_unstable();
        for dataset in due {
            self.due.remove(&dataset);
            match self.look_at(&dataset) {
                Ok(()) => {}
                Err(Interrupted::DatabaseAway) => {
                    // The next scan finds it again, and all that are due after it.
                    self.next_scan = self.next_scan.min(Instant::now() + self.backoff.next_wait());
                    self.due.retain(|_, at| *at > now);
                    return;
                }
                Err(Interrupted::Step(error)) => self.give_up(&error),
                // The next scan tells of it.
                Err(Interrupted::RootAway(_)) => return,
            }
        }
    }

    /// A step came to nothing: tells the operator.
    pub(super) fn give_up(&mut self, error: &StepError) {
        let root = self.path().display();
        match error {
            StepError::Hung { path, waited } => {
                warn!(%root, path = %path.display(), seconds = waited.as_secs_f32(),
                    "a share does not answer; the path is passed over until it does");
            }
            StepError::NoThread if self.told_no_thread => debug!(%root, %error, "not scanned"),
            StepError::NoThread => {
                warn!(%root, %error, "the root is watched again once one of them ends");
                self.told_no_thread = true;
            }
            StepError::Refused(_) | StepError::BrokeOff(_) => {
                warn!(%root, error = error as &dyn std::error::Error, "not scanned to the end");
            }
            StepError::Stopped => {}
        }
    }
}

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;
