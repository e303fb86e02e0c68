//! Back from a spectrum to the signal it would have come from.
//!
//! A signal that starts at time zero has a spectrum whose imaginary part follows from its real
//! part (Kramers and Kronig; Bartholdi and Ernst, J. Magn. Reson. 11, 1973). The real part, with
//! whatever phase is left in it, is therefore enough.

use num_complex::Complex64;
use rustfft::FftPlanner;

/// The signal behind the real part of a spectrum in ascending order of frequency, point `n / 2`
/// being the carrier: half as many points at the same sweep width, the rest being the part
/// before time zero.
pub(super) fn signal(spectrum: &[f64]) -> Vec<Complex64> {
    let length = spectrum.len();
    if length == 0 {
        return Vec::new();
    }
    let mut points: Vec<Complex64> =
        spectrum.iter().map(|&real| Complex64::new(real, 0.0)).collect();
    points.rotate_left(length / 2);
    FftPlanner::new().plan_fft_inverse(length).process(&mut points);
    points.truncate(length.div_ceil(2));
    let scale = 2.0 / length as f64;
    points.iter_mut().for_each(|point| *point *= scale);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with a phase, far from both ends.
    fn line(place: f64, phase: f64, index: usize) -> Complex64 {
        Complex64::from_polar(100.0, phase) / Complex64::new(1.0, (index as f64 - place) / 4.0)
    }

    #[test]
    fn the_signal_gives_its_spectrum_back_imaginary_part_and_all() {
        for (length, phase) in [(4096, 0.0), (4096, 0.7), (4095, -0.4)] {
            let spectrum: Vec<Complex64> =
                (0..length).map(|i| line(900.0, phase, i) + line(2500.25, phase, i)).collect();
            let real: Vec<f64> = spectrum.iter().map(|point| point.re).collect();
            let mut points = signal(&real);
            assert_eq!(points.len(), length.div_ceil(2));
            points[0] *= 0.5;
            points.resize(length, Complex64::new(0.0, 0.0));
            FftPlanner::new().plan_fft_forward(length).process(&mut points);
            points.rotate_right(length / 2);
            for place in [880, 900, 910, 2500, 2520] {
                let rest = (points[place] - spectrum[place]).norm();
                assert!(rest < 0.5, "{length} {phase} {place}: {rest}");
            }
        }
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(signal(&[]).is_empty());
        assert_eq!(signal(&[3.0]).len(), 1);
    }
}
