//! What nobody wants kept any longer is removed.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, info, warn};

use super::clock::ClockWatch;
use crate::config::RetentionSettings;
use larmor_store::{Store, StoreError};

/// Between two removals. Days are what is promised, so nothing is gained by more haste.
const PERIOD: Duration = Duration::from_secs(3600);
/// Between two looks at the clock.
const LOOK: Duration = Duration::from_secs(60);

/// What is kept for a time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Events,
    Points,
    SupersededJudgements,
    VanishedAcquisitions,
}

/// What is not kept for ever, and for how many days it is.
fn limited(settings: RetentionSettings) -> impl Iterator<Item = (Kept, u32)> {
    let RetentionSettings { events_days, points_days, superseded_days, vanished_days } = settings;
    [
        (Kept::Events, events_days),
        (Kept::Points, points_days),
        (Kept::SupersededJudgements, superseded_days),
        (Kept::VanishedAcquisitions, vanished_days),
    ]
    .into_iter()
    .filter(|(_, days)| *days > 0)
}

/// Whether there is anything that is not kept for ever.
pub(super) fn limits_anything(settings: RetentionSettings) -> bool {
    limited(settings).next().is_some()
}

/// Since when points are kept; `None` where they are for ever.
pub(super) fn points_since(settings: RetentionSettings) -> Option<DateTime<Utc>> {
    let days = settings.points_days;
    (days > 0).then(|| Utc::now() - TimeDelta::days(days.into()))
}

/// Removes what is older than it may be, at once and then every hour; never returns. Several
/// processes on one database may do so.
pub(super) async fn remove_old(store: &Store, settings: RetentionSettings) {
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut clock, mut removed_at) = (ClockWatch::default(), None::<Instant>);
    loop {
        tick.tick().await;
        let now = Instant::now();
        if let Some(step) = clock.look(Utc::now(), now) {
            warn!(
                seconds = step.num_seconds(),
                "the clock was set; nothing is removed for its age for a day, since the wrong things \
                 might be"
            );
        }
        let due = removed_at.is_none_or(|at| now.duration_since(at) >= PERIOD);
        if due && clock.is_believed(now) {
            removed_at = Some(now);
            for (what, days) in limited(settings) {
                remove(store, what, days).await;
            }
        }
    }
}

async fn remove(store: &Store, what: Kept, days: u32) {
    match try_to_remove(store, what, days).await {
        Ok(0) => {}
        Ok(removed) => match what {
            Kept::Events => info!(removed, days, "old events were removed"),
            Kept::Points => info!(removed, days, "points of old spectra were removed"),
            Kept::SupersededJudgements => {
                info!(thinned = removed, days, "old judgements that were superseded were thinned");
            }
            Kept::VanishedAcquisitions => {
                info!(removed, days, "rows of acquisitions that vanished were removed");
            }
        },
        // The streams and workers tell of a database that is away.
        Err(error) if error.is_unavailable() => debug!(%error, ?what, "what is old stays for now"),
        Err(error) => warn!(
            error = &error as &dyn std::error::Error,
            ?what,
            "what is old could not be removed; it is tried again in an hour"
        ),
    }
}

async fn try_to_remove(store: &Store, what: Kept, days: u32) -> Result<u64, StoreError> {
    let Some(newest) = store.newest_event().await? else { return Ok(0) };
    let before = horizon(Utc::now(), newest, days);
    match what {
        Kept::Events => store.forget_events(before).await,
        Kept::Points => store.forget_points(before).await,
        Kept::SupersededJudgements => store.thin_superseded(before).await,
        Kept::VanishedAcquisitions => store.forget_vanished(before).await,
    }
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

    #[test]
    fn nothing_is_removed_that_nobody_set_a_limit_for() {
        assert!(!limits_anything(RetentionSettings::default()));
        assert_eq!(points_since(RetentionSettings::default()), None);
        let points = RetentionSettings { points_days: 90, ..RetentionSettings::default() };
        assert_eq!(limited(points).collect::<Vec<_>>(), [(Kept::Points, 90)]);
        assert!(points_since(points).is_some());
    }
}
