//! Verdicts on right structures and on wrong ones of each kind.

use super::judge::NUCLEI;
use super::judgement::{JudgedMolecule, Judgement};
use crate::evaluation::{Nuclei, Table};
use crate::statistics::Estimate;
use larmor_elucidation::Verdict;
use larmor_elucidation::alternatives::Change;

/// Structures that a row of the table counts.
enum Counted {
    Right,
    /// All wrong ones that this holds for.
    Wrong(&'static str, fn(&Judgement) -> bool),
    Kind(Change),
}

impl Counted {
    /// Rows in their order; without `kinds` stereoisomers alone have rows of their own.
    fn all(kinds: bool) -> impl Iterator<Item = Self> {
        let wrong = [
            Self::Right,
            Self::Wrong("wrong: any", |_| true),
            Self::Wrong("wrong: composition changed", |judgement| !judgement.formula_kept),
            Self::Wrong("wrong: composition kept", |judgement| judgement.formula_kept),
            Self::Wrong("wrong: neither E/Z nor epimer", |judgement| {
                judgement.kind.is_some_and(|kind| !kind.is_stereoisomer())
            }),
        ];
        let shown = Change::ALL.into_iter().filter(move |kind| kinds || kind.is_stereoisomer());
        wrong.into_iter().chain(shown.map(Self::Kind))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong(name, _) => name,
            Self::Kind(kind) => kind.name(),
        }
    }

    fn holds(&self, judgement: &Judgement) -> bool {
        match self {
            Self::Right => judgement.kind.is_none(),
            Self::Wrong(_, holds) => judgement.kind.is_some() && holds(judgement),
            Self::Kind(kind) => judgement.kind == Some(*kind),
        }
    }
}

/// Verdicts, mean probability and how often the right structure stands above the wrong one, by
/// nuclei and, with `kinds`, by kind. Molecules are drawn as wholes for intervals; what nobody met has
/// no row.
pub(crate) fn verdict_table(molecules: &[JudgedMolecule], kinds: bool) -> Table {
    let mut table = Table::new(&[
        "spectra",
        "structure",
        "molecules",
        "n",
        "consistent, % [95 %]",
        "inconclusive, %",
        "inconsistent, % [95 %]",
        "mean probability, %",
        "right one above, % [95 %]",
    ]);
    for nuclei in NUCLEI {
        let counted = Counted::all(kinds);
        table.rows.extend(counted.filter_map(|counted| row(molecules, nuclei, &counted)));
    }
    table
}

fn row(molecules: &[JudgedMolecule], nuclei: Nuclei, counted: &Counted) -> Option<Vec<String>> {
    let share = |value: &dyn Fn(&JudgedMolecule, &Judgement) -> f64| {
        let items: Vec<(f64, f64)> = molecules
            .iter()
            .map(|molecule| {
                let of_row = molecule.by(nuclei).filter(|judgement| counted.holds(judgement));
                of_row.fold((0.0, 0.0), |sum, j| (sum.0 + value(molecule, j), sum.1 + 1.0))
            })
            .filter(|item| item.1 > 0.0)
            .collect();
        let structures = items.iter().map(|item| item.1).sum::<f64>();
        Estimate::of_ratio(&items).map(|estimate| (estimate, structures))
    };
    let verdict = |wanted: Verdict| share(&|_, j| f64::from(j.verdict == wanted));
    let (consistent, structures) = verdict(Verdict::Consistent)?;
    let above = match counted {
        Counted::Right => "-".to_owned(),
        _ => share(&|molecule, judgement| above(molecule, judgement))?.0.percent(),
    };
    let mean = |estimate: &Estimate| format!("{:.1}", 100.0 * estimate.mean);
    Some(vec![
        nuclei.name().to_owned(),
        counted.name().to_owned(),
        consistent.n.to_string(),
        format!("{structures:.0}"),
        consistent.percent(),
        mean(&verdict(Verdict::Inconclusive)?.0),
        verdict(Verdict::Inconsistent)?.0.percent(),
        mean(&share(&|_, judgement| judgement.probability)?.0),
        above,
    ])
}

/// One where the right structure has the higher probability (the higher score where both are as
/// probable), one half where nothing tells them apart.
fn above(molecule: &JudgedMolecule, wrong: &Judgement) -> f64 {
    let Some(right) = molecule.of_right(wrong.nuclei) else { return 0.0 };
    let order = right.probability.total_cmp(&wrong.probability);
    let order = order.then(right.score.total_cmp(&wrong.score));
    if order.is_eq() { 0.5 } else { f64::from(order.is_gt()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn judgement(kind: Option<Change>, verdict: Verdict, probability: f64) -> Judgement {
        Judgement {
            nuclei: Nuclei::Carbon,
            kind,
            smiles: String::new(),
            formula_kept: kind.is_none_or(Change::is_stereoisomer),
            verdict,
            probability,
            score: 0.0,
            parts: BTreeMap::new(),
            reasons: Vec::new(),
        }
    }

    #[test]
    fn verdicts_are_counted_by_kind_and_composition() {
        let (epimer, methyl) = (Some(Change::Epimer), Some(Change::NMethylated));
        let molecule = |right: f64, wrong: f64| JudgedMolecule {
            name: String::new(),
            right: String::new(),
            judgements: vec![
                judgement(None, Verdict::Consistent, right),
                judgement(epimer, Verdict::Consistent, wrong),
                judgement(methyl, Verdict::Inconsistent, 0.1),
            ],
        };
        let molecules = [molecule(0.9, 0.9), molecule(0.8, 0.9)];
        let table = verdict_table(&molecules, true);
        let cell = |name: &str, column: usize| {
            let row = table.rows.iter().find(|row| row[1] == name).unwrap();
            row[column].split(' ').next().unwrap().to_owned()
        };
        assert_eq!(cell("right", 4), "100.0");
        assert_eq!(cell("right", 7), "85.0");
        assert_eq!((cell("wrong: any", 2), cell("wrong: any", 3)), ("2".into(), "4".into()));
        assert_eq!((cell("wrong: any", 4), cell("wrong: any", 6)), ("50.0".into(), "50.0".into()));
        assert_eq!(cell("wrong: composition changed", 4), "0.0");
        assert_eq!(cell("wrong: composition kept", 4), "100.0");
        assert_eq!(cell("wrong: neither E/Z nor epimer", 4), "0.0");
        assert_eq!(cell("epimer", 8), "25.0", "one tie, one below");
        assert_eq!(cell("N-methylated", 8), "100.0");
        assert_eq!(table.rows.len(), 7, "{:?}", table.rows);
        assert_eq!(verdict_table(&molecules, false).rows.len(), 6, "no row for a methyl");
    }
}
