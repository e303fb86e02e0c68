//! Couplings between hydrogens that a constitution lets one expect, and which hydrogens exchange.
//!
//! Constants are textbook averages: Pretsch, Bühlmann and Badertscher, Structure Determination of
//! Organic Compounds, 1H NMR: coupling constants by class of compound. Nothing is said of
//! conformation, so rings other than aromatic ones get the mean of their dihedral angles.

use crate::graph::{Bond, BondType, Hybridisation, MolecularGraph};

/// Geminal coupling of a diastereotopic CH2: 12 to 14 Hz on sp3 carbon.
pub const GEMINAL_HZ: f64 = 13.0;
/// Vicinal, free rotation: CH-CH 7.
const VICINAL: f64 = 7.0;
/// Vicinal in a saturated ring: between axial-axial (8 to 13) and the rest (1 to 6).
const VICINAL_RING: f64 = 5.5;
/// Of the two hydrogens of a diastereotopic CH2, one is nearer to anti.
const DIASTEREOTOPIC: f64 = 2.0;
/// H-C-CHO: 1 to 3.
const TO_ALDEHYDE: f64 = 2.2;
/// H-C(sp3)-C(sp2)-H: 5 to 7.
const TO_OLEFIN: f64 = 6.4;
/// H-C=, single bond, =C-H: 9 to 13.
const DIENE: f64 = 10.5;
/// Double bond: Z 6 to 14, E 11 to 18.
const CIS: f64 = 10.0;
const TRANS: f64 = 16.0;
/// Double bond in a ring of 3, 4, 5, 6, 7 and 8 atoms.
const CYCLIC: [f64; 6] = [1.0, 3.0, 5.5, 9.8, 11.0, 10.5];
/// Aromatic rings of six: ortho 7 to 9, beside nitrogen 5, meta 1 to 3.
const ORTHO: f64 = 7.8;
const ORTHO_AZINE: f64 = 4.9;
const META: f64 = 1.8;
/// Aromatic rings of five: 2,3 from 1.8 (furan) to 5 (thiophene).
const FIVE_RING: f64 = 3.5;
const FIVE_RING_META: f64 = 1.3;
/// H-C-C=C-H: 0 to 3.
const ALLYLIC: f64 = 1.3;
/// H-C-C#C-H: 2 to 3.
const PROPARGYLIC: f64 = 2.6;
/// Rings of three and eight atoms bound the table of cyclic double bonds.
const SMALLEST_RING: u32 = 3;

/// A coupling between the hydrogens of two heavy atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypicalCoupling {
    /// The atoms.
    pub atoms: [usize; 2],
    /// Coupling constants, Hz: one for each hydrogen of the second atom as the first's see it, where
    /// they differ (the ends of a terminal double bond, a diastereotopic CH2), else both equal.
    pub hertz: [f64; 2],
}

/// True of an atom whose hydrogens exchange with water: those on N, O and S.
#[must_use]
pub fn exchanges(graph: &MolecularGraph, atom: usize) -> bool {
    matches!(graph.element[atom], 7 | 8 | 16) && graph.hydrogens[atom] > 0
}

/// Couplings over three and four bonds between hydrogens that do not exchange, each pair of atoms
/// once.
#[must_use]
pub fn typical_couplings(graph: &MolecularGraph) -> Vec<TypicalCoupling> {
    let bears = |atom: usize| graph.hydrogens[atom] > 0 && !exchanges(graph, atom);
    let mut neighbours: Vec<Vec<(usize, &Bond)>> = vec![Vec::new(); graph.len()];
    for bond in &graph.bonds {
        let (a, b) = (bond.begin as usize, bond.end as usize);
        neighbours[a].push((b, bond));
        neighbours[b].push((a, bond));
    }
    let mut found: Vec<TypicalCoupling> = Vec::new();
    for bond in &graph.bonds {
        let atoms = [bond.begin as usize, bond.end as usize];
        if atoms.iter().all(|&atom| bears(atom)) {
            let hertz = vicinal(graph, atoms, bond);
            found.push(TypicalCoupling { atoms, hertz });
        }
    }
    // Four bonds: over one atom between.
    for middle in &neighbours {
        for (i, &(a, first)) in middle.iter().enumerate() {
            for &(b, second) in &middle[i + 1..] {
                let atoms = [a.min(b), a.max(b)];
                let known =
                    found.iter().any(|c| c.atoms == atoms || c.atoms == [atoms[1], atoms[0]]);
                if bears(a)
                    && bears(b)
                    && !known
                    && let Some(hertz) = over_four(graph, [a, b], [first, second])
                {
                    found.push(TypicalCoupling { atoms, hertz: [hertz; 2] });
                }
            }
        }
    }
    found
}

fn vicinal(graph: &MolecularGraph, atoms: [usize; 2], bond: &Bond) -> [f64; 2] {
    use Hybridisation::{Sp, Sp2, Sp3};
    let kinds = atoms.map(|atom| graph.hybridisation[atom]);
    match bond.kind {
        BondType::Aromatic => [aromatic(graph, atoms, ORTHO, FIVE_RING); 2],
        BondType::Double if bond.in_ring => {
            let sizes = atoms.map(|atom| graph.ring_sizes[atom]);
            let size = (sizes[0] & sizes[1]).trailing_zeros() + SMALLEST_RING;
            [*CYCLIC.get((size - SMALLEST_RING) as usize).unwrap_or(&CIS); 2]
        }
        // The two hydrogens of a terminal =CH2 stand on either side.
        BondType::Double if atoms.iter().any(|&atom| graph.hydrogens[atom] > 1) => [TRANS, CIS],
        BondType::Double => [if bond.stereo == 1 { CIS } else { TRANS }; 2],
        _ if kinds.contains(&Sp) => [PROPARGYLIC; 2],
        _ if kinds == [Sp2, Sp2] => [DIENE; 2],
        _ if kinds.contains(&Sp2) => {
            let sp2 = atoms[usize::from(kinds[1] == Sp2)];
            [if is_aldehyde(graph, sp2) { TO_ALDEHYDE } else { TO_OLEFIN }; 2]
        }
        _ if kinds == [Sp3, Sp3] && bond.in_ring => {
            [VICINAL_RING + DIASTEREOTOPIC, VICINAL_RING - DIASTEREOTOPIC]
        }
        _ => [VICINAL + DIASTEREOTOPIC, VICINAL - DIASTEREOTOPIC],
    }
}

fn over_four(graph: &MolecularGraph, atoms: [usize; 2], bonds: [&Bond; 2]) -> Option<f64> {
    let kinds = bonds.map(|bond| bond.kind);
    match kinds {
        [BondType::Aromatic, BondType::Aromatic] => {
            Some(aromatic(graph, atoms, META, FIVE_RING_META))
        }
        [BondType::Double, BondType::Single] | [BondType::Single, BondType::Double] => {
            Some(ALLYLIC)
        }
        [BondType::Triple, BondType::Single] | [BondType::Single, BondType::Triple] => {
            Some(PROPARGYLIC)
        }
        _ => None,
    }
}

/// By the size of the ring both atoms are part of; ring sizes are bits from three on.
fn aromatic(graph: &MolecularGraph, atoms: [usize; 2], six: f64, five: f64) -> f64 {
    let shared = graph.ring_sizes[atoms[0]] & graph.ring_sizes[atoms[1]];
    if shared >> 3 & 1 == 0 && shared >> 2 & 1 == 1 {
        five
    } else if six == ORTHO && atoms.iter().any(|&atom| beside_nitrogen(graph, atom)) {
        ORTHO_AZINE
    } else {
        six
    }
}

fn beside_nitrogen(graph: &MolecularGraph, atom: usize) -> bool {
    graph.bonds.iter().any(|bond| {
        let ends = [bond.begin as usize, bond.end as usize];
        bond.kind == BondType::Aromatic
            && ends.contains(&atom)
            && ends.iter().any(|&end| end != atom && graph.element[end] == 7)
    })
}

/// True of a carbon with one hydrogen and a double bond to oxygen.
fn is_aldehyde(graph: &MolecularGraph, atom: usize) -> bool {
    graph.hydrogens[atom] == 1
        && graph.bonds.iter().any(|bond| {
            let ends = [bond.begin as usize, bond.end as usize];
            bond.kind == BondType::Double
                && ends.contains(&atom)
                && ends.iter().any(|&end| graph.element[end] == 8)
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::molecule::Molecule;

    fn between(smiles: &str, a: usize, b: usize) -> Option<f64> {
        let molecule = Molecule::graph_only(smiles).unwrap();
        let at = |atom: usize| molecule.source[atom] as usize;
        let found = typical_couplings(&molecule.graph);
        assert!(found.iter().all(|c| c.atoms[0] != c.atoms[1]));
        let found = found.iter().find(|c| {
            let ends = c.atoms.map(at);
            ends == [a, b] || ends == [b, a]
        });
        found.map(|c| c.hertz.iter().sum::<f64>() / 2.0)
    }

    #[test]
    fn constants_are_those_of_the_textbook() {
        for (smiles, a, b, hertz) in [
            ("CCO", 0, 1, 7.0),
            ("C/C=C/Br", 1, 2, 16.0),
            ("C/C=C\\Br", 1, 2, 10.0),
            ("C1=CCCCC1", 0, 1, 9.8),
            ("Clc1ccc(Br)cc1", 2, 3, 7.8),
            ("Clc1cc(I)cc(Br)c1", 2, 5, 1.8),
            ("c1ccncc1", 1, 2, 4.9),
            ("CC=O", 0, 1, 2.2),
            ("C=CC", 0, 1, 13.0),
            ("CC#C", 0, 2, 2.6),
        ] {
            let found = between(smiles, a, b);
            assert!(found.is_some_and(|j| (j - hertz).abs() < 1e-9), "{smiles}: {found:?}");
        }
    }

    #[test]
    fn hydrogens_on_heteroatoms_do_not_couple() {
        assert_eq!(between("CO", 0, 1), None);
        assert_eq!(between("CNC", 0, 1), None);
        assert_eq!(between("CC(C)(C)C", 0, 2), None, "four bonds over sp3 carbon");
    }
}
