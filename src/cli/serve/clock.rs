//! Whether the clock can be believed when something is to be removed for its age: clocks are set by
//! years, forward and back, and what was removed by a wrong one is gone.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that goes wrong by more than this between two looks has been set.
const STEP: TimeDelta = TimeDelta::minutes(10);
/// So long after that it is believed again: a wrong one is put right by then.
const DOUBT: Duration = Duration::from_secs(24 * 3600);

/// Compares the clock with one that is never set.
#[derive(Debug, Default)]
pub(super) struct ClockWatch {
    last: Option<(DateTime<Utc>, Instant)>,
    doubted: Option<Instant>,
}

impl ClockWatch {
    /// Looks; tells by how much the clock has been set since the last look, if it has.
    pub(super) fn look(&mut self, now: DateTime<Utc>, instant: Instant) -> Option<TimeDelta> {
        let (then, before) = self.last.replace((now, instant))?;
        let passed = TimeDelta::from_std(instant.duration_since(before)).ok()?;
        let step = now - then - passed;
        if step.abs() <= STEP {
            return None;
        }
        self.doubted = Some(instant);
        Some(step)
    }

    /// True once a day has passed since it was set.
    pub(super) fn is_believed(&self, instant: Instant) -> bool {
        self.doubted.is_none_or(|since| instant.duration_since(since) >= DOUBT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_is_not_believed_for_a_day() {
        let (now, instant) = (Utc::now(), Instant::now());
        let hours = |hours: u32| Duration::from_secs(3600) * hours;
        let mut clock = ClockWatch::default();
        assert_eq!(clock.look(now, instant), None);
        let later = now + TimeDelta::hours(1) + TimeDelta::minutes(2);
        assert_eq!(
            clock.look(later, instant + hours(1)),
            None,
            "a clock that is corrected a little"
        );
        assert!(clock.is_believed(instant + hours(1)));
        for step in [TimeDelta::days(400), TimeDelta::days(-400)] {
            let mut clock = ClockWatch { last: Some((now, instant)), doubted: None };
            let set = clock.look(now + TimeDelta::hours(1) + step, instant + hours(1));
            assert_eq!(set, Some(step));
            assert!(!clock.is_believed(instant + hours(24)));
            assert!(clock.is_believed(instant + hours(25)));
        }
    }
}
