//! Datasets that were removed before they were complete.

use uuid::Uuid;

use super::events::{self, EventBody};
use super::text::storable;
use super::{Store, StoreError};

/// What is said of them.
const REASON: &str = "it vanished before it was complete";

impl Store {
    /// What lay at a place is gone. An acquisition without content that began there has vanished;
    /// one with content may have been moved, or archived, and stays as it is. Returns the
    /// acquisition that ended thereby.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn vanished(&self, instrument: &str, path: &str) -> Result<Option<Uuid>, StoreError> {
        let (instrument, path) = (storable(instrument), storable(path));
        let mut transaction = self.pool.begin().await?;
        sqlx::query!(
            "DELETE FROM observed_files f USING instruments i
             WHERE i.id = f.instrument_id AND i.name = $1 AND f.path = $2",
            instrument,
            path
        )
        .execute(&mut *transaction)
        .await?;
        let vanished = sqlx::query_scalar!(
            "UPDATE acquisitions a SET state = 'vanished', reason = $3, overdue = false,
                    failure_passes = false, updated_at = now(), finished_at = now()
             FROM instruments i
             WHERE i.id = a.instrument_id AND i.name = $1 AND a.path = $2 AND a.digest IS NULL
               AND (a.state IN ('discovered', 'incomplete')
                    OR a.state = 'failed' AND a.failure_passes)
             RETURNING a.id",
            instrument,
            path,
            REASON
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(acquisition) = vanished {
            let event = EventBody::Vanished { reason: REASON.to_owned() };
            events::append(&mut transaction, acquisition, &event).await?;
        }
        transaction.commit().await?;
        Ok(vanished)
    }
}
