//! JEOL Delta datasets: one `.jdf` file.

mod acquisition;
mod file;
mod group_delay;
mod header;
mod inspection;
mod parameters;

use std::fs;
use std::path::Path;

pub(super) use inspection::inspect;

use acquisition::Domain;

use super::error::FidError;
use super::signal::{Fid, Origin};
use super::vendor::Vendor;
use super::{plain_file, points};

/// Largest file read; real ones of one dimension are below 5 MB.
const MAX_BYTES: u64 = 256 << 20;

/// A file (or what lies in its place) whose name ends in `.jdf`.
pub(super) fn recognise(path: &Path) -> bool {
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jdf"));
    // Finder leaves `._name.jdf` beside every file on foreign disks.
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    named && !hidden && !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// Reads the signal, or makes it of the spectrum that the file holds instead.
pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    let bytes = plain_file::read(path, MAX_BYTES)?;
    let file = file::parse(&bytes, path)?;
    let points = file.points();
    points::check(&points, Vendor::Jeol, path)?;
    let group_delay = file.group_delay(&points);
    let acquisition = file.acquisition;
    Ok(Fid {
        points,
        origin: match acquisition.domain {
            Domain::Time => Origin::Acquired,
            Domain::Frequency { .. } => Origin::Spectrum,
        },
        sweep_width_hz: acquisition.sweep_width_hz,
        carrier_mhz: acquisition.carrier_mhz,
        reference_mhz: acquisition.base_mhz,
        calibrated_mhz: None,
        nucleus: acquisition.nucleus,
        experiment: acquisition.experiment,
        group_delay,
        solvent: acquisition.solvent,
        solvent_name: acquisition.solvent_name,
        water_suppressed: acquisition.water_suppressed,
        temperature_k: acquisition.temperature_k,
        scans: acquisition.scans,
        title: acquisition.title,
        pulse_program: acquisition.program,
    })
}
