//! The few layers the networks are built of.

use tch::{Device, Kind, Tensor};

use crate::error::NetworkError;
use crate::parameters::Parameters;
use crate::placement::Precision;

/// Affine map: `x W^T + b`.
pub(super) struct Dense {
    weight: Tensor,
    bias: Option<Tensor>,
    /// Of the product; the bias is added in 32 bits.
    precision: Precision,
}

impl Dense {
    pub(super) fn new(
        p: &mut Parameters,
        name: &str,
        from: i64,
        to: i64,
    ) -> Result<Self, NetworkError> {
        let mut dense = Self::without_bias(p, name, from, to)?;
        dense.bias = Some(p.constant(&format!("{name}.bias"), &[to], 0.0)?);
        Ok(dense)
    }

    pub(super) fn without_bias(
        p: &mut Parameters,
        name: &str,
        from: i64,
        to: i64,
    ) -> Result<Self, NetworkError> {
        #[allow(clippy::cast_precision_loss)]
        let bound = (3.0 / from as f64).sqrt();
        let weight = p.uniform(&format!("{name}.weight"), &[to, from], bound)?;
        let precision = p.precision();
        Ok(Self { weight: precision.narrowed(weight)?, bias: None, precision })
    }

    /// Where its weights are.
    pub(super) fn device(&self) -> Device {
        self.weight.device()
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        if self.precision == Precision::F32 {
            return Ok(x.f_linear(&self.weight, self.bias.as_ref())?);
        }
        let product = x.f_to_kind(Kind::BFloat16)?.f_linear(&self.weight, None::<&Tensor>)?;
        let product = product.f_to_kind(Kind::Float)?;
        Ok(match &self.bias {
            Some(bias) => product.f_add(bias)?,
            None => product,
        })
    }
}

/// Layer normalisation over the last dimension.
pub(super) struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    width: i64,
}

impl LayerNorm {
    pub(super) fn new(p: &mut Parameters, name: &str, width: i64) -> Result<Self, NetworkError> {
        Self::with_gain(p, name, width, 1.0)
    }

    /// The same with another gain to start from.
    pub(super) fn with_gain(
        p: &mut Parameters,
        name: &str,
        width: i64,
        gain: f64,
    ) -> Result<Self, NetworkError> {
        Ok(Self {
            weight: p.constant(&format!("{name}.weight"), &[width], gain)?,
            bias: p.constant(&format!("{name}.bias"), &[width], 0.0)?,
            width,
        })
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        Ok(x.f_layer_norm([self.width], Some(&self.weight), Some(&self.bias), 1e-5, false)?)
    }
}

/// Batch normalisation over rows (Ioffe and Szegedy, 2015). Its running statistics are kept with
/// the weights and are what it divides by outside training.
pub(super) struct BatchNorm {
    weight: Tensor,
    bias: Tensor,
    mean: Tensor,
    variance: Tensor,
}

/// Share of the running statistics that one batch replaces.
const BATCH_SHARE: f64 = 0.1;

impl BatchNorm {
    pub(super) fn new(p: &mut Parameters, name: &str, width: i64) -> Result<Self, NetworkError> {
        Ok(Self {
            weight: p.constant(&format!("{name}.weight"), &[width], 1.0)?,
            bias: p.constant(&format!("{name}.bias"), &[width], 0.0)?,
            mean: p.buffer(&format!("{name}.mean"), &[width], 0.0)?,
            variance: p.buffer(&format!("{name}.variance"), &[width], 1.0)?,
        })
    }

    pub(super) fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, NetworkError> {
        Ok(x.f_batch_norm(
            Some(&self.weight),
            Some(&self.bias),
            Some(&self.mean),
            Some(&self.variance),
            training,
            BATCH_SHARE,
            1e-5,
            false,
        )?)
    }
}

/// A table of learned rows, looked up by number.
pub(super) struct Embedding(Tensor);

impl Embedding {
    /// Fresh rows are uniform within `bound`.
    pub(super) fn new(
        p: &mut Parameters,
        name: &str,
        rows: i64,
        width: i64,
        bound: f64,
    ) -> Result<Self, NetworkError> {
        Ok(Self(p.uniform(&format!("{name}.weight"), &[rows, width], bound)?))
    }

    pub(super) fn forward(&self, numbers: &Tensor) -> Result<Tensor, NetworkError> {
        Ok(self.0.f_index_select(0, numbers)?)
    }

    /// All rows.
    pub(super) fn rows(&self) -> &Tensor {
        &self.0
    }

    /// Width of a row.
    pub(super) fn width(&self) -> i64 {
        self.0.size().last().copied().unwrap_or(0)
    }

    /// One row, as a matrix of one row.
    pub(super) fn row(&self, number: i64) -> Result<Tensor, NetworkError> {
        Ok(self.0.f_narrow(0, number, 1)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn batch_norm_keeps_running_statistics_and_uses_them_outside_training() {
        let mut p = Parameters::random(1, Device::Cpu);
        let norm = BatchNorm::new(&mut p, "norm", 1).unwrap();
        let weights = p.finish(std::path::Path::new("")).unwrap();
        let trained: Vec<&str> =
            weights.iter().filter(|(_, w)| w.requires_grad()).map(|(n, _)| n.as_str()).collect();
        assert_eq!(trained, ["norm.weight", "norm.bias"]);
        let x = Tensor::from_slice(&[1.0f32, 3.0, 5.0]).view([3, 1]);
        let y = norm.forward(&x, true).unwrap();
        // Mean 3, variance 8/3 over the batch; 4 without bias goes into the running one.
        assert!((y.double_value(&[2, 0]) - 2.0 / (8.0f64 / 3.0).sqrt()).abs() < 1e-4);
        assert!((norm.mean.double_value(&[0]) - 0.3).abs() < 1e-6);
        assert!((norm.variance.double_value(&[0]) - (0.9 + 0.4)).abs() < 1e-6);
        let z = norm.forward(&x, false).unwrap();
        assert!((z.double_value(&[0, 0]) - 0.7 / 1.3f64.sqrt()).abs() < 1e-4);
    }
}
