//! Events that nobody may resume from any more are removed.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, info, warn};

use super::clock::ClockWatch;
use larmor_store::{Store, StoreError};

/// Between two removals. Days are what is promised, so nothing is gained by more haste.
const PERIOD: Duration = Duration::from_secs(3600);
/// Between two looks at the clock.
const LOOK: Duration = Duration::from_secs(60);

/// Removes events older than `days` at once and then every hour; never returns. Several processes
/// on one database may do so.
pub(super) async fn forget_old_events(store: &Store, days: u32) {
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut clock, mut removed_at) = (ClockWatch::default(), None::<Instant>);
    loop {
        tick.tick().await;
        let now = Instant::now();
        if let Some(step) = clock.look(Utc::now(), now) {
            warn!(
                seconds = step.num_seconds(),
                "the clock was set; no events are removed for a day, since the wrong ones might be"
            );
        }
        let due = removed_at.is_none_or(|at| now.duration_since(at) >= PERIOD);
        if due && clock.is_believed(now) {
            removed_at = Some(now);
            forget(store, days).await;
        }
    }
}

async fn forget(store: &Store, days: u32) {
    match try_to_forget(store, days).await {
        Ok(0) => {}
        Ok(removed) => info!(removed, days, "old events were removed"),
        // The streams and workers tell of a database that is away.
        Err(error) if error.is_unavailable() => debug!(%error, "old events stay for now"),
        Err(error) => warn!(
            error = &error as &dyn std::error::Error,
            "old events could not be removed; it is tried again in an hour"
        ),
    }
}

async fn try_to_forget(store: &Store, days: u32) -> Result<u64, StoreError> {
    let Some(newest) = store.newest_event().await? else { return Ok(0) };
    store.forget_events(horizon(Utc::now(), newest, days)).await
}

/// What is older than this goes. A clock that was set forward while nothing ran makes nothing old:
/// age is counted from the newest event, where that is the earlier time.
fn horizon(now: DateTime<Utc>, newest: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    now.min(newest) - TimeDelta::days(days.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_forward_makes_nothing_old() {
        let newest = Utc::now();
        let wrong = newest + TimeDelta::days(4000);
        assert_eq!(horizon(wrong, newest, 30), newest - TimeDelta::days(30));
        assert_eq!(horizon(newest, wrong, 30), newest - TimeDelta::days(30));
    }
}
