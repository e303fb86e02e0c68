//! Projection into the space that both sides share: with p = W x,
//! LayerNorm(p + dropout(V GELU(p))).

use tch::Tensor;

use crate::error::NetworkError;
use crate::layers::{Dense, LayerNorm};
use crate::parameters::Parameters;

const DROPOUT: f64 = 0.1;

pub(super) struct Projection {
    first: Dense,
    second: Dense,
    norm: LayerNorm,
}

impl Projection {
    pub(super) fn new(
        p: &mut Parameters,
        name: &str,
        from: i64,
        to: i64,
    ) -> Result<Self, NetworkError> {
        // A dot product of two rows is then of order one in a fresh network, as the loss wants it.
        #[allow(clippy::cast_precision_loss)]
        let gain = (to as f64).powf(-0.25);
        Ok(Self {
            first: Dense::new(p, &format!("{name}.first"), from, to)?,
            second: Dense::new(p, &format!("{name}.second"), to, to)?,
            norm: LayerNorm::with_gain(p, &format!("{name}.norm"), to, gain)?,
        })
    }

    pub(super) fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, NetworkError> {
        let projected = self.first.forward(x)?;
        let refined =
            self.second.forward(&projected.f_gelu("none")?)?.f_dropout(DROPOUT, training)?;
        self.norm.forward(&projected.f_add(&refined)?)
    }
}
