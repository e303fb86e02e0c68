//! What a vendor's software made of an acquisition: its spectrum, or its list of peaks.

use std::path::{Path, PathBuf};

use super::from_spectrum;
use super::signal::{Fid, Origin};

/// A spectrum as the vendor's software processed and calibrated it.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorSpectrum {
    /// The file it was read from.
    pub path: PathBuf,
    /// Shift of the first point, ppm.
    pub first_ppm: f64,
    /// Shift from one point to the next, ppm (positive).
    pub step_ppm: f64,
    /// Frequency of 0 ppm, MHz, where it is recorded.
    pub reference_mhz: Option<f64>,
    /// The real part, shifts ascending.
    pub real: Vec<f64>,
    /// The imaginary part, where it was kept; which way round differs from vendor to vendor.
    pub imaginary: Option<Vec<f64>>,
}

/// A list of peaks as the vendor's software picked them.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorPeaks {
    /// The file it was read from.
    pub path: PathBuf,
    /// The peaks, in the order of the file.
    pub peaks: Vec<VendorPeak>,
}

/// One peak of a [`VendorPeaks`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VendorPeak {
    /// Shift, ppm.
    pub ppm: f64,
    /// Height, in the vendor's units.
    pub intensity: f64,
}

impl VendorSpectrum {
    /// The spectrum a finished one was read from, on the axis its file gives; `None` where the
    /// points are a receiver's, or where the file gives no axis and its zero is a guess.
    pub(super) fn of_fid(path: &Path, fid: &Fid) -> Option<Self> {
        let has_axis = fid.origin == Origin::Spectrum && fid.calibrated_mhz.is_some();
        if !has_axis || fid.points.is_empty() {
            return None;
        }
        let real = from_spectrum::real(&fid.points);
        let step_ppm = fid.sweep_width_hz / real.len() as f64 / fid.reference_mhz;
        let carrier_ppm = (fid.carrier_mhz / fid.reference_mhz - 1.0) * 1e6;
        Some(Self {
            path: path.to_owned(),
            first_ppm: carrier_ppm - (real.len() / 2) as f64 * step_ppm,
            step_ppm,
            reference_mhz: Some(fid.reference_mhz),
            real,
            imaginary: None,
        })
    }
}
