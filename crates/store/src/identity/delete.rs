//! Samples that are deleted.

use uuid::Uuid;

use super::changes::{Record, SampleChangeKind, record};
use super::people::hold;
use crate::events::{self, EventBody};
use crate::text::storable;
use crate::{Store, StoreError};

impl Store {
    /// Deletes a sample with its spectra, judgements, proposals and reviews. Its acquisitions stay as
    /// rows that are skipped, so that their data, which are not touched, are not processed again; what
    /// is acquired later under its name is a new sample. Events that were told before go when their
    /// time is over.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample.
    pub async fn delete_sample(&self, sample: Uuid, by: &str) -> Result<(), StoreError> {
        let by = storable(by);
        let mut transaction = self.pool.begin().await?;
        let [before] = hold(&mut transaction, [sample]).await?;
        let of =
            sqlx::query_scalar!("SELECT id FROM samples WHERE id = $1 OR merged_into = $1", sample)
                .fetch_all(&mut *transaction)
                .await?;
        let reason = format!("its sample was deleted by {by}");
        let acquisitions = sqlx::query_scalar!(
            "UPDATE acquisitions SET state = 'skipped', reason = $2, lease_token = NULL,
                    overdue = false, failure_passes = false, elucidate_only = false, due_at = NULL,
                    updated_at = now(), finished_at = now()
             WHERE sample_id = ANY($1) RETURNING id",
            &of,
            reason
        )
        .fetch_all(&mut *transaction)
        .await?;
        // The order follows the references.
        for statement in [
            "DELETE FROM review_assignments a USING reviews r, elucidations e
             WHERE a.review_id = r.id AND r.elucidation_id = e.id
               AND (r.sample_id = ANY($1) OR e.sample_id = ANY($1))",
            "DELETE FROM reviews r USING elucidations e
             WHERE r.elucidation_id = e.id AND (r.sample_id = ANY($1) OR e.sample_id = ANY($1))",
            "DELETE FROM peak_assignments a USING candidates c, elucidations e
             WHERE a.candidate_id = c.id AND c.elucidation_id = e.id AND e.sample_id = ANY($1)",
            "DELETE FROM candidates c USING elucidations e
             WHERE c.elucidation_id = e.id AND e.sample_id = ANY($1)",
            "DELETE FROM elucidation_spectra u USING elucidations e
             WHERE u.elucidation_id = e.id AND e.sample_id = ANY($1)",
            "DELETE FROM elucidations WHERE sample_id = ANY($1)",
            // What another sample was once judged by stays told, without what it rested on.
            "DELETE FROM elucidation_spectra u USING spectra s
             WHERE u.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "UPDATE peak_assignments a SET peak_id = NULL FROM peaks p, spectra s
             WHERE a.peak_id = p.id AND p.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "UPDATE peak_assignments a SET multiplet_id = NULL FROM multiplets m, spectra s
             WHERE a.multiplet_id = m.id AND m.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "DELETE FROM proposals WHERE sample_id = ANY($1)",
            "DELETE FROM spectrum_embeddings WHERE sample_id = ANY($1)",
            "DELETE FROM spectrum_traces t USING spectra s
             WHERE t.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "DELETE FROM multiplet_peaks m USING peaks p, spectra s
             WHERE m.peak_id = p.id AND p.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "DELETE FROM multiplets m USING spectra s
             WHERE m.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "DELETE FROM peaks p USING spectra s
             WHERE p.spectrum_id = s.id AND s.sample_id = ANY($1)",
            "DELETE FROM spectra WHERE sample_id = ANY($1)",
            "DELETE FROM sample_names WHERE sample_id = ANY($1)",
            "UPDATE samples SET deleted_at = now() WHERE id = ANY($1)",
        ] {
            sqlx::query(statement).bind(&of).execute(&mut *transaction).await?;
        }
        let change = Record {
            sample,
            kind: SampleChangeKind::Deleted,
            by: Some(&by),
            before: &before,
            into: None,
            acquisitions: &[],
        };
        record(&mut transaction, &change).await?;
        for acquisition in acquisitions {
            let event = EventBody::Skipped { reason: reason.clone() };
            events::append(&mut transaction, acquisition, &event).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
