//! Stereoisomers that the spectra at hand do not tell apart.

use larmor_chemistry::{BondType, Molecule};

use crate::query::Query;

/// Couplings from here on are those over a double bond, Hz.
const OVER_DOUBLE_BOND_HZ: f64 = 9.0;
/// Where hydrogens on double bonds have their signals, ppm.
const OLEFINIC_PPM: std::ops::RangeInclusive<f64> = 4.5..=8.8;

/// What cannot be told from the structure, in words.
pub(super) fn not_told_apart(molecule: &Molecule, query: &Query) -> Vec<&'static str> {
    let graph = &molecule.graph;
    let one_hydrogen = |atom: u32| {
        let atom = atom as usize;
        graph.element[atom] == 6 && graph.hydrogens[atom] == 1
    };
    let coupled = || {
        query
            .h1
            .iter()
            // Elsewhere it is one of a CH2, or of a saturated ring.
            .filter(|peak| OLEFINIC_PPM.contains(&peak.ppm))
            .filter_map(|peak| peak.as_multiplet()?.largest_coupling_hz)
            .any(|hz| hz >= OVER_DOUBLE_BOND_HZ)
    };
    let untold = graph
        .bonds
        .iter()
        .filter(|bond| bond.kind == BondType::Double && bond.stereo != 0 && !bond.in_ring)
        .any(|bond| !(one_hydrogen(bond.begin) && one_hydrogen(bond.end) && coupled()));
    let mut words = Vec::new();
    if untold {
        words.push("these spectra cannot tell it from its E/Z isomer");
    }
    if graph.cip.iter().filter(|label| **label != 0).count() >= 2 {
        words.push("these spectra cannot tell it from its epimers");
    }
    words
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ObservedMultiplet;
    use crate::query::ObservedPeak;

    fn words(smiles: &str, coupling: f64) -> usize {
        let multiplet = ObservedMultiplet::new(Some(1.0)).split("d", &[coupling]);
        let h1 = vec![ObservedPeak::of_multiplet(6.4, multiplet)];
        not_told_apart(&Molecule::from_smiles(smiles).unwrap(), &Query { h1, ..Query::default() })
            .len()
    }

    #[test]
    fn a_coupling_tells_e_from_z_and_nothing_tells_epimers_apart() {
        assert_eq!(words("OC(=O)/C=C/c1ccccc1", 16.0), 0);
        assert_eq!(words("OC(=O)/C=C/c1ccccc1", 7.0), 1);
        assert_eq!(words("OC(=O)/C(C)=C/c1ccccc1", 16.0), 1, "one hydrogen alone");
        assert_eq!(words("C[C@@H]1CC[C@H](C(C)C)C[C@H]1O", 7.0), 1);
        assert_eq!(words("C[C@H](O)CC", 7.0), 0, "mirror images");
    }
}
