//! What Spinsolve made of an acquisition: `spectrum_processed.1d`, or `spectrum.1d`.
//!
//! The files have the form of `data.1d`: a header of eight words, low byte first, a shift in ppm
//! for each point, and all points, real and imaginary part in turn.

use std::path::Path;

use super::data;
use crate::fid::bytes::Bytes;
use crate::fid::problem::Malformed;
use crate::fid::vendor::Vendor;
use crate::fid::vendor_spectrum::VendorSpectrum;
use crate::fid::{FidError, plain_file};

/// The spectra, the more finished one first.
const FILES: [&str; 2] = ["spectrum_processed.1d", "spectrum.1d"];
/// An even step differs from another by less than this share; shifts are of single precision.
const UNEVEN: f64 = 0.01;

/// The spectrum of a dataset, where the vendor's software left one.
pub(in crate::fid) fn spectrum(dataset: &Path) -> Result<Option<VendorSpectrum>, FidError> {
    for name in FILES {
        let path = dataset.join(name);
        if let Some(file) = plain_file::read_if_there(&path, data::MAX_BYTES)? {
            return read(&file, &path).map(Some);
        }
    }
    Ok(None)
}

fn read(file: &[u8], path: &Path) -> Result<VendorSpectrum, FidError> {
    let malformed = |what| FidError::Malformed {
        vendor: Vendor::Magritek,
        path: path.to_owned(),
        problem: Malformed::Fields(what),
    };
    let (shifts, points) = data::abscissa_and_points(file, path)?;
    let shifts = Bytes::little_endian(shifts).all_f32();
    let values = Bytes::little_endian(points).all_f32();
    let [Some(&first), Some(&last)] = [shifts.first(), shifts.last()] else {
        return Err(malformed("holds no shifts"));
    };
    let step = (last - first) / (shifts.len() - 1).max(1) as f64;
    let even = shifts.iter().enumerate().all(|(at, shift)| {
        (shift - first - at as f64 * step).abs() < UNEVEN * (last - first).abs()
    });
    if !even || !step.is_finite() || step == 0.0 || first.abs().max(last.abs()) > 1e4 {
        return Err(malformed("has no evenly spaced axis of shifts"));
    }
    if values.iter().any(|value| !value.is_finite()) {
        return Err(malformed("holds values that are not numbers"));
    }
    let pairs = values.as_chunks::<2>().0;
    let mut real: Vec<f64> = pairs.iter().map(|pair| pair[0]).collect();
    let mut imaginary: Vec<f64> = pairs.iter().map(|pair| pair[1]).collect();
    if step < 0.0 {
        real.reverse();
        imaginary.reverse();
    }
    Ok(VendorSpectrum {
        path: path.to_owned(),
        first_ppm: first.min(last),
        step_ppm: step.abs(),
        reference_mhz: None,
        real,
        imaginary: Some(imaginary),
    })
}
