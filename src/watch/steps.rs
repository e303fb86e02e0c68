//! Steps on files may hang, as those of a share whose server is gone. They run on threads of a small
//! reserve, and one that comes no further for too long is given up: its thread is left to itself,
//! and what it hangs at is passed over until it answers.

use std::collections::HashSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing::info;

use super::file_access::FileAccess;
use super::guarded_files::{GuardedFiles, Progress};
use super::pulse::Pulse;

/// Threads of one root that may hang at a time.
const MOST_THREADS: usize = 4;
/// What steps have found and nobody has taken yet.
const QUEUED: usize = 16;
/// Between two looks whether the watcher is asked to stop.
const TICK: Duration = Duration::from_millis(100);

type Job = Box<dyn FnOnce() + Send>;

/// Why a step came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum StepError {
    /// It came no further for too long.
    #[error("{} gave no answer within {} ms", path.display(), waited.as_millis())]
    Hung {
        /// What was touched last.
        path: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// All threads of the reserve hang.
    #[error("{MOST_THREADS} earlier steps still hang")]
    NoThread,
    /// The system gives no thread.
    #[error("no thread can be started")]
    Refused(#[source] io::Error),
    /// The step panicked.
    #[error("a step at {} broke off; please report this", .0.display())]
    BrokeOff(PathBuf),
    /// The watcher is asked to stop.
    #[error("the watcher is asked to stop")]
    Stopped,
}

/// The reserve of threads of one root.
pub(super) struct Steps {
    name: String,
    files: Arc<dyn FileAccess>,
    deadline: Duration,
    stop: Arc<AtomicBool>,
    pulse: Arc<Pulse>,
    idle: Vec<Sender<Job>>,
    alive: Arc<AtomicUsize>,
    /// Steps that were given up: where they hang, and whether they have come back.
    given_up: Vec<(PathBuf, Arc<AtomicBool>)>,
}

/// Steps under way on a thread of the reserve. Dropped, they end when they next find something.
pub(super) struct Running<T> {
    found: Receiver<T>,
    progress: Arc<Progress>,
    /// They came to their end.
    is_done: Arc<AtomicBool>,
    /// They came to their end or broke off.
    is_over: Arc<AtomicBool>,
    thread: Sender<Job>,
}

impl Steps {
    /// A reserve of threads named after `name`; `deadline` is how long a step may take.
    pub(super) fn new(
        name: String,
        files: Arc<dyn FileAccess>,
        deadline: Duration,
        stop: Arc<AtomicBool>,
        pulse: Arc<Pulse>,
    ) -> Self {
        let (idle, alive, given_up) = (Vec::new(), Arc::default(), Vec::new());
        Self { name, files, deadline, stop, pulse, idle, alive, given_up }
    }

    /// Starts a series of steps at `path` that sends what it finds.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub(super) fn start<T: Send + 'static>(
        &mut self,
        path: &Path,
        series: impl FnOnce(&dyn FileAccess, &SyncSender<T>) + Send + 'static,
    ) -> Result<Running<T>, StepError> {
        let thread = match self.idle.pop() {
            Some(thread) => thread,
            None => self.thread()?,
        };
        let (sender, found) = sync_channel(QUEUED);
        let progress = Arc::new(Progress::default());
        progress.begin(path);
        let files =
            GuardedFiles::new(Arc::clone(&self.files), Arc::clone(&progress), self.hanging());
        let (is_done, is_over) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let (done, over) = (Arc::clone(&is_done), SetOnDrop(Arc::clone(&is_over)));
        let job = Box::new(move || {
            let _over = over;
            series(&files, &sender);
            done.store(true, Ordering::Release);
        });
        thread.send(job).map_err(|_| StepError::BrokeOff(path.to_owned()))?;
        Ok(Running { found, progress, is_done, is_over, thread })
    }

    /// The next thing found, `None` after the last.
    ///
    /// # Errors
    /// When the steps come no further or break off, or the watcher is asked to stop.
    pub(super) fn next<T>(&mut self, running: &Running<T>) -> Result<Option<T>, StepError> {
        let (mut since, mut count) = (Instant::now(), running.progress.count());
        loop {
            match self.wait(running, TICK) {
                Ok(found) => return Ok(Some(found)),
                Err(RecvTimeoutError::Disconnected) if running.is_done.load(Ordering::Acquire) => {
                    return Ok(None);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(StepError::BrokeOff(running.progress.path()));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err(StepError::Stopped);
            }
            let now = running.progress.count();
            if now != count {
                (since, count) = (Instant::now(), now);
            } else if since.elapsed() >= self.deadline {
                let path = running.progress.path();
                self.given_up.push((path.clone(), Arc::clone(&running.is_over)));
                return Err(StepError::Hung { path, waited: since.elapsed() });
            }
        }
    }

    /// What is found within a time, without giving the steps up.
    pub(super) fn wait<T>(
        &mut self,
        running: &Running<T>,
        time: Duration,
    ) -> Result<T, RecvTimeoutError> {
        self.pulse.beat();
        let found = running.found.recv_timeout(time.min(self.deadline));
        if matches!(found, Err(RecvTimeoutError::Disconnected)) {
            self.idle.push(running.thread.clone());
        }
        found
    }

    /// Takes one step at `path`.
    ///
    /// # Errors
    /// When it hangs or breaks off, or the watcher is asked to stop.
    pub(super) fn run<T: Send + 'static>(
        &mut self,
        path: &Path,
        step: impl FnOnce(&dyn FileAccess) -> T + Send + 'static,
    ) -> Result<T, StepError> {
        let running = self.start(path, move |files, sender| {
            let _ = sender.send(step(files));
        })?;
        match self.next(&running)? {
            Some(found) => {
                self.idle.push(running.thread);
                Ok(found)
            }
            None => Err(StepError::BrokeOff(running.progress.path())),
        }
    }

    /// Paths at which steps that were given up still hang.
    pub(super) fn hanging(&mut self) -> HashSet<PathBuf> {
        self.given_up.retain(|(path, is_over)| {
            let is_over = is_over.load(Ordering::Relaxed);
            if is_over {
                info!(path = %path.display(), "answers again");
            }
            !is_over
        });
        self.given_up.iter().map(|(path, _)| path.clone()).collect()
    }

    fn thread(&self) -> Result<Sender<Job>, StepError> {
        if self.alive.load(Ordering::Relaxed) >= MOST_THREADS {
            return Err(StepError::NoThread);
        }
        let (jobs, inbox) = channel::<Job>();
        let alive = Counted::new(&self.alive);
        thread::Builder::new()
            .name(self.name.clone())
            .spawn(move || {
                let _alive = alive;
                for job in inbox {
                    // It is told by what it did not find.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            })
            .map_err(StepError::Refused)?;
        Ok(jobs)
    }
}

/// Set when a series of steps is over, however it ended.
struct SetOnDrop(Arc<AtomicBool>);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Counts a thread while it lives.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::watch::file_access::Disk;

    fn steps(deadline: Duration) -> Steps {
        Steps::new("test".into(), Arc::new(Disk), deadline, Arc::default(), Arc::default())
    }

    #[test]
    fn steps_are_taken_one_after_the_other_on_one_thread() {
        let mut steps = steps(Duration::from_secs(60));
        let first = steps.run(Path::new("a"), |_| thread::current().id()).unwrap();
        let second = steps.run(Path::new("b"), |_| thread::current().id()).unwrap();
        assert_eq!(first, second);
        assert!(matches!(
            steps.run(Path::new("b"), |_| -> () { panic!("a reader that breaks") }),
            Err(StepError::BrokeOff(path)) if path == Path::new("b")
        ));
        let broken = steps
            .start(Path::new("a"), |_, sender| {
                sender.send(1).unwrap();
                panic!("a search that breaks");
            })
            .unwrap();
        assert_eq!(steps.next(&broken).unwrap(), Some(1));
        assert!(matches!(steps.next(&broken), Err(StepError::BrokeOff(_))));
        assert_eq!(steps.run(Path::new("a"), |_| 1).unwrap(), 1);
    }

    #[test]
    fn a_series_may_take_longer_than_a_step() {
        let mut steps = steps(Duration::from_millis(500));
        let running = steps
            .start(Path::new("/"), |files, sender| {
                for _ in 0..8 {
                    thread::sleep(Duration::from_millis(100));
                    files.kind(Path::new("/")).unwrap();
                }
                sender.send("found").unwrap();
            })
            .unwrap();
        assert_eq!(steps.next(&running).unwrap(), Some("found"));
        assert_eq!(steps.next(&running).unwrap(), None);
    }

    #[test]
    fn what_hangs_is_given_up_and_passed_over_until_it_answers() {
        let mut steps = steps(Duration::from_millis(150));
        let mut wakers = Vec::new();
        for path in ["a", "b", "c", "d"] {
            let (wake, woken) = channel::<()>();
            let hung = steps.run(Path::new(path), move |_| woken.recv());
            assert!(matches!(hung, Err(StepError::Hung { path: at, .. }) if at == Path::new(path)));
            wakers.push(wake);
        }
        assert_eq!(steps.hanging().len(), 4);
        assert!(matches!(steps.run(Path::new("e"), |_| ()), Err(StepError::NoThread)));
        drop(wakers.remove(0));
        while steps.hanging().len() > 3 || steps.alive.load(Ordering::Relaxed) > 3 {
            thread::sleep(Duration::from_millis(5));
        }
        let refused = steps.run(Path::new("e"), |files| files.kind(Path::new("b"))).unwrap();
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_watcher_that_is_asked_to_stop_does_not_wait() {
        let mut steps = steps(Duration::from_secs(3600));
        steps.stop.store(true, Ordering::Relaxed);
        let (_wake, woken) = channel::<()>();
        let stopped = steps.run(Path::new("a"), move |_| woken.recv());
        assert!(matches!(stopped, Err(StepError::Stopped)));
    }
}
