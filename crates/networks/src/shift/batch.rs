//! Several molecules laid side by side as tensors.

use tch::{Device, Kind, Tensor};

use super::features::{EDGE_FEATURES, GraphFeatures, NODE_FEATURES};
use super::layout::Layout;
use crate::error::NetworkError;

/// Graphs in one set of tensors: N atoms, E directed edges, G graphs.
pub struct GraphBatch {
    /// Atom features, N x [`NODE_FEATURES`].
    pub nodes: Tensor,
    /// Bond features, E x [`EDGE_FEATURES`].
    pub edges: Tensor,
    /// Start atom of each edge, E.
    pub from: Tensor,
    /// End atom of each edge, E.
    pub to: Tensor,
    /// Graph of each atom, N.
    pub graph: Tensor,
    /// One over the atoms of each graph, G x 1.
    pub inverse_size: Tensor,
    /// Atoms of each graph.
    pub sizes: Vec<usize>,
    /// The atoms as rows of equal length, and how far they are from each other.
    pub(super) layout: Layout,
    /// What each molecule is dissolved in, G: see [`solvent_code`](crate::solvent_code).
    pub solvents: Tensor,
}

impl GraphBatch {
    /// Lays graphs side by side on a device.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when a tensor cannot be made.
    #[allow(clippy::cast_possible_wrap, clippy::cast_precision_loss)]
    pub fn collate(graphs: &[&GraphFeatures], device: Device) -> Result<Self, NetworkError> {
        let atoms = graphs.iter().map(|g| g.atoms).sum::<usize>();
        let bonds = graphs.iter().map(|g| g.from.len()).sum::<usize>();
        let mut nodes = Vec::with_capacity(atoms * NODE_FEATURES);
        let mut edges = Vec::with_capacity(bonds * EDGE_FEATURES);
        let (mut from, mut to) = (Vec::with_capacity(bonds), Vec::with_capacity(bonds));
        let mut graph = Vec::with_capacity(atoms);
        let mut first = 0;
        for (index, features) in graphs.iter().enumerate() {
            nodes.extend_from_slice(&features.nodes);
            edges.extend_from_slice(&features.edges);
            from.extend(features.from.iter().map(|atom| atom + first));
            to.extend(features.to.iter().map(|atom| atom + first));
            graph.resize(graph.len() + features.atoms, index as i64);
            first += features.atoms as i64;
        }
        let inverse: Vec<f32> = graphs.iter().map(|g| 1.0 / g.atoms.max(1) as f32).collect();
        Ok(Self {
            nodes: matrix(&nodes, NODE_FEATURES, device)?,
            edges: matrix(&edges, EDGE_FEATURES, device)?,
            from: Tensor::f_from_slice(&from)?.f_to_device(device)?,
            to: Tensor::f_from_slice(&to)?.f_to_device(device)?,
            graph: Tensor::f_from_slice(&graph)?.f_to_device(device)?,
            inverse_size: matrix(&inverse, 1, device)?,
            sizes: graphs.iter().map(|g| g.atoms).collect(),
            layout: Layout::of(graphs, device)?,
            solvents: Tensor::f_zeros([graphs.len() as i64], (Kind::Int64, device))?,
        })
    }

    /// The same molecules, each in its solvent.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when the tensor cannot be made.
    pub fn dissolved(mut self, codes: &[i64]) -> Result<Self, NetworkError> {
        self.solvents = Tensor::f_from_slice(codes)?.f_to_device(self.solvents.device())?;
        Ok(self)
    }

    /// Mean of the atoms' rows in each graph: N x D to G x D.
    pub(super) fn mean(&self, rows: &Tensor) -> Result<Tensor, NetworkError> {
        let width = rows.size().last().copied().unwrap_or(0);
        let zero =
            Tensor::f_zeros([self.inverse_size.size()[0], width], (Kind::Float, rows.device()))?;
        Ok(zero.f_index_add(0, &self.graph, rows)?.f_mul(&self.inverse_size)?)
    }
}

#[allow(clippy::cast_possible_wrap)]
fn matrix(values: &[f32], width: usize, device: Device) -> Result<Tensor, NetworkError> {
    let rows = (values.len() / width) as i64;
    Ok(Tensor::f_from_slice(values)?.f_view([rows, width as i64])?.f_to_device(device)?)
}
