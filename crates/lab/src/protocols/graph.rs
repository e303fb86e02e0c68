//! Which of 128 molecules shows this spectrum, and which of 128 spectra is this molecule's?

use super::system::System;
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, EvaluationSet, Report, Table};
use crate::statistics::{Estimate, argmax};
use larmor_chemistry::Molecule;

/// Molecules of a batch, as in the paper.
pub const GRAPH_BATCH: usize = 128;

/// Shuffled batches of 128, an incomplete one dropped; argmax of rows and of columns.
///
/// # Errors
/// [`EvaluationError`] when the network fails or there is no whole batch.
pub fn graph(system: &System, evaluation_set: &EvaluationSet) -> Result<Report, EvaluationError> {
    let whole: Vec<&[EvaluationMolecule]> = evaluation_set.list.chunks_exact(GRAPH_BATCH).collect();
    if whole.is_empty() {
        let reason = format!("{} do not fill a batch of {GRAPH_BATCH}", evaluation_set.list.len());
        return Err(EvaluationError::Nothing(reason));
    }
    let mut table = Table::new(&["direction", "multiplicities", "right, % [95 %]", "published, %"]);
    let shown: &[bool] = if system.ranks_by_multiplicity() { &[true, false] } else { &[false] };
    for &multiplicity in shown {
        let (mut to_molecule, mut to_spectrum) = (Vec::new(), Vec::new());
        for batch in &whole {
            let spectra: Vec<&EvaluationMolecule> = batch.iter().collect();
            let molecules: Vec<&Molecule> = batch.iter().map(|s| &s.molecule).collect();
            let scores = system.compare(&spectra, &molecules, multiplicity)?;
            for own in 0..GRAPH_BATCH {
                let row = (0..GRAPH_BATCH).map(|other| scores[own * GRAPH_BATCH + other]);
                let column = (0..GRAPH_BATCH).map(|other| scores[other * GRAPH_BATCH + own]);
                to_molecule.push(f64::from(argmax(row) == own));
                to_spectrum.push(f64::from(argmax(column) == own));
            }
        }
        let said = if multiplicity { "with" } else { "without" };
        let cell = |values: &[f64]| Estimate::of(values).map_or_else(String::new, |e| e.percent());
        for (direction, values) in
            [("spectrum to molecule", &to_molecule), ("molecule to spectrum", &to_spectrum)]
        {
            table.push(vec![
                direction.into(),
                said.into(),
                cell(values),
                system.published_graph().into(),
            ]);
        }
    }
    let mut notes = vec![
        evaluation_set.note(),
        format!("{} batches of {GRAPH_BATCH}, the incomplete one dropped", whole.len()),
    ];
    notes.extend(system.note());
    Ok(Report {
        protocol: format!("graph accuracy, {}", system.name()),
        notes,
        tables: vec![table],
    })
}
