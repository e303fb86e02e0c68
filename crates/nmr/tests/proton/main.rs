//! What 1H processing promises, against what vendors and authors made of the same signals.
#![allow(clippy::unwrap_used, clippy::panic)]

mod couplings;

use std::path::Path;

use larmor_fixtures::test_data;
use larmor_nmr::fid;
use larmor_nmr::spectrum::{
    self, Multiplet, PeakClass, ProcessedSpectrum, ProcessingParameters, ProcessingStep, transform,
};
use num_complex::Complex64;

const ARBORININE: &str = "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/10";
const MENTHOL: &str = "nmredata/menthol_1D_1H_assigned_J/AN-menthol/10";
const CARYOPHYLLENE: &str =
    "nmredata/caryophyllene_oxide_full_assignments_hasError/MP-caryophyllene_oxide/10";
const ANILINE: &str = "nmredata/3,5-Bis(trifluoromethyl)aniline-sym/MP-TFM-aniline/10";
const STRYCHNINE: &str = "bruker/strychnine-1h/strychnine/10";
const CYCLOSPORIN: &str = "bruker/cyclosporin_1h/cyclosporin_1h/1";
const ASPIRIN: &str = "bruker/aspirin-1h/1";
const COFFEE: [&str; 5] = [
    "bruker/coffee/UV1009_M1-1003-1002_6268712_73uEjPg4XR/20",
    "bruker/coffee/UV1009_M1-1003-1002_6268712_73uEjPg4XR/21",
    "bruker/coffee/UV1009_M1-1003-1002_6268712_73uEjPg4XR/22",
    "bruker/coffee/UV1010_M1-1003-1002_6268756_ErISKLIoeB/11",
    "bruker/coffee/UV1010_M1-1003-1002_6268756_ErISKLIoeB/12",
];

fn processed(path: &str, fit_lines: bool) -> ProcessedSpectrum {
    let fid = fid::read(&test_data(path)).unwrap();
    let parameters = ProcessingParameters { fit_lines, ..ProcessingParameters::default() };
    spectrum::process(&fid, &parameters).unwrap()
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

fn parameter(text: &str, name: &str) -> f64 {
    let prefix = format!("##${name}=");
    text.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap().trim().parse().unwrap()
}

/// The vendor's complex spectrum, ascending in frequency, with its mirror sense put right.
fn vendors(path: &str) -> (Vec<Complex64>, f64) {
    let folder = test_data(path).join("pdata/1");
    let procs = text(&folder.join("procs"));
    let length = parameter(&procs, "SI") as usize;
    let little = parameter(&procs, "BYTORDP") == 0.0;
    let part = |name: &str| -> Vec<f64> {
        std::fs::read(folder.join(name))
            .unwrap()
            .chunks_exact(4)
            .map(|bytes| {
                let bytes = bytes.try_into().unwrap();
                f64::from(if little {
                    i32::from_le_bytes(bytes)
                } else {
                    i32::from_be_bytes(bytes)
                })
            })
            .collect()
    };
    let (real, imaginary) = (part("1r"), part("1i"));
    let complex = (0..length)
        .map(|i| (length - i) % length)
        .map(|j| Complex64::new(real[j], -imaginary[j]))
        .collect();
    let broadening = if parameter(&procs, "WDW") == 1.0 { parameter(&procs, "LB") } else { 0.0 };
    (complex, broadening)
}

/// Mean over strong lines of the angle between our spectrum and the vendor's, degrees.
fn phase_error(path: &str) -> f64 {
    let fid = fid::read(&test_data(path)).unwrap();
    let ours = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
    assert_eq!(ours, spectrum::process(&fid, &ProcessingParameters::default()).unwrap());
    let (zero, first) = ours
        .record
        .steps
        .iter()
        .find_map(|step| match step {
            ProcessingStep::Phase { zero_deg, first_deg, .. } => Some((*zero_deg, *first_deg)),
            _ => None,
        })
        .unwrap();
    let (theirs, broadening) = vendors(path);
    let length = theirs.len();
    let mut points = spectrum::apodization::apply(
        &fid.points,
        spectrum::apodization::Apodization::Exponential,
        fid.sweep_width_hz,
        fid.group_delay,
        broadening,
    );
    points.truncate(length);
    let mut ours = transform::spectrum(points, length);
    transform::remove_group_delay(&mut ours, fid.group_delay);
    transform::rotate(&mut ours, zero.to_radians(), first.to_radians());
    let tallest = ours.iter().map(|z| z.norm()).fold(0.0, f64::max);
    let angles: Vec<f64> = (length / 50..length - length / 50)
        .filter(|&i| {
            let around = (1..=2).flat_map(|k| [ours[i - k].norm(), ours[i + k].norm()]);
            let height = ours[i].norm();
            height > 0.01 * tallest && around.fold(0.0, f64::max) < height
        })
        .map(|i| {
            let sum: Complex64 = (i - 3..=i + 3).map(|k| ours[k] * theirs[k].conj()).sum();
            sum.arg().to_degrees().abs()
        })
        .collect();
    assert!(!angles.is_empty(), "{path}: no strong line");
    angles.iter().sum::<f64>() / angles.len() as f64
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn phases_are_the_vendors() {
    let paths = [ARBORININE, MENTHOL, CARYOPHYLLENE, ANILINE, STRYCHNINE, CYCLOSPORIN];
    let mut errors: Vec<f64> = Vec::new();
    for path in paths.iter().chain(&COFFEE) {
        let error = phase_error(path);
        println!("{error:5.2} {path}");
        assert!(error < 5.0, "{path}: {error} degrees");
        errors.push(error);
    }
    errors.sort_by(f64::total_cmp);
    assert!(errors[errors.len() / 2] <= 2.0, "{errors:?}");
}

/// Shifts and heights of the vendor's peak list.
fn vendors_peaks(path: &str) -> Vec<(f64, f64)> {
    let list = text(&test_data(path).join("pdata/1/peaklist.xml"));
    list.split("<Peak1D ")
        .skip(1)
        .map(|peak| {
            let value = |name: &str| -> f64 {
                let (_, rest) = peak.split_once(&format!("{name}=\"")).unwrap();
                rest.split_once('"').unwrap().0.parse().unwrap()
            };
            (value("F1"), value("intensity"))
        })
        .collect()
}

/// Offset of the vendor's axis from ours under which most of its tall peaks find one of ours.
fn offset(theirs: &[(f64, f64)], ours: &ProcessedSpectrum) -> f64 {
    let mut tall = theirs.to_vec();
    tall.sort_by(|a, b| b.1.total_cmp(&a.1));
    tall.truncate(40);
    let score = |offset: f64| -> f64 {
        tall.iter()
            .map(|(ppm, _)| {
                let off = |peak: &spectrum::Peak| (peak.ppm - ppm - offset).abs();
                let nearest = ours.peaks.iter().map(off).fold(f64::INFINITY, f64::min);
                (1.0 - nearest * ours.frequency_mhz).max(0.0)
            })
            .sum()
    };
    let offsets = (-500..=500).map(|k| f64::from(k) * 3e-4);
    offsets.max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap()
}

/// Found of the vendor's peaks of 1 % and more, of how many, and of ours those in its list, of
/// how many.
fn agreement(path: &str) -> [usize; 4] {
    const SAME_HZ: f64 = 0.8;
    let ours = processed(path, false);
    let theirs = vendors_peaks(path);
    let offset = offset(&theirs, &ours);
    let same = |a: f64, b: f64| ((a - b - offset) * ours.frequency_mhz).abs() < SAME_HZ;
    let compound: Vec<f64> = ours
        .peaks
        .iter()
        .filter(|peak| peak.class == PeakClass::Compound && peak.intensity >= 0.01)
        .map(|peak| peak.ppm)
        .collect();
    let of_compound = |peak: &&(f64, f64)| compound.iter().any(|&ppm| same(ppm, peak.0));
    let tallest = theirs.iter().filter(of_compound).map(|peak| peak.1).fold(0.0, f64::max);
    let asked: Vec<f64> =
        theirs.iter().filter(|peak| peak.1 >= 0.01 * tallest).map(|peak| peak.0).collect();
    let found = asked.iter().filter(|&&a| ours.peaks.iter().any(|peak| same(peak.ppm, a))).count();
    let lowest = theirs.iter().map(|peak| peak.0).fold(f64::INFINITY, f64::min);
    let inside: Vec<f64> =
        compound.into_iter().filter(|ppm| *ppm > lowest + offset - 0.01).collect();
    let listed = inside.iter().filter(|&&ppm| theirs.iter().any(|peak| same(ppm, peak.0))).count();
    [found, asked.len(), listed, inside.len()]
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn peaks_are_the_vendors() {
    let mut sums = [0; 4];
    for path in [MENTHOL, CARYOPHYLLENE, ANILINE, STRYCHNINE, ASPIRIN] {
        let counts = agreement(path);
        println!("{counts:?} {path}");
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        let precision = counts[2] as f64 / counts[3] as f64;
        assert!(precision >= 0.95, "{path}: {counts:?}");
    }
    let [found, asked, _, _] = sums;
    assert!(found as f64 >= 0.98 * asked as f64, "{found} of {asked}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn integrals_count_hydrogens() {
    let ours = processed(ARBORININE, true);
    let methoxy: Vec<&Multiplet> =
        ours.multiplets.iter().filter(|m| (3.7..4.1).contains(&m.ppm)).collect();
    assert_eq!(methoxy.len(), 3);
    for multiplet in methoxy {
        assert_eq!(multiplet.pattern, "s");
        assert!((multiplet.hydrogens.unwrap() - 3.0).abs() < 0.25, "{multiplet:?}");
    }
    let whole: f64 =
        ours.multiplets.iter().filter(|m| m.class == PeakClass::Compound).map(|m| m.area).sum();
    assert!((whole - 1.0).abs() < 1e-9);
}
