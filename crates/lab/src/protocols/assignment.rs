//! Which peak is which carbon's?
//!
//! Within each molecule the carbons whose peak is known stand against those peaks. A carbon is
//! right when its peak has the shift of its own, so equivalent carbons may change places.

use super::system::System;
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, EvaluationSet, Pairs, Report, Table};
use crate::statistics::{Estimate, argmax, class_name, classes};
use larmor_elucidation::one_to_one;

/// Shifts closer than this are equal.
const EQUAL_PPM: f64 = 1e-3;
/// Carbons that part small, middle and large molecules, with the published exact assignments, %.
const SIZES: [(&str, usize, &str); 3] =
    [("< 10 C", 10, "74.1"), ("10-20 C", 21, "37.2"), ("> 20 C", usize::MAX, "9.8")];

/// What became of one molecule.
struct Outcome {
    /// Carbons of the molecule, where each of them has a peak.
    carbons: Option<usize>,
    /// Share of carbons right by the best peak of each.
    row: f64,
    /// Share of carbons right in the best one-to-one assignment.
    matched: f64,
    /// For each carbon of that assignment: said probability of its shift, and whether right.
    said: Vec<(f64, bool)>,
}

/// Node accuracy, exact assignments by size, reliability of the said probabilities.
///
/// # Errors
/// [`EvaluationError`] when the network fails or no molecule has an assignment.
pub fn assignment(
    system: &System,
    evaluation_set: &EvaluationSet,
) -> Result<Report, EvaluationError> {
    let assigned: Vec<&EvaluationMolecule> =
        evaluation_set.list.iter().filter(|s| !s.assigned.is_empty()).collect();
    let original: Vec<&EvaluationMolecule> = assigned.iter().copied().filter(|s| s.exact).collect();
    if assigned.is_empty() {
        return Err(EvaluationError::Nothing("none has an assignment".to_owned()));
    }
    let mut accuracy =
        Table::new(&["carbons right", "molecules", "multiplicities", "% [95 %]", "published, %"]);
    let mut exact = Table::new(&[
        "every carbon right",
        "molecules",
        "multiplicities",
        "% [95 %]",
        "n",
        "published, %",
    ]);
    let mut reliability =
        Table::new(&["said probability", "multiplicities", "pairs", "mean said, %", "right, %"]);
    for multiplicity in [true, false] {
        let said = if multiplicity { "with" } else { "without" };
        for (which, list) in [("original assignments", &original), ("whole fold", &assigned)] {
            if list.is_empty() {
                continue;
            }
            let pairs = system.pairs(list, multiplicity)?;
            let outcomes: Vec<Outcome> =
                list.iter().zip(&pairs).map(|(s, pairs)| outcome(s, pairs)).collect();
            for (how, value) in [
                ("best peak of each carbon", (|o: &Outcome| o.row) as fn(&Outcome) -> f64),
                ("one to one", |o: &Outcome| o.matched),
            ] {
                let values: Vec<f64> = outcomes.iter().map(value).collect();
                let cell = Estimate::of(&values).map_or_else(String::new, |e| e.percent());
                accuracy.push(vec![how.into(), which.into(), said.into(), cell, "90.3".into()]);
            }
            let mut least = 0;
            for (name, below, published) in SIZES {
                let values: Vec<f64> = outcomes
                    .iter()
                    .filter(|o| o.carbons.is_some_and(|carbons| (least..below).contains(&carbons)))
                    .map(|o| f64::from(o.said.iter().all(|(_, right)| *right)))
                    .collect();
                least = below;
                let Some(found) = Estimate::of(&values) else { continue };
                let (n, percent) = (found.n.to_string(), found.percent());
                exact.push(vec![
                    name.into(),
                    which.into(),
                    said.into(),
                    percent,
                    n,
                    published.into(),
                ]);
            }
            if which == "original assignments" || original.is_empty() {
                add_reliability(&mut reliability, said, &outcomes);
            }
        }
    }
    Ok(Report {
        protocol: format!("assignment, {}", system.name()),
        notes: vec![
            evaluation_set.note(),
            format!(
                "{} with an assignment, of which {} original; in the others carbons that were \
                 assigned ambiguously are left out",
                assigned.len(),
                original.len()
            ),
            "mean over molecules; exact assignments (of molecules that show a peak for every \
             carbon) and said probabilities are those one to one"
                .to_owned(),
        ],
        tables: vec![accuracy, exact, reliability],
    })
}

#[allow(clippy::cast_precision_loss)]
fn outcome(tested: &EvaluationMolecule, pairs: &Pairs) -> Outcome {
    let size = pairs.size;
    let ppm = |i: usize| tested.assigned[i].1.ppm;
    let equal = |a: usize, b: usize| (ppm(a) - ppm(b)).abs() < EQUAL_PPM;
    let at = |row: usize, column: usize| row * size + column;
    let rows_right = (0..size)
        .filter(|&row| {
            let best = argmax((0..size).map(|column| pairs.score[at(row, column)]));
            best < size && equal(row, best)
        })
        .count();
    let said: Vec<(f64, bool)> = one_to_one(&pairs.score, size)
        .into_iter()
        .enumerate()
        .map(|(row, given)| {
            let alike = (0..size).filter(|&column| equal(column, given));
            let probability: f64 = alike.map(|column| pairs.probability[at(row, column)]).sum();
            ((pairs.said)(probability.min(1.0)), equal(row, given))
        })
        .collect();
    let matched = said.iter().filter(|(_, right)| *right).count();
    Outcome {
        carbons: tested.complete.then_some(size),
        row: rows_right as f64 / size as f64,
        matched: matched as f64 / size as f64,
        said,
    }
}

#[allow(clippy::cast_precision_loss)]
fn add_reliability(table: &mut Table, multiplicities: &str, outcomes: &[Outcome]) {
    let said: Vec<(f64, bool)> = outcomes.iter().flat_map(|o| o.said.iter().copied()).collect();
    for class in classes() {
        let [low, high] = class;
        let inside: Vec<&(f64, bool)> = said.iter().filter(|s| s.0 >= low && s.0 < high).collect();
        if inside.is_empty() {
            continue;
        }
        let n = inside.len() as f64;
        let mean = inside.iter().map(|s| s.0).sum::<f64>() / n;
        let right = inside.iter().filter(|s| s.1).count() as f64 / n;
        table.push(vec![
            class_name(class),
            multiplicities.to_owned(),
            inside.len().to_string(),
            format!("{:.1}", 100.0 * mean),
            format!("{:.1}", 100.0 * right),
        ]);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;
    use larmor_elucidation::ObservedPeak;

    #[test]
    fn equal_shifts_count_and_one_to_one_mends_what_rows_get_wrong() {
        let peak = |ppm| ObservedPeak::carbon(ppm, None);
        let tested = EvaluationMolecule {
            block: String::new(),
            molecule: Molecule::graph_only("CC(C)CO").unwrap(),
            peaks: Vec::new(),
            protons: Vec::new(),
            signals: Vec::new(),
            smiles: String::new(),
            assigned: vec![(0, peak(19.0)), (1, peak(31.0)), (2, peak(19.0)), (3, peak(70.0))],
            exact: true,
            complete: true,
        };
        #[rustfmt::skip]
        let score = vec![
            1.0, 0.0, 2.0, 0.0, // takes the other methyl's peak: equal
            5.0, 4.9, 0.0, 0.0, // wrong alone, right when the methyls need theirs
            2.0, 0.0, 1.0, 0.0,
            0.0, 0.0, 0.0, 9.0,
        ];
        let said: Box<dyn Fn(f64) -> f64> = Box::new(|p| p);
        let pairs = Pairs { size: 4, probability: vec![0.25; 16], score, said };
        let found = outcome(&tested, &pairs);
        assert!((found.row - 0.75).abs() < 1e-9);
        assert!((found.matched - 1.0).abs() < 1e-9);
        // Either of the two equal peaks would do.
        assert_eq!(found.carbons, Some(4));
        assert!((found.said[0].0 - 0.5).abs() < 1e-9 && (found.said[3].0 - 0.25).abs() < 1e-9);
    }
}
