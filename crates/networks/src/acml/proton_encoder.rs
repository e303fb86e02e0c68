//! A 1H spectrum as a vector: the first half of a convolutional auto-encoder with channels
//! 1-32-16-8-1 and kernel 7. In place of the published flat projection (32,769 x 512 weights) the
//! trace is averaged between the convolutions down to 512 places.

use tch::{Kind, Tensor};

use crate::error::NetworkError;
use crate::parameters::Parameters;
use crate::spectrum_encoder::SPECTRUM_ENCODER;

/// Places of the latent vector, and its width.
pub const LATENT: i64 = 512;
const KERNEL: i64 = 7;
const CHANNELS: [i64; 5] = [1, 32, 16, 8, 1];
/// Averaging takes place behind each convolution but the last.
const POOLS: usize = 3;

struct Convolution {
    filters: Tensor,
    bias: Tensor,
}

impl Convolution {
    fn new(p: &mut Parameters, name: &str, from: i64, to: i64) -> Result<Self, NetworkError> {
        #[allow(clippy::cast_precision_loss)]
        let bound = (6.0 / (from * KERNEL) as f64).sqrt();
        Ok(Self {
            filters: p.uniform(&format!("{name}.filters"), &[to, from, KERNEL], bound)?,
            bias: p.constant(&format!("{name}.bias"), &[to], 0.0)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        Ok(x.f_conv1d(&self.filters, Some(&self.bias), 1, KERNEL / 2, 1, 1)?)
    }
}

/// Factors by which the trace is shortened, their product being `points / LATENT`.
fn pools(points: usize) -> Result<[i64; POOLS], NetworkError> {
    let whole = i64::try_from(points).unwrap_or(0) / LATENT;
    if whole < 1 || whole.count_ones() != 1 || i64::try_from(points).unwrap_or(0) % LATENT > 1 {
        let reason = format!(
            "a 1H trace of {points} points: it takes {LATENT} times a power of two, or one more"
        );
        return Err(NetworkError::Input(reason));
    }
    let mut pools = [1; POOLS];
    for bit in 0..whole.trailing_zeros() as usize {
        pools[bit % POOLS] *= 2;
    }
    Ok(pools)
}

pub(super) struct ProtonEncoder {
    layers: Vec<Convolution>,
    pools: [i64; POOLS],
}

impl ProtonEncoder {
    pub(super) fn new(p: &mut Parameters, name: &str, points: usize) -> Result<Self, NetworkError> {
        let layers = CHANNELS
            .windows(2)
            .enumerate()
            .map(|(i, pair)| Convolution::new(p, &format!("{name}.layers.{i}"), pair[0], pair[1]))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { layers, pools: pools(points)? })
    }

    /// Traces as rows to latent vectors: B x points to B x 512.
    pub(super) fn latent(&self, traces: &Tensor) -> Result<Tensor, NetworkError> {
        let mut x = traces.f_unsqueeze(1)?;
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&x)?;
            if let Some(&pool) = self.pools.get(index) {
                x = x.f_relu()?.f_avg_pool1d(pool, pool, 0, false, true)?;
            }
        }
        Ok(x.f_squeeze_dim(1)?)
    }

    /// Latent vectors of one length, so that every spectrum speaks equally loud.
    pub(super) fn forward(&self, traces: &Tensor) -> Result<Tensor, NetworkError> {
        let x = self.latent(traces)?;
        let length = x.f_square()?.f_mean_dim(1, true, Kind::Float)?.f_sqrt()?;
        Ok(x.f_div(&length.f_add_scalar(1e-8)?)?)
    }
}

/// The whole auto-encoder, as it is trained: the decoder mirrors the encoder.
pub struct ProtonAutoencoder {
    encoder: ProtonEncoder,
    decoder: Vec<Convolution>,
    points: i64,
}

impl ProtonAutoencoder {
    /// Builds encoder and decoder for traces of so many points from fresh weights.
    ///
    /// # Errors
    /// [`NetworkError`] when the number of points does not suit.
    pub fn build(p: &mut Parameters, points: usize) -> Result<Self, NetworkError> {
        let encoder = ProtonEncoder::new(p, SPECTRUM_ENCODER, points)?;
        let decoder = CHANNELS
            .windows(2)
            .rev()
            .enumerate()
            .map(|(i, pair)| Convolution::new(p, &format!("decoder.{i}"), pair[1], pair[0]))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { encoder, decoder, points: i64::try_from(points).unwrap_or(0) })
    }

    /// Mean square of what the decoder makes different, and of the traces themselves.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn losses(&self, traces: &Tensor) -> Result<[Tensor; 2], NetworkError> {
        let mut x = self.encoder.latent(traces)?.f_unsqueeze(1)?;
        for (index, layer) in self.decoder.iter().enumerate() {
            x = layer.forward(&x)?;
            if index + 1 < self.decoder.len() {
                let pool = self.encoder.pools[POOLS - 1 - index];
                x = x.f_relu()?.f_repeat_interleave_self_int(pool, 2, None::<i64>)?;
            }
        }
        let length = x.size()[2].min(self.points);
        let shown = traces.f_narrow(1, 0, length)?;
        let apart = x.f_squeeze_dim(1)?.f_narrow(1, 0, length)?.f_sub(&shown)?;
        Ok([apart.f_square()?.f_mean(None)?, shown.f_square()?.f_mean(None)?])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use tch::Device;

    #[test]
    fn traces_of_every_accepted_size_become_512_numbers() {
        for points in [512, 1_024, 4_096, 32_769] {
            let mut p = Parameters::random(1, Device::Cpu);
            let net = ProtonAutoencoder::build(&mut p, points).unwrap();
            let shape = [2, i64::try_from(points).unwrap()];
            let traces = Tensor::rand(shape, (Kind::Float, Device::Cpu));
            assert_eq!(net.encoder.forward(&traces).unwrap().size(), [2, LATENT]);
            let [apart, whole] = net.losses(&traces).unwrap();
            assert!(apart.double_value(&[]).is_finite() && whole.double_value(&[]) > 0.0);
        }
        for points in [0, 511, 1_500, 3 * 512] {
            assert!(pools(points).is_err(), "{points}");
        }
    }
}
