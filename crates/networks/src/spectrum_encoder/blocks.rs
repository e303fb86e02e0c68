//! Residual blocks that end in a unit vector: the second half of every encoder of spectra.

use tch::{Kind, Tensor};

use super::SPECTRUM_WIDTH;
use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;

pub(super) struct Blocks {
    blocks: Vec<(Dense, Dense)>,
    head: Dense,
}

impl Blocks {
    /// So many blocks over rows of a width.
    pub(super) fn new(
        p: &mut Parameters,
        name: &str,
        count: usize,
        width: i64,
    ) -> Result<Self, NetworkError> {
        let part = |part: &str| format!("{name}.{part}");
        let blocks = (0..count)
            .map(|i| {
                Ok((
                    Dense::new(p, &part(&format!("blocks.{i}.inner")), width, width)?,
                    Dense::new(p, &part(&format!("blocks.{i}.outer")), width, width)?,
                ))
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Self { blocks, head: Dense::new(p, &part("head"), width, SPECTRUM_WIDTH)? })
    }

    /// Rows to unit vectors.
    pub(super) fn forward(&self, mut x: Tensor) -> Result<Tensor, NetworkError> {
        for (inner, outer) in &self.blocks {
            x = x.f_add(&outer.forward(&inner.forward(&x)?.f_relu()?)?)?.f_relu()?;
        }
        let x = self.head.forward(&x)?;
        let length = x.f_square()?.f_sum_dim_intlist(1, true, Kind::Float)?.f_sqrt()?;
        Ok(x.f_div(&length.f_add_scalar(1e-8)?)?)
    }
}
