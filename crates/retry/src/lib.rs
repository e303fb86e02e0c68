//! Waits between tries. They grow exponentially up to a cap, and are shortened at random, so that
//! those who failed together do not all try again together.
//!
//! ```
//! use std::time::Duration;
//!
//! use larmor_retry::{Backoff, Schedule};
//!
//! const SCHEDULE: Schedule =
//!     Schedule::new(Duration::from_millis(250), 2, Duration::from_secs(5), 0.25);
//!
//! let mut backoff = Backoff::new(SCHEDULE);
//! let first = backoff.next_wait();
//! assert!(first <= Duration::from_millis(250) && first > Duration::from_millis(187));
//! assert!(backoff.next_wait() > first, "the second wait is about twice as long");
//! backoff.reset();
//! assert!(backoff.is_fresh());
//! ```

use std::time::Duration;

/// How long to wait before each of a row of tries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    start: Duration,
    factor: u32,
    cap: Duration,
    jitter: f64,
}

impl Schedule {
    /// The first wait is `start`, each further one `factor` times as long as the one before it,
    /// none longer than `cap`; up to the share `jitter` (0 to 1) of each is taken off at random.
    ///
    /// A schedule belongs in a constant: one that makes no sense then does not compile.
    ///
    /// ```compile_fail
    /// use larmor_retry::Schedule;
    /// use std::time::Duration;
    ///
    /// // Nobody waits for ever less.
    /// const SCHEDULE: Schedule =
    ///     Schedule::new(Duration::from_secs(5), 2, Duration::from_secs(1), 0.0);
    /// ```
    ///
    /// # Panics
    /// When `start` is zero or more than `cap`, `factor` is zero or `jitter` is no share.
    #[must_use]
    pub const fn new(start: Duration, factor: u32, cap: Duration, jitter: f64) -> Self {
        assert!(!start.is_zero(), "a wait of nothing is no wait");
        assert!(start.as_nanos() <= cap.as_nanos(), "the first wait is longer than the cap");
        assert!(factor >= 1, "waits would shrink to nothing");
        assert!(jitter >= 0.0 && jitter <= 1.0, "the jitter is no share");
        Self { start, factor, cap, jitter }
    }

    /// The wait after so many failures in a row.
    #[must_use]
    pub fn after(&self, failures: u32) -> Duration {
        self.longest_after(failures).mul_f64(1.0 - self.jitter * fastrand::f64())
    }

    /// The same before anything is taken off.
    #[must_use]
    pub fn longest_after(&self, failures: u32) -> Duration {
        let factor = self.factor.saturating_pow(failures.saturating_sub(1));
        self.start.saturating_mul(factor).min(self.cap)
    }
}

/// Failures in a row, and how long to wait after each.
#[derive(Debug, Clone)]
pub struct Backoff {
    schedule: Schedule,
    failures: u32,
}

impl Backoff {
    /// Before the first failure.
    #[must_use]
    pub const fn new(schedule: Schedule) -> Self {
        Self { schedule, failures: 0 }
    }

    /// Counts a failure and returns how long to wait before the next try.
    pub fn next_wait(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.schedule.after(self.failures)
    }

    /// True before the first failure since the last success.
    #[must_use]
    pub const fn is_fresh(&self) -> bool {
        self.failures == 0
    }

    /// A try succeeded.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXACT: Schedule =
        Schedule::new(Duration::from_millis(250), 2, Duration::from_secs(5), 0.0);

    #[test]
    fn waits_grow_up_to_the_cap_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::new(EXACT);
        assert!(backoff.is_fresh());
        let waits: Vec<u128> = (0..8).map(|_| backoff.next_wait().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
        assert!(!backoff.is_fresh());
        backoff.reset();
        assert!(backoff.is_fresh());
        assert_eq!(backoff.next_wait().as_millis(), 250);
    }

    #[test]
    fn waits_differ_by_the_jitter() {
        let schedule = Schedule::new(Duration::from_secs(1), 1, Duration::from_secs(1), 0.5);
        let waits: Vec<Duration> = (0..100).map(|_| schedule.after(1)).collect();
        assert!(waits.iter().any(|wait| *wait < Duration::from_millis(700)));
        assert!(waits.iter().any(|wait| *wait > Duration::from_millis(800)));
    }

    proptest! {
        #[test]
        fn no_wait_leaves_its_bounds(
            start in 1_u64..10_000,
            factor in 1_u32..10,
            more in 0_u64..10_000_000,
            jitter in 0.0..=1.0,
            failures in any::<u32>(),
        ) {
            let (start, cap) = (Duration::from_millis(start), Duration::from_millis(start + more));
            let schedule = Schedule::new(start, factor, cap, jitter);
            let longest = schedule.longest_after(failures);
            prop_assert!((start..=cap).contains(&longest));
            let wait = schedule.after(failures);
            prop_assert!(wait <= longest);
            prop_assert!(wait.as_secs_f64() >= longest.as_secs_f64() * (1.0 - jitter) - 1e-6);
        }
    }
}
