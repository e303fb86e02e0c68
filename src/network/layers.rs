//! The few layers the networks are built of.

use tch::Tensor;

use super::{NetworkError, Parameters};

/// Affine map: `x W^T + b`.
pub(super) struct Dense {
    weight: Tensor,
    bias: Option<Tensor>,
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
        Ok(Self { weight: p.uniform(&format!("{name}.weight"), &[to, from], bound)?, bias: None })
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        Ok(x.f_linear(&self.weight, self.bias.as_ref())?)
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
        Ok(Self {
            weight: p.constant(&format!("{name}.weight"), &[width], 1.0)?,
            bias: p.constant(&format!("{name}.bias"), &[width], 0.0)?,
            width,
        })
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        Ok(x.f_layer_norm([self.width], Some(&self.weight), Some(&self.bias), 1e-5, false)?)
    }
}
