//! Heavy atoms and which are bonded, whatever the order of bonds and the place of hydrogens.

use larmor_chemistry::MolecularGraph;

/// Times that every atom hears of its neighbours: those of most molecules are told apart by then.
const ROUNDS: usize = 6;

/// The same for molecules that differ in hydrogens and bond orders alone, tautomers among them, and
/// hardly ever for others.
pub(super) fn skeleton(graph: &MolecularGraph) -> Vec<u64> {
    let mut label: Vec<u64> = graph.element.iter().map(|&z| mixed(u64::from(z))).collect();
    for _ in 0..ROUNDS {
        let mut next: Vec<u64> = label.iter().map(|&own| mixed(own)).collect();
        for bond in &graph.bonds {
            let (begin, end) = (bond.begin as usize, bond.end as usize);
            next[begin] = next[begin].wrapping_add(mixed(label[end] ^ 1));
            next[end] = next[end].wrapping_add(mixed(label[begin] ^ 1));
        }
        label = next;
    }
    label.sort_unstable();
    label
}

/// Spreads a number over all bits (SplitMix64).
fn mixed(number: u64) -> u64 {
    let a = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let b = (a ^ (a >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    c ^ (c >> 31)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;

    #[test]
    fn tautomers_are_alike_and_regioisomers_are_not() {
        let of = |smiles: &str| skeleton(&Molecule::graph_only(smiles).unwrap().graph);
        assert_eq!(of("Cc1cc[nH]n1"), of("Cc1ccn[nH]1"));
        assert_eq!(of("CC(O)=N"), of("NC(C)=O"));
        assert_ne!(of("Cc1cc[nH]n1"), of("Cc1cn[nH]c1"));
        assert_ne!(of("COc1ccccc1Br"), of("COc1cccc(Br)c1"));
    }
}
