//! What makes two molecules the same one in a library.

use std::hash::{DefaultHasher, Hash, Hasher};

use sha2::{Digest, Sha256};

use super::digest::hex;
use larmor_chemistry::Molecule;

/// The InChIKey, or a digest of the canonical SMILES where InChI has none: it starts with `~`.
pub(super) fn identity(molecule: &Molecule) -> String {
    if !molecule.inchikey.is_empty() {
        return molecule.inchikey.clone();
    }
    format!("~{}", hex(&Sha256::digest(molecule.smiles.as_bytes())[..10]))
}

/// 128 bits of an identity, so that a million of them take tens of megabytes.
pub(super) fn fingerprint(identity: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, identity).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
