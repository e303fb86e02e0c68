//! Instruments, and how they are doing.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

/// An instrument with what it did lately.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Its name.
    pub name: String,
    /// When its first dataset was seen.
    pub first_seen: DateTime<Utc>,
    /// When it last wrote something.
    pub last_written: Option<DateTime<Utc>>,
    /// Datasets that it is still writing.
    pub writing: i64,
    /// Datasets that wait for a worker or are with one.
    pub waiting: i64,
    /// Since midnight (UTC): processed, failed, skipped.
    pub done_today: i64,
    /// Could not be processed.
    pub failed_today: i64,
    /// Nothing Larmor works on.
    pub skipped_today: i64,
}

impl Store {
    /// Every instrument by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn instruments(&self) -> Result<Vec<Instrument>, StoreError> {
        Ok(sqlx::query_as!(
            Instrument,
            r#"SELECT i.name, i.first_seen,
                      (SELECT max(a.last_written) FROM acquisitions a WHERE a.instrument_id = i.id)
                      AS last_written,
                      count(a.*) FILTER (WHERE a.state IN ('discovered', 'incomplete')) AS "writing!",
                      count(a.*) FILTER (WHERE a.state IN ('ready', 'processing')) AS "waiting!",
                      count(a.*) FILTER (WHERE a.state = 'done') AS "done_today!",
                      count(a.*) FILTER (WHERE a.state = 'failed') AS "failed_today!",
                      count(a.*) FILTER (WHERE a.state = 'skipped') AS "skipped_today!"
               FROM instruments i
               LEFT JOIN acquisitions a ON a.instrument_id = i.id
                    AND (a.state IN ('discovered', 'incomplete', 'ready', 'processing')
                         OR a.finished_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')
               GROUP BY i.id ORDER BY i.name"#
        )
        .fetch_all(&self.pool)
        .await?)
    }
}
