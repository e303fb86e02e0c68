//! Wrong structures that a chemist might propose in place of a right one.

use std::collections::HashSet;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::reactions::reactions_of;
use super::wrong_kind::WrongKind;
use crate::data::key_hash;
use larmor_chemistry::{Molecule, MoleculeError, double_bond_isomers, epimers, reaction_products};

/// Places of a molecule that one pattern changes, at most.
const MOST_PLACES: u32 = 200;
/// Heavy atoms of a structure that somebody could propose; methanol is nobody's product.
const LEAST_ATOMS: usize = 5;

/// A wrong structure.
#[derive(Debug, Clone)]
pub struct WrongStructure {
    /// What is wrong with it.
    pub kind: WrongKind,
    /// The structure.
    pub molecule: Molecule,
}

/// Wrong structures of every kind, at most `most` of each, drawn at random: the same for the same
/// molecule and seed, in whatever order molecules come.
///
/// Stereoisomers share the constitution (first block of the InChIKey) of the right structure and
/// differ in the rest of the key; mirror images are left out, which no spectrum tells apart. All
/// others have another constitution (so that tautomers are left out) that no other of them has.
///
/// # Errors
/// [`MoleculeError`] when `right`, which has to have its canonical SMILES, is beyond what is read.
///
/// ```
/// use larmor_chemistry::Molecule;
/// use larmor_lab::verification::{WrongKind, wrong_structures};
///
/// let anisole = Molecule::from_smiles("COc1ccc(Br)cc1")?;
/// let found = wrong_structures(&anisole, 10, 42)?;
/// let phenol = found.iter().find(|wrong| wrong.kind == WrongKind::ODemethylated);
/// assert_eq!(phenol.map(|wrong| wrong.molecule.smiles.as_str()), Some("Oc1ccc(Br)cc1"));
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
pub fn wrong_structures(
    right: &Molecule,
    most: usize,
    seed: u64,
) -> Result<Vec<WrongStructure>, MoleculeError> {
    let mut constitutions = HashSet::from([right.inchikey_block().to_owned()]);
    let mut found = Vec::new();
    for kind in WrongKind::ALL {
        let mut made = match kind {
            WrongKind::Epimer => diastereomers(right),
            WrongKind::DoubleBondIsomer => turned(right)?,
            _ => changed(right, kind)?,
        };
        let key = format!("{} {kind}", right.inchikey_block());
        made.shuffle(&mut ChaCha8Rng::seed_from_u64(seed ^ key_hash(&key)));
        if !kind.is_stereoisomer() {
            made.retain(|molecule| constitutions.insert(molecule.inchikey_block().to_owned()));
        }
        // Those not drawn stay of this kind, too.
        found.extend(made.into_iter().take(most).map(|molecule| WrongStructure { kind, molecule }));
    }
    Ok(found)
}

/// What the patterns of a kind make of the structure, by SMILES.
fn changed(right: &Molecule, kind: WrongKind) -> Result<Vec<Molecule>, MoleculeError> {
    let mut smiles = Vec::new();
    for reaction in reactions_of(kind) {
        smiles.extend(reaction_products(&right.smiles, reaction, MOST_PLACES)?);
    }
    let mut made: Vec<Molecule> = smiles.iter().filter_map(|text| read(text)).collect();
    made.sort_by(|a, b| a.smiles.cmp(&b.smiles));
    Ok(made)
}

/// The structure with a double bond turned.
fn turned(right: &Molecule) -> Result<Vec<Molecule>, MoleculeError> {
    let mut keys = HashSet::from([right.inchikey.clone()]);
    let smiles = double_bond_isomers(&right.smiles)?;
    let made = smiles.iter().filter_map(|text| read(text));
    Ok(made.filter(|molecule| differs(right, molecule, &mut keys)).collect())
}

/// The structure with a stereocentre inverted; of two mirror images one.
fn diastereomers(right: &Molecule) -> Vec<Molecule> {
    let of_right = epimers(&right.smiles);
    let mut keys = HashSet::from([right.inchikey.clone()]);
    keys.extend(read(&of_right.mirror_image).map(|mirror| mirror.inchikey));
    let mut made = Vec::new();
    for text in &of_right.inverted {
        let Some(molecule) = read(text) else { continue };
        if differs(right, &molecule, &mut keys) {
            keys.extend(read(&epimers(&molecule.smiles).mirror_image).map(|m| m.inchikey));
            made.push(molecule);
        }
    }
    made
}

/// True of another stereoisomer of the constitution that was not there before.
fn differs(right: &Molecule, molecule: &Molecule, keys: &mut HashSet<String>) -> bool {
    molecule.inchikey_block() == right.inchikey_block() && keys.insert(molecule.inchikey.clone())
}

/// A structure that somebody could propose; what cannot be read or has no key is none.
fn read(smiles: &str) -> Option<Molecule> {
    let molecule = Molecule::from_smiles(smiles).ok()?;
    let usable = !molecule.inchikey.is_empty()
        && molecule.graph.len() >= LEAST_ATOMS
        && molecule.carbons() > 0;
    usable.then_some(molecule)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
