//! What a judgement rests on, and what it changes in the one it supersedes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::{read_name, read_nucleus};
use super::{Recorded, Store, StoreError};
use larmor_nmr::elucidation::Verdict;
use larmor_nmr::fid::{Experiment, Nucleus};

/// A spectrum that was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpectrumUsed {
    /// Identity.
    pub spectrum: Uuid,
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Kind of experiment.
    pub experiment: Recorded<Experiment>,
}

/// The candidate that led before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormerBest {
    /// SMILES.
    pub smiles: String,
    /// Full InChIKey.
    pub inchikey: String,
    /// Probability it had.
    pub probability: f64,
}

/// What a revision changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RevisionChange {
    /// The judgement it supersedes.
    pub supersedes: Uuid,
    /// What that came to.
    pub verdict: Verdict,
    /// What led then.
    pub best: Option<FormerBest>,
    /// Whether another compound leads now.
    pub best_changed: bool,
    /// Spectra judged now and not then.
    pub added: Vec<SpectrumUsed>,
    /// Spectra judged then and not now.
    pub left_out: Vec<SpectrumUsed>,
}

/// The spectra of a judgement, and what it changes; a sample's first changes nothing.
pub(super) type Comparison = (Vec<SpectrumUsed>, Option<RevisionChange>);

impl Store {
    /// What judgements changed in the ones before; those that are a sample's first are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn revision_changes(
        &self,
        elucidations: &[Uuid],
    ) -> Result<HashMap<Uuid, RevisionChange>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let compared = compare_all(&mut connection, elucidations).await?;
        Ok(compared.into_iter().filter_map(|(id, (_, change))| Some((id, change?))).collect())
    }
}

/// The spectra of a judgement that has just been inserted, and what it changes.
pub(super) async fn compare(
    connection: &mut PgConnection,
    elucidation: Uuid,
) -> Result<Comparison, StoreError> {
    let mut compared = compare_all(connection, &[elucidation]).await?;
    Ok(compared.remove(&elucidation).unwrap_or_default())
}

/// The same of many, by their identities.
async fn compare_all(
    connection: &mut PgConnection,
    elucidations: &[Uuid],
) -> Result<HashMap<Uuid, Comparison>, StoreError> {
    let mut compared: HashMap<Uuid, Comparison> = HashMap::new();
    let before = sqlx::query!(
        r#"SELECT e.id AS elucidation, p.id, p.verdict, c.smiles AS "smiles?",
                  c.inchikey AS "inchikey?", c.probability AS "probability?",
                  coalesce(c.inchikey, '') <> coalesce(now.inchikey, '') AS "best_changed!"
           FROM elucidations e JOIN elucidations p ON p.id = e.supersedes
           LEFT JOIN candidates c ON c.elucidation_id = p.id AND c.rank = 1
           LEFT JOIN candidates now ON now.elucidation_id = e.id AND now.rank = 1
           WHERE e.id = ANY($1)"#,
        elucidations
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in before {
        let best = match (row.smiles, row.inchikey, row.probability) {
            (Some(smiles), Some(inchikey), Some(probability)) => {
                Some(FormerBest { smiles, inchikey, probability })
            }
            _ => None,
        };
        let change = RevisionChange {
            supersedes: row.id,
            verdict: read_name("a verdict", row.verdict)?,
            best,
            best_changed: row.best_changed,
            added: Vec::new(),
            left_out: Vec::new(),
        };
        compared.insert(row.elucidation, (Vec::new(), Some(change)));
    }
    let rows = sqlx::query!(
        r#"SELECT e.id AS elucidation, s.id, s.nucleus, s.experiment,
                  bool_or(j.elucidation_id = e.id) AS "now!",
                  bool_or(j.elucidation_id IS NOT DISTINCT FROM e.supersedes) AS "before!"
           FROM elucidations e
           JOIN elucidation_spectra j ON j.elucidation_id IN (e.id, e.supersedes)
           JOIN spectra s ON s.id = j.spectrum_id
           WHERE e.id = ANY($1) GROUP BY e.id, s.id ORDER BY s.id"#,
        elucidations
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let spectrum = SpectrumUsed {
            spectrum: row.id,
            nucleus: read_nucleus(&row.nucleus),
            experiment: Recorded::read(row.experiment),
        };
        let (used, change) = compared.entry(row.elucidation).or_default();
        match (row.now, row.before, change) {
            (true, false, Some(change)) => {
                used.push(spectrum.clone());
                change.added.push(spectrum);
            }
            (true, ..) => used.push(spectrum),
            (false, _, Some(change)) => change.left_out.push(spectrum),
            (false, _, None) => {}
        }
    }
    Ok(compared)
}
