//! Traces as bytes: differences from point to point, small ones in one byte, deflated.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::Trace;

/// Bytes of the longest difference.
const LONGEST: usize = 5;

/// Why bytes are no trace.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// They cannot be inflated.
    #[error("the trace cannot be unpacked")]
    Packing(#[source] std::io::Error),
    /// They hold another number of points.
    #[error("the trace does not have the {points} points that it should")]
    Points {
        /// As many as were expected.
        points: usize,
    },
}

impl Trace {
    /// The points as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut differences = Vec::with_capacity(2 * self.counts.len());
        let mut before = 0_i32;
        for &count in &self.counts {
            put(count.wrapping_sub(before), &mut differences);
            before = count;
        }
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        // Nothing can go wrong on the way to memory.
        let _ = packed.write_all(&differences);
        packed.finish().unwrap_or_default()
    }

    /// Reads what [`encode`](Self::encode) wrote, with what stands beside it.
    ///
    /// # Errors
    /// [`TraceError`] when the bytes are damaged. No more memory is taken than the points need.
    pub fn decode(
        first_ppm: f64,
        step_ppm: f64,
        unit: f64,
        points: usize,
        bytes: &[u8],
    ) -> Result<Self, TraceError> {
        let most = points.saturating_mul(LONGEST) as u64;
        let mut differences = Vec::new();
        DeflateDecoder::new(bytes)
            .take(most + 1)
            .read_to_end(&mut differences)
            .map_err(TraceError::Packing)?;
        let wrong = || TraceError::Points { points };
        let mut rest = differences.iter();
        let (mut counts, mut before) = (Vec::new(), 0_i32);
        while counts.len() < points {
            before = before.wrapping_add(take(&mut rest).ok_or_else(wrong)?);
            counts.push(before);
        }
        if rest.len() > 0 {
            return Err(wrong());
        }
        Ok(Self { first_ppm, step_ppm, unit, counts })
    }
}

/// Seven bits a byte, the lowest first; small negative numbers are small, too.
#[allow(clippy::cast_sign_loss)]
fn put(difference: i32, out: &mut Vec<u8>) {
    let mut rest = ((difference << 1) ^ (difference >> 31)) as u32;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

#[allow(clippy::cast_possible_wrap)]
fn take<'a>(bytes: &mut impl Iterator<Item = &'a u8>) -> Option<i32> {
    let mut number = 0_u32;
    for place in 0..LONGEST {
        let byte = *bytes.next()?;
        number |= u32::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            return Some((number >> 1) as i32 ^ -((number & 1) as i32));
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked(counts in prop::collection::vec(any::<i32>(), 0..200)) {
            let trace = Trace { first_ppm: -1.5, step_ppm: 0.01, unit: 0.1, counts };
            let back = Trace::decode(-1.5, 0.01, 0.1, trace.len(), &trace.encode()).unwrap();
            prop_assert_eq!(back, trace);
        }

        #[test]
        fn rubbish_is_refused_or_read_and_never_more(
            bytes in prop::collection::vec(any::<u8>(), 0..100), points in 0_usize..100
        ) {
            if let Ok(trace) = Trace::decode(0.0, 0.01, 1.0, points, &bytes) {
                prop_assert_eq!(trace.len(), points);
            }
        }
    }

    #[test]
    fn another_number_of_points_is_told() {
        let trace = Trace::new(0.0, 0.01, 0.1, &[1.0, 2.0, 3.0]);
        for points in [0, 2, 4] {
            let read = Trace::decode(0.0, 0.01, trace.unit(), points, &trace.encode());
            assert!(matches!(read, Err(TraceError::Points { .. })), "{points}: {read:?}");
        }
    }

    #[test]
    fn noise_and_a_few_lines_take_less_than_a_byte_a_point() {
        let mut random = ChaCha8Rng::seed_from_u64(4);
        // A sum of twelve is near enough to a Gaussian.
        let mut noise = || (0..12).map(|_| random.random_range(-0.5..0.5)).sum::<f32>() * 1e-3;
        let heights: Vec<f32> = (0..65_536)
            .map(|k| noise() + 1.0 / (1.0 + ((k as f32 - 30_000.0) / 4.0).powi(2)))
            .collect();
        let bytes = Trace::new(0.0, 0.001, 1e-3, &heights).encode().len();
        assert!(bytes < 58_000, "{bytes}");
    }
}
