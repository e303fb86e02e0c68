//! Molecules as a GIN sees them: a number from a small table for each property of atom and bond.

use tch::{Device, Tensor};

use crate::error::NetworkError;
use larmor_chemistry::{BondType, Hybridisation, MolecularGraph};

/// Properties of an atom that have a table.
const ATOM_COLUMNS: usize = 7;
/// Rows of the atom tables: element, chirality, hybridisation, hydrogens, charge, smallest ring,
/// rings.
pub(super) const ATOM_TABLES: [i64; ATOM_COLUMNS] = [120, 3, 6, 5, 3, 8, 4];
/// Rows of the bond tables: order, configuration, surroundings (conjugated, in a ring, both).
pub(super) const BOND_TABLES: [i64; 3] = [6, CONFIGURATIONS as i64, SURROUNDINGS as i64];
const CONFIGURATIONS: u8 = 3;
const SURROUNDINGS: u8 = 4;
/// Bond order that stands for an atom's edge to itself.
pub(super) const SELF_LOOP: i64 = 4;
const OTHER_BOND: u8 = 5;
/// Elements from here on share a row.
const ELEMENTS: u8 = 120;

/// One molecule; each bond is listed both ways.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GinFeatures {
    /// A row of each atom table.
    atoms: Vec<[u8; ATOM_COLUMNS]>,
    /// Start and end of each directed edge.
    edges: Vec<[u32; 2]>,
    /// What bond each edge is: a number for its properties together, those of the last table next to one
    /// another.
    bonds: Vec<u8>,
}

impl From<&MolecularGraph> for GinFeatures {
    /// Chirality is the CIP label and configuration that of the double bond, because tags and
    /// direction marks depend on the order in which atoms are written.
    fn from(graph: &MolecularGraph) -> Self {
        let atoms = (0..graph.len())
            .map(|i| {
                let hybridisation = match graph.hybridisation[i] {
                    Hybridisation::S => 0,
                    Hybridisation::Sp => 1,
                    Hybridisation::Sp2 => 2,
                    Hybridisation::Sp3 => 3,
                    Hybridisation::Expanded => 4,
                };
                let charge = match graph.charge[i] {
                    0 => 0,
                    1.. => 1,
                    _ => 2,
                };
                [
                    graph.element[i].min(ELEMENTS - 1),
                    graph.cip[i].min(2),
                    hybridisation,
                    graph.hydrogens[i].min(4),
                    charge,
                    smallest_ring(graph.ring_sizes[i], graph.ring_count[i]),
                    graph.ring_count[i].min(3),
                ]
            })
            .collect();
        let (edges, bonds) = graph
            .bonds
            .iter()
            .flat_map(|bond| {
                let order = match bond.kind {
                    BondType::Single => 0,
                    BondType::Double => 1,
                    BondType::Triple => 2,
                    BondType::Aromatic => 3,
                    BondType::Other => OTHER_BOND,
                };
                let surroundings = u8::from(bond.conjugated) + 2 * u8::from(bond.in_ring);
                let code =
                    (order * CONFIGURATIONS + bond.stereo.min(2)) * SURROUNDINGS + surroundings;
                [([bond.begin, bond.end], code), ([bond.end, bond.begin], code)]
            })
            .unzip();
        Self { atoms, edges, bonds }
    }
}

impl GinFeatures {
    /// Number of atoms.
    #[must_use]
    pub fn atoms(&self) -> usize {
        self.atoms.len()
    }

    /// The mirror image: R becomes S.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mut image = self.clone();
        for atom in &mut image.atoms {
            atom[1] = [0, 2, 1][usize::from(atom[1].min(2))];
        }
        image
    }
}

/// Molecules side by side: N atoms, E directed edges, G graphs.
pub struct GinBatch {
    pub(super) atoms: Vec<Tensor>,
    /// What bond each edge is.
    pub(super) bonds: Tensor,
    pub(super) from: Tensor,
    pub(super) to: Tensor,
    pub(super) graph: Tensor,
    /// Graphs in the batch.
    pub graphs: i64,
    /// First row of each graph.
    pub first: Vec<i64>,
}

impl GinBatch {
    /// Lays molecules side by side on a device.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when a tensor cannot be made.
    #[allow(clippy::cast_possible_wrap)]
    pub fn collate(molecules: &[&GinFeatures], device: Device) -> Result<Self, NetworkError> {
        let mut atoms: [Vec<i64>; ATOM_COLUMNS] = Default::default();
        let (mut from, mut to, mut bonds) = (Vec::new(), Vec::new(), Vec::new());
        let (mut graph, mut first) = (Vec::new(), Vec::with_capacity(molecules.len()));
        for (number, molecule) in molecules.iter().enumerate() {
            let base = graph.len() as i64;
            first.push(base);
            for atom in &molecule.atoms {
                atoms.iter_mut().zip(atom).for_each(|(column, &value)| column.push(value.into()));
                graph.push(number as i64);
            }
            for [begin, end] in &molecule.edges {
                from.push(i64::from(*begin) + base);
                to.push(i64::from(*end) + base);
            }
            bonds.extend(molecule.bonds.iter().map(|&code| i64::from(code)));
        }
        let tensor = |values: &[i64]| -> Result<Tensor, NetworkError> {
            Ok(Tensor::f_from_slice(values)?.f_to_device(device)?)
        };
        Ok(Self {
            atoms: atoms.iter().map(|column| tensor(column)).collect::<Result<_, _>>()?,
            bonds: tensor(&bonds)?,
            from: tensor(&from)?,
            to: tensor(&to)?,
            graph: tensor(&graph)?,
            graphs: molecules.len() as i64,
            first,
        })
    }
}

/// Row of an atom's smallest ring: 0 outside rings, 1 to 6 for rings of 3 to 8, 7 for larger ones.
fn smallest_ring(sizes: u8, rings: u8) -> u8 {
    match (sizes.trailing_zeros(), rings) {
        (size @ 0..=5, _) => u8::try_from(size).unwrap_or(0) + 1,
        (_, 0) => 0,
        _ => 7,
    }
}
