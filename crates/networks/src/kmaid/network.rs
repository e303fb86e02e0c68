//! K-M3AID: 13C spectrum and molecule side by side, as wholes and as peaks and atoms.
//!
//! One graph network feeds both levels: summed over a molecule it meets the encoded spectrum,
//! atom by atom it meets the encoded peaks. Each of the four has a projection of its own into one
//! space, where dot products are the logits.

use std::path::Path;

use tch::{Device, Kind, Tensor};

use super::config::KmaidConfig;
use super::peak_encoder::{MULTIPLICITIES, PeakEncoder};
use crate::card::{ModelCard, open_network};
use crate::error::NetworkError;
use crate::gin::{Gin, GinBatch, GraphEncoder};
use crate::parameters::Parameters;
use crate::placement::Placement;
use crate::projection::Projection;
use crate::spectrum_encoder::{CarbonEncoder, SPECTRUM_ENCODER, SPECTRUM_WIDTH};

/// The network on one device.
pub struct Kmaid {
    spectrum: CarbonEncoder,
    /// True where the encoder of spectra is left as it was trained before.
    frozen_encoder: bool,
    molecules: GraphEncoder,
    /// Graph network of the node level where it is not shared.
    node_gin: Option<Gin>,
    peaks: PeakEncoder,
    graph_projection: Projection,
    spectrum_projection: Projection,
    node_projection: Projection,
    peak_projection: Projection,
    device: Device,
}

/// Molecules in the common space.
pub struct Structures {
    /// A row for each molecule.
    pub graphs: Tensor,
    /// A row for each chosen atom.
    pub nodes: Tensor,
}

impl Kmaid {
    /// Builds the network from fresh or stored weights; those of the spectrum encoder are frozen
    /// where the configuration says so.
    ///
    /// # Errors
    /// [`NetworkError`] when stored weights do not fit.
    pub fn build(
        p: &mut Parameters,
        config: &KmaidConfig,
        device: Device,
    ) -> Result<Self, NetworkError> {
        let KmaidConfig { width, projection, shifts, frozen_encoder, .. } = *config;
        let encoder = |p: &mut Parameters| CarbonEncoder::new(p, SPECTRUM_ENCODER, shifts);
        let spectrum = if frozen_encoder { p.frozen(encoder)? } else { encoder(p)? };
        let molecules = GraphEncoder::new(p, "", config.gin())?;
        let pooled = molecules.width();
        Ok(Self {
            spectrum,
            frozen_encoder,
            molecules,
            node_gin: match config.shared_gin {
                true => None,
                false => Some(Gin::new(p, "node_gin", config.gin())?),
            },
            peaks: PeakEncoder::new(p, "peaks", width, shifts)?,
            graph_projection: Projection::new(p, "graph_projection", pooled, projection)?,
            spectrum_projection: Projection::new(
                p,
                "spectrum_projection",
                SPECTRUM_WIDTH,
                projection,
            )?,
            node_projection: Projection::new(p, "node_projection", width, projection)?,
            peak_projection: Projection::new(p, "peak_projection", width, projection)?,
            device,
        })
    }

    /// Opens a trained network: a folder with its card and weights.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    pub fn open(
        folder: &Path,
        on: impl Into<Placement>,
    ) -> Result<(Self, ModelCard), NetworkError> {
        open_network(folder, on.into(), Self::build)
    }

    /// Where the network runs.
    #[must_use]
    pub fn device(&self) -> Device {
        self.device
    }

    /// Vectors of whole spectra, lists of shifts in ppm. No gradients where the encoder is frozen.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn encode_spectra(&self, spectra: &[&[f32]]) -> Result<Tensor, NetworkError> {
        let _no_gradients = self.frozen_encoder.then(tch::no_grad_guard);
        self.spectrum.forward(spectra, self.device)
    }

    /// Encoded spectra in the common space.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn project_spectra(
        &self,
        encoded: &Tensor,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        self.spectrum_projection.forward(encoded, training)
    }

    /// Molecules in the common space, and those of their atoms whose rows `chosen` names.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn structures(
        &self,
        batch: &GinBatch,
        chosen: &Tensor,
        training: bool,
    ) -> Result<Structures, NetworkError> {
        let (rows, graphs) = self.molecules.forward(batch, training)?;
        let graphs = self.graph_projection.forward(&graphs, training)?;
        let rows = match &self.node_gin {
            Some(gin) => gin.forward(batch, training)?,
            None => rows,
        };
        let nodes = self.node_projection.forward(&rows.f_index_select(0, chosen)?, training)?;
        Ok(Structures { graphs, nodes })
    }

    /// Peaks in the common space: shifts in ppm and attached hydrogens (0 to 3).
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn project_peaks(
        &self,
        ppm: &Tensor,
        multiplicity: &Tensor,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        self.peak_projection.forward(&self.peaks.forward(ppm, multiplicity)?, training)
    }

    /// Peaks in the common space by each reading of a multiplicity nobody knows, from no attached
    /// hydrogen on.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn project_readings(&self, ppm: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        (0..MULTIPLICITIES)
            .map(|hydrogens| {
                let reading = ppm.f_full_like(hydrogens)?.f_to_kind(Kind::Int64)?;
                self.project_peaks(ppm, &reading, false)
            })
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn as_large_as_published() {
        let mut p = Parameters::random(1, Device::Cpu);
        Kmaid::build(&mut p, &KmaidConfig::default(), Device::Cpu).unwrap();
        let weights = p.finish(Path::new("")).unwrap();
        let trained: usize =
            weights.iter().filter(|(_, w)| w.requires_grad()).map(|(_, w)| w.numel()).sum();
        // 2.08 million to train beside the frozen spectrum encoder.
        assert!((2_075_000..2_085_000).contains(&trained), "{trained}");
        let frozen: usize = weights
            .iter()
            .filter(|(name, _)| name.starts_with("spectrum."))
            .map(|(_, w)| w.numel())
            .sum();
        assert_eq!(frozen, 2_338_720);
    }
}
