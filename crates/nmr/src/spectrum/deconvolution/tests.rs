use std::f64::consts::{PI, TAU};

use num_complex::Complex64;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::spectrum::{apodization, transform};

const SWEEP: f64 = 1000.0;
const POINTS: usize = 4096;
const BROADENING: f64 = 0.3;

fn gauss(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// A spectrum made the way real ones are: a decaying signal with noise, apodized, zero filled.
/// Lines are (Hz above the carrier, full width Hz, area). Point 0 lies 500 Hz below the carrier.
fn spectrum(lines: &[(f64, f64, f64)], noise: f64, seed: u64) -> (Vec<f64>, Noise) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let points: Vec<Complex64> = (0..POINTS)
        .map(|t| {
            let time = t as f64 / SWEEP;
            let signal: Complex64 = lines
                .iter()
                .map(|&(hz, width, area)| {
                    Complex64::from_polar(area * (-PI * width * time).exp(), TAU * hz * time)
                })
                .sum();
            signal + Complex64::new(gauss(&mut random), gauss(&mut random)) * noise
        })
        .collect();
    let mut points =
        apodization::apply(&points, apodization::Apodization::Exponential, SWEEP, 0.0, BROADENING);
    points[0] *= 0.5;
    let complex = transform::spectrum(points, 2 * POINTS);
    let real: Vec<f64> = complex.iter().map(|z| z.re).collect();
    let deviation = crate::spectrum::noise::standard_deviation(&real);
    let step = SWEEP / (2 * POINTS) as f64;
    let noise = Noise::new(deviation, step, POINTS as f64 / SWEEP, BROADENING);
    (real, noise)
}

fn place(hz: f64) -> f64 {
    (hz + SWEEP / 2.0) * (2 * POINTS) as f64 / SWEEP
}

fn start(real: &[f64], hz: f64, half_width: f64) -> Line {
    let centre = place(hz).round();
    Line { centre, half_width, height: real[centre as usize] }
}

/// Area in the unit the signal was made in.
fn area(line: &FittedLine) -> f64 {
    line.area * SWEEP / (2 * POINTS) as f64 / SWEEP * 2.0
}

#[test]
fn two_lines_closer_than_they_are_wide_are_told_apart() {
    // 1.2 widths (with the apodization's) between them: no valley to speak of.
    let width = 1.2;
    let whole = width + BROADENING;
    let lines = [(10.0, width, 1.0), (10.0 + 1.2 * whole, width, 0.7)];
    let (real, noise) = spectrum(&lines, 0.02, 7);
    let half = whole / 2.0 * (2 * POINTS) as f64 / SWEEP;
    let fitted = fit(&real, &[start(&real, 10.0, half), start(&real, lines[1].0, half)], &noise);
    assert_eq!(fitted.len(), 2, "{fitted:?}");
    for (line, &(hz, _, truth)) in fitted.iter().zip(&lines) {
        assert!((line.line.centre - place(hz)).abs() < 4.0 * line.centre_error, "{line:?}");
        assert!((area(line) / truth - 1.0).abs() < 0.05, "{} {truth}", area(line));
    }
    // Given one line only, the other is found where it hides.
    let alone = fit(&real, &[start(&real, 10.0, half)], &noise);
    assert_eq!(alone.len(), 2, "{alone:?}");
    assert_eq!(alone[1].start, None);
    assert!((alone[1].line.centre - place(lines[1].0)).abs() < 5.0 * alone[1].centre_error);
}

#[test]
fn standard_errors_are_what_repetition_shows() {
    let lines = [(-100.0, 0.9, 1.0), (-98.0, 0.9, 0.8), (50.0, 1.5, 1.5)];
    let mut sums = [0.0f64; 3];
    let mut count = 0.0;
    for seed in 0..150 {
        let (real, noise) = spectrum(&lines, 0.05, seed);
        let starts: Vec<Line> = lines.iter().map(|l| start(&real, l.0, 5.0)).collect();
        let fitted = fit(&real, &starts, &noise);
        assert_eq!(fitted.len(), 3, "seed {seed}");
        for (line, &(hz, width, truth)) in fitted.iter().zip(&lines) {
            let half = (width + BROADENING) / 2.0 * (2 * POINTS) as f64 / SWEEP;
            let unit = area(line) / line.area;
            sums[0] += ((line.line.centre - place(hz)) / line.centre_error).powi(2);
            sums[1] += ((line.line.half_width - half) / line.half_width_error).powi(2);
            sums[2] += ((area(line) - truth) / (line.area_error * unit)).powi(2);
            count += 1.0;
        }
    }
    for sum in sums {
        let ratio = (sum / count).sqrt();
        assert!((0.85..1.2).contains(&ratio), "{:?}", sums.map(|sum| (sum / count).sqrt()));
    }
}

#[test]
fn noise_is_not_fitted() {
    let mut added = 0;
    for seed in 0..60 {
        let lines = [(0.0, 1.0, 1.0), (7.0, 1.0, 1.0), (200.0, 1.0, 0.3)];
        let (real, noise) = spectrum(&lines, 0.05, 1000 + seed);
        let starts: Vec<Line> = lines.iter().map(|l| start(&real, l.0, 5.0)).collect();
        added += fit(&real, &starts, &noise).iter().filter(|l| l.start.is_none()).count();
    }
    assert!(added <= 1, "{added} lines that are none");
}

#[test]
fn a_gaussian_share_is_seen() {
    let shape = |i: usize| 500.0 * shape::value((i as f64 - 300.3) / 6.0, 0.5);
    let real: Vec<f64> = (0..600).map(shape).collect();
    let noise = Noise { deviation: 0.1, correlation: vec![1.0] };
    let fitted = fit(&real, &[Line { centre: 300.0, half_width: 5.0, height: 480.0 }], &noise);
    assert_eq!(fitted.len(), 1);
    assert!((fitted[0].share - 0.5).abs() < 0.02, "{fitted:?}");
    assert!((fitted[0].line.half_width - 6.0).abs() < 0.02);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_is_given_ends_without_nonsense(
        places in proptest::collection::vec(0.0..600.0f64, 0..40),
        half_width in 0.1..80.0f64,
        seed: u64,
    ) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let real: Vec<f64> = (0..600).map(|_| gauss(&mut random)).collect();
        let mut places = places;
        places.sort_by(f64::total_cmp);
        let starts: Vec<Line> =
            places.iter().map(|&centre| Line { centre, half_width, height: 1.0 }).collect();
        let noise = Noise { deviation: 1.0, correlation: vec![1.0, 0.5] };
        for fitted in fit(&real, &starts, &noise) {
            prop_assert!(fitted.line.centre.is_finite() && fitted.area.is_finite());
            prop_assert!(fitted.centre_error.is_finite() && fitted.area_error.is_finite());
        }
    }
}
