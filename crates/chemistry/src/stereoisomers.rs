//! Stereoisomers next to a structure: one stereocentre or one double bond turned.

use crate::error::MoleculeError;
use crate::limits;
use crate::rdkit::ffi;

/// The structure with each of its double bonds of known configuration turned, one at a time: SMILES
/// in alphabetical order, each once.
///
/// # Errors
/// [`MoleculeError`] when the SMILES cannot be read.
pub fn double_bond_isomers(smiles: &str) -> Result<Vec<String>, MoleculeError> {
    limits::check_smiles(smiles)?;
    ffi::double_bond_isomers(smiles).map_err(|e| MoleculeError::unreadable(&e))
}

/// The structure with each of its stereocentres inverted, one at a time, and last its mirror image,
/// all of them inverted; none without a stereocentre. Written as the SMILES was, so not canonical:
/// of a meso compound some may be the same, and of one with a single centre all are the mirror image.
///
/// ```
/// let found = larmor_chemistry::epimers("C[C@H](O)[C@@H](C)F");
/// assert_eq!(found.inverted, ["C[C@@H](O)[C@@H](C)F", "C[C@H](O)[C@H](C)F"]);
/// assert_eq!(found.mirror_image, "C[C@@H](O)[C@H](C)F");
/// ```
#[must_use]
pub fn epimers(smiles: &str) -> Epimers {
    let marks = chiral_marks(smiles);
    let inverted = marks.iter().map(|&mark| turned(smiles, &[mark])).collect();
    Epimers { inverted, mirror_image: turned(smiles, &marks) }
}

/// Stereoisomers by stereocentres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epimers {
    /// One stereocentre inverted.
    pub inverted: Vec<String>,
    /// All of them inverted: no spectrum in an ordinary solvent tells it from the structure.
    pub mirror_image: String,
}

/// A mark of a stereocentre: where it is, and whether it is the double one.
type Mark = (usize, bool);

/// Every `@` and `@@` of a SMILES, from left to right.
fn chiral_marks(smiles: &str) -> Vec<Mark> {
    let bytes = smiles.as_bytes();
    let mut found: Vec<Mark> = Vec::new();
    for (at, _) in smiles.match_indices('@') {
        let second = at > 0 && bytes[at - 1] == b'@';
        if !second {
            found.push((at, bytes.get(at + 1) == Some(&b'@')));
        }
    }
    found
}

/// The SMILES with these marks turned.
fn turned(smiles: &str, marks: &[Mark]) -> String {
    let mut text = String::with_capacity(smiles.len() + marks.len());
    let mut from = 0;
    for &(at, double) in marks {
        text += &smiles[from..at];
        text += if double { "@" } else { "@@" };
        from = at + if double { 2 } else { 1 };
    }
    text + &smiles[from..]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Molecule;

    #[test]
    fn a_double_bond_is_turned_and_one_without_configuration_left_alone() {
        let cinnamic = double_bond_isomers("OC(=O)/C=C/c1ccccc1").unwrap();
        assert_eq!(cinnamic, ["O=C(O)/C=C\\c1ccccc1"]);
        assert!(double_bond_isomers("OC(=O)C=Cc1ccccc1").unwrap().is_empty());
        let diene = double_bond_isomers("C/C=C/C=C/CC").unwrap();
        assert_eq!(diene, ["C/C=C/C=C\\CC", "C/C=C\\C=C\\CC"].map(canonical));
    }

    #[test]
    fn menthol_has_three_epimers_and_a_mirror_image() {
        let found = epimers("CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O");
        let mut all: Vec<String> = found.inverted.iter().map(|s| canonical(s)).collect();
        all.push(canonical(&found.mirror_image));
        all.push(canonical("CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O"));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 5);
        assert!(epimers("CCO").inverted.is_empty());
    }

    fn canonical(smiles: &str) -> String {
        Molecule::from_smiles(smiles).unwrap().smiles
    }
}
