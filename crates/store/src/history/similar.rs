//! Stored spectra that are most similar to one.

use chrono::{DateTime, Utc};
use tokio_stream::StreamExt;
use uuid::Uuid;

use super::half_floats::{Reader, dot};
use crate::text::{read_name, read_nucleus, storable};
use crate::{Store, StoreError};
use larmor_nmr::elucidation::Verdict;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;

/// A stored spectrum that is similar to one that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarSpectrum {
    /// The acquisition.
    pub acquisition: Uuid,
    /// Its latest spectrum.
    pub spectrum: Uuid,
    /// The sample measured.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Group whose sample it is.
    pub group: String,
    /// Name of the instrument.
    pub instrument: String,
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Dot product of both embeddings: 1 of the same spectrum.
    pub similarity: f64,
    /// When the spectrometer last wrote to the acquisition, else when Larmor first saw that.
    pub acquired_at: DateTime<Utc>,
    /// What the sample is, as far as is known.
    pub structure: Option<KnownStructure>,
}

/// The structure that a sample is taken for: the best candidate of the judgement that stands, else
/// what was proposed last.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownStructure {
    /// SMILES.
    pub smiles: String,
    /// Molecular formula in Hill order; `None` of a structure that was not judged.
    pub formula: Option<String>,
    /// Name or identifier, where one is known.
    pub name: Option<String>,
    /// Where it came from: `library:NAME` or `proposed`.
    pub source: String,
    /// Probability among the candidates considered; `None` of a structure that was not judged.
    pub probability: Option<f64>,
    /// What the judgement came to; `None` where there is none.
    pub verdict: Option<Verdict>,
}

/// A row that was found, and how similar it is.
type Found = (f64, Uuid);

impl Store {
    /// The stored spectra most similar to one, best first, without those of one sample and, where some
    /// groups are named, of those alone. Every
    /// embedding by the same weights is read once, a row at a time: whatever there is, memory
    /// holds no more than the answer.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn similar_spectra(
        &self,
        to: &SpectrumEmbedding,
        without_sample: Option<Uuid>,
        visible: Option<&[String]>,
        most: usize,
    ) -> Result<Vec<SimilarSpectrum>, StoreError> {
        let mut best: Vec<Found> = Vec::with_capacity(most + 1);
        let mut reader = Reader::new(to.vector().len());
        let mut rows = sqlx::query!(
            "SELECT acquisition_id, embedding FROM spectrum_embeddings
             WHERE network = $1 AND model_digest = $2 AND ($3::uuid IS NULL OR sample_id <> $3)
               AND ($4::text[] IS NULL OR sample_id IN
                    (SELECT id FROM samples WHERE group_name = ANY($4)))",
            storable(&to.network),
            storable(&to.model_digest),
            without_sample,
            visible
        )
        .fetch(&self.pool);
        while let Some(row) = rows.next().await {
            let row = row?;
            if let Some(numbers) = reader.read(&row.embedding) {
                keep(&mut best, (dot(to.vector(), numbers), row.acquisition_id), most);
            }
        }
        drop(rows);
        self.describe(&to.network, &best).await
    }

    /// What is known of the rows that were found, in their order.
    async fn describe(
        &self,
        network: &str,
        found: &[Found],
    ) -> Result<Vec<SimilarSpectrum>, StoreError> {
        let (similarities, acquisitions): (Vec<f64>, Vec<Uuid>) = found.iter().copied().unzip();
        let rows = sqlx::query!(
            r#"SELECT e.acquisition_id, e.spectrum_id, e.sample_id, s.name AS sample_name,
                      s.group_name, i.name AS instrument, e.nucleus, f.similarity AS "similarity!",
                      coalesce(a.last_written, a.discovered_at) AS "acquired_at!",
                      l.verdict AS "verdict?", coalesce(c.smiles, p.structure) AS "smiles?",
                      c.formula AS "formula?",
                      CASE WHEN c.smiles IS NULL THEN p.name ELSE c.name END AS "name?",
                      coalesce(c.source, 'proposed') AS "source!",
                      c.probability AS "probability?"
               FROM unnest($1::uuid[], $2::float8[]) WITH ORDINALITY
                    AS f (acquisition_id, similarity, place)
               JOIN spectrum_embeddings e
                    ON e.acquisition_id = f.acquisition_id AND e.network = $3
               JOIN acquisitions a ON a.id = e.acquisition_id
               JOIN instruments i ON i.id = a.instrument_id
               JOIN samples s ON s.id = e.sample_id
               LEFT JOIN LATERAL (SELECT id, verdict FROM elucidations WHERE sample_id = s.id
                                  ORDER BY revision DESC LIMIT 1) AS l ON true
               LEFT JOIN candidates c ON c.elucidation_id = l.id AND c.rank = 1
               LEFT JOIN LATERAL (SELECT structure, name FROM proposals
                                  WHERE sample_id = s.id AND format = 'smiles'
                                  ORDER BY id DESC LIMIT 1) AS p ON c.id IS NULL
               ORDER BY f.place"#,
            &acquisitions,
            &similarities,
            storable(network)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let verdict = row.verdict.map(|word| read_name("a verdict", word)).transpose()?;
                let structure = row.smiles.map(|smiles| KnownStructure {
                    smiles,
                    formula: row.formula,
                    name: row.name,
                    source: row.source,
                    probability: row.probability,
                    verdict,
                });
                Ok(SimilarSpectrum {
                    acquisition: row.acquisition_id,
                    spectrum: row.spectrum_id,
                    sample: row.sample_id,
                    sample_name: row.sample_name,
                    group: row.group_name,
                    instrument: row.instrument,
                    nucleus: read_nucleus(&row.nucleus),
                    similarity: row.similarity,
                    acquired_at: row.acquired_at,
                    structure,
                })
            })
            .collect()
    }
}

/// Puts a row among the best where it belongs; of two equally similar the later acquisition first.
fn keep(best: &mut Vec<Found>, found: Found, most: usize) {
    let comes_before =
        |other: &Found| other.0.total_cmp(&found.0).then(other.1.cmp(&found.1)).is_gt();
    let place = best.partition_point(comes_before);
    if place < most {
        best.truncate(most - 1);
        best.insert(place, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_in_order_whatever_order_they_come_in() {
        let similarities = [0.1, 0.9, -0.3, 0.5, 0.9, 0.7];
        for most in 0..8 {
            let mut best = Vec::new();
            for (id, similarity) in (0_u128..).zip(similarities) {
                keep(&mut best, (similarity, Uuid::from_u128(id)), most);
            }
            let order: Vec<u128> = best.iter().map(|found| found.1.as_u128()).collect();
            let whole = [4, 1, 5, 3, 0, 2];
            assert_eq!(order, whole[..most.min(6)], "{most}");
        }
    }
}
