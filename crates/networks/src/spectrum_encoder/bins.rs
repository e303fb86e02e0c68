//! A 13C spectrum as a vector, after CReSS: shifts marked on a line of 0.1 ppm bins, one wide
//! convolution, two residual blocks, a unit vector.

use tch::{Device, Tensor};

use super::blocks::Blocks;
use crate::error::NetworkError;
use crate::parameters::Parameters;

const BINS: usize = 4_000;
const BINS_PER_PPM: f64 = 10.0;
const FIRST_PPM: f64 = -50.0;
const CHANNELS: i64 = 32;
const KERNEL: i64 = 400;
const STRIDE: i64 = 200;
/// Channels times the places the kernel stops at.
const WIDTH: i64 = CHANNELS * 21;

const BLOCKS: usize = 2;

/// Bin of a shift; `None` outside -50 to 350 ppm.
#[must_use]
pub fn spectrum_bin(ppm: f64) -> Option<u16> {
    let bin = (BINS_PER_PPM * (ppm - FIRST_PPM)).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (bin >= 0.0 && bin < BINS as f64).then_some(bin as u16)
}

pub(crate) struct BinEncoder {
    filters: Tensor,
    bias: Tensor,
    blocks: Blocks,
}

impl BinEncoder {
    pub(super) fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        let part = |part: &str| format!("{name}.{part}");
        // Some ten of the 4000 bins are marked: fan-in counts those under the kernel.
        let filters = p.uniform(&part("filters"), &[CHANNELS, 1, KERNEL], 1.0)?;
        let bias = p.constant(&part("filters_bias"), &[CHANNELS], 0.0)?;
        Ok(Self { filters, bias, blocks: Blocks::new(p, name, BLOCKS, WIDTH)? })
    }

    /// Spectra as lists of shifts, ppm, to unit vectors.
    pub(super) fn forward(
        &self,
        spectra: &[&[f32]],
        device: Device,
    ) -> Result<Tensor, NetworkError> {
        let x = mark(spectra, device)?
            .f_unsqueeze(1)?
            .f_conv1d(&self.filters, Some(&self.bias), STRIDE, KERNEL / 2, 1, 1)?
            .f_relu()?
            .f_flatten(1, 2)?;
        self.blocks.forward(x)
    }
}

/// Marks the bins of each spectrum's shifts on a row of its own.
fn mark(spectra: &[&[f32]], device: Device) -> Result<Tensor, NetworkError> {
    let mut rows = vec![0.0f32; spectra.len() * BINS];
    for (row, shifts) in rows.chunks_exact_mut(BINS).zip(spectra) {
        for bin in shifts.iter().filter_map(|&ppm| spectrum_bin(ppm.into())) {
            row[usize::from(bin)] = 1.0;
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
    use tch::Kind;

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
        let encoder = BinEncoder::new(&mut p, "spectrum").unwrap();
        let count: usize =
            p.finish(std::path::Path::new("")).unwrap().iter().map(|(_, w)| w.numel()).sum();
        assert_eq!(count, 2_338_720);
        let spectra: [&[f32]; 3] = [&[20.0, 77.2], &[20.0, 77.2], &[20.0, 140.0]];
        let rows = encoder.forward(&spectra, Device::Cpu).unwrap();
        let dot = |a: i64, b: i64| (rows.get(a) * rows.get(b)).sum(Kind::Float).double_value(&[]);
        assert!((dot(0, 0) - 1.0).abs() < 1e-4 && (dot(0, 1) - 1.0).abs() < 1e-4);
        assert!(dot(0, 2) < 0.999);
    }
}
