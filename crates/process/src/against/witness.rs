//! What lies beside a FID and can speak for its axis.

use std::path::Path;

use serde::Serialize;

use larmor_nmr::fid::{self, Fid, FidError, Nucleus, VendorPeaks, VendorSpectrum};
use larmor_nmr::spectrum::ProcessedSpectrum;
use larmor_nmr::spectrum::comparison::{self, Compared, Comparison};

/// Peaks of a list nearer than this count as one, ppm.
const WIDTH_OF_PROTON_PEAK: f64 = 0.01;
const WIDTH_OF_CARBON_PEAK: f64 = 0.1;

/// A kind of witness, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// The vendor's own spectrum of the same FID.
    Spectrum,
    /// The vendor's list of peaks.
    Peaks,
    /// The frequency of 0 ppm that the operator calibrated.
    Calibration,
}

/// What one witness says.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Witness {
    pub(super) kind: Kind,
    /// The file, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    /// Our shifts less its shifts, ppm.
    pub(super) difference_ppm: Option<f64>,
    /// Standard error of that, ppm.
    pub(super) uncertainty_ppm: Option<f64>,
    /// Its axis runs the other way.
    pub(super) mirrored: bool,
    /// Its phase less ours, degrees.
    pub(super) phase_deg: Option<f64>,
    /// How alike the two are, 0 to 1.
    pub(super) correlation: Option<f64>,
    /// Lines found in both.
    pub(super) lines: Option<usize>,
    /// Why it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<String>,
}

/// Everything that speaks for a dataset's axis, the best first.
pub(super) fn all(path: &Path, fid: &Fid, ours: &ProcessedSpectrum) -> Vec<Witness> {
    let spectrum = fid::vendor_spectrum(path, &fid.nucleus);
    let peaks = fid::vendor_peaks(path);
    let mut found = Vec::new();
    found.extend(said(Kind::Spectrum, spectrum, |theirs| {
        (theirs.path.display().to_string(), of_spectrum(fid, ours, theirs))
    }));
    found.extend(said(Kind::Peaks, peaks, |theirs| {
        (theirs.path.display().to_string(), of_peaks(ours, theirs))
    }));
    found.extend(fid.calibrated_mhz.map(|mhz| Witness {
        difference_ppm: Some((mhz / fid.reference_mhz - 1.0) * 1e6 + ours.referencing.shift_ppm),
        uncertainty_ppm: Some(0.0),
        ..Witness::silent(Kind::Calibration)
    }));
    found
}

impl Witness {
    fn silent(kind: Kind) -> Self {
        Self {
            kind,
            file: None,
            difference_ppm: None,
            uncertainty_ppm: None,
            mirrored: false,
            phase_deg: None,
            correlation: None,
            lines: None,
            problem: None,
        }
    }
}

fn said<T>(
    kind: Kind,
    read: Result<Option<T>, FidError>,
    compare: impl Fn(&T) -> (String, Option<Comparison>),
) -> Option<Witness> {
    match read {
        Ok(None) => None,
        Ok(Some(theirs)) => {
            let (file, found) = compare(&theirs);
            let witness = Witness { file: Some(file), ..Witness::silent(kind) };
            Some(match found {
                Some(found) => Witness {
                    difference_ppm: (!found.mirrored).then_some(found.difference_ppm),
                    uncertainty_ppm: Some(found.uncertainty_ppm),
                    mirrored: found.mirrored,
                    phase_deg: found.phase_deg,
                    correlation: Some(found.correlation),
                    lines: Some(found.lines),
                    ..witness
                },
                None => Witness {
                    problem: Some("has nothing in common with the FID's spectrum".to_owned()),
                    ..witness
                },
            })
        }
        Err(error) => Some(Witness { problem: Some(error.to_string()), ..Witness::silent(kind) }),
    }
}

fn of_spectrum(fid: &Fid, ours: &ProcessedSpectrum, theirs: &VendorSpectrum) -> Option<Comparison> {
    let real: Vec<f64> = ours.real.iter().map(|&value| f64::from(value)).collect();
    let ours = Compared {
        first_ppm: ours.first_ppm,
        step_ppm: ours.step_ppm,
        real: &real,
        imaginary: None,
    };
    let theirs = Compared {
        first_ppm: theirs.first_ppm,
        step_ppm: theirs.step_ppm,
        real: &theirs.real,
        imaginary: theirs.imaginary.as_deref(),
    };
    comparison::spectra(&ours, &theirs, fid.reference_mhz)
}

fn of_peaks(ours: &ProcessedSpectrum, theirs: &VendorPeaks) -> Option<Comparison> {
    let width =
        if ours.nucleus == Nucleus::Carbon { WIDTH_OF_CARBON_PEAK } else { WIDTH_OF_PROTON_PEAK };
    let theirs: Vec<(f64, f64)> =
        theirs.peaks.iter().map(|peak| (peak.ppm, peak.intensity)).collect();
    let ours: Vec<(f64, f64)> = ours.peaks.iter().map(|peak| (peak.ppm, peak.intensity)).collect();
    comparison::peaks(&ours, &theirs, width)
}
