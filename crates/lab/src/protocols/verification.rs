//! Is a structure right that is proposed alone? Verdicts and said probabilities of right structures
//! and of realistic wrong ones.

use crate::error::EvaluationError;
use crate::evaluation::Report;
use crate::shift::ShiftSystem;
use crate::verification::{CaseSet, JudgedMolecule, judge, reliability_table, verdict_table};
use larmor_elucidation::Elucidator;

/// Judges the right structure of each case and at most `most` wrong ones of each kind, each alone,
/// by 13C, by 1H and by both. With `kinds` the table has a row for each kind.
///
/// # Errors
/// [`EvaluationError`] when the network fails.
pub fn verification(
    system: &ShiftSystem,
    cases: &CaseSet,
    most: usize,
    seed: u64,
    kinds: bool,
) -> Result<(Report, Vec<JudgedMolecule>), EvaluationError> {
    let elucidator = Elucidator::new(system.predictor().clone(), Vec::new())
        .with_parameters(*system.parameters());
    let judged = cases
        .list
        .iter()
        .map(|case| judge(&elucidator, case, most, seed))
        .collect::<Result<Vec<_>, _>>()?;
    let notes = vec![
        cases.described(),
        format!(
            "each structure proposed alone, without formula or library; at most {most} wrong ones \
             of a kind for each molecule, intervals by molecule; mirror images are not counted"
        ),
        "said probabilities: the wrong structures of a molecule weigh together as much as its right \
         one, so that half of what is proposed is right"
            .to_owned(),
    ];
    let report = Report {
        protocol: "verification, shift network".to_owned(),
        notes,
        tables: vec![verdict_table(&judged, kinds), reliability_table(&judged)],
    };
    Ok((report, judged))
}
