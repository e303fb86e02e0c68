//! Candidates of a judgement and their assignments.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use super::judged_signals::JudgedSignals;
use super::text::{read_nucleus, storable};
use larmor_nmr::elucidation::{Candidate, PeakAssignment};

/// Inserts the candidates of a judgement with their assignments, each tied to the peak or multiplet
/// of the judged spectra it was read from; two statements, however many there are.
pub(super) async fn insert(
    connection: &mut PgConnection,
    elucidation: Uuid,
    spectra: &[Uuid],
    candidates: &[Candidate],
) -> Result<(), StoreError> {
    if candidates.is_empty() {
        return Ok(());
    }
    let parts = candidates.iter().map(|candidate| serde_json::to_value(&candidate.parts));
    let parts: Vec<serde_json::Value> = parts
        .collect::<Result<_, _>>()
        .map_err(|cause| StoreError::Unwritable { what: "a score", cause })?;
    let text = |value: fn(&Candidate) -> &str| {
        candidates.iter().map(|one| storable(value(one))).collect::<Vec<String>>()
    };
    let names: Vec<Option<String>> =
        candidates.iter().map(|one| one.name.as_deref().map(storable)).collect();
    let ranks: Vec<i32> = candidates.iter().map(rank).collect();
    let rows = sqlx::query!(
        "INSERT INTO candidates (elucidation_id, rank, smiles, inchikey, formula, name, source,
                                 score, probability, parts, judged)
         SELECT $1, c.* FROM unnest($2::int4[], $3::text[], $4::text[], $5::text[], $6::text[],
                                    $7::text[], $8::float8[], $9::float8[], $10::jsonb[],
                                    $11::bool[]) AS c
         RETURNING id, rank",
        elucidation,
        &ranks,
        &text(|one| &one.smiles),
        &text(|one| &one.inchikey),
        &text(|one| &one.formula),
        &names as &[Option<String>],
        &text(|one| &one.source),
        &candidates.iter().map(|one| one.score).collect::<Vec<f64>>(),
        &candidates.iter().map(|one| one.probability).collect::<Vec<f64>>(),
        &parts,
        &candidates.iter().map(|one| one.judged).collect::<Vec<bool>>()
    )
    .fetch_all(&mut *connection)
    .await?;
    let ids: HashMap<i32, i64> = rows.into_iter().map(|row| (row.rank, row.id)).collect();
    let assigned = candidates.iter().filter(|candidate| !candidate.assignments.is_empty());
    let assigned: Vec<(i64, PeakAssignment)> = assigned
        .filter_map(|candidate| Some((*ids.get(&rank(candidate))?, candidate)))
        // Whatever the structure was given as, the database counts the atoms of its SMILES.
        .flat_map(|(id, candidate)| {
            candidate.assignments_by_smiles().into_iter().map(move |one| (id, one))
        })
        .collect();
    if assigned.is_empty() {
        return Ok(());
    }
    insert_assignments(connection, spectra, &assigned).await
}

fn rank(candidate: &Candidate) -> i32 {
    i32::try_from(candidate.rank).unwrap_or(i32::MAX)
}

/// Inserts assignments, each with the candidate that it is of.
async fn insert_assignments(
    connection: &mut PgConnection,
    spectra: &[Uuid],
    assigned: &[(i64, PeakAssignment)],
) -> Result<(), StoreError> {
    let signals = JudgedSignals::of(connection, spectra).await?;
    let column = |value: fn(&PeakAssignment) -> f64| {
        assigned.iter().map(|(_, one)| value(one)).collect::<Vec<f64>>()
    };
    let candidates: Vec<i64> = assigned.iter().map(|(candidate, _)| *candidate).collect();
    let atoms: Vec<i32> =
        assigned.iter().map(|(_, one)| i32::try_from(one.atom).unwrap_or(i32::MAX)).collect();
    let nuclei: Vec<String> =
        assigned.iter().map(|(_, one)| storable(&one.nucleus.to_string())).collect();
    let rows: Vec<_> =
        assigned.iter().zip(&nuclei).map(|((_, one), of)| signals.rows(of, one.ppm)).collect();
    sqlx::query!(
        "INSERT INTO peak_assignments (candidate_id, atom, nucleus, peak_id, multiplet_id,
                                       observed_ppm, predicted_ppm, probability)
         SELECT * FROM unnest($1::int8[], $2::int4[], $3::text[], $4::int8[], $5::int8[],
                              $6::float8[], $7::float8[], $8::float8[])",
        &candidates,
        &atoms,
        &nuclei,
        &rows.iter().map(|row| row.peak).collect::<Vec<_>>() as &[Option<i64>],
        &rows.iter().map(|row| row.multiplet).collect::<Vec<_>>() as &[Option<i64>],
        &column(|one| one.ppm),
        &column(|one| one.predicted_ppm),
        &column(|one| one.probability)
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
