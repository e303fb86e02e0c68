//! Samples as they stand, and instruments: what a board shows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::text::{read_name, storable};
use super::{BestCandidate, Page, Store, StoreError};
use larmor_nmr::elucidation::Verdict;
use larmor_nmr::review::Decision;

/// A sample with what stands of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleSummary {
    /// Identity.
    pub id: Uuid,
    /// Group whose sample it is.
    pub group: String,
    /// Its name.
    pub name: String,
    /// Instrument that measured it last.
    pub instrument: String,
    /// When its first dataset was seen.
    pub created_at: DateTime<Utc>,
    /// When anything of it last changed.
    pub updated_at: DateTime<Utc>,
    /// Kinds of spectra that there are, such as `1H 1D`.
    pub spectra: Vec<String>,
    /// Acquisitions that are not processed yet.
    pub waiting: i64,
    /// Acquisitions that could not be processed.
    pub failed: i64,
    /// The judgement that stands, if it was judged.
    pub judgement: Option<Judgement>,
    /// Whether a chemist has decided on the judgement that stands, and how: the last word.
    pub decision: Option<Decision>,
}

/// What a judgement comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Identity.
    pub elucidation: Uuid,
    /// 1 for the first.
    pub revision: i32,
    /// What it comes to.
    pub verdict: Verdict,
    /// Probability that the structure which the verdict is on is right, where it was weighed.
    pub probability: Option<f64>,
    /// The best candidate, if there was any.
    pub best: Option<BestCandidate>,
}

/// Which samples to list; an absent field takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SampleFilter {
    /// Only of these groups, where it is not for the data of every group.
    pub visible: Option<Vec<String>>,
    /// Only this group's.
    pub group: Option<String>,
    /// Only those that this instrument measured.
    pub instrument: Option<String>,
    /// Only those in whose name this stands, however it is written.
    pub name_contains: Option<String>,
    /// Only with this verdict.
    pub verdict: Option<Verdict>,
    /// Only those with a structure of this formula, in Hill order.
    pub formula: Option<String>,
    /// Only those with a structure whose InChIKey begins so.
    pub inchikey: Option<String>,
    /// Only the sample of this identity.
    pub id: Option<Uuid>,
}

impl Store {
    /// Samples, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn samples(
        &self,
        filter: &SampleFilter,
        page: &Page,
    ) -> Result<Vec<SampleSummary>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT s.id, s.group_name, s.name, s.created_at,
                      l.instrument AS "instrument?", l.updated_at AS "updated_at?",
                      (SELECT count(*) FROM acquisitions a WHERE a.sample_id = s.id AND a.state IN
                           ('discovered', 'incomplete', 'ready', 'processing')) AS "waiting!",
                      (SELECT count(*) FROM acquisitions a
                       WHERE a.sample_id = s.id AND a.state = 'failed') AS "failed!",
                      ARRAY(SELECT DISTINCT p.nucleus || ' ' || p.experiment FROM spectra p
                            WHERE p.sample_id = s.id ORDER BY 1) AS "spectra!",
                      e.id AS "elucidation?", e.revision AS "revision?", e.verdict AS "verdict?",
                      e.verdict_probability, c.smiles AS "smiles?", c.formula AS "formula?",
                      c.name AS best_name, c.probability AS "probability?",
                      (SELECT r.decision FROM reviews r WHERE r.elucidation_id = e.id
                       ORDER BY r.id DESC LIMIT 1) AS decision
               FROM samples s
               LEFT JOIN LATERAL (SELECT i.name AS instrument, a.updated_at FROM acquisitions a
                                  JOIN instruments i ON i.id = a.instrument_id
                                  WHERE a.sample_id = s.id
                                  ORDER BY a.updated_at DESC LIMIT 1) AS l ON true
               LEFT JOIN LATERAL (SELECT * FROM elucidations e WHERE e.sample_id = s.id
                                  ORDER BY e.revision DESC LIMIT 1) AS e ON true
               LEFT JOIN candidates c ON c.elucidation_id = e.id AND c.rank = 1
               WHERE s.merged_into IS NULL AND s.deleted_at IS NULL
                 AND ($1::uuid IS NULL OR s.id < $1)
                 AND ($2::text IS NULL OR s.group_name = $2)
                 AND ($3::text IS NULL OR EXISTS (
                         SELECT FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
                         WHERE a.sample_id = s.id AND i.name = $3))
                 AND ($4::text IS NULL OR strpos(lower(s.name), lower($4)) > 0)
                 AND ($5::text IS NULL OR e.verdict = $5)
                 AND ($6::uuid IS NULL OR s.id = $6)
                 AND ($10::text[] IS NULL OR s.group_name = ANY($10))
                 AND ($8::text IS NULL AND $9::text IS NULL OR s.id IN (
                         SELECT k.sample_id FROM sample_structures k
                         WHERE ($8 IS NULL OR k.formula = $8)
                           AND ($9 IS NULL OR k.inchikey ~>=~ $9 AND k.inchikey ~<~ ($9 || '~'))))
               ORDER BY s.id DESC LIMIT $7"#,
            page.after,
            filter.group,
            filter.instrument,
            filter.name_contains.as_deref().map(storable),
            filter.verdict.map(Verdict::name),
            filter.id,
            page.size,
            filter.formula,
            filter.inchikey,
            filter.visible.as_deref()
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let best =
                    BestCandidate::read(row.smiles, row.formula, row.best_name, row.probability);
                let judgement = match (row.elucidation, row.revision, row.verdict) {
                    (Some(elucidation), Some(revision), Some(verdict)) => Some(Judgement {
                        elucidation,
                        revision,
                        verdict: read_name("a verdict", verdict)?,
                        probability: row.verdict_probability,
                        best,
                    }),
                    _ => None,
                };
                Ok(SampleSummary {
                    id: row.id,
                    group: row.group_name,
                    name: row.name,
                    instrument: row.instrument.unwrap_or_default(),
                    created_at: row.created_at,
                    updated_at: row.updated_at.unwrap_or(row.created_at),
                    spectra: row.spectra,
                    waiting: row.waiting,
                    failed: row.failed,
                    judgement,
                    decision: row.decision.map(|word| read_name("a decision", word)).transpose()?,
                })
            })
            .collect()
    }

    /// One sample; of one that was merged into another, that.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample.
    pub async fn sample(&self, id: Uuid) -> Result<SampleSummary, StoreError> {
        let into = sqlx::query_scalar!("SELECT merged_into FROM samples WHERE id = $1", id)
            .fetch_optional(&self.pool)
            .await?;
        let stands = into.flatten().unwrap_or(id);
        let filter = SampleFilter { id: Some(stands), ..SampleFilter::default() };
        let mut found = self.samples(&filter, &Page { after: None, size: 1 }).await?;
        found.pop().ok_or_else(|| StoreError::NotFound { what: "sample", id: id.to_string() })
    }
}
