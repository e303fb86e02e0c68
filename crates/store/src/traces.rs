//! The points of spectra: one trace for an acquisition, of its latest spectrum.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::sample_lock::lock_sample;
use super::{Store, StoreError};
use larmor_nmr::trace::Trace;

/// Puts the trace of an acquisition's latest spectrum in the place of an earlier one's; false where
/// there is a later spectrum.
pub(super) async fn put(
    connection: &mut PgConnection,
    spectrum: Uuid,
    trace: &Trace,
) -> Result<bool, StoreError> {
    let written = sqlx::query!(
        "INSERT INTO spectrum_traces (acquisition_id, spectrum_id, points, first_ppm, step_ppm, unit,
                                      packed)
         SELECT s.acquisition_id, s.id, $2, $3, $4, $5, $6
         FROM spectra s
         WHERE s.id = $1 AND NOT EXISTS (
             SELECT FROM spectra n WHERE n.acquisition_id = s.acquisition_id
                                     AND (n.created_at, n.id) > (s.created_at, s.id))
         ON CONFLICT (acquisition_id) DO UPDATE
         SET spectrum_id = excluded.spectrum_id, points = excluded.points,
             first_ppm = excluded.first_ppm, step_ppm = excluded.step_ppm, unit = excluded.unit,
             packed = excluded.packed, created_at = now()",
        spectrum,
        i32::try_from(trace.len()).unwrap_or(i32::MAX),
        trace.first_ppm(),
        trace.step_ppm(),
        trace.unit(),
        trace.encode()
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() > 0)
}

impl Store {
    /// The points of a spectrum; `None` where none are kept: of a spectrum that a later one of the
    /// same acquisition has replaced, of one made before traces were kept, or of one so old that they
    /// were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or the points are damaged.
    pub async fn trace(&self, spectrum: Uuid) -> Result<Option<Trace>, StoreError> {
        let row = sqlx::query!(
            "SELECT points, first_ppm, step_ppm, unit, packed FROM spectrum_traces
             WHERE spectrum_id = $1",
            spectrum
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let points = usize::try_from(row.points).unwrap_or(0);
        let trace = Trace::decode(row.first_ppm, row.step_ppm, row.unit, points, &row.packed);
        trace.map(Some).map_err(|cause| StoreError::Trace { spectrum, cause })
    }

    /// Keeps the points of a spectrum that is stored already; false where its acquisition has a later
    /// spectrum by now.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn keep_trace(&self, spectrum: Uuid, trace: &Trace) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        lock_sample(&mut transaction, spectrum).await?;
        let written = put(&mut transaction, spectrum, trace).await?;
        transaction.commit().await?;
        Ok(written)
    }

    /// Latest spectra of acquisitions without a trace, made since a time, the newest first, from
    /// behind `after` on.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn untraced_spectra(
        &self,
        since: Option<DateTime<Utc>>,
        after: Option<Uuid>,
        most: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let ids = sqlx::query_scalar!(
            "SELECT s.id FROM spectra s
             WHERE ($1::uuid IS NULL OR s.id < $1)
               AND ($3::timestamptz IS NULL OR s.created_at >= $3)
               AND NOT EXISTS (SELECT FROM spectrum_traces t WHERE t.spectrum_id = s.id)
               AND NOT EXISTS (
                   SELECT FROM spectra n WHERE n.acquisition_id = s.acquisition_id
                                           AND (n.created_at, n.id) > (s.created_at, s.id))
             ORDER BY s.id DESC LIMIT $2",
            after,
            most,
            since
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids)
    }
}
