//! A FID held against the spectrum that its author made of it.

use num_complex::Complex64;
use rustfft::FftPlanner;

use super::sense;
use crate::fid::signal::Fid;

/// Bins of the wider of the two bands.
const BINS: usize = 1 << 13;
/// A mirrored signal has to be this much more alike to be taken for one.
const CLEARLY: f64 = 1.2;
/// From here on two spectra are of one sample (correlation of heights, 0 to 1).
const ALIKE: f64 = 0.6;

/// Turns a FID so that it agrees with the spectrum in sense, and takes over the zero of its axis
/// where the FID's own header has no calibration. `is_guess` tells that it has no reference at all.
pub(super) fn agree(fid: &mut Fid, spectrum: &Fid, is_guess: bool) {
    let step_hz = fid.sweep_width_hz.max(spectrum.sweep_width_hz) / BINS as f64;
    if !(step_hz.is_finite() && step_hz > 0.0) {
        return;
    }
    let (mut own, published) = (heights(fid, step_hz), heights(spectrum, step_hz));
    let as_read = likeness(&own, &published);
    own.reverse();
    let mirrored = likeness(&own, &published);
    let turned = mirrored.height > CLEARLY * as_read.height && mirrored.height > ALIKE;
    if turned {
        sense::conjugate(&mut fid.points);
    }
    let best = if turned { mirrored } else { as_read };
    if best.height < ALIKE || fid.calibrated_mhz.is_some() {
        return;
    }
    if let Some(zero_mhz) = spectrum.calibrated_mhz {
        // The middles of the two bands, as far apart as the lines say.
        let middle_hz = (spectrum.carrier_mhz - zero_mhz) * 1e6 - best.lag * step_hz;
        let own_zero_mhz = fid.carrier_mhz - middle_hz / 1e6;
        fid.calibrated_mhz = Some(own_zero_mhz);
        if is_guess {
            fid.reference_mhz = own_zero_mhz;
        }
    }
}

/// Heights over a band in equal steps, the middle of the band in the middle.
fn heights(fid: &Fid, step_hz: f64) -> Vec<f64> {
    let length = fid.points.len().next_power_of_two() * 2;
    let mut spectrum = fid.points.clone();
    spectrum.resize(length, Complex64::ZERO);
    FftPlanner::new().plan_fft_forward(length).process(&mut spectrum);
    spectrum.rotate_right(length / 2);
    let bins = ((fid.sweep_width_hz / step_hz).round() as usize).clamp(1, BINS);
    let mut heights = vec![0.0f64; bins];
    for (at, point) in spectrum.iter().enumerate() {
        let bin = (at * bins / length).min(bins - 1);
        heights[bin] = heights[bin].max(point.norm());
    }
    let mean = heights.iter().sum::<f64>() / bins as f64;
    heights.iter_mut().for_each(|height| *height -= mean);
    heights
}

/// How alike two lists of heights are, moved along each other.
struct Likeness {
    /// Correlation at its best, up to 1.
    height: f64,
    /// Steps by which the middle of the second then lies above that of the first.
    lag: f64,
}

fn likeness(one: &[f64], other: &[f64]) -> Likeness {
    let length = 4 * BINS;
    let transform = |values: &[f64]| {
        let mut values: Vec<Complex64> = values.iter().map(|&value| value.into()).collect();
        values.resize(length, Complex64::ZERO);
        FftPlanner::new().plan_fft_forward(length).process(&mut values);
        values
    };
    let (first, second) = (transform(one), transform(other));
    let mut across: Vec<Complex64> =
        first.iter().zip(&second).map(|(one, other)| one * other.conj()).collect();
    FftPlanner::new().plan_fft_inverse(length).process(&mut across);
    let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let all = norm(one) * norm(other) * length as f64;
    let best = across.iter().enumerate().max_by(|a, b| a.1.re.total_cmp(&b.1.re));
    let Some((at, best)) = best.filter(|_| all > 0.0) else {
        return Likeness { height: 0.0, lag: 0.0 };
    };
    // Element `i + moved` of the first is element `i` of the second.
    let moved = if at < length / 2 { at as f64 } else { at as f64 - length as f64 };
    let lag = moved + 0.5 * (other.len() as f64 - one.len() as f64);
    Likeness { height: best.re / all, lag }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::fid::Nucleus;

    /// A FID of 100 MHz with lines so many ppm from its zero and its carrier at `middle` ppm.
    fn fid(lines: &[f64], middle: f64, width_hz: f64) -> Fid {
        let point = |time: usize| {
            let seconds = time as f64 / width_hz;
            let line = |&ppm: &f64| {
                Complex64::cis(TAU * 100.0 * (ppm - middle) * seconds) * (-seconds / 0.3).exp()
            };
            lines.iter().map(line).sum()
        };
        let points = (0..4096).map(point).collect();
        let nucleus = Nucleus::Proton;
        Fid { nucleus, ..Fid::bare(points, width_hz, 100.0 * (1.0 + middle / 1e6)) }
    }

    #[test]
    fn a_fid_takes_sense_and_zero_of_the_spectrum_beside_it() {
        let lines = [0.5, 1.2, 2.1, 7.3];
        let published = Fid { calibrated_mhz: Some(100.0), ..fid(&lines, 4.0, 1500.0) };
        let upright = fid(&lines, 5.0, 1200.0);
        for turned in [false, true] {
            let mut read = upright.clone();
            if turned {
                sense::conjugate(&mut read.points);
            }
            agree(&mut read, &published, true);
            assert_eq!(read.points, upright.points);
            let middle_ppm = (read.carrier_mhz / read.reference_mhz - 1.0) * 1e6;
            assert!((middle_ppm - 5.0).abs() < 0.005, "{middle_ppm}");
            assert_eq!(read.calibrated_mhz, Some(read.reference_mhz));
        }
    }

    #[test]
    fn a_spectrum_of_something_else_says_nothing() {
        let mut read = fid(&[0.5, 1.2, 2.1, 7.3], 5.0, 1200.0);
        let before = read.clone();
        let other = Fid { calibrated_mhz: Some(100.0), ..fid(&[3.3, 8.0], 4.0, 1500.0) };
        agree(&mut read, &other, true);
        assert_eq!(read, before);
    }
}
