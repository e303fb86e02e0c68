//! From the bytes of a Bruker `fid` to complex points.

use num_complex::Complex64;
use rustfft::FftPlanner;

use super::parameters::Parameters;
use crate::fid::problem::ParameterProblem;

/// How numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoding {
    /// `DTYPA` 2: eight-byte floating point rather than four-byte integers.
    pub float: bool,
    /// `BYTORDA` 1.
    pub big_endian: bool,
}

/// How the two channels were sampled (`AQ_mod`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fid) enum Detection {
    /// `qf`: one channel.
    Single,
    /// `qsim` and digital quadrature: both channels at once.
    Simultaneous,
    /// `qseq`: the channels in turn, the receiver turned by 90 degrees each time.
    Sequential,
}

impl Encoding {
    /// Reads `DTYPA` and `BYTORDA`; the error says what is not known.
    pub fn from_parameters(acqus: &Parameters) -> Result<Self, ParameterProblem> {
        let float = match acqus.integer("DTYPA") {
            None | Some(0) => false,
            Some(2) => true,
            Some(other) => {
                return Err(ParameterProblem::NotAllowed {
                    found: other.to_string(),
                    allowed: "only 0 (int32) and 2 (float64) exist".to_owned(),
                });
            }
        };
        Ok(Self { float, big_endian: acqus.integer("BYTORDA") == Some(1) })
    }

    /// Bytes a value takes.
    pub fn bytes(self) -> usize {
        if self.float { 8 } else { 4 }
    }

    /// Decodes every whole value.
    pub fn decode(self, bytes: &[u8]) -> Vec<f64> {
        match (self.float, self.big_endian) {
            (false, false) => values(bytes, |b| f64::from(i32::from_le_bytes(b))),
            (false, true) => values(bytes, |b| f64::from(i32::from_be_bytes(b))),
            (true, false) => values(bytes, f64::from_le_bytes),
            (true, true) => values(bytes, f64::from_be_bytes),
        }
    }
}

fn values<const N: usize>(bytes: &[u8], convert: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.as_chunks::<N>().0.iter().map(|&chunk| convert(chunk)).collect()
}

impl Detection {
    pub fn from_parameters(acqus: &Parameters) -> Self {
        match acqus.integer("AQ_mod") {
            Some(0) => Self::Single,
            Some(2) => Self::Sequential,
            _ => Self::Simultaneous,
        }
    }

    /// Makes complex points of the values; an odd value left over is dropped.
    pub fn points(self, values: &[f64]) -> Vec<Complex64> {
        match self {
            Self::Simultaneous => {
                values.as_chunks::<2>().0.iter().map(|&[re, im]| Complex64::new(re, im)).collect()
            }
            Self::Single | Self::Sequential => analytic(values),
        }
    }
}

/// Real samples at twice the rate, made complex: the upper half of their spectrum holds it all,
/// and becomes the whole spectrum about its own middle.
fn analytic(values: &[f64]) -> Vec<Complex64> {
    let half = values.len() / 2;
    if half == 0 {
        return Vec::new();
    }
    let mut spectrum: Vec<Complex64> =
        values[..2 * half].iter().map(|&re| Complex64::new(re, 0.0)).collect();
    let mut planner = FftPlanner::new();
    planner.plan_fft_forward(2 * half).process(&mut spectrum);
    spectrum.truncate(half);
    spectrum.rotate_left(half / 2);
    planner.plan_fft_inverse(half).process(&mut spectrum);
    let scale = 1.0 / half as f64;
    spectrum.iter_mut().for_each(|point| *point *= scale);
    spectrum
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn each_encoding_gives_back_what_was_stored() {
        let int = [1i32, -2, i32::MAX];
        let little: Vec<u8> = int.iter().flat_map(|v| v.to_le_bytes()).collect();
        let big: Vec<u8> = int.iter().flat_map(|v| v.to_be_bytes()).collect();
        let expected: Vec<f64> = int.iter().map(|&v| f64::from(v)).collect();
        assert_eq!(Encoding { float: false, big_endian: false }.decode(&little), expected);
        assert_eq!(Encoding { float: false, big_endian: true }.decode(&big), expected);
        let floats = [0.5f64, -1e300];
        let little: Vec<u8> = floats.iter().flat_map(|v| v.to_le_bytes()).collect();
        let big: Vec<u8> = floats.iter().flat_map(|v| v.to_be_bytes()).collect();
        assert_eq!(Encoding { float: true, big_endian: false }.decode(&little), floats);
        assert_eq!(Encoding { float: true, big_endian: true }.decode(&big), floats);
    }

    #[test]
    fn sequential_samples_give_one_line_at_its_own_frequency() {
        // 10 cycles per record above the carrier, receiver turned by 90 degrees a sample.
        let values: Vec<f64> = (0..256)
            .map(|k| (TAU * (10.0 * f64::from(k) / 256.0 + f64::from(k) / 4.0)).cos())
            .collect();
        let mut points = Detection::Sequential.points(&values);
        FftPlanner::new().plan_fft_forward(128).process(&mut points);
        let strongest = (0..128).max_by(|&a, &b| points[a].norm().total_cmp(&points[b].norm()));
        assert_eq!(strongest, Some(10));
    }
}
