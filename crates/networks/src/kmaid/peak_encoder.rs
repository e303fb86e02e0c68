//! A 13C peak as a vector: its shift next to its multiplicity.

use tch::Tensor;

use crate::error::NetworkError;
use crate::layers::{Dense, Embedding};
use crate::parameters::Parameters;
use crate::spectrum_encoder::{ShiftInput, SoftAxis};

/// Attached hydrogens told apart: S, D, T, Q.
pub const MULTIPLICITIES: i64 = 4;
/// Centre and width that bring shifts to order one, ppm.
const SHIFT: (f64, f64) = (100.0, 50.0);

pub(super) struct PeakEncoder {
    /// Soft places of shifts; without it a shift is one number.
    axis: Option<SoftAxis>,
    shift: Dense,
    multiplicity: Embedding,
    inner: Dense,
    outer: Dense,
}

impl PeakEncoder {
    pub(super) fn new(
        p: &mut Parameters,
        name: &str,
        width: i64,
        shifts: ShiftInput,
    ) -> Result<Self, NetworkError> {
        let part = |part: &str| format!("{name}.{part}");
        let axis = match shifts {
            ShiftInput::Bins => None,
            ShiftInput::Soft => Some(SoftAxis::carbon(p.device())?),
        };
        let numbers = axis.as_ref().map_or(1, SoftAxis::width);
        Ok(Self {
            axis,
            shift: Dense::new(p, &part("shift"), numbers, width)?,
            multiplicity: Embedding::new(p, &part("multiplicity"), MULTIPLICITIES, width, 1.0)?,
            inner: Dense::new(p, &part("inner"), 2 * width, width)?,
            outer: Dense::new(p, &part("outer"), width, width)?,
        })
    }

    /// Rows for peaks: shifts in ppm (floats) and attached hydrogens (integers 0 to 3).
    pub(super) fn forward(
        &self,
        ppm: &Tensor,
        multiplicity: &Tensor,
    ) -> Result<Tensor, NetworkError> {
        let numbers = match &self.axis {
            Some(axis) => axis.forward(ppm)?,
            None => ppm.f_add_scalar(-SHIFT.0)?.f_div_scalar(SHIFT.1)?.f_unsqueeze(1)?,
        };
        let shift = self.shift.forward(&numbers)?;
        let both = Tensor::f_cat(&[shift, self.multiplicity.forward(multiplicity)?], 1)?;
        self.outer.forward(&self.inner.forward(&both)?.f_relu()?)
    }
}
