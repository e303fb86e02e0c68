#![allow(clippy::unwrap_used)]

use std::fs;

use num_complex::Complex64;
use proptest::prelude::*;
use rustfft::FftPlanner;

use larmor_nmr::fid::{self, Experiment, Fid, Nucleus};
use larmor_nmr::trace::Trace;

use super::*;

fn spectrum(trace: Option<Trace>) -> ReportedSpectrum {
    ReportedSpectrum {
        nucleus: Nucleus::Proton,
        experiment: Experiment::Plain,
        frequency_mhz: 400.13,
        solvent: Some("CDCl3".to_owned()),
        peaks: Vec::new(),
        multiplets: Vec::new(),
        trace,
        acquired_at: None,
    }
}

/// What Larmor's own reader makes of it.
fn read(text: &str) -> Fid {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jdx");
    fs::write(&path, text).unwrap();
    fid::read(&path).unwrap()
}

/// Heights by ascending shift, and the shift of the first: the real part of the spectrum of a signal
/// made of one with an odd number of points.
fn heights(fid: &Fid, points: usize) -> (f64, Vec<f64>) {
    let mut spectrum = fid.points.clone();
    assert_eq!(spectrum.len(), points.div_ceil(2));
    spectrum.resize(points, Complex64::ZERO);
    FftPlanner::new().plan_fft_forward(points).process(&mut spectrum);
    spectrum.rotate_right(points / 2);
    let carrier_hz = (fid.carrier_mhz - fid.reference_mhz) * 1e6;
    let first_hz = carrier_hz - (points / 2) as f64 * fid.sweep_width_hz / points as f64;
    (first_hz / fid.reference_mhz, spectrum.iter().map(|point| point.re).collect())
}

proptest! {
    #[test]
    fn larmors_own_reader_gives_every_point_back(
        counts in prop::collection::vec(prop_oneof![
            2 => -40_i32..40, 1 => Just(7), 1 => -20_000_000_i32..20_000_000
        ], 1..400),
        first_ppm in -20.0_f64..200.0,
        step_ppm in 1e-5_f64..0.5,
        unit in 1e-7_f64..1e-3,
        sample in "\\PC{0,20}",
    ) {
        // An odd number of points, not all of them zero.
        let mut counts: Vec<f32> = counts.iter().flat_map(|&c| [c as f32, -c as f32 / 2.0]).collect();
        counts.push(1.0);
        let values: Vec<f32> = counts.iter().map(|count| count * unit as f32).collect();
        let trace = Trace::new(first_ppm, step_ppm, 8.0 * unit, &values);
        let text = jcamp(&sample, &spectrum(Some(trace.clone()))).unwrap();
        prop_assert!(text.lines().all(|line| line.len() <= 80 || line.starts_with("##TITLE")));
        let fid = read(&text);
        let (first, back) = heights(&fid, trace.len());
        prop_assert!((first - first_ppm).abs() < 0.5 * step_ppm, "{} {}", first, first_ppm);
        let width_ppm = fid.sweep_width_hz / fid.reference_mhz;
        let lost = (width_ppm - step_ppm * trace.len() as f64).abs();
        prop_assert!(lost < 0.5 * step_ppm, "{} of {}", lost, width_ppm);
        for (place, (back, height)) in back.iter().zip(trace.heights()).enumerate() {
            let off = (back - f64::from(height)).abs();
            prop_assert!(off <= 1.001 * trace.unit(), "{}: {} {}", place, back, height);
        }
    }

    #[test]
    fn no_name_changes_anything_but_the_title(sample in "[#$=\\r\\n A-Z]{0,40}") {
        let trace = Trace::new(1.0, 0.1, 0.8, &[0.0, 1.0, 2.0]);
        let labels = |text: &str| -> Vec<String> {
            text.lines().filter(|l| l.starts_with("##")).skip(1).map(str::to_owned).collect()
        };
        let plain = jcamp("a", &spectrum(Some(trace.clone()))).unwrap();
        let named = jcamp(&sample, &spectrum(Some(trace))).unwrap();
        prop_assert_eq!(labels(&named), labels(&plain));
        prop_assert_eq!(named.lines().count(), plain.lines().count());
        prop_assert!(!named[2..].lines().next().unwrap().contains("##"));
        prop_assert!(!named.contains("$$"));
    }
}

#[test]
fn a_spectrum_that_begins_or_ends_at_0_ppm_stays_there() {
    // Of an axis that starts at nothing readers believe that nobody set it.
    for first_ppm in [0.0, -0.8] {
        let trace =
            Trace::new(first_ppm, 0.1, 0.01, &[0.0, 1.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.2, 0.0]);
        let (first, _) = heights(&read(&jcamp("a", &spectrum(Some(trace))).unwrap()), 9);
        assert!((first - first_ppm).abs() < 0.01, "{first} {first_ppm}");
    }
}

#[test]
fn nucleus_solvent_and_experiment_are_read_back() {
    let trace = Trace::new(10.0, 0.1, 0.01, &[0.0, 1.0, 0.0, -0.5, 0.0]);
    for experiment in [
        Experiment::Plain,
        Experiment::Dept(135),
        Experiment::Dept(90),
        Experiment::Apt,
        Experiment::Deptq,
    ] {
        let nucleus = Nucleus::Carbon;
        let written = ReportedSpectrum {
            nucleus,
            experiment,
            frequency_mhz: 100.61,
            ..spectrum(Some(trace.clone()))
        };
        let fid = read(&jcamp("a", &written).unwrap());
        assert_eq!((fid.nucleus, fid.experiment), (Nucleus::Carbon, experiment));
        assert_eq!(fid.solvent.unwrap().to_string(), "CDCl3");
        assert_eq!(fid.calibrated_mhz, Some(fid.reference_mhz));
    }
}

#[test]
fn a_spectrum_without_points_or_axis_is_refused() {
    assert_eq!(jcamp("a", &spectrum(None)), Err(JcampError::NoPoints));
    let empty = Trace::new(0.0, 0.1, 1.0, &[]);
    assert_eq!(jcamp("a", &spectrum(Some(empty))), Err(JcampError::NoPoints));
    for step in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let trace = Trace::new(0.0, step, 1.0, &[1.0, 2.0]);
        assert!(matches!(jcamp("a", &spectrum(Some(trace))), Err(JcampError::Axis { .. })));
    }
}
