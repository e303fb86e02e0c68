//! Magritek Spinsolve datasets: `acqu.par` with `data.1d` (or `fid.1d`).

mod acquisition;
mod data;
mod inspection;
mod nucleus;
mod parameters;
pub(super) mod processed;
mod protocol;

use std::fs;
use std::path::{Path, PathBuf};

pub(super) use inspection::inspect;

use acquisition::AcquisitionParameters;
use parameters::Parameters;

use super::error::FidError;
use super::file_names::{Has, within};
use super::signal::{Fid, Origin};
use super::vendor::Vendor;
use super::{plain_file, points};

/// A directory with Spinsolve's parameters or data.
pub(super) fn recognise(has: Has<'_>) -> bool {
    has("acqu.par") || has("data.1d")
}

/// Reads the FID of a dataset.
pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    let acquisition = header(path)?;
    let data = data_file(path);
    let file = plain_file::read(&data, data::MAX_BYTES)?;
    let points = data::decode(data::points_of(&file, &data)?);
    points::check(&points, Vendor::Magritek, &data)?;
    Ok(Fid {
        points,
        origin: Origin::Acquired,
        sweep_width_hz: acquisition.sweep_width_hz,
        carrier_mhz: acquisition.carrier_mhz,
        reference_mhz: acquisition.base_mhz,
        calibrated_mhz: None,
        nucleus: acquisition.nucleus,
        experiment: acquisition.experiment,
        group_delay: 0.0,
        solvent: acquisition.solvent,
        solvent_name: acquisition.solvent_name,
        water_suppressed: acquisition.water_suppressed,
        temperature_k: None,
        scans: acquisition.scans,
        title: acquisition.title,
        pulse_program: acquisition.protocol,
    })
}

fn header(path: &Path) -> Result<AcquisitionParameters, FidError> {
    AcquisitionParameters::from_parameters(&acqu(path)?, &within(path, "acqu.par"))
}

fn acqu(path: &Path) -> Result<Parameters, FidError> {
    let bytes = plain_file::read(&within(path, "acqu.par"), parameters::MAX_BYTES)?;
    Ok(Parameters::parse(&bytes))
}

/// The data, under the name that the expert software uses where the usual one is missing.
fn data_file(path: &Path) -> PathBuf {
    let usual = within(path, "data.1d");
    let expert = within(path, "fid.1d");
    let expert_only =
        fs::symlink_metadata(&usual).is_err() && fs::symlink_metadata(&expert).is_ok();
    if expert_only { expert } else { usual }
}
