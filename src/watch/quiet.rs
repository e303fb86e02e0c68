//! How long files have been left alone. Their times are another machine's, or of a clock that was set
//! since; a watcher that saw them change knows better.

use std::time::{Duration, Instant, SystemTime};

use super::file_stamps::FileStamps;

/// Clocks of one house may be so far apart.
const APART: Duration = Duration::from_secs(60);

/// Our clock, and what it would show had nobody set it since this start.
#[derive(Debug)]
pub(super) struct OwnClock {
    started: (SystemTime, Instant),
}

impl Default for OwnClock {
    fn default() -> Self {
        Self { started: (SystemTime::now(), Instant::now()) }
    }
}

impl OwnClock {
    /// How long files have been left alone by either, whichever says less.
    pub(super) fn quiet(&self, stamps: &FileStamps) -> Duration {
        let (then, instant) = self.started;
        let had_it_not_been_set = then + instant.elapsed();
        stamps.quiet(SystemTime::now()).min(stamps.quiet(had_it_not_been_set))
    }
}

/// How far the clock that stamps the files of a root lags behind ours.
#[derive(Debug, Default)]
pub(super) struct FileClock {
    behind: Duration,
    /// What the last change said alone.
    last: Duration,
}

impl FileClock {
    /// Files changed since they were looked at `ago`, and their times say that they have been left
    /// alone for `quiet`.
    pub(super) fn saw_change(&mut self, quiet: Duration, ago: Duration) {
        let behind = Some(quiet.saturating_sub(ago)).filter(|behind| *behind > APART);
        let behind = behind.unwrap_or_default();
        // A file that was removed changes a dataset, too, and the times of the rest are old.
        self.behind = behind.min(self.last);
        self.last = behind;
    }

    /// How long files have been left alone of which their times say `quiet`.
    pub(super) fn correct(&self, quiet: Duration) -> Duration {
        quiet.saturating_sub(self.behind)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);
    const SCAN: Duration = Duration::from_secs(30);

    #[test]
    fn a_clock_that_lags_is_told_by_files_that_were_seen_to_change() {
        let mut clock = FileClock::default();
        assert_eq!(clock.correct(DAY), DAY);
        clock.saw_change(400 * DAY, SCAN);
        assert_eq!(clock.correct(DAY), DAY, "one alone says nothing");
        clock.saw_change(3 * DAY, SCAN);
        assert_eq!(clock.correct(3 * DAY), SCAN);
        assert_eq!(clock.correct(5 * DAY), 2 * DAY + SCAN);
        clock.saw_change(SCAN / 2, SCAN);
        assert_eq!(clock.correct(DAY), DAY, "it was put right");
    }

    #[test]
    fn our_clock_that_is_set_forward_makes_no_file_older() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("fid"), "1").unwrap();
        let stamps = FileStamps::of(dir.path()).unwrap();
        // As after a start with a clock that was a day behind.
        let clock = OwnClock { started: (SystemTime::now() - DAY, Instant::now()) };
        assert_eq!(clock.quiet(&stamps), Duration::ZERO);
        // As after a start with a clock that was a day ahead.
        let clock = OwnClock { started: (SystemTime::now() + DAY, Instant::now()) };
        assert!(clock.quiet(&stamps) < APART);
    }
}
