//! What TopSpin made of an acquisition: `pdata/<procno>/{1r,1i,procs}`.

use std::fs;
use std::path::{Path, PathBuf};

use super::acquisition::AcquisitionParameters;
use super::parameters::{self, Parameters};
use super::samples::Encoding;
use crate::fid::file_names::within;
use crate::fid::problem::{Malformed, ParameterProblem};
use crate::fid::vendor::Vendor;
use crate::fid::vendor_spectrum::VendorSpectrum;
use crate::fid::{FidError, plain_file};

/// More points than any one-dimensional spectrum has; a header that asks for more is wrong.
const MAX_POINTS: i64 = 1 << 24;
/// Nearer to the acquisition's frequency than this, 0 ppm was not calibrated; farther away it
/// belongs to another nucleus or is damaged.
const LEAST_CALIBRATION_PPM: f64 = 1e-4;
const MOST_CALIBRATION_PPM: f64 = 100.0;
/// An axis is moved by more than programs round its first point to, and by less than tells of
/// another nucleus or of another width, ppm.
const LEAST_MOVED_PPM: f64 = 0.01;
const MOST_MOVED_PPM: f64 = 20.0;
/// Widths of one spectrum agree within this share of them.
const SAME_WIDTH: f64 = 1e-3;
/// Farther from 0 ppm than this no axis begins.
const FARTHEST_PPM: f64 = 5000.0;

/// The axis and form of a spectrum, as `procs` has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ProcessedParameters {
    pub points: usize,
    /// Shift of the first stored point, the highest, ppm.
    pub offset_ppm: f64,
    pub sweep_width_hz: f64,
    /// Frequency of 0 ppm, MHz.
    pub calibrated_mhz: f64,
    encoding: Encoding,
    /// Stored values are to be multiplied by two to this power.
    exponent: i32,
}

impl ProcessedParameters {
    /// Checks everything reading needs; `path` is named in errors.
    pub fn from_parameters(procs: &Parameters, path: &Path) -> Result<Self, FidError> {
        let bad = |name: &str, problem| FidError::parameter(Vendor::Bruker, path, name, problem);
        let points = procs.integer("SI").ok_or_else(|| bad("SI", ParameterProblem::Missing))?;
        if !(2..=MAX_POINTS).contains(&points) {
            let problem = ParameterProblem::NotAllowed {
                found: points.to_string(),
                allowed: format!("a spectrum has 2 to {MAX_POINTS} points"),
            };
            return Err(bad("SI", problem));
        }
        let positive = |name: &str| {
            procs
                .number(name)
                .filter(|&value| value > 0.0 && value < 1e9)
                .ok_or_else(|| bad(name, ParameterProblem::NotPositive))
        };
        let offset_ppm = procs
            .number("OFFSET")
            .filter(|ppm| ppm.abs() < FARTHEST_PPM)
            .ok_or_else(|| bad("OFFSET", ParameterProblem::NotANumber))?;
        let float = match procs.integer("DTYPP") {
            None | Some(0) => false,
            Some(2) => true,
            Some(other) => {
                let problem = ParameterProblem::NotAllowed {
                    found: other.to_string(),
                    allowed: "only 0 (int32) and 2 (float64) exist".to_owned(),
                };
                return Err(bad("DTYPP", problem));
            }
        };
        let exponent = procs.integer("NC_proc").unwrap_or(0).clamp(-300, 300);
        Ok(Self {
            points: usize::try_from(points).unwrap_or(0),
            offset_ppm,
            sweep_width_hz: positive("SW_p")?,
            calibrated_mhz: positive("SF")?,
            encoding: Encoding { float, big_endian: procs.integer("BYTORDP") == Some(1) },
            exponent: i32::try_from(exponent).unwrap_or(0),
        })
    }

    /// Shift from one point to the next, ppm.
    pub fn step_ppm(&self) -> f64 {
        self.sweep_width_hz / self.calibrated_mhz / self.points as f64
    }

    /// Decodes a file of points, shifts ascending.
    fn decode(&self, path: &Path) -> Result<Vec<f64>, FidError> {
        let (file, metadata) = plain_file::open(path)?;
        let expected = (self.points * self.encoding.bytes()) as u64;
        if metadata.len() < expected {
            return Err(too_short(path, expected, metadata.len()));
        }
        let bytes = plain_file::read_prefix(path, file, expected)?;
        let mut values = self.encoding.decode(&bytes);
        if values.len() < self.points {
            return Err(too_short(path, expected, bytes.len() as u64));
        }
        let scale = 2f64.powi(self.exponent);
        values.reverse();
        values.iter_mut().for_each(|value| *value *= scale);
        Ok(values)
    }
}

fn too_short(path: &Path, expected: u64, found: u64) -> FidError {
    FidError::TooShort { vendor: Vendor::Bruker, path: path.to_owned(), expected, found }
}

/// The processings of a dataset that hold a spectrum, the first of them first.
pub(super) fn processings(dataset: &Path, file: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(within(dataset, "pdata")) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number = entry.file_name().to_str()?.parse().ok()?;
            let path = entry.path();
            fs::symlink_metadata(within(&path, file)).ok()?.is_file().then_some((number, path))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

/// The parameters of one processing; `None` where they are not there (yet) or cut off.
pub(super) fn procs(processing: &Path) -> Result<Option<Parameters>, FidError> {
    let path = within(processing, "procs");
    let read = plain_file::read_if_there(&path, parameters::MAX_BYTES)?;
    Ok(read.map(|bytes| Parameters::parse(&bytes)).filter(|procs| procs.ended))
}

/// The frequency of 0 ppm, MHz, as the first processing has it, where somebody calibrated it: until
/// then it is the acquisition's own. Some programs leave that frequency and move the shift of the
/// first point instead. The file may come seconds after the FID, or never, and may be anything: what
/// cannot be read says nothing.
pub(super) fn calibrated_mhz(dataset: &Path, acquired: &AcquisitionParameters) -> Option<f64> {
    let processing = processings(dataset, "procs").into_iter().next()?;
    let procs = procs(&processing).ok()??;
    let mhz = procs.number("SF")?;
    let calibrated = moved(&procs, mhz, acquired).unwrap_or(mhz);
    is_calibration(calibrated, acquired.base_mhz).then_some(calibrated)
}

/// The frequency of 0 ppm by the shift of the first point, MHz, where it is not the one at `mhz`.
fn moved(procs: &Parameters, mhz: f64, acquired: &AcquisitionParameters) -> Option<f64> {
    let high_mhz = acquired.carrier_mhz + acquired.sweep_width_hz / 2e6;
    let offset_ppm = procs.number("OFFSET").filter(|ppm| ppm.abs() < FARTHEST_PPM)?;
    // A part of a spectrum begins elsewhere, and so does one of another width whose processing was
    // copied.
    let same = |width: f64| (width / acquired.sweep_width_hz - 1.0).abs() < SAME_WIDTH;
    let whole = ["STSI", "STSR"].iter().all(|name| procs.integer(name).unwrap_or(0) == 0)
        && procs.number("SW_p").is_none_or(same);
    let by_offset = high_mhz / (1.0 + offset_ppm / 1e6);
    let apart = (by_offset / mhz - 1.0).abs() * 1e6;
    (whole && (LEAST_MOVED_PPM..MOST_MOVED_PPM).contains(&apart)).then_some(by_offset)
}

/// Whether a frequency of 0 ppm is one that somebody calibrated, the acquisition's being `base_mhz`.
pub(super) fn is_calibration(mhz: f64, base_mhz: f64) -> bool {
    let ppm = (mhz / base_mhz - 1.0).abs() * 1e6;
    (LEAST_CALIBRATION_PPM..MOST_CALIBRATION_PPM).contains(&ppm)
}

/// Reads the spectrum of one processing; `None` where there is none.
pub(super) fn read(processing: &Path) -> Result<Option<VendorSpectrum>, FidError> {
    let Some(procs) = procs(processing)? else { return Ok(None) };
    let path = within(processing, "1r");
    let parameters = ProcessedParameters::from_parameters(&procs, &within(processing, "procs"))?;
    let real = match parameters.decode(&path) {
        Ok(real) => real,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(error),
    };
    if real.iter().any(|value| !value.is_finite()) {
        let problem = Malformed::Fields("holds values that are not numbers");
        return Err(FidError::Malformed { vendor: Vendor::Bruker, path, problem });
    }
    let imaginary = parameters
        .decode(&within(processing, "1i"))
        .ok()
        .filter(|values| values.iter().all(|value| value.is_finite()));
    Ok(Some(VendorSpectrum {
        path,
        first_ppm: parameters.offset_ppm - (parameters.points - 1) as f64 * parameters.step_ppm(),
        step_ppm: parameters.step_ppm(),
        reference_mhz: Some(parameters.calibrated_mhz),
        real,
        imaginary,
    }))
}

/// The spectrum of a dataset's first processing that has one.
pub(in crate::fid) fn spectrum(dataset: &Path) -> Result<Option<VendorSpectrum>, FidError> {
    processings(dataset, "1r").first().map_or(Ok(None), |processing| read(processing))
}
