//! Acquisitions whose files another one overwrote before they were processed.

use sqlx::PgConnection;
use uuid::Uuid;

use super::events::{self, EventBody};
use super::text::storable;
use super::{Lease, Observation, Store, StoreError};

impl Store {
    /// Records that the data of a leased acquisition are no longer where they were observed: what
    /// lies there now is another's.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn supersede(&self, lease: &Lease, reason: &str) -> Result<(), StoreError> {
        let reason = storable(reason);
        let mut transaction = self.pool.begin().await?;
        let superseded = sqlx::query!(
            "UPDATE acquisitions
             SET state = 'superseded', reason = $3, failure_passes = false, lease_token = NULL,
                 updated_at = now(), finished_at = now()
             WHERE id = $1 AND lease_token = $2 AND state = 'processing'",
            lease.acquisition,
            lease.token,
            reason
        )
        .execute(&mut *transaction)
        .await?;
        lease.held(superseded.rows_affected())?;
        let event = EventBody::Superseded { reason };
        events::append(&mut transaction, lease.acquisition, &event).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Content was observed at a place: what was last observed there with other content, waits to be
/// processed and lies nowhere else is lost.
pub(super) async fn overwritten(
    connection: &mut PgConnection,
    observation: &Observation,
    by: Uuid,
) -> Result<(), StoreError> {
    let reason = format!("its files were overwritten by acquisition {by} before it was processed");
    let superseded = sqlx::query_scalar!(
        "UPDATE acquisitions a
         SET state = 'superseded', reason = $4, failure_passes = false, updated_at = now(),
             finished_at = now()
         FROM acquisition_locations l, instruments i
         WHERE i.name = $1 AND l.instrument_id = i.id AND l.path = $2 AND a.id = l.acquisition_id
           AND a.path = l.path AND a.id <> $3
           AND (a.state = 'ready' OR a.state = 'failed' AND a.failure_passes)
           AND NOT EXISTS (SELECT FROM spectra s WHERE s.acquisition_id = a.id)
           AND NOT EXISTS (SELECT FROM acquisition_locations o WHERE o.acquisition_id = a.id
                           AND (o.instrument_id <> l.instrument_id OR o.path <> l.path))
         RETURNING a.id",
        observation.instrument,
        observation.path,
        by,
        reason
    )
    .fetch_all(&mut *connection)
    .await?;
    for acquisition in superseded {
        let event = EventBody::Superseded { reason: reason.clone() };
        events::append(connection, acquisition, &event).await?;
    }
    Ok(())
}
