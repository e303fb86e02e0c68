//! Molecule and spectra to a logit: `z = FC2(BN(ReLU(FC1 u))) + FC_skip(u)`, then three layers.

use tch::Tensor;

use super::config::VECTOR;
use crate::error::NetworkError;
use crate::layers::{BatchNorm, Dense};
use crate::parameters::Parameters;

/// Width of the hidden layer.
const HIDDEN: i64 = 256;
/// Widths of the last three layers.
const LAST: [i64; 4] = [VECTOR, 128, 64, 1];

pub(super) struct Fusion {
    inner: Dense,
    norm: BatchNorm,
    outer: Dense,
    skip: Option<Dense>,
    layers: Vec<Dense>,
}

impl Fusion {
    pub(super) fn new(p: &mut Parameters, from: i64, residual: bool) -> Result<Self, NetworkError> {
        let inner = Dense::new(p, "fusion.inner", from, HIDDEN)?;
        let norm = BatchNorm::new(p, "fusion.norm", HIDDEN)?;
        let outer = Dense::new(p, "fusion.outer", HIDDEN, VECTOR)?;
        let skip = residual.then(|| Dense::new(p, "fusion.skip", from, VECTOR)).transpose()?;
        let layers = LAST
            .windows(2)
            .enumerate()
            .map(|(i, width)| Dense::new(p, &format!("fusion.layers.{i}"), width[0], width[1]))
            .collect::<Result<_, _>>()?;
        Ok(Self { inner, norm, outer, skip, layers })
    }

    /// A logit for each row.
    pub(super) fn forward(&self, u: &Tensor, training: bool) -> Result<Tensor, NetworkError> {
        let hidden = self.norm.forward(&self.inner.forward(u)?.f_relu()?, training)?;
        let mut z = self.outer.forward(&hidden)?;
        if let Some(skip) = &self.skip {
            z = z.f_add(&skip.forward(u)?)?;
        }
        for layer in &self.layers {
            z = layer.forward(&z.f_relu()?)?;
        }
        Ok(z.f_flatten(0, -1)?)
    }
}
