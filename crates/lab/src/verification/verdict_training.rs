//! Fits the weights by which the discrepancies of a proposed structure are judged.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::case::VerificationCase;
use super::case_set::CaseSet;
use super::measured_like::measured_like;
use super::regression_fit::{Row, fit};
use crate::error::EvaluationError;
use larmor_elucidation::alternatives::{alternatives, alternatives_to_compare};
use larmor_elucidation::verification::{Evidence, JudgedNuclei, Regression, Weights};
use larmor_elucidation::{Elucidator, Query};

/// How much is made of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictTraining {
    /// Wrong structures of a kind for each molecule, at most.
    pub per_kind: usize,
    /// Molecules whose structures, right and wrong, are compared with their alternatives, too.
    pub compared: usize,
    /// Seed of every draw.
    pub seed: u64,
}

/// A structure held against its spectra, and against what may stand in its place.
struct Held {
    right: bool,
    weight: f64,
    own: Evidence,
    alternatives: Vec<Evidence>,
}

/// Fits weights for every choice of spectra to right and wrong structures of the cases. Every case
/// is taken as it was counted by its authors, and as it would have been measured.
///
/// # Errors
/// [`EvaluationError`] when predictions fail.
pub fn train_verdict(
    elucidator: &Elucidator,
    cases: &CaseSet,
    training: VerdictTraining,
) -> Result<Weights, EvaluationError> {
    let mut held: Vec<Held> = Vec::new();
    let mut random = ChaCha8Rng::seed_from_u64(training.seed);
    for (number, case) in cases.list.iter().enumerate() {
        let measured = measured_like(&case.query, &case.right, &mut random);
        let with_alternatives = number < training.compared;
        for query in [&case.query, &measured] {
            held.extend(hold(elucidator, case, query, training, with_alternatives)?);
        }
    }
    let choices = [
        JudgedNuclei::Carbon,
        JudgedNuclei::ProtonCounted,
        JudgedNuclei::ProtonMeasured,
        JudgedNuclei::BothCounted,
        JudgedNuclei::BothMeasured,
    ];
    let by_nuclei = choices.into_iter().map(|nuclei| (nuclei, regression(&held, nuclei)));
    Ok(Weights { by_nuclei: by_nuclei.collect() })
}

fn hold(
    elucidator: &Elucidator,
    case: &VerificationCase,
    query: &Query,
    training: VerdictTraining,
    with_alternatives: bool,
) -> Result<Vec<Held>, EvaluationError> {
    let wrong = alternatives(&case.right, training.per_kind, training.seed)?;
    // What no shift tells apart teaches nothing.
    let wrong: Vec<_> = wrong.iter().filter(|one| !one.change.is_stereoisomer()).collect();
    let molecules: Vec<_> =
        std::iter::once(&case.right).chain(wrong.iter().map(|one| &one.molecule)).collect();
    let smiles: Vec<&str> = molecules.iter().map(|molecule| molecule.smiles.as_str()).collect();
    let found = elucidator.evidence(query, &smiles)?;
    // The wrong structures of a molecule weigh together as much as its right one.
    let each = 1.0 / wrong.len().max(1) as f64;
    let mut held = Vec::new();
    for (place, (molecule, own)) in molecules.iter().zip(found).enumerate() {
        let Some(own) = own else { continue };
        let mut alternatives = Vec::new();
        if with_alternatives {
            let others = alternatives_to_compare(molecule)?;
            let smiles: Vec<&str> = others.iter().map(|o| o.molecule.smiles.as_str()).collect();
            alternatives.extend(elucidator.evidence(query, &smiles)?.into_iter().flatten());
        }
        let right = place == 0;
        held.push(Held { right, weight: if right { 1.0 } else { each }, own, alternatives });
    }
    Ok(held)
}

fn regression(held: &[Held], nuclei: JudgedNuclei) -> Regression {
    let rows = |held: &Held| {
        let evidence = held.own.seen_by(nuclei)?;
        let mut columns = evidence.shapes();
        columns.extend(evidence.sizes);
        Some(Row { columns, right: held.right, weight: held.weight })
    };
    let rows: Vec<Row> = held.iter().filter_map(rows).collect();
    let shapes = rows.first().map_or(0, |row| row.columns.len() - 2);
    let (weights, constant) = fit(&rows, shapes);
    let (against, sizes) = weights.split_at(shapes.min(weights.len()));
    let mut regression = Regression::new(against, sizes, constant);
    // A second regression on the log-odds of the first.
    let compared = |held: &Held| {
        let own = regression.log_odds(&held.own.seen_by(nuclei)?);
        let others = held.alternatives.iter().filter_map(|other| other.seen_by(nuclei));
        let best = others.map(|other| regression.log_odds(&other)).reduce(f64::max)?;
        Some(Row {
            columns: Regression::compared(own, Some(best)).to_vec(),
            right: held.right,
            weight: held.weight,
        })
    };
    let rows: Vec<Row> = held.iter().filter_map(compared).collect();
    if !rows.is_empty() {
        let (weights, constant) = fit(&rows, 0);
        regression.own = [constant, weights[0]];
        regression.lead = [weights[1], weights[2]];
    }
    regression
}
