//! Which isomer shows this spectrum? Molecules tested on, grouped by formula.

use std::collections::BTreeMap;

use super::system::System;
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, EvaluationSet, Report, Table};
use crate::statistics::{Estimate, argmax};
use larmor_chemistry::Molecule;

/// Isomers that make a group.
pub const LEAST_ISOMERS: usize = 10;

/// Argmax of each spectrum inside its group of at least ten isomers.
///
/// # Errors
/// [`EvaluationError`] when the network fails or there is no group.
#[allow(clippy::cast_precision_loss)]
pub fn isomers(system: &System, evaluation_set: &EvaluationSet) -> Result<Report, EvaluationError> {
    let mut groups: BTreeMap<String, Vec<&EvaluationMolecule>> = BTreeMap::new();
    for tested in &evaluation_set.list {
        groups.entry(tested.molecule.formula.to_string()).or_default().push(tested);
    }
    groups.retain(|_, group| group.len() >= LEAST_ISOMERS);
    if groups.is_empty() {
        let reason = format!("no formula has {LEAST_ISOMERS} isomers");
        return Err(EvaluationError::Nothing(reason));
    }
    let spectra: usize = groups.values().map(Vec::len).sum();
    let chance = groups.len() as f64 / spectra as f64;
    let mut table = Table::new(&[
        "groups",
        "spectra",
        "multiplicities",
        "right, % [95 %]",
        "at random, %",
        "published",
    ]);
    let shown: &[bool] = if system.ranks_by_multiplicity() { &[true, false] } else { &[false] };
    for &multiplicity in shown {
        let mut right = Vec::with_capacity(spectra);
        for group in groups.values() {
            let molecules: Vec<&Molecule> = group.iter().map(|s| &s.molecule).collect();
            let scores = system.compare(group, &molecules, multiplicity)?;
            for (own, row) in scores.chunks_exact(group.len()).enumerate() {
                right.push(f64::from(argmax(row.iter().copied()) == own));
            }
        }
        table.push(vec![
            groups.len().to_string(),
            spectra.to_string(),
            if multiplicity { "with" } else { "without" }.into(),
            Estimate::of(&right).map_or_else(String::new, |e| e.percent()),
            format!("{:.1}", 100.0 * chance),
            system.published_isomers().into(),
        ]);
    }
    let mut notes = vec![
        evaluation_set.note(),
        format!(
            "groups of at least {LEAST_ISOMERS} isomers, the largest of {}",
            groups.values().map(Vec::len).max().unwrap_or(0)
        ),
    ];
    notes.extend(system.note());
    Ok(Report { protocol: format!("isomers, {}", system.name()), notes, tables: vec![table] })
}
