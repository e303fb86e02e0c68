#![allow(clippy::unwrap_used)]

use num_complex::Complex64;

use super::*;

/// Lines in ppm with heights on 32k points from -1 to 11 ppm, in the given phase.
fn drawn(lines: &[(f64, f64)], off: f64, phase_deg: f64) -> (Vec<f64>, Vec<f64>) {
    let phase = Complex64::from_polar(1.0, phase_deg.to_radians());
    let points = (0..1 << 15).map(|i| {
        let ppm = -1.0 + 12.0 * f64::from(i) / f64::from(1 << 15);
        let line =
            |&(at, height): &(f64, f64)| height / Complex64::new(1.0, (ppm - at - off) / 0.002);
        let noise = 1e-3 * ((f64::from(i) * 12.9898).sin() * 43_758.545_3).fract();
        lines.iter().map(line).sum::<Complex64>() * phase + noise
    });
    points.map(|point| (point.re, point.im)).unzip()
}

fn compared(real: &[f64]) -> Compared<'_> {
    Compared { first_ppm: -1.0, step_ppm: 12.0 / f64::from(1 << 15), real, imaginary: None }
}

const LINES: [(f64, f64); 5] = [(0.9, 1.0), (1.35, 0.4), (3.7, 0.6), (6.9, 0.1), (7.26, 3.0)];

#[test]
fn axes_and_phases_apart_are_measured() {
    for (off, phase) in [(0.0, 0.0), (0.1437, 25.0), (-2.5, -70.0)] {
        let (first, _) = drawn(&LINES, 0.0, 0.0);
        let (second, imaginary) = drawn(&LINES, -off, phase);
        for imaginary in [None, Some(imaginary.as_slice())] {
            let second = Compared { imaginary, ..compared(&second) };
            let found = spectra(&compared(&first), &second, 500.0).unwrap();
            assert!((found.difference_ppm - off).abs() < 2e-4, "{off}: {found:?}");
            assert!(found.uncertainty_ppm < 2e-4 && !found.mirrored, "{found:?}");
            assert!((found.phase_deg.unwrap() - phase).abs() < 3.0, "{phase}: {found:?}");
        }
    }
}

#[test]
fn a_mirror_image_is_known_as_one() {
    let (first, _) = drawn(&LINES, 0.0, 0.0);
    let mut second = first.clone();
    second.reverse();
    let found = spectra(&compared(&first), &compared(&second), 500.0).unwrap();
    assert!(found.mirrored && found.correlation > 0.95, "{found:?}");
}

#[test]
fn spectra_without_anything_in_common_are_not_compared() {
    let (first, _) = drawn(&LINES, 0.0, 0.0);
    let nothing = vec![0.0; first.len()];
    assert_eq!(spectra(&compared(&first), &compared(&nothing), 500.0), None);
    assert_eq!(spectra(&compared(&first), &compared(&[]), 500.0), None);
}

#[test]
fn lists_of_peaks_are_laid_on_each_other() {
    let moved: Vec<(f64, f64)> =
        LINES.iter().map(|&(ppm, height)| (ppm + 0.087, 1e6 * height)).collect();
    let found = peaks(&LINES, &moved, 0.02).unwrap();
    assert!((found.difference_ppm + 0.087).abs() < 1e-6, "{found:?}");
    assert!(found.lines == 5 && !found.mirrored);
    let turned: Vec<(f64, f64)> = LINES.iter().map(|&(ppm, height)| (-ppm, height)).collect();
    assert!(peaks(&LINES, &turned, 0.02).unwrap().mirrored);
    assert_eq!(peaks(&LINES, &[], 0.02), None);
}
