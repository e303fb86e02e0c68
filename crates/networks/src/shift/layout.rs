//! Atoms of several molecules as rows of equal length, which attention needs.

use tch::{Device, Tensor};

use super::features::{APART, GraphFeatures};
use crate::error::NetworkError;

/// Where each atom lies when every molecule is padded to the longest: G molecules of A places.
pub(super) struct Layout {
    /// Molecules, G.
    pub(super) molecules: i64,
    /// Places of each, A.
    pub(super) places: i64,
    /// Atom (row of the batch) in each place, G*A; padding names atom 0.
    pub(super) atom_at: Tensor,
    /// Place of each atom, N.
    pub(super) place_of: Tensor,
    /// Topological distance code between places, G*A*A.
    pub(super) distance: Tensor,
    /// A large negative number where a place is padding, 0 elsewhere, G x 1 x 1 x A.
    pub(super) padding: Tensor,
}

impl Layout {
    #[allow(clippy::cast_possible_wrap)]
    pub(super) fn of(graphs: &[&GraphFeatures], device: Device) -> Result<Self, NetworkError> {
        let places = graphs.iter().map(|graph| graph.atoms).max().unwrap_or(0);
        let mut atom_at = vec![0_i64; graphs.len() * places];
        let mut padding = vec![-1e9_f32; graphs.len() * places];
        let mut distance = vec![i64::from(APART); graphs.len() * places * places];
        let mut place_of = Vec::new();
        for (index, graph) in graphs.iter().enumerate() {
            let first = index * places;
            for atom in 0..graph.atoms {
                atom_at[first + atom] = place_of.len() as i64;
                padding[first + atom] = 0.0;
                place_of.push((first + atom) as i64);
                let row = &graph.distance[atom * graph.atoms..(atom + 1) * graph.atoms];
                let from = (first + atom) * places;
                for (code, &bonds) in distance[from..].iter_mut().zip(row) {
                    *code = i64::from(bonds);
                }
            }
        }
        let (molecules, places) = (graphs.len() as i64, places as i64);
        let on_device = |values: &[i64]| Tensor::f_from_slice(values)?.f_to_device(device);
        Ok(Self {
            molecules,
            places,
            atom_at: on_device(&atom_at)?,
            place_of: on_device(&place_of)?,
            distance: on_device(&distance)?,
            padding: Tensor::f_from_slice(&padding)?
                .f_view([molecules, 1, 1, places])?
                .f_to_device(device)?,
        })
    }
}
