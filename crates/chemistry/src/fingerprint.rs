//! How alike two constitutions are: hashed circular environments (Rogers and Hahn, Extended-
//! connectivity fingerprints, 2010) compared by Tanimoto's coefficient.

use crate::graph::{BondType, MolecularGraph};

const WORDS: usize = 16;
const BITS: u64 = 64 * WORDS as u64;
/// Environments reach this many bonds.
const RADIUS: usize = 2;

/// The environments of a molecule's atoms, folded into 1024 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u64; WORDS]);

impl Fingerprint {
    /// Bits both have over bits either has; 1 for two empty ones.
    #[must_use]
    pub fn tanimoto(&self, other: &Self) -> f64 {
        let (mut both, mut either) = (0, 0);
        for (a, b) in self.0.iter().zip(&other.0) {
            both += (a & b).count_ones();
            either += (a | b).count_ones();
        }
        if either == 0 { 1.0 } else { f64::from(both) / f64::from(either) }
    }
}

impl From<&MolecularGraph> for Fingerprint {
    fn from(graph: &MolecularGraph) -> Self {
        let mut bits = [0; WORDS];
        let mut set = |hash: u64| {
            let bit = hash % BITS;
            bits[usize::try_from(bit / 64).unwrap_or(0)] |= 1 << (bit % 64);
        };
        let mut neighbours = vec![Vec::new(); graph.len()];
        for bond in &graph.bonds {
            let order = match bond.kind {
                BondType::Single => 1,
                BondType::Double => 2,
                BondType::Triple => 3,
                BondType::Aromatic => 4,
                BondType::Other => 5,
            };
            neighbours[bond.begin as usize].push((order, bond.end as usize));
            neighbours[bond.end as usize].push((order, bond.begin as usize));
        }
        let mut around: Vec<u64> = (0..graph.len())
            .map(|atom| {
                let ring = u64::from(graph.ring_count[atom] > 0);
                [
                    graph.element[atom].into(),
                    graph.degree[atom].into(),
                    graph.hydrogens[atom].into(),
                    u64::from(graph.charge[atom].unsigned_abs())
                        + 16 * u64::from(graph.charge[atom] < 0),
                    ring,
                ]
                .into_iter()
                .fold(0, mix)
            })
            .collect();
        around.iter().copied().for_each(&mut set);
        for _ in 0..RADIUS {
            around = (0..graph.len())
                .map(|atom| {
                    let mut seen: Vec<u64> = neighbours[atom]
                        .iter()
                        .map(|&(order, other)| mix(order, around[other]))
                        .collect();
                    seen.sort_unstable();
                    seen.into_iter().fold(mix(1, around[atom]), mix)
                })
                .collect();
            around.iter().copied().for_each(&mut set);
        }
        Self(bits)
    }
}

/// The finaliser of splitmix64 over both (Steele, Lea and Flood, 2014).
fn mix(hash: u64, value: u64) -> u64 {
    let mut z = (hash ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::molecule::Molecule;

    fn of(smiles: &str) -> Fingerprint {
        Fingerprint::from(&Molecule::graph_only(smiles).unwrap().graph)
    }

    #[test]
    fn the_order_of_atoms_does_not_matter_and_near_relatives_are_nearer() {
        assert_eq!(of("OCC(=O)Nc1ccccc1"), of("c1ccc(cc1)NC(CO)=O"));
        let butanol = of("CCCCO");
        assert!((butanol.tanimoto(&butanol) - 1.0).abs() < 1e-12);
        let (near, far) = (butanol.tanimoto(&of("CCCCCO")), butanol.tanimoto(&of("c1ccncc1")));
        assert!(near > 0.7 && far < 0.1, "{near} {far}");
        assert!(butanol.tanimoto(&of("CCC(C)O")) < 1.0, "isomers are told apart");
    }
}
