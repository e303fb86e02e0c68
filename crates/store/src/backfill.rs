//! How far the older data have come, and whether they are worked through now.

use chrono::{DateTime, Utc};

use super::text::storable;
use super::{Store, StoreError};

/// The older data as they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct BackfillStatus {
    /// True while none is taken up.
    pub paused: bool,
    /// Who paused or resumed it last; empty where nobody has.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// Acquisitions that wait.
    pub waiting: i64,
    /// Of those, how many were acquired before the time that was asked for, and stay.
    pub held: i64,
    /// Finished in the last hour.
    pub finished_last_hour: i64,
}

impl Store {
    /// How far the older data have come; those acquired before `since` count as held.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn backfill(
        &self,
        since: Option<DateTime<Utc>>,
    ) -> Result<BackfillStatus, StoreError> {
        Ok(sqlx::query_as!(
            BackfillStatus,
            r#"SELECT b.paused, b.changed_by, b.changed_at,
                      (SELECT count(*) FROM acquisitions WHERE state = 'ready' AND priority = 4)
                          AS "waiting!",
                      (SELECT count(*) FROM acquisitions WHERE state = 'ready' AND priority = 4
                       AND coalesce(last_written, discovered_at) < $1) AS "held!",
                      (SELECT count(*) FROM acquisitions WHERE work = 'backfill'
                       AND state IN ('done', 'failed')
                       AND finished_at > now() - interval '1 hour') AS "finished_last_hour!"
               FROM backfill b"#,
            since
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// Has workers take up no more older data, or take them up again.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn pause_backfill(&self, paused: bool, by: &str) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE backfill SET paused = $1, changed_by = $2, changed_at = now()",
            paused,
            storable(by)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
