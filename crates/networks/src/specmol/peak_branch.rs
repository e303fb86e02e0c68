//! The spectra's side on peaks: frozen encoders of both nuclei, whose numbers weigh each other.

use tch::Tensor;

use super::config::VECTOR;
use super::spectra::SpectrumPair;
use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;
use crate::spectrum_encoder::{CarbonEncoder, SPECTRUM_WIDTH, ShiftInput, Signal, SignalEncoder};

/// First part of the names of the encoders' weights: 1H, 13C.
pub const PEAK_ENCODERS: [&str; 2] = ["spectra.proton.encoder", "spectra.carbon.encoder"];
/// Hidden width of the gate.
const GATE: i64 = 96;

pub(super) struct PeakBranch {
    proton: SignalEncoder,
    carbon: CarbonEncoder,
    gate: Option<(Dense, Dense)>,
    heads: [Dense; 2],
}

impl PeakBranch {
    pub(super) fn new(p: &mut Parameters, gating: bool) -> Result<Self, NetworkError> {
        let (proton, carbon) = p.frozen(|p| {
            let proton = SignalEncoder::new(p, PEAK_ENCODERS[0])?;
            Ok((proton, CarbonEncoder::new(p, PEAK_ENCODERS[1], ShiftInput::Soft)?))
        })?;
        let both = 2 * SPECTRUM_WIDTH;
        let gate = if gating {
            let inner = Dense::new(p, "spectra.gate.inner", both, GATE)?;
            Some((inner, Dense::new(p, "spectra.gate.outer", GATE, both)?))
        } else {
            None
        };
        let mut head =
            |name: &str| Dense::new(p, &format!("spectra.{name}.head"), SPECTRUM_WIDTH, VECTOR);
        let heads = [head("proton")?, head("carbon")?];
        Ok(Self { proton, carbon, gate, heads })
    }

    /// Width of the vector.
    pub(super) fn width() -> i64 {
        2 * VECTOR
    }

    /// A vector for each pair.
    pub(super) fn forward(&self, pairs: &[SpectrumPair]) -> Result<Tensor, NetworkError> {
        let seen = pairs.iter().map(SpectrumPair::peaks).collect::<Result<Vec<_>, _>>()?;
        let (signals, shifts): (Vec<&[Signal]>, Vec<&[f32]>) = seen.into_iter().unzip();
        let mut encoded = {
            let _no_gradients = tch::no_grad_guard();
            let device = self.heads[0].device();
            // Of length one: brought to order one for each number.
            #[allow(clippy::cast_precision_loss)]
            let scale = (SPECTRUM_WIDTH as f64).sqrt();
            [
                self.proton.forward(&signals, device)?.f_mul_scalar(scale)?,
                self.carbon.forward(&shifts, device)?.f_mul_scalar(scale)?,
            ]
        };
        if let Some((inner, outer)) = &self.gate {
            let both = Tensor::f_cat(&encoded, 1)?;
            let gate = outer.forward(&inner.forward(&both)?.f_relu()?)?.f_sigmoid()?;
            for (rows, gate) in encoded.iter_mut().zip(gate.f_chunk(2, 1)?) {
                *rows = rows.f_mul(&gate)?;
            }
        }
        let [proton, carbon] = &encoded;
        let vectors = [self.heads[0].forward(proton)?, self.heads[1].forward(carbon)?];
        Ok(Tensor::f_cat(&vectors, 1)?)
    }
}
