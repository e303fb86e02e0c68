//! How far what is said holds: probabilities of candidates and of "none of these", and verdicts on
//! right structures and on their nearest isomers.

use super::calibration_fit::{Case, StatedProbabilities, fit, loss};
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationSet, Nuclei, Report, Table};
use crate::shift::ShiftSystem;
use crate::statistics::{Estimate, class_name, classes};
use larmor_chemistry::Molecule;
use larmor_elucidation::library::{Library, Profile};
use larmor_elucidation::{ShiftScorer, Verdict};

/// Rivals kept of a ranking: what the rest weighs is nothing.
const MOST_RIVALS: usize = 200;

/// Verdicts that were given: consistent, inconclusive, inconsistent.
type Verdicts = Vec<Verdict>;

/// Kinds of structures that verdicts are asked for, and the candidates beside them.
const KINDS: [&str; 4] = [
    "right, alone",
    "right, among its isomers",
    "best wrong isomer, alone",
    "best wrong isomer, right one beside it",
];

/// Reliability of stated probabilities, with the right structure among the candidates and without;
/// verdicts; and the constants that would suit these molecules best.
///
/// # Errors
/// [`EvaluationError`] when the network fails or nothing could be measured.
pub fn calibration(
    system: &ShiftSystem,
    evaluation_set: &EvaluationSet,
    library: &Library,
) -> Result<Report, EvaluationError> {
    let molecules: Vec<&Molecule> = evaluation_set.list.iter().map(|s| &s.molecule).collect();
    let profiles = system.profiles(&molecules)?;
    let everything: Vec<u32> = (0..library.len()).collect();
    let mut cases: Vec<(String, Case)> = Vec::new();
    let mut verdicts: [[Verdicts; 4]; 2] = Default::default();
    for (tested, profile) in evaluation_set.list.iter().zip(&profiles) {
        let isomers = library.with_formula(&tested.molecule.formula);
        for (which, multiplicity) in [true, false].into_iter().enumerate() {
            for nuclei in [Nuclei::Carbon, Nuclei::Both] {
                if nuclei == Nuclei::Both && tested.protons.is_empty() {
                    continue;
                }
                let observed = system.observed(tested, multiplicity, nuclei)?;
                let own = observed.score(profile);
                for (filter, among) in [("none", &everything), ("formula", &isomers)] {
                    let rivals = rivals(&observed, library, among, &tested.block)?;
                    let asked = filter == "formula" && nuclei == Nuclei::Carbon;
                    if let Some((decoy, score)) = rivals.first().filter(|_| asked) {
                        let given = [
                            observed.verdict(profile, None),
                            observed.verdict(profile, Some(*score)),
                            observed.verdict(decoy, None),
                            observed.verdict(decoy, Some(own)),
                        ];
                        let kept = verdicts[which].iter_mut();
                        kept.zip(given).for_each(|(kind, verdict)| kind.push(verdict));
                    }
                    let name = format!("{}, filter {filter}", nuclei.name());
                    let rivals = rivals.into_iter().map(|(_, score)| score).collect();
                    cases.push((name, Case { own, rivals, lines: observed.line_counts() }));
                }
            }
        }
    }
    if cases.is_empty() {
        return Err(EvaluationError::Nothing("no spectrum to rank".to_owned()));
    }
    let all: Vec<Case> = cases.iter().map(|(_, case)| case.clone()).collect();
    let parameters = system.parameters();
    let best = fit(&all, parameters);
    let said: Vec<(StatedProbabilities, bool)> = all
        .iter()
        .flat_map(|case| [true, false].map(|present| (case.stated(present, parameters), present)))
        .collect();
    let mut notes = vec![
        evaluation_set.note(),
        format!(
            "candidates: library '{}' of {} molecules, or those of the formula, with the right \
             structure and without it, half and half; 13C, and 13C + 1H where there is 1H, with and \
             without multiplicities: {} rankings",
            library.name(),
            library.len(),
            2 * all.len()
        ),
    ];
    for (which, constants) in [("in use", parameters), ("best for these molecules", &best)] {
        notes.push(format!(
            "constants {which}: temperature {:.2}, none {:.2}, none_carbon_line {:.3}, \
             none_proton_line {:.3}; surprise of the truth {:.4} nats",
            constants.temperature,
            constants.none,
            constants.none_carbon_line,
            constants.none_proton_line,
            loss(&all, constants)
        ));
    }
    Ok(Report {
        protocol: "calibration, shift network".to_owned(),
        notes,
        tables: vec![
            reliability("best candidate", said.iter().map(best_candidate)),
            reliability("none of these", said.iter().map(|(said, there)| (said.none, !there))),
            by_kind(&cases, system),
            verdict_table(&verdicts),
        ],
    })
}

/// Said probability of the candidate that comes first, and whether it is the right one.
fn best_candidate((said, _): &(StatedProbabilities, bool)) -> (f64, bool) {
    if said.own > said.rival { (said.own, true) } else { (said.rival, false) }
}

/// Profiles and scores of the molecules of other constitution that come first, best first.
fn rivals(
    observed: &ShiftScorer,
    library: &Library,
    among: &[u32],
    block: &str,
) -> Result<Vec<(Profile, f64)>, EvaluationError> {
    let same = |n: u32| library.entry(n).is_some_and(|entry| entry.inchikey.starts_with(block));
    let mut found: Vec<(Profile, f64)> = observed
        .shortlist(library, among)?
        .into_iter()
        .filter(|(_, number)| !same(*number))
        .filter_map(|(_, number)| library.profile(number))
        .map(|profile| {
            let score = observed.score(&profile);
            (profile, score)
        })
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(MOST_RIVALS);
    Ok(found)
}

#[allow(clippy::cast_precision_loss)]
fn reliability(what: &str, said: impl Iterator<Item = (f64, bool)>) -> Table {
    let column = format!("said probability of the {what}").replace("of the none", "of none");
    let mut table = Table::new(&[&column, "rankings", "mean said, %", "right, % [95 %]"]);
    let said: Vec<(f64, bool)> = said.collect();
    for class in classes() {
        let [low, high] = class;
        let inside: Vec<&(f64, bool)> = said.iter().filter(|s| s.0 >= low && s.0 < high).collect();
        let right: Vec<f64> = inside.iter().map(|s| f64::from(s.1)).collect();
        let Some(found) = Estimate::of(&right) else { continue };
        let mean = inside.iter().map(|s| s.0).sum::<f64>() / inside.len() as f64;
        table.push(vec![
            class_name(class),
            inside.len().to_string(),
            format!("{:.1}", 100.0 * mean),
            found.percent(),
        ]);
    }
    table
}

/// Mean said and true shares for each kind of ranking.
fn by_kind(cases: &[(String, Case)], system: &ShiftSystem) -> Table {
    let mut table = Table::new(&[
        "rankings of",
        "right structure",
        "n",
        "best candidate: said, %",
        "right, % [95 %]",
        "none of these: said, %",
    ]);
    let mut names: Vec<&String> = cases.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    for name in names {
        for present in [true, false] {
            let said: Vec<(StatedProbabilities, bool)> = cases
                .iter()
                .filter(|(other, _)| other == name)
                .map(|(_, case)| (case.stated(present, system.parameters()), present))
                .collect();
            let mean = |value: &dyn Fn(&(StatedProbabilities, bool)) -> f64| {
                let values: Vec<f64> = said.iter().map(value).collect();
                Estimate::of(&values)
            };
            let (Some(best), Some(right), Some(none)) = (
                mean(&|s| best_candidate(s).0),
                mean(&|s| f64::from(best_candidate(s).1)),
                mean(&|s| s.0.none),
            ) else {
                continue;
            };
            table.push(vec![
                name.clone(),
                if present { "there" } else { "not there" }.to_owned(),
                said.len().to_string(),
                format!("{:.1}", 100.0 * best.mean),
                right.percent(),
                format!("{:.1}", 100.0 * none.mean),
            ]);
        }
    }
    table
}

fn verdict_table(verdicts: &[[Verdicts; 4]; 2]) -> Table {
    let mut table = Table::new(&[
        "verdict on the structure that is",
        "multiplicities",
        "n",
        "consistent, % [95 %]",
        "inconclusive, %",
        "inconsistent, % [95 %]",
    ]);
    for (of, said) in verdicts.iter().zip(["with", "without"]) {
        for (given, kind) in of.iter().zip(KINDS) {
            let share = |which: Verdict| {
                let values: Vec<f64> = given.iter().map(|v| f64::from(*v == which)).collect();
                Estimate::of(&values)
            };
            let (Some(consistent), Some(open), Some(inconsistent)) = (
                share(Verdict::Consistent),
                share(Verdict::Inconclusive),
                share(Verdict::Inconsistent),
            ) else {
                continue;
            };
            table.push(vec![
                kind.to_owned(),
                said.to_owned(),
                given.len().to_string(),
                consistent.percent(),
                format!("{:.1}", 100.0 * open.mean),
                inconsistent.percent(),
            ]);
        }
    }
    table
}
