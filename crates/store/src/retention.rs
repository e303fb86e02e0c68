//! What is removed once it is old enough, where the configuration says so. Spectra with their peaks,
//! judgements with their verdicts and reasons, reviews, and what happened to samples always stay.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError};

/// Removed in one transaction: nobody waits long for its locks.
const BATCH: i64 = 500;

impl Store {
    /// Removes the points of spectra that were made before a time and returns of how many.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn forget_points(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let (mut removed, mut last) = (0, Uuid::nil());
        loop {
            // By spectrum: that of an acquisition may be a newer one's by now.
            let batch = sqlx::query_scalar!(
                "DELETE FROM spectrum_traces WHERE spectrum_id IN (
                     SELECT t.spectrum_id
                     FROM spectrum_traces t JOIN spectra s ON s.id = t.spectrum_id
                     WHERE s.created_at < $1 AND t.spectrum_id > $3
                     ORDER BY t.spectrum_id LIMIT $2 FOR UPDATE OF t SKIP LOCKED)
                 RETURNING spectrum_id",
                before,
                BATCH,
                last
            )
            .fetch_all(&self.pool)
            .await?;
            let Some(newest) = batch.iter().max() else { return Ok(removed) };
            last = *newest;
            removed += u64::try_from(batch.len()).unwrap_or(0);
        }
    }

    /// Thins judgements that were made before a time and superseded since: of each stay verdict,
    /// reasons, the best candidate and the proposed ones, without assignments. Those that somebody
    /// reviewed stay whole. Returns how many were thinned.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn thin_superseded(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let (mut thinned, mut last) = (0, Uuid::nil());
        loop {
            let mut transaction = self.pool.begin().await?;
            let batch = sqlx::query_scalar!(
                "SELECT e.id FROM elucidations e JOIN samples s ON s.id = e.sample_id
                 WHERE e.thinned_at IS NULL AND e.created_at < $1 AND e.id > $3
                   AND EXISTS (SELECT FROM elucidations n WHERE n.supersedes = e.id)
                   AND NOT EXISTS (SELECT FROM reviews r WHERE r.elucidation_id = e.id)
                 ORDER BY e.id LIMIT $2 FOR UPDATE OF s, e SKIP LOCKED",
                before,
                BATCH,
                last
            )
            .fetch_all(&mut *transaction)
            .await?;
            let Some(newest) = batch.last() else { return Ok(thinned) };
            last = *newest;
            sqlx::query!(
                "DELETE FROM peak_assignments a USING candidates c
                 WHERE a.candidate_id = c.id AND c.elucidation_id = ANY($1)",
                &batch
            )
            .execute(&mut *transaction)
            .await?;
            sqlx::query!(
                "DELETE FROM candidates
                 WHERE elucidation_id = ANY($1) AND rank > 1 AND source <> 'proposed'",
                &batch
            )
            .execute(&mut *transaction)
            .await?;
            sqlx::query!("UPDATE elucidations SET thinned_at = now() WHERE id = ANY($1)", &batch)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            thinned += u64::try_from(batch.len()).unwrap_or(0);
        }
    }

    /// Removes the rows of acquisitions that vanished or were overwritten before a time, and of which
    /// there is nothing else. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn forget_vanished(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut removed = 0;
        loop {
            let batch = sqlx::query!(
                "DELETE FROM acquisitions WHERE id IN (
                     SELECT a.id FROM acquisitions a
                     WHERE a.state IN ('vanished', 'superseded') AND a.finished_at < $1
                       AND NOT EXISTS (SELECT FROM spectra s WHERE s.acquisition_id = a.id)
                       AND NOT EXISTS (SELECT FROM elucidations e WHERE e.acquisition_id = a.id)
                       AND NOT EXISTS (SELECT FROM acquisitions c WHERE c.copy_of = a.id)
                     ORDER BY a.finished_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
                before,
                BATCH
            )
            .execute(&self.pool)
            .await?
            .rows_affected();
            removed += batch;
            if batch == 0 {
                return Ok(removed);
            }
        }
    }
}
