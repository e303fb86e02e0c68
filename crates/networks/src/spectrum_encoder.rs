//! A 13C spectrum as a vector, after CReSS: shifts marked on a line of 0.1 ppm bins, one wide
//! convolution, two residual blocks, a unit vector.

use tch::{Device, Kind, Tensor};

use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;

const BINS: usize = 4_000;
const BINS_PER_PPM: f64 = 10.0;
const FIRST_PPM: f64 = -50.0;
const CHANNELS: i64 = 32;
const KERNEL: i64 = 400;
const STRIDE: i64 = 200;
/// Channels times the places the kernel stops at.
const WIDTH: i64 = CHANNELS * 21;
/// First part of the names of a spectrum encoder's weights, in K-M3AID and in ACML.
pub const SPECTRUM_ENCODER: &str = "spectrum";
/// Width of the vector.
pub(super) const SPECTRUM_WIDTH: i64 = 768;

/// Bin of a shift; `None` outside -50 to 350 ppm.
#[must_use]
pub fn spectrum_bin(ppm: f64) -> Option<u16> {
    let bin = (BINS_PER_PPM * (ppm - FIRST_PPM)).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (bin >= 0.0 && bin < BINS as f64).then_some(bin as u16)
}

pub(super) struct SpectrumEncoder {
    filters: Tensor,
    bias: Tensor,
    blocks: Vec<(Dense, Dense)>,
    head: Dense,
}

impl SpectrumEncoder {
    pub(super) fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        let part = |part: &str| format!("{name}.{part}");
        // Some ten of the 4000 bins are marked: fan-in counts those under the kernel.
        let filters = p.uniform(&part("filters"), &[CHANNELS, 1, KERNEL], 1.0)?;
        let bias = p.constant(&part("filters_bias"), &[CHANNELS], 0.0)?;
        let blocks = (0..2)
            .map(|i| {
                Ok((
                    Dense::new(p, &part(&format!("blocks.{i}.inner")), WIDTH, WIDTH)?,
                    Dense::new(p, &part(&format!("blocks.{i}.outer")), WIDTH, WIDTH)?,
                ))
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        let head = Dense::new(p, &part("head"), WIDTH, SPECTRUM_WIDTH)?;
        Ok(Self { filters, bias, blocks, head })
    }

    /// Spectra as rows of marked bins to unit vectors.
    pub(super) fn forward(&self, marked: &Tensor) -> Result<Tensor, NetworkError> {
        let mut x = marked
            .f_unsqueeze(1)?
            .f_conv1d(&self.filters, Some(&self.bias), STRIDE, KERNEL / 2, 1, 1)?
            .f_relu()?
            .f_flatten(1, 2)?;
        for (inner, outer) in &self.blocks {
            x = x.f_add(&outer.forward(&inner.forward(&x)?.f_relu()?)?)?.f_relu()?;
        }
        let x = self.head.forward(&x)?;
        let length = x.f_square()?.f_sum_dim_intlist(1, true, Kind::Float)?.f_sqrt()?;
        Ok(x.f_div(&length.f_add_scalar(1e-8)?)?)
    }
}

/// Marks each spectrum's bins on a row of its own.
pub(super) fn mark(spectra: &[&[u16]], device: Device) -> Result<Tensor, NetworkError> {
    let mut rows = vec![0.0f32; spectra.len() * BINS];
    for (row, bins) in rows.chunks_exact_mut(BINS).zip(spectra) {
        for &bin in *bins {
            if let Some(mark) = row.get_mut(usize::from(bin)) {
                *mark = 1.0;
            }
        }
    }
    #[allow(clippy::cast_possible_wrap)]
    let shape = [spectra.len() as i64, BINS as i64];
    Ok(Tensor::f_from_slice(&rows)?.f_view(shape)?.f_to_device(device)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_a_tenth_of_a_ppm_from_minus_50_to_350() {
        assert_eq!(spectrum_bin(-50.0), Some(0));
        assert_eq!(spectrum_bin(77.16), Some(1272));
        assert_eq!(spectrum_bin(349.9), Some(3999));
        for outside in [-50.1, 350.0, f64::NAN, f64::INFINITY] {
            assert_eq!(spectrum_bin(outside), None, "{outside}");
        }
    }

    #[test]
    fn vectors_have_length_one_and_tell_spectra_apart() {
        let mut p = Parameters::random(5, Device::Cpu);
        let encoder = SpectrumEncoder::new(&mut p, "spectrum").unwrap();
        let count: usize =
            p.finish(std::path::Path::new("")).unwrap().iter().map(|(_, w)| w.numel()).sum();
        assert_eq!(count, 2_338_720);
        let spectra: [&[u16]; 3] = [&[700, 1272], &[700, 1272], &[700, 1900]];
        let rows = encoder.forward(&mark(&spectra, Device::Cpu).unwrap()).unwrap();
        let dot = |a: i64, b: i64| (rows.get(a) * rows.get(b)).sum(Kind::Float).double_value(&[]);
        assert!((dot(0, 0) - 1.0).abs() < 1e-4 && (dot(0, 1) - 1.0).abs() < 1e-4);
        assert!(dot(0, 2) < 0.999);
    }
}
