//! What RDKit computes of a structure without a graph of it.

use crate::error::MoleculeError;
use crate::limits;
use crate::rdkit::ffi;

/// Octanol-water partition coefficient by atom contributions (Wildman and Crippen, 1999).
///
/// # Errors
/// [`MoleculeError`] when the SMILES cannot be read.
pub fn crippen_logp(smiles: &str) -> Result<f64, MoleculeError> {
    limits::check_smiles(smiles)?;
    ffi::crippen_logp(smiles).map_err(|e| MoleculeError::unreadable(&e))
}

/// Version of the chemistry library in use.
#[must_use]
pub fn chemistry_version() -> String {
    format!("RDKit {}", ffi::rdkit_version())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn logp_of_benzene_is_that_of_six_aromatic_carbons() {
        // Wildman and Crippen: C18 0.1581 and H1 0.1230, six of each.
        assert!((crippen_logp("c1ccccc1").unwrap() - 6.0 * (0.1581 + 0.1230)).abs() < 1e-6);
        assert!(crippen_logp("nonsense").is_err());
    }
}
