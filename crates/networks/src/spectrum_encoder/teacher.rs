//! The stage before K-M3AID and ACML proper: an encoder of spectra learns from a graph network.

use tch::{Device, Kind, Tensor};

use super::{CarbonEncoder, SPECTRUM_ENCODER, SPECTRUM_WIDTH, ShiftInput, Signal, SignalEncoder};
use crate::error::NetworkError;
use crate::gin::{AtomDescription, GinBatch, GinSize, GraphEncoder};
use crate::layers::Dense;
use crate::parameters::Parameters;

/// First part of the names of the graph network's weights.
pub const GRAPH_TEACHER: &str = "teacher.";

/// What an encoder and the graph network that teaches it are.
#[derive(Debug, Clone, Copy)]
pub struct TeacherConfig {
    /// How 13C shifts are shown; `None` for an encoder of 1H signals.
    pub carbon: Option<ShiftInput>,
    /// Layers of the graph network.
    pub layers: i64,
    /// Width of atom vectors.
    pub width: i64,
    /// Dropout while training.
    pub dropout: f64,
    /// What the graph network is told of atoms.
    pub atoms: AtomDescription,
}

enum Encoder {
    Carbon(CarbonEncoder),
    Signals(SignalEncoder),
}

/// An encoder of spectra beside a graph network whose vector of a molecule is to point where that
/// of its spectrum points (CReSS).
pub struct SpectrumTeacher {
    spectra: Encoder,
    molecules: GraphEncoder,
    head: Dense,
    device: Device,
}

impl SpectrumTeacher {
    /// Builds encoder and teacher from fresh weights.
    ///
    /// # Errors
    /// [`NetworkError`] when a tensor cannot be made.
    pub fn build(p: &mut Parameters, config: &TeacherConfig) -> Result<Self, NetworkError> {
        let TeacherConfig { carbon, layers, width, dropout, atoms: description } = *config;
        let spectra = match carbon {
            Some(input) => Encoder::Carbon(CarbonEncoder::new(p, SPECTRUM_ENCODER, input)?),
            None => Encoder::Signals(SignalEncoder::new(p, SPECTRUM_ENCODER)?),
        };
        let size = GinSize { layers, width, dropout, description };
        let molecules = GraphEncoder::new(p, GRAPH_TEACHER, size)?;
        let head =
            Dense::new(p, &format!("{GRAPH_TEACHER}head"), molecules.width(), SPECTRUM_WIDTH)?;
        Ok(Self { spectra, molecules, head, device: p.device() })
    }

    /// 13C spectra, lists of shifts in ppm, as unit vectors.
    ///
    /// # Errors
    /// [`NetworkError::Input`] where the encoder is for 1H.
    pub fn encode_shifts(&self, spectra: &[&[f32]]) -> Result<Tensor, NetworkError> {
        match &self.spectra {
            Encoder::Carbon(encoder) => encoder.forward(spectra, self.device),
            Encoder::Signals(_) => Err(NetworkError::Input("this encoder takes 1H".to_owned())),
        }
    }

    /// 1H spectra, lists of signals, as unit vectors.
    ///
    /// # Errors
    /// [`NetworkError::Input`] where the encoder is for 13C.
    pub fn encode_signals(&self, spectra: &[&[Signal]]) -> Result<Tensor, NetworkError> {
        match &self.spectra {
            Encoder::Signals(encoder) => encoder.forward(spectra, self.device),
            Encoder::Carbon(_) => Err(NetworkError::Input("this encoder takes 13C".to_owned())),
        }
    }

    /// Cosines of encoded spectra (rows) and molecules (columns).
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn cosines(
        &self,
        spectra: &Tensor,
        batch: &GinBatch,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        let graphs = self.head.forward(&self.molecules.forward(batch, training)?.1)?;
        let length = graphs.f_square()?.f_sum_dim_intlist(1, true, Kind::Float)?.f_sqrt()?;
        Ok(spectra.f_matmul(&graphs.f_div(&length.f_add_scalar(1e-8)?)?.f_tr()?)?)
    }
}
