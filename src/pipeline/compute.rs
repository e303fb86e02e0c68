//! A thread that computes, so that none of tokio's ever does.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::sleep;

/// Canonical SMILES of a long chain recurse once an atom.
const STACK: usize = 64 << 20;

type Job = Box<dyn FnOnce() + Send>;

/// One thread and the way to it. Torch gives every thread that calls it a team of its own: the
/// thread is kept.
#[derive(Debug)]
pub(super) struct ComputeThread {
    jobs: Sender<Job>,
}

/// Between two looks whether a thread still computes.
const LOOK: Duration = Duration::from_millis(10);

/// Threads that were started with it, for whoever must know that none computes any more: a process
/// that ends while libtorch works crashes.
#[derive(Debug, Clone, Default)]
pub(super) struct Computing(Arc<()>);

impl Computing {
    /// Waits until every thread has ended, but no longer than that; tells whether they have.
    pub(super) async fn ended(&self, within: Duration) -> bool {
        let begun = Instant::now();
        while Arc::strong_count(&self.0) > 1 {
            if begun.elapsed() > within {
                return false;
            }
            sleep(LOOK).await;
        }
        true
    }
}

/// Why a computation gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ComputeError {
    /// It panicked.
    #[error("Larmor failed on this acquisition ({0}); please report this")]
    Panicked(String),
    /// The thread has ended.
    #[error("the computing thread has ended")]
    Ended,
}

impl ComputeThread {
    /// Starts a thread called `name`; it ends with the last job once nobody has this any more.
    pub(super) fn start(name: &str, computing: &Computing) -> io::Result<Self> {
        let (jobs, queue) = channel::<Job>();
        let computing = computing.clone();
        thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(move || {
            for job in queue {
                job();
            }
            drop(computing);
        })?;
        Ok(Self { jobs })
    }

    /// Runs `work` on the thread.
    pub(super) async fn execute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ComputeError> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // State shared with the work is behind locks of its own or rebuilt for each job.
            let outcome = catch_unwind(AssertUnwindSafe(work));
            let _ = answer.send(outcome.map_err(|panic| message(panic.as_ref())));
        });
        self.jobs.send(job).map_err(|_| ComputeError::Ended)?;
        match answered.await {
            Ok(outcome) => outcome.map_err(ComputeError::Panicked),
            Err(_) => Err(ComputeError::Ended),
        }
    }
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

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_goes_on() {
        let compute = ComputeThread::start("test", &Computing::default()).unwrap();
        let panicked = compute.execute(|| -> i32 { panic!("no such peak") }).await.unwrap_err();
        assert!(panicked.to_string().contains("no such peak"), "{panicked}");
        assert_eq!(compute.execute(|| 6 * 7).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn it_is_told_when_nothing_computes_any_more() {
        let computing = Computing::default();
        let compute = ComputeThread::start("test", &computing).unwrap();
        let (finish, finished) = channel::<()>();
        let job =
            tokio::spawn(async move { compute.execute(move || finished.recv()).await.is_ok() });
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
        let name = compute.execute(|| thread::current().name().map(str::to_owned)).await.unwrap();
        assert_eq!(name.as_deref(), Some("computing"));
    }
}
