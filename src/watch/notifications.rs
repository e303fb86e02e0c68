//! Notifications from the kernel. They only make the watcher inspect sooner: whatever they miss,
//! the next scan finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Notifications that wait at most; beyond, a full scan is cheaper.
const WAITING: usize = 4096;
/// A burst of writes is one notification.
const GATHER: Duration = Duration::from_millis(50);

/// What the kernel has to say of one root.
#[derive(Debug)]
pub(super) struct Notifications {
    watcher: Option<RecommendedWatcher>,
    sender: SyncSender<PathBuf>,
    paths: Receiver<PathBuf>,
    overflow: Arc<AtomicBool>,
}

impl Notifications {
    pub(super) fn new() -> Self {
        let (sender, paths) = sync_channel(WAITING);
        Self { watcher: None, sender, paths, overflow: Arc::default() }
    }

    /// What asks the kernel about a root. It goes through the whole tree and may block for as long
    /// as the file system does; the kernel refuses where it watches too many directories.
    pub(super) fn subscription(
        &self,
    ) -> impl FnOnce(&Path) -> Result<RecommendedWatcher, notify::Error> + Send + 'static {
        let (sender, overflow) = (self.sender.clone(), Arc::clone(&self.overflow));
        let heard = move |event: Result<Event, notify::Error>| {
            let Ok(event) = event else { return overflow.store(true, Ordering::Relaxed) };
            if event.need_rescan() {
                overflow.store(true, Ordering::Relaxed);
            }
            if !is_change(event.kind) {
                return;
            }
            for path in event.paths {
                if sender.try_send(path).is_err() {
                    overflow.store(true, Ordering::Relaxed);
                }
            }
        };
        move |root| {
            let config = Config::default().with_follow_symlinks(false);
            let mut watcher = RecommendedWatcher::new(heard, config)?;
            watcher.watch(root, RecursiveMode::Recursive)?;
            Ok(watcher)
        }
    }

    /// Listens from now on.
    pub(super) fn listen(&mut self, watcher: RecommendedWatcher) {
        self.watcher = Some(watcher);
    }

    /// Whether the kernel is being asked.
    pub(super) fn is_listening(&self) -> bool {
        self.watcher.is_some()
    }

    /// The root has gone: what the kernel watched is no longer what lies there.
    pub(super) fn stop_listening(&mut self) {
        self.watcher = None;
    }

    /// Waits until something changed or `until`; returns the paths that changed.
    pub(super) fn wait(&self, until: Instant) -> Vec<PathBuf> {
        let first = match self.paths.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(path) => path,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Vec::new();
            }
        };
        std::thread::sleep(GATHER);
        once_each(std::iter::once(first).chain(self.paths.try_iter()))
    }

    /// The paths that have changed, without waiting.
    pub(super) fn ready(&self) -> Vec<PathBuf> {
        once_each(self.paths.try_iter())
    }

    /// True once after notifications were lost.
    pub(super) fn take_overflow(&self) -> bool {
        self.overflow.swap(false, Ordering::Relaxed)
    }

    /// Ends a wait from another thread.
    pub(super) fn waker(&self) -> impl Fn() + Send + Sync + 'static {
        let sender = self.sender.clone();
        move || {
            let _ = sender.try_send(PathBuf::new());
        }
    }
}

fn once_each(paths: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut paths: Vec<_> = paths.collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Our own reading is no change.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}
