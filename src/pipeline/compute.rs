//! A thread that computes, so that none of tokio's ever does.

use std::any::Any;
use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::sleep;

/// Canonical SMILES of a long chain recurse once an atom.
const STACK: usize = 64 << 20;
/// Threads that may hang in a step that was given up; with more, whoever asks waits.
const RESERVE: usize = 8;

type Job = Box<dyn FnOnce() + Send>;

/// One thread and the way to it. Torch gives every thread that calls it a team of its own: the
/// thread is kept, and another takes its place only when it hangs.
#[derive(Debug)]
pub(super) struct ComputeThread {
    name: String,
    computing: Computing,
    jobs: Mutex<Sender<Job>>,
}

/// Between two looks whether a thread still computes.
const LOOK: Duration = Duration::from_millis(10);

/// Threads that were started with it, for whoever must know that none computes any more: a process
/// that ends while libtorch works crashes.
#[derive(Debug, Clone, Default)]
pub(super) struct Computing {
    running: Arc<AtomicUsize>,
    /// Of those, how many hang in a step that was given up.
    hanging: Arc<AtomicUsize>,
}

impl Computing {
    /// Waits until every thread has ended but those that hang in a step that was given up, which may
    /// never do; no longer than that. Tells whether they have.
    pub(super) async fn ended(&self, within: Duration) -> bool {
        let begun = Instant::now();
        while self.running.load(Ordering::Relaxed) > self.hanging.load(Ordering::Relaxed) {
            if begun.elapsed() > within {
                return false;
            }
            sleep(LOOK).await;
        }
        true
    }

    /// Counts one more that hangs, unless the reserve is used up.
    fn give_up(&self) -> Option<Counted> {
        let more = |hanging| (hanging < RESERVE).then_some(hanging + 1);
        let order = Ordering::Relaxed;
        self.hanging.fetch_update(order, order, more).ok()?;
        Some(Counted(Arc::clone(&self.hanging)))
    }

    /// Counts one more that hangs, whose place nobody takes.
    fn leave(&self) -> Counted {
        self.hanging.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(&self.hanging))
    }

    /// Counts one more that runs.
    fn begin(&self) -> Counted {
        self.running.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(&self.running))
    }
}

/// A thread that is counted for as long as this is kept.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why a computation gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ComputeError {
    /// It panicked.
    #[error("Larmor failed on this acquisition ({0}); please report this")]
    Panicked(String),
    /// It took too long and was given up.
    #[error("it was given up after {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// Nobody waits for it any more.
    #[error("it was given up")]
    GivenUp,
    /// The thread has ended.
    #[error("the computing thread has ended")]
    Ended,
}

impl ComputeThread {
    /// Starts a thread called `name`; it ends with the last job once nobody has this any more.
    pub(super) fn start(name: &str, computing: &Computing) -> io::Result<Self> {
        let jobs = Mutex::new(spawn(name, computing)?);
        Ok(Self { name: name.to_owned(), computing: computing.clone(), jobs })
    }

    /// Runs `work` on the thread. After `limit` it is given up: the thread is left to it, and another
    /// one does what comes next. Where too many hang already, it is waited for.
    pub(super) async fn execute<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ComputeError> {
        self.execute_until(pending(), limit, work).await
    }

    /// The same, and it is given up once `enough` has come: the thread is left to it and does nothing
    /// else, for whoever is about to end.
    pub(super) async fn execute_until<T: Send + 'static>(
        &self,
        enough: impl Future<Output = ()>,
        limit: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ComputeError> {
        let (answer, mut answered) = oneshot::channel();
        let hanging: Arc<Mutex<Option<Counted>>> = Arc::default();
        let given_up = Arc::clone(&hanging);
        let job = Box::new(move || {
            // State shared with the work is behind locks of its own or rebuilt for each job.
            let outcome = catch_unwind(AssertUnwindSafe(work));
            // Counted as hanging until here, if it was given up.
            drop(given_up);
            let _ = answer.send(outcome.map_err(|panic| message(panic.as_ref())));
        });
        locked(&self.jobs).send(job).map_err(|_| ComputeError::Ended)?;
        let mut enough = pin!(enough);
        let outcome = tokio::select! {
            // What is there is taken.
            biased;
            outcome = &mut answered => Some(outcome),
            () = &mut enough => None,
            () = sleep(limit) => {
                if let Some(counted) = self.computing.give_up() {
                    let fresh =
                        spawn(&self.name, &self.computing).map_err(|_| ComputeError::Ended)?;
                    *locked(&self.jobs) = fresh;
                    *locked(&hanging) = Some(counted);
                    return Err(ComputeError::TimedOut(limit));
                }
                tokio::select! {
                    biased;
                    outcome = &mut answered => Some(outcome),
                    () = &mut enough => None,
                }
            }
        };
        let Some(outcome) = outcome else {
            *locked(&hanging) = Some(self.computing.leave());
            return Err(ComputeError::GivenUp);
        };
        match outcome {
            Ok(outcome) => outcome.map_err(ComputeError::Panicked),
            Err(_) => Err(ComputeError::Ended),
        }
    }
}

fn spawn(name: &str, computing: &Computing) -> io::Result<Sender<Job>> {
    let (jobs, queue) = channel::<Job>();
    let running = computing.begin();
    thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(move || {
        for job in queue {
            job();
        }
        drop(running);
    })?;
    Ok(jobs)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".to_owned());
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_step_that_hangs_is_given_up_and_another_thread_goes_on() {
        let computing = Computing::default();
        let compute = ComputeThread::start("test", &computing).unwrap();
        let (finish, finished) = channel::<()>();
        let hung = compute.execute(SHORT, move || finished.recv().is_ok()).await;
        assert!(matches!(hung, Err(ComputeError::TimedOut(_))), "{hung:?}");
        assert_eq!(computing.hanging.load(Ordering::Relaxed), 1);
        assert_eq!(compute.execute(LONG, || 6 * 7).await.unwrap(), 42);
        finish.send(()).unwrap();
        drop(compute);
        assert!(computing.ended(LONG).await);
        assert_eq!(computing.hanging.load(Ordering::Relaxed), 0, "it came to its end after all");
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_keeps_no_process_from_ending() {
        let computing = Computing::default();
        let compute = ComputeThread::start("test", &computing).unwrap();
        // Also where more hang than there are in reserve, and where it is waited for already.
        for limit in [LONG; RESERVE].into_iter().chain([SHORT / 2]) {
            let compute = ComputeThread::start("test", &computing).unwrap();
            let (never, finished) = channel::<()>();
            std::mem::forget(never);
            let work = move || finished.recv().is_ok();
            let hung = compute.execute_until(sleep(SHORT), limit, work).await;
            assert!(matches!(hung, Err(ComputeError::GivenUp)), "{hung:?}");
        }
        drop(compute);
        assert!(computing.ended(LONG).await);
    }

    #[tokio::test]
    async fn no_more_threads_hang_than_there_are_in_reserve() {
        let computing = Computing::default();
        let compute = ComputeThread::start("test", &computing).unwrap();
        let mut finish = Vec::new();
        for _ in 0..RESERVE {
            let (end, ended) = channel::<()>();
            finish.push(end);
            let hung =
                compute.execute(Duration::from_millis(1), move || ended.recv().is_ok()).await;
            assert!(matches!(hung, Err(ComputeError::TimedOut(_))));
        }
        let waits = compute.execute(SHORT, || thread::sleep(4 * SHORT));
        assert!(waits.await.is_ok(), "it was waited for");
        assert_eq!(computing.hanging.load(Ordering::Relaxed), RESERVE);
        drop(finish);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_goes_on() {
        let compute = ComputeThread::start("test", &Computing::default()).unwrap();
        let panicked =
            compute.execute(LONG, || -> i32 { panic!("no such peak") }).await.unwrap_err();
        assert!(panicked.to_string().contains("no such peak"), "{panicked}");
        assert_eq!(compute.execute(LONG, || 6 * 7).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn it_is_told_when_nothing_computes_any_more() {
        let computing = Computing::default();
        let _whoever_else_counts = computing.clone();
        let compute = ComputeThread::start("test", &computing).unwrap();
        let (finish, finished) = channel::<()>();
        let job =
            tokio::spawn(
                async move { compute.execute(LONG, move || finished.recv()).await.is_ok() },
            );
        assert!(!computing.ended(Duration::from_millis(50)).await);
        // Whoever asked does not wait any more; the thread still works.
        job.abort();
        assert!(!computing.ended(Duration::from_millis(50)).await);
        finish.send(()).unwrap();
        assert!(computing.ended(Duration::from_secs(20)).await);
    }

    #[tokio::test]
    async fn work_is_not_done_on_the_thread_that_asks() {
        let compute = ComputeThread::start("computing", &Computing::default()).unwrap();
        let named = || thread::current().name().map(str::to_owned);
        let name = compute.execute(LONG, named).await.unwrap();
        assert_eq!(name.as_deref(), Some("computing"));
    }
}
