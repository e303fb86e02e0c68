//! Leases: which worker may process which acquisition. A token that only grows fences off workers
//! that lost theirs.

mod expiry;

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::events::{self, EventBody};
use super::text::{read_beside, storable};
use super::work::{WorkFilter, WorkKind};
use super::{Store, StoreError};
use larmor_nmr::fid::Beside;

pub use expiry::HeldLease;

/// How often a worker that lost a race for a sample chooses again before it waits.
const LEASE_ATTEMPTS: u32 = 4;

/// The right to process one acquisition while one tells that one does.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    /// The acquisition.
    pub acquisition: Uuid,
    /// Fencing token: the store takes nothing from an older one.
    pub token: i64,
    /// Where the data lie.
    pub path: String,
    /// Where structures proposed for the sample may lie.
    pub beside: Beside,
    /// SHA-256 over the content that was seen, hex.
    pub digest: Option<String>,
    /// Name of the instrument.
    pub instrument: String,
    /// Group whose data it is.
    pub group: String,
    /// The sample.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Experiment number, where the vendor numbers them.
    pub experiment_number: Option<String>,
    /// How often a worker took it up, this time included.
    pub attempts: i32,
    /// When Larmor discovered it.
    pub discovered_at: DateTime<Utc>,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
    /// Only a new judgement of the sample is asked for, not a new spectrum.
    pub elucidate_only: bool,
    /// What kind of work it is.
    pub work: WorkKind,
    /// How many structures had been proposed for the sample when the lease was given.
    pub(super) proposals: i32,
}

/// When an acquisition that failed is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextTry {
    /// After this time.
    After(Duration),
    /// When the watcher sees it complete again: what was in the way may pass.
    WhenObserved,
    /// Not until somebody asks for it: its data are what is wrong.
    Never,
}

impl Store {
    /// Leases the acquisition that comes first of those that are due and that `filter` takes: by kind
    /// of work, then by its place. Two acquisitions of one sample are never leased at once. A lease
    /// lasts until it is ended, or taken back from a worker that tells nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn lease(
        &self,
        worker: &str,
        filter: &WorkFilter,
    ) -> Result<Option<Lease>, StoreError> {
        // Two workers may choose two acquisitions of one sample at the same moment; the index
        // lets only one of them through, and the other chooses again.
        for _ in 0..LEASE_ATTEMPTS {
            match self.try_lease(worker, filter).await {
                Err(StoreError::Database(cause)) if is_sample_taken(&cause) => {}
                outcome => return outcome,
            }
        }
        Ok(None)
    }

    async fn try_lease(
        &self,
        worker: &str,
        filter: &WorkFilter,
    ) -> Result<Option<Lease>, StoreError> {
        let (first, last, last_place) = filter.range.bounds();
        // What was put back after now waits for a clock that has been set back since: it is due.
        let row = sqlx::query!(
            r#"UPDATE acquisitions a
               SET state = 'processing', reason = 'with a worker', attempts = a.attempts + 1,
                   lease_token = nextval('lease_tokens'), lease_worker = $1, lease_renewals = 0,
                   lease_proposals = s.proposal_count, updated_at = now()
               FROM samples s, instruments i
               WHERE a.id = (
                   SELECT w.id FROM acquisitions w
                   WHERE w.state = 'ready' AND w.priority >= $2
                     AND (w.priority, w.queue_place) <= ($3, $4)
                     AND (w.due_at IS NULL OR w.due_at <= now() OR w.updated_at > now())
                     AND (w.priority <> 4 OR NOT (SELECT paused FROM backfill))
                     AND NOT EXISTS (SELECT FROM instruments n
                                     WHERE n.id = w.instrument_id AND n.name = ANY($5))
                     AND NOT EXISTS (SELECT FROM acquisitions o
                                     WHERE o.sample_id = w.sample_id AND o.state = 'processing')
                   ORDER BY w.priority, w.queue_place, w.id LIMIT 1 FOR UPDATE SKIP LOCKED)
                 AND s.id = a.sample_id AND i.id = a.instrument_id
               RETURNING a.id, a.lease_token AS "token!", a.path, a.in_sample_directory, a.digest,
                         i.name AS instrument, a.group_name, a.sample_id, s.name AS sample_name,
                         a.experiment_number, a.attempts, a.discovered_at, a.last_written,
                         a.elucidate_only, a.lease_proposals, a.work AS "work: WorkKind""#,
            worker,
            first,
            last,
            last_place,
            &filter.away
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Lease {
            acquisition: row.id,
            token: row.token,
            path: row.path,
            beside: read_beside(row.in_sample_directory),
            digest: row.digest,
            instrument: row.instrument,
            group: row.group_name,
            sample: row.sample_id,
            sample_name: row.sample_name,
            experiment_number: row.experiment_number,
            attempts: row.attempts,
            discovered_at: row.discovered_at,
            last_written: row.last_written,
            elucidate_only: row.elucidate_only,
            work: row.work,
            proposals: row.lease_proposals,
        }))
    }

    /// Tells that the worker works.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn renew_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let renewed = sqlx::query!(
            "UPDATE acquisitions SET lease_renewals = lease_renewals + 1
             WHERE id = $1 AND lease_token = $2 AND state = 'processing'",
            lease.acquisition,
            lease.token
        )
        .execute(&self.pool)
        .await?;
        lease.held(renewed.rows_affected())
    }

    /// Gives an acquisition back unprocessed: at shutdown, or because of something that is not its
    /// own doing. The attempt does not count.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn release(&self, lease: &Lease, reason: &str) -> Result<(), StoreError> {
        let released = sqlx::query!(
            "UPDATE acquisitions SET state = 'ready', reason = $3, attempts = attempts - 1,
                    lease_token = NULL, updated_at = now()
             WHERE id = $1 AND lease_token = $2 AND state = 'processing'",
            lease.acquisition,
            lease.token,
            storable(reason)
        )
        .execute(&self.pool)
        .await?;
        lease.held(released.rows_affected())
    }

    /// Records that processing failed, and when it is to be tried again.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn fail(&self, lease: &Lease, reason: &str, next: NextTry) -> Result<(), StoreError> {
        let reason = storable(reason);
        let wait = match next {
            NextTry::After(wait) => Some(wait.as_secs_f64()),
            NextTry::WhenObserved | NextTry::Never => None,
        };
        let mut transaction = self.pool.begin().await?;
        let failed = sqlx::query!(
            "UPDATE acquisitions
             SET state = CASE WHEN $4::float8 IS NULL THEN 'failed' ELSE 'ready' END, reason = $3,
                 work = CASE WHEN $4 IS NOT NULL AND work <> 'backfill' THEN 'retry' ELSE work END,
                 failure_passes = $5, due_at = now() + $4 * interval '1 second',
                 lease_token = NULL, updated_at = now(),
                 finished_at = CASE WHEN $4 IS NULL THEN now() END
             WHERE id = $1 AND lease_token = $2 AND state = 'processing'",
            lease.acquisition,
            lease.token,
            reason,
            wait,
            next != NextTry::Never
        )
        .execute(&mut *transaction)
        .await?;
        lease.held(failed.rows_affected())?;
        if wait.is_none() {
            let event = EventBody::Failed { reason, attempts: lease.attempts };
            events::append(&mut transaction, lease.acquisition, &event).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Every place under an instrument's roots of the acquisitions that failed at least `rest` ago
    /// for a cause that may have passed since: seen complete again they are processed again.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn retryable(
        &self,
        instrument: &str,
        rest: Duration,
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT l.path FROM acquisitions a
             JOIN acquisition_locations l ON l.acquisition_id = a.id
             JOIN instruments i ON i.id = l.instrument_id
             WHERE i.name = $1 AND a.state = 'failed' AND a.failure_passes
               AND a.finished_at <= now() - $2::float8 * interval '1 second'",
            storable(instrument),
            rest.as_secs_f64()
        )
        .fetch_all(&self.pool)
        .await?)
    }
}

impl Lease {
    /// An update fenced by the token touched its row, or the lease is lost.
    pub(super) fn held(&self, rows: u64) -> Result<(), StoreError> {
        if rows == 0 {
            return Err(StoreError::LeaseLost { acquisition: self.acquisition });
        }
        Ok(())
    }
}

fn is_sample_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|refusal| refusal.constraint() == Some("acquisitions_one_lease_a_sample"))
}
