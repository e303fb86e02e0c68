//! What a network sees of atoms and bonds.

use larmor_chemistry::{Bond, BondType, Hybridisation, MolecularGraph};

/// Elements with a column of their own; all others share the last.
const ELEMENTS: [u8; 12] = [6, 7, 8, 9, 16, 17, 35, 53, 15, 14, 5, 34];
const CIP_COLUMN: usize = ELEMENTS.len() + 1 + 5 + 5 + 5 + 6 + 5;

/// Numbers that describe an atom: element 13, heavy neighbours 5, hydrogens 5, hybridisation 5,
/// ring sizes 3 to 8, then aromatic, rings, charge +, charge -, radical, and CIP label.
pub const NODE_FEATURES: usize = CIP_COLUMN + 1;
/// Numbers that describe a bond: order 5, conjugated, in a ring, Z, E.
pub const EDGE_FEATURES: usize = 9;

/// A molecular graph as numbers, rows one after the other; each bond is listed both ways.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphFeatures {
    /// Heavy atoms.
    pub atoms: usize,
    /// `atoms` rows of [`NODE_FEATURES`].
    pub nodes: Vec<f32>,
    /// Rows of [`EDGE_FEATURES`].
    pub edges: Vec<f32>,
    /// Atom each edge starts from.
    pub from: Vec<i64>,
    /// Atom each edge leads to.
    pub to: Vec<i64>,
    /// Bonds between each two atoms, `atoms` rows of `atoms`: up to [`FAR`], which also stands for
    /// more, and [`APART`] where no path of bonds joins them.
    pub distance: Vec<u8>,
}

/// The longest topological distance told from longer ones.
pub const FAR: u8 = 10;
/// Stands for the distance between atoms of different components.
pub const APART: u8 = FAR + 1;

impl From<&MolecularGraph> for GraphFeatures {
    fn from(graph: &MolecularGraph) -> Self {
        let nodes = (0..graph.len()).flat_map(|atom| node(graph, atom)).collect();
        let mut features = Self {
            atoms: graph.len(),
            nodes,
            edges: Vec::with_capacity(graph.bonds.len() * 2 * EDGE_FEATURES),
            from: Vec::with_capacity(graph.bonds.len() * 2),
            to: Vec::with_capacity(graph.bonds.len() * 2),
            distance: Vec::new(),
        };
        for bond in &graph.bonds {
            for (from, to) in [(bond.begin, bond.end), (bond.end, bond.begin)] {
                features.from.push(from.into());
                features.to.push(to.into());
                features.edges.extend(edge(bond));
            }
        }
        features.distance = distances(graph);
        features
    }
}

/// Breadth-first distances from every atom.
fn distances(graph: &MolecularGraph) -> Vec<u8> {
    let atoms = graph.len();
    let mut neighbours = vec![Vec::new(); atoms];
    for bond in &graph.bonds {
        neighbours[bond.begin as usize].push(bond.end as usize);
        neighbours[bond.end as usize].push(bond.begin as usize);
    }
    let mut distance = vec![APART; atoms * atoms];
    let mut queue = std::collections::VecDeque::new();
    for (start, row) in distance.chunks_exact_mut(atoms.max(1)).enumerate() {
        row[start] = 0;
        queue.push_back(start);
        while let Some(atom) = queue.pop_front() {
            let next = (row[atom] + 1).min(FAR);
            for &neighbour in &neighbours[atom] {
                if row[neighbour] == APART {
                    row[neighbour] = next;
                    queue.push_back(neighbour);
                }
            }
        }
    }
    distance
}

/// Turns node features into those of the mirror image: R becomes S, which no spectrum tells.
pub fn mirror(nodes: &mut [f32]) {
    for row in nodes.chunks_exact_mut(NODE_FEATURES) {
        row[CIP_COLUMN] = -row[CIP_COLUMN];
    }
}

fn node(graph: &MolecularGraph, atom: usize) -> [f32; NODE_FEATURES] {
    let mut row = [0.0; NODE_FEATURES];
    let mut base = 0;
    let mut one_of = |choice: usize, width: usize| {
        row[base + choice.min(width - 1)] = 1.0;
        base += width;
    };
    let element = graph.element[atom];
    one_of(
        ELEMENTS.iter().position(|&z| z == element).unwrap_or(ELEMENTS.len()),
        ELEMENTS.len() + 1,
    );
    one_of(graph.degree[atom].into(), 5);
    one_of(graph.hydrogens[atom].into(), 5);
    one_of(
        match graph.hybridisation[atom] {
            Hybridisation::S => 0,
            Hybridisation::Sp => 1,
            Hybridisation::Sp2 => 2,
            Hybridisation::Sp3 => 3,
            Hybridisation::Expanded => 4,
        },
        5,
    );
    for bit in 0..6 {
        row[base + bit] = f32::from(graph.ring_sizes[atom] >> bit & 1);
    }
    base += 6;
    row[base] = f32::from(u8::from(graph.aromatic[atom]));
    row[base + 1] = f32::from(graph.ring_count[atom].min(4)) / 2.0;
    row[base + 2] = f32::from(graph.charge[atom].max(0));
    row[base + 3] = f32::from(-graph.charge[atom].min(0));
    row[base + 4] = f32::from(graph.radicals[atom]);
    row[CIP_COLUMN] = match graph.cip[atom] {
        1 => 1.0,
        2 => -1.0,
        _ => 0.0,
    };
    row
}

fn edge(bond: &Bond) -> [f32; EDGE_FEATURES] {
    let mut row = [0.0; EDGE_FEATURES];
    row[match bond.kind {
        BondType::Single => 0,
        BondType::Double => 1,
        BondType::Triple => 2,
        BondType::Aromatic => 3,
        BondType::Other => 4,
    }] = 1.0;
    row[5] = f32::from(u8::from(bond.conjugated));
    row[6] = f32::from(u8::from(bond.in_ring));
    row[7] = f32::from(u8::from(bond.stereo == 1));
    row[8] = f32::from(u8::from(bond.stereo == 2));
    row
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;

    #[test]
    fn columns_do_not_overlap() {
        let graph = Molecule::from_smiles("C[C@H](N)C(=O)[O-]").unwrap().graph;
        let features = GraphFeatures::from(&graph);
        assert_eq!(features.nodes.len(), graph.len() * NODE_FEATURES);
        assert_eq!(features.edges.len(), graph.bonds.len() * 2 * EDGE_FEATURES);
        for row in features.nodes.chunks_exact(NODE_FEATURES) {
            assert_eq!(row[..28].iter().sum::<f32>(), 4.0, "four one-hot groups");
        }
    }

    #[test]
    fn distances_are_symmetric_and_count_bonds() {
        let chain = format!("{}.O", "C".repeat(14));
        let features = GraphFeatures::from(&Molecule::from_smiles(&chain).unwrap().graph);
        let at = |a: usize, b: usize| features.distance[a * features.atoms + b];
        assert_eq!((at(0, 0), at(0, 1), at(3, 7), at(0, 13)), (0, 1, 4, FAR));
        assert_eq!((at(0, 14), at(14, 14)), (APART, 0));
        for (a, b) in (0..15).flat_map(|a| (0..15).map(move |b| (a, b))) {
            assert_eq!(at(a, b), at(b, a));
        }
    }

    #[test]
    fn enantiomers_differ_only_by_mirroring() {
        let features = |smiles| GraphFeatures::from(&Molecule::from_smiles(smiles).unwrap().graph);
        let (mut left, right) = (features("C[C@H](N)C(=O)O"), features("C[C@@H](N)C(=O)O"));
        assert_ne!(left, right);
        mirror(&mut left.nodes);
        assert_eq!(left, right);
    }
}
