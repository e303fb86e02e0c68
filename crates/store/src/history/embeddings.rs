//! Embeddings as they are kept: one for an acquisition and network, of its latest spectrum.

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::half_floats::to_bytes;
use crate::sample_lock::lock_sample;
use crate::text::storable;
use crate::{Store, StoreError};
use larmor_nmr::history::SpectrumEmbedding;

/// Puts the embedding of an acquisition's new spectrum in the place of those of its earlier ones.
/// What the database refuses of it is reported and undone by itself: the spectrum is kept without.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    spectrum: Uuid,
    embedding: Option<&SpectrumEmbedding>,
) -> Result<(), StoreError> {
    let mut savepoint = connection.begin().await?;
    match try_replace(&mut savepoint, spectrum, embedding).await {
        Ok(()) => savepoint.commit().await?,
        Err(error) if error.is_unavailable() => return Err(error),
        Err(error) => {
            savepoint.rollback().await?;
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                %spectrum,
                "a spectrum is kept without its embedding"
            );
        }
    }
    Ok(())
}

async fn try_replace(
    connection: &mut PgConnection,
    spectrum: Uuid,
    embedding: Option<&SpectrumEmbedding>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM spectrum_embeddings
         WHERE acquisition_id = (SELECT acquisition_id FROM spectra WHERE id = $1)",
        spectrum
    )
    .execute(&mut *connection)
    .await?;
    match embedding {
        Some(embedding) => put(connection, spectrum, embedding).await.map(drop),
        None => Ok(()),
    }
}

/// Writes the embedding of an acquisition's latest spectrum; false where there is a later one.
async fn put(
    connection: &mut PgConnection,
    spectrum: Uuid,
    embedding: &SpectrumEmbedding,
) -> Result<bool, StoreError> {
    let written = sqlx::query!(
        "INSERT INTO spectrum_embeddings (acquisition_id, network, spectrum_id, sample_id, nucleus,
                                          model_digest, embedding)
         SELECT s.acquisition_id, $2, s.id, s.sample_id, s.nucleus, $3, $4
         FROM spectra s
         WHERE s.id = $1 AND NOT EXISTS (
             SELECT FROM spectra n WHERE n.acquisition_id = s.acquisition_id
                                     AND (n.created_at, n.id) > (s.created_at, s.id))
         ON CONFLICT (acquisition_id, network) DO UPDATE
         SET spectrum_id = excluded.spectrum_id, model_digest = excluded.model_digest,
             embedding = excluded.embedding, created_at = now()",
        spectrum,
        storable(&embedding.network),
        storable(&embedding.model_digest),
        to_bytes(embedding.vector())
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() > 0)
}

impl Store {
    /// Keeps the embedding of a spectrum that is stored already, in the place of one by other
    /// weights; false where the acquisition has a later spectrum by now.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn keep_embedding(
        &self,
        spectrum: Uuid,
        embedding: &SpectrumEmbedding,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        lock_sample(&mut transaction, spectrum).await?;
        let written = put(&mut transaction, spectrum, embedding).await?;
        transaction.commit().await?;
        Ok(written)
    }
}
