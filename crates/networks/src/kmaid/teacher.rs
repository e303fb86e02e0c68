//! The stage before K-M3AID proper: the spectrum encoder learns from a graph network.

use tch::{Device, Kind, Tensor};

use super::config::KmaidConfig;
use crate::error::NetworkError;
use crate::gin::{Gin, GinBatch};
use crate::layers::Dense;
use crate::parameters::Parameters;
use crate::spectrum_encoder::{SPECTRUM_ENCODER, SPECTRUM_WIDTH, SpectrumEncoder, mark};

/// The network that teaches the spectrum encoder before K-M3AID proper: a graph network of the
/// same kind, whose pooled vector is to point where that of the spectrum points (CReSS).
pub struct SpectrumTeacher {
    spectrum: SpectrumEncoder,
    gin: Gin,
    pool: (Dense, Dense),
    device: Device,
}

impl SpectrumTeacher {
    /// Builds encoder and teacher from fresh weights.
    ///
    /// # Errors
    /// [`NetworkError`] when a tensor cannot be made.
    pub fn build(
        p: &mut Parameters,
        config: &KmaidConfig,
        device: Device,
    ) -> Result<Self, NetworkError> {
        let KmaidConfig { width, layers, dropout, .. } = *config;
        Ok(Self {
            spectrum: SpectrumEncoder::new(p, SPECTRUM_ENCODER)?,
            gin: Gin::new(p, "teacher.gin", layers, width, dropout)?,
            pool: (
                Dense::new(p, "teacher.pool.0", width, width)?,
                Dense::new(p, "teacher.pool.1", width, SPECTRUM_WIDTH)?,
            ),
            device,
        })
    }

    /// Cosines of spectra (rows) and molecules (columns).
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn cosines(
        &self,
        spectra: &[&[u16]],
        batch: &GinBatch,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        let spectra = self.spectrum.forward(&mark(spectra, self.device)?)?;
        let rows = self.gin.forward(batch, training)?;
        let pooled = self.pool.0.forward(&batch.sum(&rows)?)?.f_relu()?;
        let graphs = self.pool.1.forward(&pooled)?;
        let length = graphs.f_square()?.f_sum_dim_intlist(1, true, Kind::Float)?.f_sqrt()?;
        Ok(spectra.f_matmul(&graphs.f_div(&length.f_add_scalar(1e-8)?)?.f_tr()?)?)
    }
}
