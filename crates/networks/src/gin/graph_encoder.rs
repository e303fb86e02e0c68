//! A graph network with what makes one vector of a molecule's atoms.

use tch::Tensor;

use super::batch::GinBatch;
use super::encoder::{AtomDescription, Gin, GinSize};
use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;

/// Width of what each atom adds to the sum, in widths of its row, where that is not the row itself.
const READOUT: i64 = 4;
/// Width of the molecule's vector in that case.
const POOLED: i64 = 384;

pub(crate) struct GraphEncoder {
    gin: Gin,
    pool: (Dense, Dense),
    /// True where atoms go through the first layer one by one before they are summed, so that a
    /// molecule is the sum of what its atoms show, as a spectrum is of its peaks.
    atom_by_atom: bool,
    width: i64,
}

impl GraphEncoder {
    /// Weights stand under `gin` and `pool`, behind `prefix`.
    pub(crate) fn new(
        p: &mut Parameters,
        prefix: &str,
        size: GinSize,
    ) -> Result<Self, NetworkError> {
        let atom_by_atom = size.description == AtomDescription::Full;
        let (inner, width) =
            if atom_by_atom { (READOUT * size.width, POOLED) } else { (size.width, size.width) };
        Ok(Self {
            gin: Gin::new(p, &format!("{prefix}gin"), size)?,
            pool: (
                Dense::new(p, &format!("{prefix}pool.0"), size.width, inner)?,
                Dense::new(p, &format!("{prefix}pool.1"), inner, width)?,
            ),
            atom_by_atom,
            width,
        })
    }

    /// Width of a molecule's vector.
    pub(crate) fn width(&self) -> i64 {
        self.width
    }

    /// A row for each atom and one for each molecule.
    pub(crate) fn forward(
        &self,
        batch: &GinBatch,
        training: bool,
    ) -> Result<(Tensor, Tensor), NetworkError> {
        let rows = self.gin.forward(batch, training)?;
        let pooled = if self.atom_by_atom {
            batch.sum(&self.pool.0.forward(&rows)?.f_relu()?)?
        } else {
            self.pool.0.forward(&batch.sum(&rows)?)?.f_relu()?
        };
        let graphs = self.pool.1.forward(&pooled)?;
        Ok((rows, graphs))
    }
}
