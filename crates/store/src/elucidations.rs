//! Judgements as they were committed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::{read_json, read_name, storable, storable_json};
use super::{AssignedSignal, Lease, NewElucidation, Page, Store, StoreError, candidates};
use larmor_nmr::elucidation::{Elucidation, Verdict};

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
    /// The same of every network that took part, by name.
    pub models: BTreeMap<String, String>,
    /// Version of each library searched, by name.
    pub library_versions: serde_json::Value,
    /// The complete resolved parameters.
    pub parameters: serde_json::Value,
    /// The spectra that were judged together.
    pub spectra: Vec<Uuid>,
    /// What it says.
    pub elucidation: Elucidation,
    /// For each candidate what its assignments were read from, one by one.
    pub signals: Vec<Vec<AssignedSignal>>,
    /// When it was committed.
    pub created_at: DateTime<Utc>,
    /// When its assignments and lesser candidates were removed, if they were.
    pub thinned_at: Option<DateTime<Utc>>,
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
    /// Probability that the structure which the verdict is on is right, where it was weighed.
    pub verdict_probability: Option<f64>,
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

impl BestCandidate {
    /// What an outer join has of it; `None` where there was no candidate.
    pub(super) fn read(
        smiles: Option<String>,
        formula: Option<String>,
        name: Option<String>,
        probability: Option<f64>,
    ) -> Option<Self> {
        Some(Self { smiles: smiles?, formula: formula?, name, probability: probability? })
    }
}

/// Which judgements to list; an absent field takes all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ElucidationFilter {
    /// Only of these groups, where it is not for the data of every group.
    pub visible: Option<Vec<String>>,
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
    /// Only of the sample of this identity.
    pub sample_id: Option<Uuid>,
}

impl Store {
    /// One judgement, whole.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such judgement.
    pub async fn elucidation(&self, id: Uuid) -> Result<StoredElucidation, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let row = sqlx::query!(
            r#"SELECT e.id, e.sample_id, s.name AS sample_name, s.group_name,
                      i.name AS instrument, e.acquisition_id, e.revision, e.supersedes,
                      e.model_digest, e.models, e.library_versions, e.parameters, e.verdict,
                      e.verdict_probability, e.reasons, e.components, e.unexplained,
                      e.considered, e.created_at, e.thinned_at,
                      ARRAY(SELECT spectrum_id FROM elucidation_spectra
                            WHERE elucidation_id = e.id ORDER BY spectrum_id) AS "spectra!"
               FROM elucidations e JOIN samples s ON s.id = e.sample_id
               JOIN acquisitions a ON a.id = e.acquisition_id
               JOIN instruments i ON i.id = a.instrument_id
               WHERE e.id = $1"#,
            id
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "elucidation", id: id.to_string() })?;
        let (candidates, signals) = candidates::of_elucidation(&mut connection, id).await?;
        Ok(StoredElucidation {
            id: row.id,
            sample: row.sample_id,
            sample_name: row.sample_name,
            group: row.group_name,
            instrument: row.instrument,
            acquisition: row.acquisition_id,
            revision: row.revision,
            supersedes: row.supersedes,
            model_digest: row.model_digest,
            models: read_json("models by name", row.models)?,
            library_versions: row.library_versions,
            parameters: row.parameters,
            spectra: row.spectra,
            elucidation: Elucidation {
                candidates,
                considered: u64::try_from(row.considered).unwrap_or(0),
                none_of_these: None,
                verdict: read_name("a verdict", row.verdict)?,
                verdict_probability: row.verdict_probability,
                reasons: row.reasons,
                components: read_json("components", row.components)?,
                unexplained: read_json("unexplained signals", row.unexplained)?,
            },
            signals,
            created_at: row.created_at,
            thinned_at: row.thinned_at,
        })
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
        let rows = sqlx::query!(
            r#"SELECT e.id, e.sample_id, s.name AS sample_name, s.group_name,
                      i.name AS instrument, e.acquisition_id, e.revision, e.verdict,
                      e.verdict_probability, e.considered, e.created_at, c.smiles AS "smiles?",
                      c.formula AS "formula?", c.name AS "best_name?",
                      c.probability AS "probability?"
               FROM elucidations e JOIN samples s ON s.id = e.sample_id
               JOIN acquisitions a ON a.id = e.acquisition_id
               JOIN instruments i ON i.id = a.instrument_id
               LEFT JOIN candidates c ON c.elucidation_id = e.id AND c.rank = 1
               WHERE ($1::uuid IS NULL OR e.id < $1)
                 AND ($2::text IS NULL OR s.group_name = $2)
                 AND ($3::text IS NULL OR i.name = $3)
                 AND ($4::text IS NULL OR s.name = $4)
                 AND ($5::text IS NULL OR e.verdict = $5)
                 AND (NOT $6 OR s.merged_into IS NULL
                      AND NOT EXISTS (SELECT FROM elucidations n WHERE n.supersedes = e.id))
                 AND ($8::uuid IS NULL OR e.sample_id = $8)
                 AND ($9::text[] IS NULL OR s.group_name = ANY($9))
               ORDER BY e.id DESC LIMIT $7"#,
            page.after,
            filter.group,
            filter.instrument,
            filter.sample,
            filter.verdict.map(Verdict::name),
            filter.latest_only,
            page.size,
            filter.sample_id,
            filter.visible.as_deref()
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let best =
                    BestCandidate::read(row.smiles, row.formula, row.best_name, row.probability);
                Ok(ElucidationSummary {
                    id: row.id,
                    sample: row.sample_id,
                    sample_name: row.sample_name,
                    group: row.group_name,
                    instrument: row.instrument,
                    acquisition: row.acquisition_id,
                    revision: row.revision,
                    verdict: read_name("a verdict", row.verdict)?,
                    verdict_probability: row.verdict_probability,
                    considered: row.considered,
                    best,
                    created_at: row.created_at,
                })
            })
            .collect()
    }
}

/// Inserts a judgement as the sample's next revision. The sample's row must be locked.
pub(super) async fn insert(
    connection: &mut PgConnection,
    lease: &Lease,
    used: &[Uuid],
    new: &NewElucidation,
    elucidate_ms: f64,
) -> Result<(Uuid, i32), StoreError> {
    let id = Uuid::now_v7();
    let reasons: Vec<String> =
        new.elucidation.reasons.iter().map(|reason| storable(reason)).collect();
    let revision = sqlx::query_scalar!(
        "INSERT INTO elucidations (id, sample_id, acquisition_id, revision, supersedes,
                                   model_digest, models, library_versions, parameters, verdict,
                                   verdict_probability, reasons, components, unexplained,
                                   considered, elucidate_ms)
         SELECT $1, $2, $3, coalesce(last.revision, 0) + 1, last.id, $4, $5, $6, $7, $8, $9, $10,
                $11, $12, $13, $14
         FROM (SELECT 1) AS always LEFT JOIN (
             SELECT id, revision FROM elucidations WHERE sample_id = $2
             ORDER BY revision DESC LIMIT 1) AS last ON true
         RETURNING revision",
        id,
        lease.sample,
        lease.acquisition,
        new.model_digest,
        serde_json::json!(new.models),
        storable_json(new.library_versions.clone()),
        storable_json(new.parameters.clone()),
        new.elucidation.verdict.name(),
        new.elucidation.verdict_probability,
        &reasons,
        storable_json(serde_json::json!(new.elucidation.components)),
        storable_json(serde_json::json!(new.elucidation.unexplained)),
        i64::try_from(new.elucidation.considered).unwrap_or(i64::MAX),
        elucidate_ms
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO elucidation_spectra (elucidation_id, spectrum_id)
         SELECT $1, used FROM unnest($2::uuid[]) AS used ON CONFLICT DO NOTHING",
        id,
        used
    )
    .execute(&mut *connection)
    .await?;
    candidates::insert(connection, id, used, &new.elucidation.candidates).await?;
    Ok((id, revision))
}
