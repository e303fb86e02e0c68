//! Is an assignment right? Compared atom by atom with an assigned structure.

use super::assigned_structure::AssignedStructure;
use larmor_chemistry::{Molecule, isomorphism};
use larmor_elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;

/// How far an observed line may lie from the true shift of its carbon, ppm.
pub const CARBON_TOLERANCE: f64 = 0.3;
/// The same for hydrogens.
pub const PROTON_TOLERANCE: f64 = 0.05;

/// One carbon of an assignment held against the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomCheck {
    /// 0-based atom in the SMILES or mol block the assignment counts.
    pub atom: u32,
    /// The peak given to it, if any, ppm.
    pub observed: Option<f64>,
    /// What the network expects, ppm.
    pub predicted: Option<f64>,
    /// Said probability.
    pub probability: Option<f64>,
    /// True shift, ppm.
    pub truth: f64,
    /// True when the peak given is the carbon's own.
    pub right: bool,
}

/// Holds the 13C assignments of `molecule` against the truth; one entry for each carbon whose true
/// shift is known. `offset` is what the truth's axis lacks, ppm. `None` when the truth is of another
/// constitution.
#[must_use]
pub fn check_assignment(
    molecule: &Molecule,
    assignments: &[PeakAssignment],
    truth: &AssignedStructure,
    offset: f64,
) -> Option<Vec<AtomCheck>> {
    let map = isomorphism(molecule, &truth.molecule)?;
    let checks = (0..molecule.graph.len()).filter_map(|atom| {
        let ppm = truth.c13[map[atom]]?;
        let source = molecule.source[atom];
        let given = assignments.iter().find(|a| a.atom == source && a.nucleus == Nucleus::Carbon);
        // Equivalent atoms may be mapped either way: any true shift of the class is right.
        let right = given.is_some_and(|given| {
            (0..molecule.graph.len())
                .filter(|&other| molecule.symmetry[other] == molecule.symmetry[atom])
                .filter_map(|other| truth.c13[map[other]])
                .any(|ppm| (ppm + offset - given.ppm).abs() <= CARBON_TOLERANCE)
        });
        Some(AtomCheck {
            atom: source,
            observed: given.map(|g| g.ppm),
            predicted: given.map(|g| g.predicted_ppm),
            probability: given.map(|g| g.probability),
            truth: ppm,
            right,
        })
    });
    Some(checks.collect())
}

/// Holds the 1H assignments of `molecule` against the truth: for each true shift of the hydrogens
/// on a heavy atom, whether one of the lines given to that atom, or to an equivalent one, is there.
/// `None` when the truth is of another constitution.
#[must_use]
pub fn check_protons(
    molecule: &Molecule,
    assignments: &[PeakAssignment],
    truth: &AssignedStructure,
    offset: f64,
) -> Option<Vec<bool>> {
    let map = isomorphism(molecule, &truth.molecule)?;
    let given = |atom: usize| {
        let alike = move |other: &usize| molecule.symmetry[*other] == molecule.symmetry[atom];
        let class = (0..molecule.graph.len()).filter(alike).map(|other| molecule.source[other]);
        let class: Vec<u32> = class.collect();
        assignments.iter().filter(move |a| a.nucleus == Nucleus::Proton && class.contains(&a.atom))
    };
    let checks = (0..molecule.graph.len()).flat_map(|atom| {
        let shown: Vec<f64> = given(atom).map(|a| a.ppm).collect();
        truth.h1[map[atom]].iter().map(move |ppm| {
            shown.iter().any(|line| (ppm + offset - line).abs() <= PROTON_TOLERANCE)
        })
    });
    Some(checks.collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ETHANOL: &str = "\n\n\n  3  2  0  0  0  0            999 V2000\n    0.0000    0.0000    0.0000 O   0  0\n    1.0000    0.0000    0.0000 C   0  0\n    2.0000    0.0000    0.0000 C   0  0\n  1  2  1  0\n  2  3  1  0\nM  END\n>  <NMREDATA_ASSIGNMENT>\na, 58.2, 2\\\nb, 18.1, 3\\\nHb, 1.2, H3\\\n\n$$$$\n";

    fn given(atom: u32, ppm: f64) -> PeakAssignment {
        PeakAssignment { atom, nucleus: Nucleus::Carbon, ppm, predicted_ppm: ppm, probability: 0.9 }
    }

    #[test]
    fn right_and_wrong_are_told_apart_whatever_the_atom_order() {
        let truth = AssignedStructure::parse(ETHANOL).unwrap();
        assert_eq!(truth.h1[2], [1.2]);
        let molecule = Molecule::from_smiles("CCO").unwrap();
        let right =
            check_assignment(&molecule, &[given(0, 18.0), given(1, 58.3)], &truth, 0.0).unwrap();
        assert!(right.len() == 2 && right.iter().all(|check| check.right));
        let swapped =
            check_assignment(&molecule, &[given(0, 58.3), given(1, 18.0)], &truth, 0.0).unwrap();
        assert!(swapped.iter().all(|check| !check.right));
        let missing = check_assignment(&molecule, &[given(0, 18.0)], &truth, 0.0).unwrap();
        assert_eq!(missing.iter().filter(|check| check.right).count(), 1);
        let shifted =
            check_assignment(&molecule, &[given(0, 19.0), given(1, 59.2)], &truth, 1.0).unwrap();
        assert!(shifted.iter().all(|check| check.right), "on the truth's own axis");
    }

    #[test]
    fn hydrogens_are_right_on_their_own_atom_alone() {
        let truth = AssignedStructure::parse(ETHANOL).unwrap();
        let molecule = Molecule::from_smiles("CCO").unwrap();
        let proton = |atom, ppm| PeakAssignment { nucleus: Nucleus::Proton, ..given(atom, ppm) };
        let check = |given: &[PeakAssignment]| check_protons(&molecule, given, &truth, 0.0);
        assert_eq!(check(&[proton(0, 1.22), proton(1, 3.6)]), Some(vec![true]));
        assert_eq!(check(&[proton(1, 1.22)]), Some(vec![false]));
        assert_eq!(check(&[given(0, 1.22)]), Some(vec![false]), "another nucleus");
    }

    #[test]
    fn another_constitution_is_not_compared() {
        let truth = AssignedStructure::parse(ETHANOL).unwrap();
        assert!(
            check_assignment(&Molecule::from_smiles("COC").unwrap(), &[], &truth, 0.0).is_none()
        );
    }
}
