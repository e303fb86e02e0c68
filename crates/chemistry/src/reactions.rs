//! Structures that a reaction makes of a structure.

use crate::error::MoleculeError;
use crate::limits;
use crate::rdkit::ffi;

/// Products of a reaction of one reactant, written as reaction SMARTS: each molecule by itself, as
/// SMILES in alphabetical order, each once. Atoms that the pattern names keep their charge and take
/// the hydrogens that their valence leaves; products that no valence allows are left out. At most
/// `most` places of the reactant react, one at a time.
///
/// ```
/// let anisole = larmor_chemistry::reaction_products("COc1ccccc1", "[OX2:1]-[CH3]>>[O:1]", 100)?;
/// assert_eq!(anisole, ["Oc1ccccc1"]);
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
///
/// # Errors
/// [`MoleculeError`] when SMILES or SMARTS cannot be read.
pub fn reaction_products(
    smiles: &str,
    reaction: &str,
    most: u32,
) -> Result<Vec<String>, MoleculeError> {
    limits::check_smiles(smiles)?;
    ffi::reaction_products(smiles, reaction, most).map_err(|e| MoleculeError::unreadable(&e))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_takes_place_at_every_site_and_elsewhere_not() {
        let oxidised = "[CX4;!H0:1]-[OX2H:2]>>[C:1]=[O:2]";
        assert_eq!(reaction_products("OCC(O)C", oxidised, 100).unwrap(), ["CC(=O)CO", "CC(O)C=O"]);
        assert!(reaction_products("CCC", oxidised, 100).unwrap().is_empty());
    }

    #[test]
    fn a_stereocentre_that_becomes_flat_loses_its_hydrogen() {
        let oxidised = "[CX4;!H0:1]-[OX2H:2]>>[C:1]=[O:2]";
        assert_eq!(reaction_products("C[C@H](O)CC", oxidised, 100).unwrap(), ["CCC(C)=O"]);
    }

    #[test]
    fn the_parts_of_a_broken_bond_come_one_by_one() {
        let amide = "[CX3:1](=[O:2])-!@[NX3:3]>>[C:1](=[O:2])O.[N:3]";
        assert_eq!(reaction_products("CC(=O)NCC", amide, 100).unwrap(), ["CC(=O)O", "CCN"]);
    }

    #[test]
    fn what_no_valence_allows_is_left_out() {
        assert!(reaction_products("CC(C)(C)C", "[CX4:1]>>[C:1]=O", 100).unwrap().len() == 1);
        assert!(reaction_products("C", "[C:1", 100).is_err());
        assert!(reaction_products("x", "[C:1]>>[N:1]", 100).is_err());
    }
}
