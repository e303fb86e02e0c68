//! Peak lists as papers print them: ranks as in [`retrieval`](super::retrieval()), and what is the matter with
//! lists whose molecule is not found.

use super::retrieval::measure;
use super::retrieval_pool::{FILTERS, Rivals};
use super::system::System;
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, EvaluationSet, Nuclei, Report, Table};
use crate::statistics::Estimate;
use larmor_chemistry::Molecule;
use larmor_elucidation::library::Profile;

/// A line further from every expected shift than this is not of the molecule as drawn, or the
/// network errs; ppm.
const FAR: f64 = 8.0;

/// A property of a list, and whether one has it.
type Trait = (&'static str, fn(&Seen) -> bool);

/// Properties that lists are told apart by.
const TRAITS: [Trait; 6] = [
    ("any", |_| true),
    ("a line for each kind of carbon, none far from what is expected", Seen::plain),
    ("fewer lines than kinds of carbon", |seen| seen.lines < seen.kinds),
    ("more lines than kinds of carbon", |seen| seen.lines > seen.kinds),
    ("a line more than 8 ppm from every expected shift", |seen| seen.foreign > 0),
    ("a molecule with fluorine or phosphorus, which split lines", |seen| seen.split),
];

/// What a list looks like beside its molecule.
struct Seen {
    lines: usize,
    /// Carbons that no symmetry makes alike.
    kinds: usize,
    /// Lines far from every expected shift.
    foreign: usize,
    split: bool,
}

impl Seen {
    fn new(tested: &EvaluationMolecule, profile: &Profile) -> Self {
        let expected: Vec<f64> =
            profile.sites.iter().filter_map(|site| Some(f64::from(site.carbon?.ppm))).collect();
        let far = |ppm: f64| expected.iter().all(|e| (e - ppm).abs() > FAR);
        Self {
            lines: tested.peaks.len(),
            kinds: expected.len(),
            foreign: tested.peaks.iter().filter(|peak| far(peak.ppm)).count(),
            split: tested.molecule.graph.element.iter().any(|z| [9, 15].contains(z)),
        }
    }

    fn plain(&self) -> bool {
        self.lines == self.kinds && self.foreign == 0
    }
}

/// Ranks of molecules by their printed lists, and which lists fail.
///
/// # Errors
/// [`EvaluationError`] when the network fails or there are too few rivals.
pub fn external(
    system: &System,
    evaluation_set: &EvaluationSet,
    rivals: &Rivals<'_>,
    seed: u64,
) -> Result<Report, EvaluationError> {
    let (mut report, runs) = measure(system, evaluation_set, rivals, seed, Nuclei::Carbon)?;
    report.protocol = format!("external, {}", system.name());
    let System::Shift(shift) = system else { return Ok(report) };
    let Some((_, _, ranks)) = runs.first() else { return Ok(report) };
    // Without a filter, in the largest pool.
    let sizes = ranks.len() / FILTERS.len();
    let Some(ranks) = ranks.get(sizes - 1) else { return Ok(report) };
    let molecules: Vec<&Molecule> = evaluation_set.list.iter().map(|s| &s.molecule).collect();
    let profiles = shift.profiles(&molecules)?;
    let seen: Vec<Seen> = evaluation_set
        .list
        .iter()
        .zip(&profiles)
        .map(|(s, profile)| Seen::new(s, profile))
        .collect();
    report.tables.push(by_trait(&seen, ranks));
    Ok(report)
}

fn by_trait(seen: &[Seen], ranks: &[usize]) -> Table {
    let mut table =
        Table::new(&["lists with", "n", "first, % [95 %]", "among 10, %", "not among 10"]);
    for (name, has) in TRAITS {
        let ranks: Vec<usize> =
            seen.iter().zip(ranks).filter(|(seen, _)| has(seen)).map(|(_, rank)| *rank).collect();
        let share = |top: usize| {
            let hits: Vec<f64> = ranks.iter().map(|&rank| f64::from(rank <= top)).collect();
            Estimate::of(&hits)
        };
        let (Some(first), Some(ten)) = (share(1), share(10)) else { continue };
        table.push(vec![
            name.to_owned(),
            ranks.len().to_string(),
            first.percent(),
            format!("{:.1}", 100.0 * ten.mean),
            ranks.iter().filter(|&&rank| rank > 10).count().to_string(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_apart_by_what_they_show() {
        let seen = |lines, kinds, foreign| Seen { lines, kinds, foreign, split: false };
        let lists = [seen(5, 5, 0), seen(4, 5, 0), seen(6, 5, 1), seen(5, 5, 1)];
        let table = by_trait(&lists, &[1, 3, 80, usize::MAX]);
        let row = |name: &str| table.rows.iter().find(|r| r[0].starts_with(name)).cloned();
        let counts = |name: &str| row(name).map(|r| (r[1].clone(), r[4].clone()));
        assert_eq!(counts("any"), Some(("4".to_owned(), "2".to_owned())));
        assert_eq!(counts("a line for each"), Some(("1".to_owned(), "0".to_owned())));
        assert_eq!(counts("fewer"), Some(("1".to_owned(), "0".to_owned())));
        assert_eq!(counts("more"), Some(("1".to_owned(), "1".to_owned())));
        assert_eq!(counts("a line more"), Some(("2".to_owned(), "2".to_owned())));
        assert_eq!(counts("a molecule with fluorine"), None);
    }
}
