//! From the two pages of a signal to complex points, by how the channels were sampled.

use std::f64::consts::PI;

use num_complex::Complex64;
use rustfft::FftPlanner;

use super::document::Block;
use crate::fid::bruker::samples::Detection;

/// Longest signal that is tried in several ways; what mirrors shows in less.
const MOST_TRIED: usize = 1 << 15;
/// Bins about the carrier that say nothing of mirroring: an offset of the receiver stands there.
const ABOUT_CARRIER: usize = 3;

pub(super) fn detection(block: &Block<'_>) -> Detection {
    match block.get(".ACQUISITIONMODE").map(str::to_ascii_uppercase) {
        Some(mode) if mode.starts_with("SEQ") => Detection::Sequential,
        Some(mode) if mode.starts_with("SIM") => Detection::Simultaneous,
        _ => Detection::from_parameters(&block.private),
    }
}

/// Complex points of the real and imaginary page.
///
/// `SEQUENTIAL` is written for three things: channels sampled in turn with the receiver turned
/// each time, channels sampled in turn half a dwell time apart, and pages that a program has
/// already made simultaneous. What is taken for the wrong one shows every line twice about the
/// carrier; the one that mirrors least is right.
pub(super) fn points(detection: Detection, pages: Vec<Complex64>) -> Vec<Complex64> {
    let in_turn = |points: &[Complex64]| {
        let values: Vec<f64> = points.iter().flat_map(|point| [point.re, point.im]).collect();
        detection.points(&values)
    };
    match detection {
        Detection::Simultaneous => pages,
        Detection::Single => in_turn(&pages),
        Detection::Sequential => {
            let tried = &pages[..pages.len().min(MOST_TRIED)];
            let turned = mirroring(&in_turn(tried));
            let apart = mirroring(&half_a_dwell_earlier(tried));
            let at_once = mirroring(tried);
            if turned <= apart && turned <= at_once {
                in_turn(&pages)
            } else if apart <= at_once {
                half_a_dwell_earlier(&pages)
            } else {
                pages
            }
        }
    }
}

/// Moves the imaginary channel by half a dwell time, to where the real one was sampled.
fn half_a_dwell_earlier(points: &[Complex64]) -> Vec<Complex64> {
    let length = points.len();
    if length == 0 {
        return Vec::new();
    }
    // Zeros keep the signal's end from reaching its beginning.
    let mut imaginary: Vec<Complex64> =
        points.iter().map(|point| Complex64::new(point.im, 0.0)).collect();
    imaginary.resize(2 * length, Complex64::ZERO);
    let mut planner = FftPlanner::new();
    planner.plan_fft_forward(2 * length).process(&mut imaginary);
    for (bin, value) in imaginary.iter_mut().enumerate() {
        let cycles = if bin < length { bin as f64 } else { bin as f64 - 2.0 * length as f64 };
        let turn = -PI * cycles / (2 * length) as f64;
        *value *= if bin == length { 0.0.into() } else { Complex64::cis(turn) };
    }
    planner.plan_fft_inverse(2 * length).process(&mut imaginary);
    let scale = 1.0 / (2 * length) as f64;
    let moved = points.iter().zip(&imaginary);
    moved.map(|(point, im)| Complex64::new(point.re, im.re * scale)).collect()
}

/// How alike the two halves of a spectrum are, 0 to 1.
fn mirroring(points: &[Complex64]) -> f64 {
    let mut spectrum = points.to_vec();
    FftPlanner::new().plan_fft_forward(spectrum.len()).process(&mut spectrum);
    let power: Vec<f64> = spectrum.iter().map(Complex64::norm_sqr).collect();
    let length = power.len();
    let bins = ABOUT_CARRIER..length.saturating_sub(ABOUT_CARRIER);
    let (mut across, mut all) = (0.0, 0.0);
    for bin in bins {
        across += power[bin] * power[length - bin];
        all += power[bin] * power[bin];
    }
    if all > 0.0 { across / all } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const LINES: [(f64, f64); 3] = [(-0.35, 1.0), (0.16, 0.5), (0.19, 0.4)];

    /// The signal at a time counted in dwell times.
    fn signal(time: f64) -> Complex64 {
        let line = |&(at, height): &(f64, f64)| {
            height * Complex64::cis(TAU * at * time) * (-time / 200.0).exp()
        };
        LINES.iter().map(line).sum()
    }

    fn strong_bins(points: &[Complex64]) -> Vec<usize> {
        let mut spectrum = points.to_vec();
        FftPlanner::new().plan_fft_forward(spectrum.len()).process(&mut spectrum);
        let tallest = spectrum.iter().map(|point| point.norm()).fold(0.0, f64::max);
        let length = spectrum.len();
        let height = |bin: usize| spectrum[bin % length].norm();
        (0..length)
            .filter(|&bin| height(bin) > 0.15 * tallest)
            .filter(|&bin| height(bin) > height(bin + 1) && height(bin) > height(bin + length - 1))
            .collect()
    }

    #[test]
    fn sequential_points_show_every_line_once_whatever_was_meant() {
        let at_once: Vec<Complex64> = (0..2000).map(|time| signal(f64::from(time))).collect();
        let expected = strong_bins(&at_once);
        assert_eq!(expected, [320, 380, 1300]);
        let apart: Vec<Complex64> = (0..2000)
            .map(f64::from)
            .map(|time| Complex64::new(signal(time).re, signal(time + 0.5).im))
            .collect();
        assert_ne!(strong_bins(&apart), expected);
        // The receiver turned by a quarter each half dwell time.
        let turned = |step: i32| {
            let time = f64::from(step) / 2.0;
            (signal(time) * Complex64::cis(TAU * 0.5 * time)).re
        };
        let turned: Vec<Complex64> =
            (0..2000).map(|time| Complex64::new(turned(2 * time), turned(2 * time + 1))).collect();
        for pages in [at_once, apart, turned] {
            assert_eq!(strong_bins(&points(Detection::Sequential, pages)), expected);
        }
    }

    #[test]
    fn nothing_is_survived() {
        assert!(points(Detection::Sequential, Vec::new()).is_empty());
        assert_eq!(points(Detection::Sequential, vec![Complex64::ONE]).len(), 1);
    }
}
