//! Alternatives of every kind, each known by its InChIKey.

use std::collections::HashSet;

use super::Alternative;
use super::change::Change;
use super::draw::shuffle;
use super::reactions::products;
use larmor_chemistry::{Molecule, MoleculeError, double_bond_isomers, epimers};

/// Heavy atoms of a structure that somebody could propose; methanol is nobody's product.
pub(super) const LEAST_ATOMS: usize = 5;

/// Alternatives of every kind to the right structure, at most `most_per_change` of each, drawn at
/// random: the same for the same molecule and seed, in whatever order molecules come.
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
/// use larmor_elucidation::alternatives::{Change, alternatives};
///
/// let anisole = Molecule::from_smiles("COc1ccc(Br)cc1")?;
/// let found = alternatives(&anisole, 10, 42)?;
/// let phenol = found.iter().find(|other| other.change == Change::ODemethylated);
/// assert_eq!(phenol.map(|other| other.molecule.smiles.as_str()), Some("Oc1ccc(Br)cc1"));
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
pub fn alternatives(
    right: &Molecule,
    most_per_change: usize,
    seed: u64,
) -> Result<Vec<Alternative>, MoleculeError> {
    let mut constitutions = HashSet::from([right.inchikey_block().to_owned()]);
    let mut found = Vec::new();
    for change in Change::ALL {
        let mut made = match change {
            Change::Epimer => diastereomers(right),
            Change::DoubleBondIsomer => turned(right)?,
            _ => changed(right, change)?,
        };
        shuffle(&mut made, seed, &format!("{} {change}", right.inchikey_block()));
        if !change.is_stereoisomer() {
            made.retain(|molecule| constitutions.insert(molecule.inchikey_block().to_owned()));
        }
        // Those not drawn stay of this kind, too.
        let drawn = made.into_iter().take(most_per_change);
        found.extend(drawn.map(|molecule| Alternative { change, molecule }));
    }
    Ok(found)
}

/// What the patterns of a change make of the structure, by SMILES.
fn changed(right: &Molecule, change: Change) -> Result<Vec<Molecule>, MoleculeError> {
    let smiles = products(&right.smiles, change)?;
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
