//! Structures as other programs take them: mol blocks and InChI.

use crate::error::MoleculeError;
use crate::limits;
use crate::rdkit::ffi;

/// A mol block (CTfile formats, BIOVIA 2020) with 2-D coordinates and no title, whose atoms are those
/// of the SMILES in its order, the hydrogens written there among them: V2000, or V3000 where there
/// are more atoms or bonds than V2000 can count.
///
/// ```
/// let block = larmor_chemistry::mol_block("CCO")?;
/// assert!(block.contains("  3  2  0") && block.contains("V2000"));
/// assert!(block.trim_end().ends_with("M  END"));
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
///
/// # Errors
/// [`MoleculeError`] when the SMILES is beyond the limits or cannot be read.
pub fn mol_block(smiles: &str) -> Result<String, MoleculeError> {
    limits::check_smiles(smiles)?;
    ffi::mol_block(smiles).map_err(|error| MoleculeError::unreadable(&error))
}

/// The standard InChI; `None` of a structure that InChI has none for.
///
/// ```
/// let methane = larmor_chemistry::inchi("C")?;
/// assert_eq!(methane.as_deref(), Some("InChI=1S/CH4/h1H4"));
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
///
/// # Errors
/// [`MoleculeError`] when the SMILES is beyond the limits or cannot be read.
pub fn inchi(smiles: &str) -> Result<Option<String>, MoleculeError> {
    limits::check_smiles(smiles)?;
    let inchi = ffi::inchi(smiles).map_err(|error| MoleculeError::unreadable(&error))?;
    Ok(Some(inchi).filter(|inchi| !inchi.is_empty()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Molecule;

    /// Elements of a V2000 block, in its order.
    fn elements(block: &str) -> Vec<&str> {
        let atoms = block.lines().nth(3).unwrap()[..3].trim().parse().unwrap();
        block.lines().skip(4).take(atoms).map(|line| line[31..34].trim()).collect()
    }

    #[test]
    fn atoms_keep_the_order_of_the_smiles_with_the_hydrogens_written_there() {
        let block = mol_block("OC[C@H](N)C(=O)O.[H]O[H]").unwrap();
        assert_eq!(elements(&block), ["O", "C", "C", "N", "C", "O", "O", "H", "O", "H"]);
    }

    #[test]
    fn a_block_is_read_as_the_structure_it_was_written_of() {
        for smiles in [
            "C[C@H](N)C(=O)O",
            "C/C=C\\C",
            "c1ccc2[nH]ccc2c1",
            "[O-][N+](=O)c1ccccc1",
            "C[C@H]1CC[C@H](C(C)C)[C@@H](O)C1",
            "[13CH3]C([2H])([2H])O",
            "[Na+].CC(=O)[O-]",
        ] {
            let read = Molecule::from_molblock(&mol_block(smiles).unwrap()).unwrap();
            assert_eq!(read.inchikey, Molecule::from_smiles(smiles).unwrap().inchikey, "{smiles}");
        }
    }

    #[test]
    fn more_atoms_than_v2000_counts_are_written_as_v3000() {
        let chain = "C".repeat(1_000);
        let block = mol_block(&chain).unwrap();
        assert!(block.contains("V3000"));
        assert_eq!(Molecule::from_molblock(&block).unwrap().graph.len(), 1_000);
    }

    #[test]
    fn rubbish_is_an_error() {
        for text in ["", "nonsense", "C1CC", "C\nC"] {
            assert!(mol_block(text).is_err() && inchi(text).is_err(), "{text:?}");
        }
    }
}
