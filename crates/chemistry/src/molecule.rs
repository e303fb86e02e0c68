//! Molecules, read from SMILES or mol blocks.

use crate::error::MoleculeError;
use crate::formula::{Formula, FormulaError};
use crate::graph::MolecularGraph;
use crate::limits;
use crate::rdkit::ffi;

/// A molecule as Larmor works with it. Atom `i` is heavy atom `i` of the graph; `source[i]` is
/// its 0-based place in the SMILES or mol block it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Molecule {
    /// Canonical isomeric SMILES; empty when read with [`Molecule::graph_only`].
    pub smiles: String,
    /// Full InChIKey; empty when InChI has none for it, or when read graph-only.
    pub inchikey: String,
    /// Elemental composition.
    pub formula: Formula,
    /// Heavy atoms and bonds.
    pub graph: MolecularGraph,
    /// Atoms with equal numbers are constitutionally equivalent.
    pub symmetry: Vec<u32>,
    /// 0-based index of each heavy atom in the input.
    pub source: Vec<u32>,
}

impl Molecule {
    /// Reads a SMILES with its identity (canonical SMILES and InChIKey).
    ///
    /// ```
    /// let ethanol = larmor_chemistry::Molecule::from_smiles("OCC")?;
    /// assert_eq!(ethanol.smiles, "CCO");
    /// assert_eq!(ethanol.inchikey_block(), "LFQSCWFLJHTTHZ");
    /// # Ok::<(), larmor_chemistry::MoleculeError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoleculeError`] when the text is beyond the limits or not a structure.
    pub fn from_smiles(text: &str) -> Result<Self, MoleculeError> {
        limits::check_smiles(text)?;
        Self::build(ffi::read_smiles(text, true))
    }

    /// Reads a V2000 or V3000 mol block (an SDF record's data fields may follow it).
    ///
    /// # Errors
    /// [`MoleculeError`] when the text is beyond the limits or not a structure.
    pub fn from_molblock(text: &str) -> Result<Self, MoleculeError> {
        limits::check_molblock(text)?;
        Self::build(ffi::read_molblock(text, true))
    }

    /// Reads a SMILES without canonical SMILES and InChIKey, which cost more than all the rest.
    ///
    /// # Errors
    /// [`MoleculeError`] when the text is beyond the limits or not a structure.
    pub fn graph_only(text: &str) -> Result<Self, MoleculeError> {
        limits::check_smiles(text)?;
        Self::build(ffi::read_smiles(text, false))
    }

    /// First 14 characters of the InChIKey: the constitution, by which data are split.
    #[must_use]
    pub fn inchikey_block(&self) -> &str {
        self.inchikey.get(..14).unwrap_or(&self.inchikey)
    }

    /// Number of carbon atoms.
    #[must_use]
    pub fn carbons(&self) -> usize {
        self.graph.element.iter().filter(|&&z| z == 6).count()
    }

    fn build(record: Result<ffi::Record, cxx::Exception>) -> Result<Self, MoleculeError> {
        let record = record.map_err(|e| MoleculeError::unreadable(&e))?;
        limits::check_atoms(record.element.len())?;
        if !record.element.iter().zip(&record.hydrogens).any(|(&z, &h)| z == 6 || h > 0) {
            return Err(MoleculeError::Empty);
        }
        let formula = record
            .formula
            .parse()
            .map_err(|e: FormulaError| MoleculeError::Unreadable(e.to_string()))?;
        Ok(Self {
            formula,
            graph: MolecularGraph::from_record(&record),
            symmetry: record.symmetry,
            source: record.source,
            smiles: record.canonical_smiles,
            inchikey: record.inchikey,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn explicit_hydrogens_keep_the_input_numbering() {
        let molecule = Molecule::from_smiles("[H]C([H])([H])O").unwrap();
        assert_eq!(molecule.source, [1, 4]);
        assert_eq!(molecule.graph.hydrogens, [3, 1]);
    }

    #[test]
    fn equivalent_atoms_share_a_class() {
        let toluene = Molecule::from_smiles("Cc1ccccc1").unwrap();
        assert_eq!(toluene.symmetry[2], toluene.symmetry[6]);
        assert_ne!(toluene.symmetry[2], toluene.symmetry[3]);
    }

    #[test]
    fn rubbish_is_an_error_not_a_crash() {
        for text in ["", "not a smiles", "C1CC", "c1cccc1", "[", "C\0C", "\u{1F600}"] {
            assert!(Molecule::from_smiles(text).is_err(), "{text:?}");
        }
        assert!(Molecule::from_molblock("a\nb\nc\n  9 9\n").is_err());
    }

    #[test]
    fn oversized_structures_are_refused_before_parsing() {
        assert!(matches!(
            Molecule::from_smiles(&"C".repeat(5_000)),
            Err(MoleculeError::TooLarge(_))
        ));
        assert!(matches!(
            Molecule::from_smiles(&"C".repeat(1_001)),
            Err(MoleculeError::TooLarge(_))
        ));
    }
}
