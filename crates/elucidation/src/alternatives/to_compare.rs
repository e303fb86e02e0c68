//! The alternatives that a proposed structure is weighed against.

use std::collections::HashSet;

use super::Alternative;
use super::change::Change;
use super::draw::shuffle;
use super::generation::LEAST_ATOMS;
use super::reactions::products;
use super::skeleton::skeleton;
use larmor_chemistry::{Molecule, MoleculeError};

/// Most alternatives in all.
const MOST: usize = 40;
/// Most that differ in one way.
const MOST_PER_CHANGE: usize = 4;
/// Regioisomers are what shifts and couplings are asked about most.
const MOST_REGIOISOMERS: usize = 6;

/// What a chemist would weigh against a proposed structure: up to six regioisomers and up to four
/// structures of every other change but stereoisomers, which shifts hardly tell apart; at most 40, of
/// which every change has its share, by change. The same every time for the same structure.
///
/// They carry canonical SMILES and the graph but no InChIKey, which costs as much as all the rest.
/// Tautomers of the proposed structure are left out.
///
/// # Errors
/// [`MoleculeError`] when `proposed`, which has to have its canonical SMILES and InChIKey, is beyond
/// what is read.
///
/// ```
/// use larmor_chemistry::Molecule;
/// use larmor_elucidation::alternatives::{Change, alternatives_to_compare};
///
/// let aspirin = Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O")?;
/// let found = alternatives_to_compare(&aspirin)?;
/// let salicylic = found.iter().find(|other| other.molecule.smiles == "O=C(O)c1ccccc1O");
/// assert_eq!(salicylic.map(|other| other.change), Some(Change::Deprotected));
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
pub fn alternatives_to_compare(proposed: &Molecule) -> Result<Vec<Alternative>, MoleculeError> {
    let own = skeleton(&proposed.graph);
    let mut seen = HashSet::from([proposed.smiles.clone()]);
    let mut ranked: Vec<(usize, Alternative)> = Vec::new();
    for change in Change::ALL.into_iter().filter(|change| !change.is_stereoisomer()) {
        let mut made = products(&proposed.smiles, change)?;
        made.sort_unstable();
        made.retain(|smiles| seen.insert(smiles.clone()));
        shuffle(&mut made, 0, &format!("{} {change}", proposed.smiles));
        let most = if change == Change::Regioisomer { MOST_REGIOISOMERS } else { MOST_PER_CHANGE };
        let read = made.into_iter().filter_map(read);
        let other = read.filter(|molecule| !tautomer(proposed, &own, molecule)).take(most);
        ranked.extend(other.map(|molecule| Alternative { change, molecule }).enumerate());
    }
    // The first of every change, then the second.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.truncate(MOST);
    let mut found: Vec<Alternative> = ranked.into_iter().map(|(_, other)| other).collect();
    found.sort_by_key(|other| other.change);
    Ok(found)
}

/// True where the proposed structure, of this skeleton, becomes the other when hydrogens move. Keys
/// tell, which are made only where the heavy atoms are bonded alike.
fn tautomer(proposed: &Molecule, own: &[u64], other: &Molecule) -> bool {
    other.formula == proposed.formula
        && skeleton(&other.graph) == own
        && Molecule::from_smiles(&other.smiles)
            .is_ok_and(|read| read.inchikey_block() == proposed.inchikey_block())
}

/// A structure that somebody could propose, without its key.
fn read(smiles: String) -> Option<Molecule> {
    let molecule = Molecule::graph_only(&smiles).ok()?;
    let usable = molecule.graph.len() >= LEAST_ATOMS && molecule.carbons() > 0;
    usable.then_some(Molecule { smiles, ..molecule })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(smiles: &str) -> Vec<Alternative> {
        alternatives_to_compare(&Molecule::from_smiles(smiles).unwrap()).unwrap()
    }

    const DRUG: &str =
        "CC(C)c1c(C(=O)Nc2ccccc2)c(-c2ccccc2)c(-c2ccc(F)cc2)n1CC[C@@H](O)C[C@@H](O)CC(=O)O";

    #[test]
    fn every_change_has_its_share_and_stereoisomers_none() {
        let found = of(DRUG);
        assert!(found.len() <= MOST);
        assert!(found.is_sorted_by_key(|other| other.change));
        assert!(found.iter().all(|other| !other.change.is_stereoisomer()));
        for change in Change::ALL {
            let most =
                if change == Change::Regioisomer { MOST_REGIOISOMERS } else { MOST_PER_CHANGE };
            assert!(found.iter().filter(|other| other.change == change).count() <= most);
        }
        let smiles = |found: &[Alternative]| -> Vec<String> {
            found.iter().map(|other| other.molecule.smiles.clone()).collect()
        };
        assert_eq!(smiles(&found), smiles(&of(DRUG)), "the same every time");
    }

    #[test]
    fn they_are_canonical_and_other_compounds() {
        for smiles in [DRUG, "CC(=O)Oc1ccccc1C(=O)O", "Cc1cc[nH]n1", "Cc1ccc2nc[nH]c2c1"] {
            let proposed = Molecule::from_smiles(smiles).unwrap();
            let found = alternatives_to_compare(&proposed).unwrap();
            assert!(!found.is_empty());
            for other in found {
                let read = Molecule::from_smiles(&other.molecule.smiles).unwrap();
                assert_eq!(read.smiles, other.molecule.smiles);
                assert_ne!(read.inchikey_block(), proposed.inchikey_block(), "{}", read.smiles);
                assert_eq!(read.graph, other.molecule.graph);
            }
        }
    }
}
