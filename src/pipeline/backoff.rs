//! Pauses that grow from one failure to the next.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);

/// Pauses between tries to reach the database: doubling, up to five seconds.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) fn new() -> Self {
        Self(FIRST)
    }

    /// The next pause.
    pub(super) fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST);
        pause
    }

    /// True before the first failure since the last success.
    pub(super) fn is_fresh(&self) -> bool {
        self.0 == FIRST
    }

    pub(super) fn reset(&mut self) {
        self.0 = FIRST;
    }
}

/// Pause before an acquisition is tried again: two seconds, then twice as long each time, an hour
/// at most. A share that is away is often away for minutes.
pub(super) fn before_retry(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    Duration::from_secs(2u64 << doublings).min(Duration::from_secs(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let mut backoff = Backoff::new();
        assert!(backoff.is_fresh());
        let pauses: Vec<Duration> = (0..8).map(|_| backoff.next()).collect();
        assert_eq!(pauses[..2], [FIRST, FIRST * 2]);
        assert_eq!(pauses[7], LONGEST);
        backoff.reset();
        assert!(backoff.is_fresh());
        assert_eq!(before_retry(1), Duration::from_secs(2));
        assert_eq!(before_retry(4), Duration::from_secs(16));
        assert_eq!(before_retry(i32::MAX), Duration::from_secs(3600));
    }
}
