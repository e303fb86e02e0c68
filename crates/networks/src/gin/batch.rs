//! Molecules as a GIN sees them: a number from a small table for each property of atom and bond.

use tch::{Device, Tensor};

use crate::error::NetworkError;
use larmor_chemistry::{BondType, Hybridisation, MolecularGraph};

/// Rows of the atom tables: element, chirality, hybridisation.
pub(super) const ATOM_TABLES: [i64; 3] = [120, 3, 6];
/// Rows of the bond tables: order, configuration.
pub(super) const BOND_TABLES: [i64; 2] = [6, 3];
/// Bond order that stands for an atom's edge to itself.
pub(super) const SELF_LOOP: i64 = 4;
const OTHER_BOND: i64 = 5;

/// One molecule; each bond is listed both ways.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GinFeatures {
    /// Atomic number, chirality and hybridisation of each atom.
    atoms: Vec<[i64; 3]>,
    /// Start, end, order and configuration of each directed edge.
    edges: Vec<[i64; 4]>,
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
                let element = i64::from(graph.element[i]).min(ATOM_TABLES[0] - 1);
                [element, i64::from(graph.cip[i].min(2)), hybridisation]
            })
            .collect();
        let edges = graph
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
                let (a, b) = (i64::from(bond.begin), i64::from(bond.end));
                let stereo = i64::from(bond.stereo.min(2));
                [[a, b, order, stereo], [b, a, order, stereo]]
            })
            .collect();
        Self { atoms, edges }
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
            atom[1] = [0, 2, 1][usize::try_from(atom[1]).unwrap_or(0).min(2)];
        }
        image
    }
}

/// Molecules side by side: N atoms, E directed edges, G graphs.
pub struct GinBatch {
    pub(super) atoms: [Tensor; 3],
    pub(super) bonds: [Tensor; 2],
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
        let mut atoms: [Vec<i64>; 3] = Default::default();
        let mut edges: [Vec<i64>; 4] = Default::default();
        let (mut graph, mut first) = (Vec::new(), Vec::with_capacity(molecules.len()));
        for (number, molecule) in molecules.iter().enumerate() {
            let base = graph.len() as i64;
            first.push(base);
            for atom in &molecule.atoms {
                atoms.iter_mut().zip(atom).for_each(|(column, value)| column.push(*value));
                graph.push(number as i64);
            }
            for [from, to, order, stereo] in &molecule.edges {
                for (column, value) in
                    edges.iter_mut().zip([from + base, to + base, *order, *stereo])
                {
                    column.push(value);
                }
            }
        }
        let tensor = |values: &[i64]| -> Result<Tensor, NetworkError> {
            Ok(Tensor::f_from_slice(values)?.f_to_device(device)?)
        };
        Ok(Self {
            atoms: [tensor(&atoms[0])?, tensor(&atoms[1])?, tensor(&atoms[2])?],
            bonds: [tensor(&edges[2])?, tensor(&edges[3])?],
            from: tensor(&edges[0])?,
            to: tensor(&edges[1])?,
            graph: tensor(&graph)?,
            graphs: molecules.len() as i64,
            first,
        })
    }
}
