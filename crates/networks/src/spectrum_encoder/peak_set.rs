//! A spectrum as the set of its peaks: each a row of soft numbers along the axis ([`SoftAxis`]),
//! summed over the spectrum, then residual blocks to a unit vector.

use tch::{Device, Kind, Tensor};

use super::blocks::Blocks;
use super::signal::{PATTERNS, Signal};
use super::soft_axis::SoftAxis;
use crate::error::NetworkError;
use crate::layers::{Dense, LayerNorm};
use crate::parameters::Parameters;

const WIDTH: i64 = 512;
const BLOCKS: usize = 1;
/// Hydrogens are shares of all that are seen; so many are taken for a spectrum's, to keep numbers of
/// order one.
const HYDROGENS: f64 = 16.0;

pub(crate) struct PeakSetEncoder {
    axis: SoftAxis,
    first: Dense,
    norm: LayerNorm,
    blocks: Blocks,
}

impl PeakSetEncoder {
    pub(super) fn carbon(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        let axis = SoftAxis::carbon(p.device())?;
        let width = axis.width();
        Self::new(p, name, axis, width)
    }

    /// Beside the hydrogens along the axis it is told which pattern stands where.
    pub(super) fn proton(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        let axis = SoftAxis::proton(p.device())?;
        let width = axis.width() + PATTERNS * axis.middle().1;
        Self::new(p, name, axis, width)
    }

    fn new(
        p: &mut Parameters,
        name: &str,
        axis: SoftAxis,
        width: i64,
    ) -> Result<Self, NetworkError> {
        let part = |part: &str| format!("{name}.{part}");
        Ok(Self {
            axis,
            first: Dense::new(p, &part("first"), width, WIDTH)?,
            norm: LayerNorm::new(p, &part("norm"), WIDTH)?,
            blocks: Blocks::new(p, name, BLOCKS, WIDTH)?,
        })
    }

    /// 13C spectra as lists of shifts, ppm, to unit vectors.
    pub(super) fn carbon_spectra(
        &self,
        spectra: &[&[f32]],
        device: Device,
    ) -> Result<Tensor, NetworkError> {
        let ppm = Tensor::f_from_slice(&spectra.concat())?.f_to_device(device)?;
        self.encode(spectra.iter().map(|spectrum| spectrum.len()), &self.axis.forward(&ppm)?)
    }

    /// 1H spectra as lists of signals to unit vectors.
    pub(super) fn proton_spectra(
        &self,
        spectra: &[&[Signal]],
        device: Device,
    ) -> Result<Tensor, NetworkError> {
        let peaks = spectra.concat();
        let column = |values: Vec<f32>| -> Result<Tensor, NetworkError> {
            Ok(Tensor::f_from_slice(&values)?.f_to_device(device)?)
        };
        let ppm = column(peaks.iter().map(|peak| peak.ppm).collect())?;
        let share = column(peaks.iter().map(|peak| peak.share).collect())?;
        let soft = self.axis.forward(&ppm)?;
        let weighed = soft.f_mul(&share.f_mul_scalar(HYDROGENS)?.f_unsqueeze(1)?)?;
        let (first, count) = self.axis.middle();
        let middle = soft.f_narrow(1, first, count)?;
        let mut columns = vec![weighed];
        for pattern in 0..PATTERNS {
            let own = |peak: &Signal| if peak.pattern.row() == pattern { 1.0 } else { 0.0 };
            let own = column(peaks.iter().map(own).collect())?;
            columns.push(middle.f_mul(&own.f_unsqueeze(1)?)?);
        }
        let rows = Tensor::f_cat(&columns, 1)?;
        self.encode(spectra.iter().map(|spectrum| spectrum.len()), &rows)
    }

    /// Sums the rows of each spectrum and encodes the sums.
    fn encode(
        &self,
        sizes: impl Iterator<Item = usize>,
        rows: &Tensor,
    ) -> Result<Tensor, NetworkError> {
        let mut owner = Vec::new();
        let mut count = 0_i64;
        for size in sizes {
            owner.extend(std::iter::repeat_n(count, size));
            count += 1;
        }
        let owner = Tensor::f_from_slice(&owner)?.f_to_device(rows.device())?;
        let width = rows.size().last().copied().unwrap_or(0);
        let zero = Tensor::f_zeros([count, width], (Kind::Float, rows.device()))?;
        let sums = zero.f_index_add(0, &owner, rows)?;
        self.blocks.forward(self.norm.forward(&self.first.forward(&sums)?)?.f_relu()?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::signal::SignalPattern;
    use super::*;

    fn difference(rows: &Tensor, a: i64, b: i64) -> f64 {
        (rows.get(a) - rows.get(b)).abs().max().double_value(&[])
    }

    #[test]
    fn order_and_company_do_not_matter_and_a_small_move_matters_little() {
        let mut p = Parameters::random(3, Device::Cpu);
        let encoder = PeakSetEncoder::carbon(&mut p, "spectrum").unwrap();
        let spectra: [&[f32]; 5] =
            [&[20.0, 128.0], &[128.0, 20.0], &[], &[20.2, 128.0], &[60.0, 128.0]];
        let rows = encoder.carbon_spectra(&spectra, Device::Cpu).unwrap();
        let alone = encoder.carbon_spectra(&spectra[..1], Device::Cpu).unwrap();
        assert!(difference(&rows, 0, 1) < 1e-5);
        assert!((rows.get(0) - alone.get(0)).abs().max().double_value(&[]) < 1e-5);
        let moved = difference(&rows, 0, 3);
        assert!(moved > 1e-4 && moved < 0.5 * difference(&rows, 0, 4), "{moved}");
        let length = rows.get(0).square().sum(Kind::Float).double_value(&[]);
        assert!((length - 1.0).abs() < 1e-4);
    }

    #[test]
    fn hydrogens_and_patterns_count() {
        let mut p = Parameters::random(3, Device::Cpu);
        let encoder = PeakSetEncoder::proton(&mut p, "spectrum").unwrap();
        let peak = |share, pattern| Signal { ppm: 1.2, share, pattern };
        let plain = [peak(0.5, SignalPattern::Triplet)];
        let more = [peak(0.7, SignalPattern::Triplet)];
        let other = [peak(0.5, SignalPattern::Doublet)];
        let rows = encoder.proton_spectra(&[&plain, &more, &other, &plain], Device::Cpu).unwrap();
        assert!(difference(&rows, 0, 1) > 1e-4 && difference(&rows, 0, 2) > 1e-4);
        assert!(difference(&rows, 0, 3) < 1e-6);
    }
}
