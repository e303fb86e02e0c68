//! The molecule's side: the published branches, or the graph network that K-M3AID and ACML share.

use tch::{Device, Tensor};

use super::atoms::PublishedBatch;
use super::config::{SpecMolConfig, SpectrumInput, VECTOR};
use super::published_branch::PublishedBranch;
use crate::error::NetworkError;
use crate::gin::{GinBatch, GinFeatures, GinSize, GraphEncoder};
use crate::layers::Dense;
use crate::parameters::Parameters;
use larmor_chemistry::MolecularGraph;

/// Molecules side by side as a network takes them.
pub enum MoleculeBatch {
    /// As published.
    Published(PublishedBatch),
    /// As K-M3AID and ACML take them.
    Graphs(GinBatch),
}

pub(super) enum MoleculeBranch {
    Published(Box<PublishedBranch>),
    Graphs { molecules: GraphEncoder, head: Dense },
}

impl MoleculeBranch {
    pub(super) fn new(p: &mut Parameters, config: &SpecMolConfig) -> Result<Self, NetworkError> {
        if config.spectra != SpectrumInput::Peaks {
            return Ok(Self::Published(Box::new(PublishedBranch::new(p, config)?)));
        }
        let molecules = GraphEncoder::new(p, "", GinSize::shipped())?;
        let head = Dense::new(p, "molecule.head", molecules.width(), 2 * VECTOR)?;
        Ok(Self::Graphs { molecules, head })
    }

    /// Width of a molecule's vector.
    pub(super) fn width(&self) -> i64 {
        match self {
            Self::Published(_) => VECTOR,
            Self::Graphs { .. } => 2 * VECTOR,
        }
    }

    /// Molecules as this branch takes them.
    pub(super) fn collate(
        &self,
        graphs: &[&MolecularGraph],
        device: Device,
    ) -> Result<MoleculeBatch, NetworkError> {
        match self {
            Self::Published(_) => {
                PublishedBatch::collate(graphs, device).map(MoleculeBatch::Published)
            }
            Self::Graphs { .. } => {
                let features: Vec<GinFeatures> = graphs.iter().map(|&graph| graph.into()).collect();
                let features: Vec<&GinFeatures> = features.iter().collect();
                GinBatch::collate(&features, device).map(MoleculeBatch::Graphs)
            }
        }
    }

    /// A vector for each molecule.
    pub(super) fn forward(
        &self,
        batch: &MoleculeBatch,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        match (self, batch) {
            (Self::Published(branch), MoleculeBatch::Published(batch)) => {
                branch.forward(batch, training)
            }
            (Self::Graphs { molecules, head }, MoleculeBatch::Graphs(batch)) => {
                head.forward(&molecules.forward(batch, training)?.1)
            }
            _ => Err(NetworkError::Input("molecules as another network takes them".to_owned())),
        }
    }
}
