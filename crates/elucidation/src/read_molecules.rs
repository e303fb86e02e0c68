//! Molecules of candidates, read once: a judgement asks for the same ones again and again, and the
//! next judgement of the sample asks for most of them once more.

use std::sync::{Arc, Mutex, PoisonError};

use larmor_chemistry::Molecule;

use crate::generations::Generations;

/// Molecules kept, at most; one of fifty atoms takes some 10 kB.
const MOST_KEPT: usize = 4096;

/// Molecules by their SMILES; `None` of what cannot be read.
#[derive(Debug)]
pub(crate) struct ReadMolecules(Mutex<Generations<String, Option<Arc<Molecule>>>>);

impl Default for ReadMolecules {
    fn default() -> Self {
        Self(Mutex::new(Generations::new(MOST_KEPT)))
    }
}

impl ReadMolecules {
    /// The graph of a SMILES, without its identity.
    pub(crate) fn graph_only(&self, smiles: &str) -> Option<Arc<Molecule>> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept().get(smiles) {
            return found;
        }
        let read = Molecule::graph_only(smiles).ok().map(Arc::new);
        kept().put(smiles.to_owned(), read.clone());
        read
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_molecule_is_read_once_and_rubbish_is_none() {
        let molecules = ReadMolecules::default();
        let first = molecules.graph_only("OCC").unwrap();
        assert_eq!(*first, Molecule::graph_only("OCC").unwrap());
        assert!(Arc::ptr_eq(&first, &molecules.graph_only("OCC").unwrap()));
        assert_eq!(molecules.graph_only("C1CC"), None);
    }
}
