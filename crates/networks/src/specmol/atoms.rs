//! What SpecMol sees of atoms, and molecules side by side.

use tch::{Device, Kind, Tensor};

use crate::error::NetworkError;
use larmor_chemistry::MolecularGraph;

/// Elements told apart; others have none of the four marks.
const ELEMENTS: [u8; 4] = [6, 7, 8, 1];
/// Columns of a count: 0 to 10 and more.
const COUNTS: usize = 11;
/// Numbers that describe an atom: element 4, degree 11, hydrogens 11, implicit valence 11, aromatic.
pub(super) const ATOM_FEATURES: usize = ELEMENTS.len() + 3 * COUNTS + 1;

fn describe(graph: &MolecularGraph, atom: usize) -> [f32; ATOM_FEATURES] {
    let mut row = [0.0; ATOM_FEATURES];
    if let Some(column) = ELEMENTS.iter().position(|&z| z == graph.element[atom]) {
        row[column] = 1.0;
    }
    // Which hydrogens are implicit depends on how a SMILES is written, so all of them count.
    let hydrogens = graph.hydrogens[atom];
    for (group, count) in [graph.degree[atom], hydrogens, hydrogens].into_iter().enumerate() {
        row[ELEMENTS.len() + group * COUNTS + usize::from(count).min(COUNTS - 1)] = 1.0;
    }
    row[ATOM_FEATURES - 1] = f32::from(u8::from(graph.aromatic[atom]));
    row
}

/// Molecules side by side as published: N atoms, E directed edges, G graphs.
pub struct PublishedBatch {
    /// N x [`ATOM_FEATURES`].
    pub(super) atoms: Tensor,
    /// Start and end of each edge.
    pub(super) from: Tensor,
    pub(super) to: Tensor,
    /// Graph of each atom.
    pub(super) graph: Tensor,
    pub(super) graphs: i64,
    /// Atoms of each graph, as many for each as the largest has; the row behind the last pads.
    places: Tensor,
    /// 1 / sqrt((degree + 1) of both ends), E x 1, and 1 / (degree + 1), N x 1: the symmetric
    /// normalisation of a graph with self-loops.
    pub(super) edge_share: Tensor,
    pub(super) own_share: Tensor,
    /// 1 / degree, N x 1, 0 without neighbours; 1 / atoms, G x 1.
    pub(super) per_neighbour: Tensor,
    pub(super) per_atom: Tensor,
}

impl PublishedBatch {
    /// Lays molecules side by side on a device.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when a tensor cannot be made.
    #[allow(clippy::cast_possible_wrap, clippy::cast_precision_loss)]
    pub fn collate(graphs: &[&MolecularGraph], device: Device) -> Result<Self, NetworkError> {
        let (mut atoms, mut graph) = (Vec::new(), Vec::new());
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for (number, molecule) in graphs.iter().enumerate() {
            let first = graph.len() as i64;
            for atom in 0..molecule.len() {
                atoms.extend(describe(molecule, atom));
                graph.push(number as i64);
            }
            for bond in &molecule.bonds {
                let (a, b) = (first + i64::from(bond.begin), first + i64::from(bond.end));
                from.extend([a, b]);
                to.extend([b, a]);
            }
        }
        let longest = graphs.iter().map(|g| g.len()).max().unwrap_or(0);
        let (mut places, mut first) = (Vec::with_capacity(graphs.len() * longest), 0);
        for molecule in graphs {
            let last = first + molecule.len();
            places.extend(
                (first..first + longest)
                    .map(|atom| if atom < last { atom as i64 } else { graph.len() as i64 }),
            );
            first = last;
        }
        let mut degree = vec![0.0_f32; graph.len()];
        let place = |atom: i64| usize::try_from(atom).unwrap_or(0);
        to.iter().for_each(|&atom| degree[place(atom)] += 1.0);
        let edge_share: Vec<f32> = from
            .iter()
            .zip(&to)
            .map(|(&a, &b)| 1.0 / ((degree[place(a)] + 1.0) * (degree[place(b)] + 1.0)).sqrt())
            .collect();
        let own_share: Vec<f32> = degree.iter().map(|degree| 1.0 / (degree + 1.0)).collect();
        let per_neighbour: Vec<f32> =
            degree.iter().map(|&degree| if degree > 0.0 { 1.0 / degree } else { 0.0 }).collect();
        let per_atom: Vec<f32> = graphs.iter().map(|g| 1.0 / g.len().max(1) as f32).collect();
        let numbers = |values: &[i64]| Tensor::f_from_slice(values)?.f_to_device(device);
        let rows = |values: &[f32], width: usize| {
            let shape = [(values.len() / width) as i64, width as i64];
            Tensor::f_from_slice(values)?.f_view(shape)?.f_to_device(device)
        };
        Ok(Self {
            atoms: rows(&atoms, ATOM_FEATURES)?,
            from: numbers(&from)?,
            to: numbers(&to)?,
            graph: numbers(&graph)?,
            graphs: graphs.len() as i64,
            places: numbers(&places)?,
            edge_share: rows(&edge_share, 1)?,
            own_share: rows(&own_share, 1)?,
            per_neighbour: rows(&per_neighbour, 1)?,
            per_atom: rows(&per_atom, 1)?,
        })
    }

    /// Largest value of each column in each graph, of rows that are nowhere below zero.
    pub(super) fn largest(&self, rows: &Tensor) -> Result<Tensor, NetworkError> {
        let width = rows.size().last().copied().unwrap_or(0);
        let zero = Tensor::f_zeros([1, width], (Kind::Float, rows.device()))?;
        let padded = Tensor::f_cat(&[rows, &zero], 0)?.f_index_select(0, &self.places)?;
        Ok(padded.f_view([self.graphs, -1, width])?.f_amax([1], false)?)
    }

    /// What each atom hears from its neighbours: rows of edges summed where they lead to.
    pub(super) fn gather(&self, rows: &Tensor) -> Result<Tensor, NetworkError> {
        let width = rows.size().last().copied().unwrap_or(0);
        let zero = Tensor::f_zeros([self.graph.size()[0], width], (Kind::Float, rows.device()))?;
        Ok(zero.f_index_add(0, &self.to, rows)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;

    #[test]
    fn an_atom_has_38_numbers_of_which_four_or_five_are_one() {
        assert_eq!(ATOM_FEATURES, 38);
        let graph = Molecule::graph_only("c1ccncc1CO").unwrap().graph;
        for atom in 0..graph.len() {
            let row = describe(&graph, atom);
            let expected = 4.0 + f32::from(u8::from(graph.aromatic[atom]));
            assert!((row.iter().sum::<f32>() - expected).abs() < 1e-6);
        }
    }
}
