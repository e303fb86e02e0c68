//! How far a JEOL acquisition is. Delta writes the file when the acquisition ends or is stopped,
//! with the time it ended and the scans it added up.

use std::path::Path;

use super::file::File;
use super::header::{self, Header};
use super::{MAX_BYTES, acquisition::AcquisitionParameters, file};
use crate::fid::digest::digest as sha256;
use crate::fid::inspection::{Inspection, Status};
use crate::fid::points::end_in_zeros;
use crate::fid::problem::Unsupported;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, identity, plain_file};

/// Inspects a file without transforming it.
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    let mut inspection = Inspection::begin(Vendor::Jeol, &[path]);
    let checked = check_completeness(path, &mut inspection);
    inspection.end(checked)
}

fn check_completeness(path: &Path, found: &mut Inspection) -> Result<(), FidError> {
    // Files of more dimensions are large: their header is enough.
    let (file, metadata) = plain_file::open(path)?;
    let start = plain_file::read_prefix(path, file, header::LENGTH as u64)?;
    if let Err(error) = Header::parse(&start, metadata.len(), path) {
        if matches!(
            &error,
            FidError::Unsupported { reason: Unsupported::MoreDimensions { .. }, .. }
        ) {
            found.experiment = Some(Experiment::MultiDimensional);
        }
        return Err(error);
    }
    let bytes = plain_file::read(path, MAX_BYTES)?;
    let file = file::parse(&bytes, path)?;
    let acquisition = &file.acquisition;
    found.nucleus = Some(acquisition.nucleus.clone());
    found.experiment = Some(acquisition.experiment);
    found.title.clone_from(&acquisition.title);
    found.pulse_program.clone_from(&acquisition.program);
    if let Some(status) = Status::of_nucleus(&acquisition.nucleus) {
        found.status = status;
        return Ok(());
    }
    (found.status, found.vendor_evidence) = status(&file, acquisition);
    if found.status.is_complete() {
        found.digest = Some(digest(&file));
    }
    Ok(())
}

/// The status, and whether the vendor's own record speaks for it.
fn status(file: &File<'_>, acquisition: &AcquisitionParameters) -> (Status, bool) {
    if file.sections().all(|bytes| bytes.iter().all(|&byte| byte == 0)) {
        return (Status::corrupt("every point is zero: nothing was received"), false);
    }
    if file.sections().any(end_in_zeros) {
        return (Status::incomplete("points end in zeros: laid out, not yet filled"), false);
    }
    match (acquisition.ended, acquisition.scans, acquisition.planned_scans) {
        (true, Some(scans), Some(planned)) if scans < planned => (
            Status::complete(
                format!("end_time is written; stopped at {scans} of {planned} scans"),
                true,
            ),
            true,
        ),
        (true, Some(scans), _) => (
            Status::complete(format!("end_time is written and all {scans} scans are there"), false),
            true,
        ),
        (true, None, _) => (Status::complete("end_time is written", false), true),
        (false, Some(scans), Some(planned)) if scans < planned => {
            (Status::incomplete(format!("{scans} of {planned} scans and no end_time yet")), true)
        }
        (false, ..) => (Status::complete("file has all its points (no end_time)", false), false),
    }
}

/// Times and comments are left out: copies and renamed samples keep the digest.
fn digest(file: &File<'_>) -> String {
    let acquisition = &file.acquisition;
    let meaning = format!(
        "larmor jeol 1|{}|{}|{}|{}|{}|{}|{}|{:?}|{:?}|{:?}",
        acquisition.sweep_width_hz,
        acquisition.carrier_mhz,
        acquisition.base_mhz,
        acquisition.nucleus,
        acquisition.program,
        acquisition.dead_time_s,
        identity::solvent(&acquisition.solvent_name),
        acquisition.domain,
        acquisition.filter,
        file.encoding(),
    );
    sha256(&meaning, file.sections())
}
