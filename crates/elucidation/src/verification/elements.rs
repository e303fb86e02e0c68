//! Elements that the shift network hardly knows.

use larmor_chemistry::MolecularGraph;

/// Elements with a hundred molecules and more in the data base that it learned from, by atomic
/// number: H, B, C, N, O, F, Si, P, S, Cl, Se, Br, I.
const KNOWN: [u8; 13] = [1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53];

/// Whether shifts in the structure are no more than a guess: an element that is hardly known is bound
/// to something. Ions by themselves shift little.
pub(super) fn has_unknown(graph: &MolecularGraph) -> bool {
    let unknown = |(element, degree): (&u8, &u8)| !KNOWN.contains(element) && *degree > 0;
    graph.element.iter().zip(&graph.degree).any(unknown)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;

    #[test]
    fn counter_ions_are_no_strangers() {
        let unknown = |smiles| has_unknown(&Molecule::graph_only(smiles).unwrap().graph);
        assert!(unknown("C[Sn](C)(C)C") && unknown("CC[Zn]CC"));
        assert!(!unknown("CC(=O)[O-].[Na+]") && !unknown("[2H]C([2H])([2H])O"));
        assert!(!unknown("CB(O)O"));
    }
}
