//! Which atom of one graph is which of another, when both are the same molecule.

use crate::graph::{BondType, MolecularGraph};
use crate::molecule::Molecule;

/// Steps after which a search is given up: far beyond any molecule that symmetry classes sort.
const STEPS: usize = 1_000_000;

/// Maps each atom of `a` to an atom of `b` with the same element, hydrogens and bonds; stereo is
/// not compared. `None` when the molecules differ.
#[must_use]
pub fn isomorphism(a: &Molecule, b: &Molecule) -> Option<Vec<usize>> {
    let (left, right) = (&a.graph, &b.graph);
    if left.len() != right.len() || left.bonds.len() != right.bonds.len() || a.formula != b.formula
    {
        return None;
    }
    let search = Search {
        left,
        right,
        left_bonds: neighbours(left),
        right_bonds: neighbours(right),
        order: connected_order(left),
    };
    let mut map = vec![usize::MAX; left.len()];
    let mut used = vec![false; left.len()];
    search.extend(0, &mut map, &mut used, &mut 0).then_some(map)
}

struct Search<'a> {
    left: &'a MolecularGraph,
    right: &'a MolecularGraph,
    left_bonds: Vec<Vec<(usize, BondType)>>,
    right_bonds: Vec<Vec<(usize, BondType)>>,
    order: Vec<usize>,
}

impl Search<'_> {
    fn extend(
        &self,
        depth: usize,
        map: &mut [usize],
        used: &mut [bool],
        steps: &mut usize,
    ) -> bool {
        let Some(&atom) = self.order.get(depth) else { return true };
        for image in 0..self.right.len() {
            *steps += 1;
            if *steps > STEPS {
                return false;
            }
            if used[image] || !self.fits(atom, image, map) {
                continue;
            }
            (map[atom], used[image]) = (image, true);
            if self.extend(depth + 1, map, used, steps) {
                return true;
            }
            (map[atom], used[image]) = (usize::MAX, false);
        }
        false
    }

    fn fits(&self, atom: usize, image: usize, map: &[usize]) -> bool {
        let alike = self.left.element[atom] == self.right.element[image]
            && self.left.hydrogens[atom] == self.right.hydrogens[image]
            && self.left.charge[atom] == self.right.charge[image]
            && self.left_bonds[atom].len() == self.right_bonds[image].len();
        alike
            && self.left_bonds[atom].iter().all(|&(next, kind)| {
                map[next] == usize::MAX || self.right_bonds[image].contains(&(map[next], kind))
            })
    }
}

fn neighbours(graph: &MolecularGraph) -> Vec<Vec<(usize, BondType)>> {
    let mut lists = vec![Vec::new(); graph.len()];
    for bond in &graph.bonds {
        let (begin, end) = (bond.begin as usize, bond.end as usize);
        lists[begin].push((end, bond.kind));
        lists[end].push((begin, bond.kind));
    }
    lists
}

/// All atoms, each after one of its neighbours where it has any, so that wrong branches end soon.
fn connected_order(graph: &MolecularGraph) -> Vec<usize> {
    let bonds = neighbours(graph);
    let mut order: Vec<usize> = Vec::with_capacity(graph.len());
    let mut seen = vec![false; graph.len()];
    for start in 0..graph.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut next = order.len();
        order.push(start);
        while let Some(&atom) = order.get(next) {
            for &(neighbour, _) in &bonds[atom] {
                if !seen[neighbour] {
                    seen[neighbour] = true;
                    order.push(neighbour);
                }
            }
            next += 1;
        }
    }
    order
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(smiles: &str) -> Molecule {
        Molecule::from_smiles(smiles).unwrap()
    }

    #[test]
    fn the_same_molecule_written_differently_is_mapped() {
        let (a, b) = (read("COc1ccccc1N"), read("Nc1ccccc1OC"));
        let map = isomorphism(&a, &b).unwrap();
        for bond in &a.graph.bonds {
            let image = [bond.begin, bond.end].map(|atom| map[atom as usize]);
            assert!(b.graph.bonds.iter().any(|other| {
                let ends = [other.begin as usize, other.end as usize];
                ends == image || ends == [image[1], image[0]]
            }));
        }
        assert_eq!(map[1], 7, "the ether oxygen");
    }

    #[test]
    fn isomers_are_not_mapped() {
        assert!(isomorphism(&read("COc1ccccc1N"), &read("COc1cccc(N)c1")).is_none());
        assert!(isomorphism(&read("CCO"), &read("CCCO")).is_none());
    }
}
