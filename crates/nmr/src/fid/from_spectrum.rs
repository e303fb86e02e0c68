//! From a finished spectrum back to the signal it would have come from.

use num_complex::Complex64;
use rustfft::FftPlanner;

/// The signal whose spectrum has `real` as its real part, frequencies ascending; point
/// `real.len() / 2` of it is the carrier.
///
/// The signal is causal: what the inverse transform puts before time zero is folded onto the
/// times after it. Its spectrum has then the same real part and, whatever the imaginary part was,
/// one that fits to it (the Kramers-Kronig relation). The real part alone is taken because it is
/// what its author phased. Zero filled again to twice its length or more, the signal gives back
/// `real`, but for the one component that alternates from point to point.
pub(super) fn signal(real: &[f64]) -> Vec<Complex64> {
    let length = real.len();
    if length == 0 {
        return Vec::new();
    }
    let mut points: Vec<Complex64> = real.iter().map(|&re| Complex64::new(re, 0.0)).collect();
    points.rotate_left(length / 2);
    FftPlanner::new().plan_fft_inverse(length).process(&mut points);
    points.truncate(length.div_ceil(2));
    let scale = 1.0 / length as f64;
    for (time, point) in points.iter_mut().enumerate() {
        *point *= if time == 0 { scale } else { 2.0 * scale };
    }
    points
}

/// The real part of the spectrum that a [`signal`] came from, frequencies ascending, on a power of
/// two of points.
pub(super) fn real(signal: &[Complex64]) -> Vec<f64> {
    let length = (2 * signal.len()).next_power_of_two();
    let mut points = signal.to_vec();
    points.resize(length, Complex64::ZERO);
    FftPlanner::new().plan_fft_forward(length).process(&mut points);
    points.rotate_right(length / 2);
    points.iter().map(|point| point.re).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transform_forward_gives_the_spectrum_back() {
        for length in [1024usize, 1000, 1001] {
            let line = |at: f64, i: usize| 1.0 / (1.0 + ((i as f64 - at) / 8.0).powi(2));
            let real: Vec<f64> =
                (0..length).map(|i| line(300.0, i) - 0.5 * line(720.5, i)).collect();
            let mut points = signal(&real);
            assert!(points.len() <= length.div_ceil(2));
            points.resize(length, Complex64::ZERO);
            FftPlanner::new().plan_fft_forward(length).process(&mut points);
            points.rotate_right(length / 2);
            for (point, expected) in points.iter().zip(&real) {
                assert!((point.re - expected).abs() < 1e-5, "{length}: {point} {expected}");
            }
            // On resonance the absorption line has no dispersion.
            assert!(points[300].im.abs() < 0.05, "{}", points[300]);
        }
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(signal(&[]).is_empty());
        assert_eq!(signal(&[3.0]).len(), 1);
    }
}
