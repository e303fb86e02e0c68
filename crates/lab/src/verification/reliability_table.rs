//! Does what is said of structures proposed alone hold, when every second one is right?

use super::judge::NUCLEI;
use super::judgement::JudgedMolecule;
use crate::evaluation::{Nuclei, Table};
use crate::statistics::{Estimate, class_name, classes};

/// A said probability, whether the structure is right, and what it weighs.
struct Said {
    probability: f64,
    right: bool,
    weight: f64,
}

/// Said probabilities beside what came true: by class, and for right structures and wrong ones. The
/// wrong structures of a molecule weigh together as much as its right one, so that half of what is
/// proposed is right.
pub(crate) fn reliability_table(molecules: &[JudgedMolecule]) -> Table {
    let mut table = Table::new(&[
        "spectra",
        "said probability",
        "n right",
        "n wrong",
        "mean said, %",
        "right, % [95 %]",
    ]);
    for nuclei in NUCLEI {
        let said: Vec<Vec<Said>> =
            molecules.iter().map(|molecule| said_of(molecule, nuclei)).collect();
        for class in classes() {
            let inside = |s: &Said| s.probability >= class[0] && s.probability < class[1];
            table.rows.extend(row(nuclei, &class_name(class), &said, inside));
        }
        table.rows.extend(row(nuclei, "any, truth present", &said, |s| s.right));
        table.rows.extend(row(nuclei, "any, truth absent", &said, |s| !s.right));
    }
    table
}

#[allow(clippy::cast_precision_loss)]
fn said_of(molecule: &JudgedMolecule, nuclei: Nuclei) -> Vec<Said> {
    let wrong = molecule.by(nuclei).filter(|judgement| judgement.kind.is_some()).count();
    // A molecule that nobody can get wrong says nothing here.
    if wrong == 0 || molecule.of_right(nuclei).is_none() {
        return Vec::new();
    }
    molecule
        .by(nuclei)
        .map(|judgement| Said {
            probability: judgement.probability,
            right: judgement.kind.is_none(),
            weight: if judgement.kind.is_none() { 1.0 } else { 1.0 / wrong as f64 },
        })
        .collect()
}

fn row(
    nuclei: Nuclei,
    name: &str,
    molecules: &[Vec<Said>],
    inside: impl Fn(&Said) -> bool,
) -> Option<Vec<String>> {
    let sum = |value: &dyn Fn(&Said) -> f64| {
        let items: Vec<(f64, f64)> = molecules
            .iter()
            .map(|said| {
                said.iter()
                    .filter(|s| inside(s))
                    .fold((0.0, 0.0), |sum, s| (sum.0 + s.weight * value(s), sum.1 + s.weight))
            })
            .filter(|item| item.1 > 0.0)
            .collect();
        Estimate::of_ratio(&items)
    };
    let count = |right: bool| {
        let all = molecules.iter().flatten();
        all.filter(|said| inside(said) && said.right == right).count().to_string()
    };
    let mean = sum(&|said| said.probability)?;
    let right = sum(&|said| f64::from(said.right))?;
    Some(vec![
        nuclei.name().to_owned(),
        name.to_owned(),
        count(true),
        count(false),
        format!("{:.1}", 100.0 * mean.mean),
        right.percent(),
    ])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::judgement::Judgement;
    use super::*;
    use larmor_elucidation::Verdict;
    use larmor_elucidation::alternatives::Change;
    use std::collections::BTreeMap;

    #[test]
    fn the_wrong_structures_of_a_molecule_weigh_as_much_as_its_right_one() {
        let judgement = |kind, probability| Judgement {
            nuclei: Nuclei::Both,
            kind,
            smiles: String::new(),
            formula_kept: true,
            verdict: Verdict::Inconclusive,
            probability,
            score: 0.0,
            parts: BTreeMap::new(),
            reasons: Vec::new(),
        };
        let wrong = Some(Change::Regioisomer);
        let judgements = vec![judgement(None, 0.95), judgement(wrong, 0.91), judgement(wrong, 0.1)];
        let molecule = JudgedMolecule { name: "a".into(), right: "C".into(), judgements };
        let alone = JudgedMolecule { judgements: vec![judgement(None, 0.95)], ..molecule.clone() };
        let table = reliability_table(&[molecule, alone]);
        let row = |name: &str| table.rows.iter().find(|row| row[1] == name).unwrap().clone();
        // 0.95 of weight one, 0.91 of weight one half; two thirds are right.
        let sure = row("90-99 %");
        assert_eq!(sure[2..5], ["1", "1", "93.7"]);
        assert!(sure[5].starts_with("66.7"), "{sure:?}");
        assert_eq!(row("any, truth present")[4], "95.0");
        assert_eq!(row("any, truth absent")[4], "50.5");
        assert_eq!(table.rows.len(), 4);
    }
}
