//! What a judgement rests on, and what it changes in the one it supersedes.

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

impl Store {
    /// What a judgement changed in the one before; `None` of a sample's first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn revision_change(
        &self,
        elucidation: Uuid,
    ) -> Result<Option<RevisionChange>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(compare(&mut connection, elucidation).await?.1)
    }
}

/// The spectra of a judgement that has just been inserted, and what it changes; nothing is
/// changed by a sample's first.
pub(super) async fn compare(
    connection: &mut PgConnection,
    elucidation: Uuid,
) -> Result<(Vec<SpectrumUsed>, Option<RevisionChange>), StoreError> {
    let before = sqlx::query!(
        r#"SELECT p.id, p.verdict, c.smiles AS "smiles?", c.inchikey AS "inchikey?",
                  c.probability AS "probability?",
                  coalesce(c.inchikey, '') <> coalesce(now.inchikey, '') AS "best_changed!"
           FROM elucidations e JOIN elucidations p ON p.id = e.supersedes
           LEFT JOIN candidates c ON c.elucidation_id = p.id AND c.rank = 1
           LEFT JOIN candidates now ON now.elucidation_id = e.id AND now.rank = 1
           WHERE e.id = $1"#,
        elucidation
    )
    .fetch_optional(&mut *connection)
    .await?;
    let rows = sqlx::query!(
        r#"SELECT s.id, s.nucleus, s.experiment, bool_or(j.elucidation_id = $1) AS "now!",
                  bool_or(j.elucidation_id = $2) AS "before!"
           FROM elucidation_spectra j JOIN spectra s ON s.id = j.spectrum_id
           WHERE j.elucidation_id IN ($1, $2) GROUP BY s.id ORDER BY s.id"#,
        elucidation,
        before.as_ref().map_or(Uuid::nil(), |before| before.id)
    )
    .fetch_all(&mut *connection)
    .await?;
    let (mut used, mut added, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let spectrum = SpectrumUsed {
            spectrum: row.id,
            nucleus: read_nucleus(&row.nucleus),
            experiment: Recorded::read(row.experiment),
        };
        match (row.now, row.before) {
            (true, true) => used.push(spectrum),
            (true, false) => {
                used.push(spectrum.clone());
                added.push(spectrum);
            }
            (false, _) => left_out.push(spectrum),
        }
    }
    let change = before
        .map(|row| {
            let best = match (row.smiles, row.inchikey, row.probability) {
                (Some(smiles), Some(inchikey), Some(probability)) => {
                    Some(FormerBest { smiles, inchikey, probability })
                }
                _ => None,
            };
            Ok::<_, StoreError>(RevisionChange {
                supersedes: row.id,
                verdict: read_name("a verdict", row.verdict)?,
                best,
                best_changed: row.best_changed,
                added,
                left_out,
            })
        })
        .transpose()?;
    Ok((used, change))
}
