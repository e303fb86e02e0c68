//! Bruker one-dimensional datasets: `<name>/<expno>/{fid,acqus,audita.txt,pdata/...}`.

pub(super) mod acquisition;
mod audit;
pub(super) mod group_delay;
mod inspection;
pub(super) mod parameters;
pub(super) mod peak_lists;
pub(super) mod processed;
pub(super) mod processed_only;
pub(super) mod pulse_program;
pub(super) mod samples;

use std::fs;
use std::path::Path;

pub(super) use group_delay::starts_at_once;
pub(super) use inspection::inspect;

use acquisition::AcquisitionParameters;
use parameters::Parameters;

use super::error::FidError;
use super::file_names::{Has, has, within};
use super::problem::Unsupported;
use super::signal::{Fid, Origin};
use super::vendor::Vendor;
use super::{plain_file, points, program, text};

/// Largest title file read.
const MAX_TITLE_BYTES: u64 = 64 << 10;

/// A directory with acquisition parameters, or with data and the rest of a Bruker dataset, or with
/// nothing but a processed spectrum.
pub(super) fn recognise(path: &Path, has: Has<'_>) -> bool {
    if has("acqus") {
        return true;
    }
    let data = has("fid") || has("ser");
    data && (has("acqu") || has("audita.txt") || has("pulseprogram"))
        || !data && processed_only::is_one(path)
}

/// Reads the FID of a dataset.
pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    if processed_only::is_one(path) {
        return processed_only::read(path);
    }
    let acquisition = header(path)?;
    let data = within(path, "fid");
    if fs::symlink_metadata(&data).is_err() && has(path, "ser") {
        return Err(FidError::Unsupported {
            vendor: Vendor::Bruker,
            path: path.to_owned(),
            reason: Unsupported::MoreDimensions { file: Some("ser") },
        });
    }
    let bytes = values(&data, &acquisition)?;
    let mut points = acquisition.detection.points(&acquisition.encoding.decode(&bytes));
    if acquisition.turned {
        points.iter_mut().for_each(|point| *point = point.conj());
    }
    points::check(&points, Vendor::Bruker, &data)?;
    let water_suppressed =
        program::suppresses_water(&acquisition.pulse_program, &acquisition.nucleus);
    let group_delay = acquisition.filter.delay(converted_offset(path, &acquisition), &points);
    Ok(Fid {
        points,
        origin: Origin::Acquired,
        sweep_width_hz: acquisition.sweep_width_hz,
        carrier_mhz: acquisition.carrier_mhz,
        reference_mhz: acquisition.base_mhz,
        calibrated_mhz: processed::calibrated_mhz(path, &acquisition),
        nucleus: acquisition.nucleus,
        experiment: acquisition.experiment,
        group_delay,
        solvent: acquisition.solvent,
        solvent_name: acquisition.solvent_name,
        water_suppressed,
        temperature_k: acquisition.temperature_k,
        scans: acquisition.scans,
        title: title(path),
        pulse_program: acquisition.pulse_program,
    })
}

fn header(path: &Path) -> Result<AcquisitionParameters, FidError> {
    let acqus = within(path, "acqus");
    let parameters = Parameters::parse(&plain_file::read(&acqus, parameters::MAX_BYTES)?);
    if !parameters.ended {
        return Err(FidError::ParametersCutOff { vendor: Vendor::Bruker, path: acqus });
    }
    AcquisitionParameters::from_parameters(&parameters, &acqus)
}

/// The bytes of the declared values. The file may hold more (it is padded to whole blocks);
/// nothing is allocated before its size is known to suffice.
fn values(data: &Path, acquisition: &AcquisitionParameters) -> Result<Vec<u8>, FidError> {
    let (file, metadata) = plain_file::open(data)?;
    let expected = acquisition.bytes();
    let too_short = |found: u64| FidError::TooShort {
        vendor: Vendor::Bruker,
        path: data.to_owned(),
        expected,
        found,
    };
    if metadata.len() < expected {
        return Err(too_short(metadata.len()));
    }
    let bytes = plain_file::read_prefix(data, file, expected)?;
    if (bytes.len() as u64) < expected {
        return Err(too_short(bytes.len() as u64));
    }
    Ok(bytes)
}

/// `TDoff` of data whose digital filter was converted away.
fn converted_offset(path: &Path, acquisition: &AcquisitionParameters) -> Option<f64> {
    if !acquisition.filter.is_converted() {
        return None;
    }
    let procs =
        plain_file::read(&within(&within(path, "pdata").join("1"), "procs"), parameters::MAX_BYTES)
            .ok()?;
    Parameters::parse(&procs).number("TDoff")
}

/// The title the operator gave the first processing.
fn title(path: &Path) -> String {
    plain_file::read(&within(&within(path, "pdata").join("1"), "title"), MAX_TITLE_BYTES)
        .map(|bytes| text::decode(&bytes).trim().to_owned())
        .unwrap_or_default()
}
