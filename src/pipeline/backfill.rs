//! Older data take one worker at most, and no more of its time than they may.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// The one place for older data of a process.
#[derive(Debug, Clone)]
pub(super) struct BackfillPlace {
    place: Arc<Semaphore>,
    /// Share of the time that it may be taken.
    share: f64,
}

/// Held while older data are worked on.
#[derive(Debug)]
pub(super) struct Backfilling {
    permit: OwnedSemaphorePermit,
    share: f64,
    begun: Instant,
}

impl BackfillPlace {
    pub(super) fn new(share: f64) -> Self {
        Self { place: Arc::new(Semaphore::new(1)), share }
    }

    /// Takes the place, where it is free.
    pub(super) fn take(&self) -> Option<Backfilling> {
        let permit = Arc::clone(&self.place).try_acquire_owned().ok()?;
        Some(Backfilling { permit, share: self.share, begun: Instant::now() })
    }
}

impl Backfilling {
    /// Gives the place back after a rest, and then wakes the workers.
    pub(super) fn rest(self, work: Arc<Notify>, drain: CancellationToken) {
        let rest = rest_after(self.begun.elapsed(), self.share);
        if rest.is_zero() {
            return;
        }
        tokio::spawn(async move {
            tokio::select! {
                () = sleep(rest) => {}
                () = drain.cancelled() => {}
            }
            drop(self.permit);
            work.notify_waiters();
        });
    }
}

/// So long after work that took `worked` that both together make the share.
fn rest_after(worked: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(worked.as_secs_f64() * (1.0 / share - 1.0)).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_worker_at_a_time_takes_older_data_and_rests_as_told() {
        let place = BackfillPlace::new(0.25);
        let work = Arc::new(Notify::new());
        let taken = place.take().unwrap();
        assert!(place.take().is_none());
        sleep(Duration::from_millis(100)).await;
        let (begun, woken) = (Instant::now(), work.notified());
        taken.rest(Arc::clone(&work), CancellationToken::new());
        assert!(place.take().is_none(), "it rests");
        woken.await;
        assert!(begun.elapsed() >= Duration::from_millis(299), "three times as long as it worked");
        assert!(place.take().is_some());
    }

    #[test]
    fn a_whole_share_needs_no_rest() {
        assert_eq!(rest_after(Duration::from_secs(5), 1.0), Duration::ZERO);
    }
}
