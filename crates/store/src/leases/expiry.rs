//! Leases whose worker went without a word. No clock of the database decides: whoever watches
//! counts, by a clock that only goes forward, how long a worker has told nothing.

use uuid::Uuid;

use crate::events::{self, EventBody};
use crate::{Store, StoreError};

/// A lease as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeldLease {
    /// The acquisition.
    pub acquisition: Uuid,
    /// The lease's token.
    pub token: i64,
    /// How often its worker has told that it works.
    pub renewals: i64,
}

/// Abrupt ends after which an acquisition is not tried any more.
const ABRUPT_ENDS: i32 = 4;

impl Store {
    /// Every lease that there is.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn held_leases(&self) -> Result<Vec<HeldLease>, StoreError> {
        Ok(sqlx::query_as!(
            HeldLease,
            r#"SELECT id AS acquisition, lease_token AS "token!", lease_renewals AS renewals
               FROM acquisitions WHERE state = 'processing'"#
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Takes a lease away from a worker that has told nothing since it was seen as in `held`; the
    /// acquisition is ready again at its old place. One that has ended several workers is failed
    /// instead. False when the worker has told something meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn take_back(&self, held: &HeldLease) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let ended = sqlx::query!(
            "UPDATE acquisitions
             SET state = CASE WHEN abrupt_ends + 1 >= $4 THEN 'failed' ELSE 'ready' END,
                 reason = CASE WHEN abrupt_ends + 1 >= $4
                     THEN 'Larmor ended abruptly several times while it worked on this; please report it'
                     ELSE 'its worker went without a word' END,
                 failure_passes = false, abrupt_ends = abrupt_ends + 1, lease_token = NULL,
                 updated_at = now(),
                 finished_at = CASE WHEN abrupt_ends + 1 >= $4 THEN now() ELSE finished_at END
             WHERE id = $1 AND lease_token = $2 AND lease_renewals = $3 AND state = 'processing'
             RETURNING state = 'failed' AS \"failed!\", reason, attempts",
            held.acquisition,
            held.token,
            held.renewals,
            ABRUPT_ENDS
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(ended) = ended else { return Ok(false) };
        if ended.failed {
            let event = EventBody::Failed { reason: ended.reason, attempts: ended.attempts };
            events::append(&mut transaction, held.acquisition, &event).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
