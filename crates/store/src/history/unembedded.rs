//! Stored spectra that lack an embedding by the weights in use.

use uuid::Uuid;

use crate::{Store, StoreError};

/// Which spectra count as lacking an embedding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unembedded {
    /// Observed nucleus, such as 13C.
    pub nucleus: String,
    /// Kinds of experiment that are embedded.
    pub experiments: Vec<String>,
    /// Name of the network.
    pub network: String,
    /// SHA-256 of its weights, hex: an embedding by others does not count.
    pub model_digest: String,
}

impl Store {
    /// Latest spectra of acquisitions that lack an embedding, newest first: the next so many after
    /// a spectrum.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn unembedded_spectra(
        &self,
        which: &Unembedded,
        after: Option<Uuid>,
        most: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT s.id FROM spectra s
             WHERE s.nucleus = $1 AND s.experiment = ANY($2) AND ($3::uuid IS NULL OR s.id < $3)
               AND NOT EXISTS (SELECT FROM spectra n WHERE n.acquisition_id = s.acquisition_id
                                 AND (n.created_at, n.id) > (s.created_at, s.id))
               AND NOT EXISTS (SELECT FROM spectrum_embeddings e
                               WHERE e.acquisition_id = s.acquisition_id AND e.network = $4
                                 AND e.model_digest = $5 AND e.spectrum_id = s.id)
             ORDER BY s.id DESC LIMIT $6",
            which.nucleus,
            &which.experiments,
            after,
            which.network,
            which.model_digest,
            most
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// True while an acquisition that is no back-fill waits for a worker, or one is with a worker.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn has_work(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM acquisitions WHERE state = 'ready' AND priority < 4
                               AND (due_at IS NULL OR due_at <= now()))
                   OR EXISTS (SELECT FROM acquisitions WHERE state = 'processing') AS "work!""#
        )
        .fetch_one(&self.pool)
        .await?)
    }
}
