//! Vectors as the database holds them: 16-bit floats, the lower byte of each first.

use half::f16;
use half::slice::HalfFloatSliceExt;

/// The bytes of a vector.
pub(super) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect()
}

/// Reads vectors of one length, row by row, without a new allocation for each.
pub(super) struct Reader {
    halves: Vec<f16>,
    numbers: Vec<f32>,
}

impl Reader {
    /// For vectors of so many numbers.
    pub(super) fn new(width: usize) -> Self {
        Self { halves: vec![f16::ZERO; width], numbers: vec![0.0; width] }
    }

    /// The numbers in the bytes; `None` of a vector of another length.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Option<&[f32]> {
        if bytes.len() != 2 * self.halves.len() {
            return None;
        }
        for (half, pair) in self.halves.iter_mut().zip(bytes.chunks_exact(2)) {
            *half = f16::from_le_bytes([pair[0], pair[1]]);
        }
        self.halves.convert_to_f32_slice(&mut self.numbers);
        Some(&self.numbers)
    }
}

/// Dot product in several sums at once, which a processor takes side by side.
pub(super) fn dot(one: &[f32], other: &[f32]) -> f64 {
    const LANES: usize = 16;
    let mut sums = [0.0_f32; LANES];
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().map(|sum| f64::from(*sum)).sum::<f64>() + f64::from(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_within_the_precision_of_16_bits() {
        let vector: Vec<f32> = (0..37_u8).map(|i| (f32::from(i) - 18.0) / 97.0).collect();
        let bytes = to_bytes(&vector);
        assert_eq!(bytes.len(), 74);
        let mut reader = Reader::new(37);
        assert!(reader.read(&bytes[2..]).is_none());
        let numbers = reader.read(&bytes).map(<[f32]>::to_vec).unwrap_or_default();
        assert!(
            numbers
                .iter()
                .zip(&vector)
                .all(|(a, b)| (a - b).abs() <= 2f32.powi(-11) * b.abs() + 1e-7)
        );
        let exact: f64 = vector.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
        assert!((dot(&vector, &vector) - exact).abs() < 1e-5);
    }
}
