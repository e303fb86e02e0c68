//! Which work there is, and which of it a worker takes.

use chrono::{DateTime, Utc};

/// Kinds of work, in the order in which workers take them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum WorkKind {
    /// Acquired within the day before it was complete.
    Live,
    /// A person asked for it, or proposed a structure.
    Requested,
    /// Failed before, for a cause that may have passed.
    Retry,
    /// Processed before; another spectrum or other weights make it worth doing again.
    Reprocessing,
    /// Older data.
    Backfill,
}

impl WorkKind {
    /// The word that stands in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Requested => "requested",
            Self::Retry => "retry",
            Self::Reprocessing => "reprocessing",
            Self::Backfill => "backfill",
        }
    }
}

/// How far down the queue a worker goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorkRange {
    /// Everything but older data.
    WithoutBackfill,
    /// Older data, too, once nothing else is due.
    #[default]
    WithBackfill,
    /// Of the older data only what was acquired from this time on.
    BackfillSince(DateTime<Utc>),
    /// Only what ended the process twice.
    Isolated,
}

impl WorkRange {
    /// Priorities from the first to the second, and in the second places up to the third.
    pub(super) fn bounds(self) -> (i16, i16, i64) {
        const BACKFILL: i16 = 4;
        const ISOLATED: i16 = 5;
        match self {
            Self::WithoutBackfill => (0, BACKFILL - 1, i64::MAX),
            Self::WithBackfill => (0, BACKFILL, i64::MAX),
            // The places of older data are their times, the newest first.
            Self::BackfillSince(time) => (0, BACKFILL, -time.timestamp()),
            Self::Isolated => (ISOLATED, ISOLATED, i64::MAX),
        }
    }
}

/// Which work a worker takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkFilter {
    /// How far down the queue.
    pub range: WorkRange,
    /// Nothing from these instruments: their data cannot be reached now.
    pub away: Vec<String>,
}
