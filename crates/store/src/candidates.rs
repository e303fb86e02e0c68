//! Candidates of a judgement and their assignments.

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use super::text::{read_nucleus, storable};
use larmor_nmr::elucidation::{Candidate, PeakAssignment};

/// How far, in ppm, an observed shift may lie from the peak it was read from. Shifts are copied
/// from peaks and multiplets, so this only allows for rounding.
const SAME_PEAK_PPM: f64 = 1e-4;

/// Inserts a candidate with its assignments, each tied to the peak or multiplet it was read from.
/// The centre of a multiplet of several lines is no peak, even where a line lies there.
pub(super) async fn insert(
    connection: &mut PgConnection,
    elucidation: Uuid,
    candidate: &Candidate,
) -> Result<(), StoreError> {
    let parts = serde_json::to_value(&candidate.parts)
        .map_err(|cause| StoreError::Unwritable { what: "a score", cause })?;
    let id = sqlx::query_scalar!(
        "INSERT INTO candidates (elucidation_id, rank, smiles, inchikey, formula, name, source,
                                 score, probability, parts, judged)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        elucidation,
        i32::try_from(candidate.rank).unwrap_or(i32::MAX),
        storable(&candidate.smiles),
        storable(&candidate.inchikey),
        storable(&candidate.formula),
        candidate.name.as_deref().map(storable),
        storable(&candidate.source),
        candidate.score,
        candidate.probability,
        parts,
        candidate.judged
    )
    .fetch_one(&mut *connection)
    .await?;
    if candidate.assignments.is_empty() {
        return Ok(());
    }
    // Whatever the structure was given as, the database counts the atoms of its SMILES.
    let assignments = &candidate.assignments_by_smiles();
    let column =
        |value: fn(&PeakAssignment) -> f64| assignments.iter().map(value).collect::<Vec<f64>>();
    let atoms: Vec<i32> =
        assignments.iter().map(|one| i32::try_from(one.atom).unwrap_or(i32::MAX)).collect();
    let nuclei: Vec<String> =
        assignments.iter().map(|one| storable(&one.nucleus.to_string())).collect();
    sqlx::query!(
        "INSERT INTO peak_assignments (candidate_id, atom, nucleus, peak_id, multiplet_id,
                                       observed_ppm, predicted_ppm, probability)
         SELECT $1, g.atom, g.nucleus, CASE WHEN m.lines > 1 THEN NULL ELSE (
                    SELECT p.id FROM elucidation_spectra u
                    JOIN spectra s ON s.id = u.spectrum_id
                    JOIN peaks p ON p.spectrum_id = s.id
                    WHERE u.elucidation_id = $2 AND s.nucleus = g.nucleus
                      AND p.class = 'compound' AND abs(p.ppm - g.observed) <= $8
                    ORDER BY s.experiment <> '1D', abs(p.ppm - g.observed), p.id LIMIT 1) END,
                m.id, g.observed, g.predicted, g.probability
         FROM unnest($3::int4[], $4::text[], $5::float8[], $6::float8[], $7::float8[])
              AS g (atom, nucleus, observed, predicted, probability)
         LEFT JOIN LATERAL (
             SELECT m.id, (SELECT count(*) FROM multiplet_peaks l WHERE l.multiplet_id = m.id)
                    AS lines
             FROM elucidation_spectra u
             JOIN spectra s ON s.id = u.spectrum_id
             JOIN multiplets m ON m.spectrum_id = s.id
             WHERE u.elucidation_id = $2 AND s.nucleus = g.nucleus
               AND m.class = 'compound' AND abs(m.ppm - g.observed) <= $8
             ORDER BY abs(m.ppm - g.observed), m.id LIMIT 1) AS m ON true",
        id,
        elucidation,
        &atoms,
        &nuclei,
        &column(|one| one.ppm),
        &column(|one| one.predicted_ppm),
        &column(|one| one.probability),
        SAME_PEAK_PPM
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an assigned shift was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AssignedSignal {
    /// The spectrum.
    pub spectrum: Option<Uuid>,
    /// Place of the peak in the spectrum's list.
    pub peak: Option<i32>,
    /// Place of the multiplet in the spectrum's list.
    pub multiplet: Option<i32>,
}

/// The candidates of a judgement, best first, and what each of their assignments was read from.
pub(super) async fn of_elucidation(
    connection: &mut PgConnection,
    elucidation: Uuid,
) -> Result<(Vec<Candidate>, Vec<Vec<AssignedSignal>>), StoreError> {
    let rows = sqlx::query!(
        "SELECT id, rank, smiles, inchikey, formula, name, source, score, probability, parts, judged
         FROM candidates WHERE elucidation_id = $1 ORDER BY rank",
        elucidation
    )
    .fetch_all(&mut *connection)
    .await?;
    let assignments = sqlx::query!(
        r#"SELECT a.candidate_id, a.atom, a.nucleus, a.observed_ppm, a.predicted_ppm, a.probability,
                  p.position AS "peak?", m.position AS "multiplet?",
                  coalesce(m.spectrum_id, p.spectrum_id) AS spectrum
           FROM peak_assignments a JOIN candidates c ON c.id = a.candidate_id
           LEFT JOIN multiplets m ON m.id = a.multiplet_id
           LEFT JOIN peaks p ON p.id = a.peak_id
                AND (m.spectrum_id IS NULL OR p.spectrum_id = m.spectrum_id)
           WHERE c.elucidation_id = $1 ORDER BY a.id"#,
        elucidation
    )
    .fetch_all(connection)
    .await?;
    let mut ranked: Vec<(i64, Candidate, Vec<AssignedSignal>)> = rows
        .into_iter()
        .map(|row| {
            let candidate = Candidate {
                rank: u32::try_from(row.rank).unwrap_or(0),
                smiles: row.smiles,
                inchikey: row.inchikey,
                formula: row.formula,
                smiles_places: None,
                name: row.name,
                source: row.source,
                score: row.score,
                // Written by this program, and a database's word of it is no reason to fail.
                parts: serde_json::from_value(row.parts).unwrap_or_default(),
                probability: row.probability,
                judged: row.judged,
                assignments: Vec::new(),
            };
            (row.id, candidate, Vec::new())
        })
        .collect();
    for one in assignments {
        let found = ranked.iter_mut().find(|(id, ..)| *id == one.candidate_id);
        if let Some((_, candidate, signals)) = found {
            signals.push(AssignedSignal {
                spectrum: one.spectrum,
                peak: one.peak,
                multiplet: one.multiplet,
            });
            candidate.assignments.push(PeakAssignment {
                atom: u32::try_from(one.atom).unwrap_or(0),
                nucleus: read_nucleus(&one.nucleus),
                ppm: one.observed_ppm,
                predicted_ppm: one.predicted_ppm,
                probability: one.probability,
            });
        }
    }
    Ok(ranked.into_iter().map(|(_, candidate, signals)| (candidate, signals)).unzip())
}
