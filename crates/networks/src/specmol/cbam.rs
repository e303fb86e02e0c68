//! Channel attention, then spatial attention (Woo et al., CBAM, 2018).

use tch::{Kind, Tensor};

use super::config::CHANNELS;
use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;

/// Channels over the width of the channel attention's hidden layer.
const REDUCTION: i64 = 4;
const KERNEL: i64 = 7;

pub(super) struct Cbam {
    squeeze: Dense,
    excite: Dense,
    spatial: Tensor,
    spatial_bias: Tensor,
}

impl Cbam {
    pub(super) fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        #[allow(clippy::cast_precision_loss)]
        let bound = (3.0 / (2 * KERNEL * KERNEL) as f64).sqrt();
        Ok(Self {
            squeeze: Dense::new(p, &format!("{name}.squeeze"), CHANNELS, CHANNELS / REDUCTION)?,
            excite: Dense::new(p, &format!("{name}.excite"), CHANNELS / REDUCTION, CHANNELS)?,
            spatial: p.uniform(
                &format!("{name}.spatial.weight"),
                &[1, 2, KERNEL, KERNEL],
                bound,
            )?,
            spatial_bias: p.constant(&format!("{name}.spatial.bias"), &[1], 0.0)?,
        })
    }

    /// Weighs a map, B x channels x H x W.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        let shared =
            |pooled: Tensor| self.excite.forward(&self.squeeze.forward(&pooled)?.f_relu()?);
        let mean = shared(x.f_mean_dim([2, 3].as_slice(), false, Kind::Float)?)?;
        let most = shared(x.f_amax([2, 3], false)?)?;
        let channels = mean.f_add(&most)?.f_sigmoid()?.f_unsqueeze(-1)?.f_unsqueeze(-1)?;
        let x = x.f_mul(&channels)?;
        let mean = x.f_mean_dim([1].as_slice(), true, Kind::Float)?;
        let places = Tensor::f_cat(&[mean, x.f_amax([1], true)?], 1)?
            .f_conv2d(&self.spatial, Some(&self.spatial_bias), [1, 1], [KERNEL / 2; 2], [1, 1], 1)?
            .f_sigmoid()?;
        Ok(x.f_mul(&places)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use tch::Device;

    #[test]
    fn every_value_is_weighed_by_its_channel_and_its_place() {
        let mut p = Parameters::random(2, Device::Cpu);
        let cbam = Cbam::new(&mut p, "cbam").unwrap();
        let x = Tensor::rand([3, CHANNELS, 8, 8], (Kind::Float, Device::Cpu)) + 0.5;
        let weights = cbam.forward(&x).unwrap() / &x;
        assert!(weights.min().double_value(&[]) > 0.0 && weights.max().double_value(&[]) < 1.0);
        // A product of one factor for each channel and one for each place.
        let at = |c: i64, place: i64| weights.double_value(&[1, c, place, 3]);
        assert!((at(0, 0) / at(5, 0) - at(0, 6) / at(5, 6)).abs() < 1e-5);
        assert!((at(0, 0) - at(0, 6)).abs() > 1e-6 && (at(0, 0) - at(5, 0)).abs() > 1e-6);
    }
}
