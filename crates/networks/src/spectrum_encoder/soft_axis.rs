//! A place on a shift axis as numbers: how far it is into each of a row of bell curves. Unlike bins
//! of one width, curves of several let near shifts look alike and far ones still look ordered.

use tch::{Device, Kind, Tensor};

use crate::error::NetworkError;

/// Bell curves along an axis: for each width a row of them, that width apart.
pub(crate) struct SoftAxis {
    centres: Tensor,
    /// One over each curve's width, per ppm.
    steepness: Tensor,
    /// Curves of each width, in the order of the widths.
    counts: Vec<i64>,
}

/// 13C: the widths find a shift within its usual error, a kind of carbon, a half of the axis.
const CARBON: (std::ops::RangeInclusive<f64>, [f64; 3]) = (-20.0..=250.0, [0.7, 2.5, 9.0]);
/// 1H, likewise.
const PROTON: (std::ops::RangeInclusive<f64>, [f64; 3]) = (-1.0..=14.0, [0.05, 0.2, 0.8]);

impl SoftAxis {
    pub(crate) fn carbon(device: Device) -> Result<Self, NetworkError> {
        Self::new(&CARBON.0, &CARBON.1, device)
    }

    pub(crate) fn proton(device: Device) -> Result<Self, NetworkError> {
        Self::new(&PROTON.0, &PROTON.1, device)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    fn new(
        range: &std::ops::RangeInclusive<f64>,
        widths: &[f64],
        device: Device,
    ) -> Result<Self, NetworkError> {
        let (mut centres, mut steepness, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for &width in widths {
            let count = ((range.end() - range.start()) / width).ceil() as i64 + 1;
            centres.extend((0..count).map(|i| (range.start() + width * i as f64) as f32));
            steepness.extend((0..count).map(|_| (1.0 / width) as f32));
            counts.push(count);
        }
        let tensor = |values: &[f32]| Tensor::f_from_slice(values)?.f_to_device(device);
        Ok(Self { centres: tensor(&centres)?, steepness: tensor(&steepness)?, counts })
    }

    /// Numbers a place comes to.
    pub(crate) fn width(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// Where the curves of the middle width stand among the numbers: first, how many.
    pub(crate) fn middle(&self) -> (i64, i64) {
        (self.counts[0], self.counts[1])
    }

    /// A row for each shift, ppm. What lies beyond the axis stands at its end.
    pub(crate) fn forward(&self, ppm: &Tensor) -> Result<Tensor, NetworkError> {
        let ends = (self.centres.f_min()?, self.centres.f_max()?);
        let ppm = ppm.f_to_kind(Kind::Float)?.f_clamp_tensor(Some(&ends.0), Some(&ends.1))?;
        let off = ppm.f_unsqueeze(1)?.f_sub(&self.centres)?.f_mul(&self.steepness)?;
        Ok(off.f_square()?.f_mul_scalar(-0.5)?.f_exp()?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cosine(a: f64, b: f64) -> f64 {
        let axis = SoftAxis::carbon(Device::Cpu).unwrap();
        let rows = axis.forward(&Tensor::from_slice(&[a, b])).unwrap();
        let dot = |i, j| (rows.get(i) * rows.get(j)).sum(Kind::Double).double_value(&[]);
        dot(0, 1) / (dot(0, 0) * dot(1, 1)).sqrt()
    }

    #[test]
    fn near_shifts_look_alike_wherever_they_are_and_far_ones_less() {
        let near: Vec<f64> =
            (0..40).map(|i| cosine(f64::from(i) * 5.03, f64::from(i) * 5.03 + 0.2)).collect();
        assert!(near.iter().all(|cosine| (0.97..0.999).contains(cosine)), "{near:?}");
        let by_distance = [0.0, 0.5, 1.5, 4.0, 12.0, 40.0].map(|off| cosine(100.0, 100.0 + off));
        assert!(by_distance.windows(2).all(|pair| pair[0] > pair[1]), "{by_distance:?}");
    }

    #[test]
    fn beyond_the_axis_is_at_its_end_and_every_number_is_finite() {
        let axis = SoftAxis::proton(Device::Cpu).unwrap();
        let rows = axis.forward(&Tensor::from_slice(&[-400.0f32, -1.0, 900.0])).unwrap();
        assert_eq!(rows.size(), [3, axis.width()]);
        assert!((rows.get(0) - rows.get(1)).abs().max().double_value(&[]) < 1e-6);
        assert!(rows.get(2).max().double_value(&[]) > 0.9);
    }
}
