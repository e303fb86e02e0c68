//! How far a Magritek acquisition is. Spinsolve writes the data when all scans are done, and its
//! own spectrum right after.

use std::fs;
use std::path::Path;

use super::acquisition::AcquisitionParameters;
use super::protocol::Protocol;
use super::{acqu, data, data_file};
use crate::fid::FidError;
use crate::fid::digest::digest as sha256;
use crate::fid::file_names::{self, within};
use crate::fid::identity;
use crate::fid::inspection::{Inspection, Status};
use crate::fid::plain_file;
use crate::fid::points::end_in_zeros;
use crate::fid::vendor::Vendor;

/// What Spinsolve makes of the data afterwards.
const PROCESSED: [&str; 4] =
    ["spectrum_processed.1d", "spectrum.1d", "nmr_fid.dx", "spectrum_processed.csv"];

/// Inspects a dataset without transforming it.
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    let data = data_file(path);
    let acqu = within(path, "acqu.par");
    let mut inspection = Inspection::begin(Vendor::Magritek, &[&data, &acqu]);
    let has = |name: &str| file_names::has(path, name);
    let data_there = fs::symlink_metadata(&data).is_ok();
    inspection.status = if !data_there && has("data.2d") {
        Status::unsupported("two or more dimensions (data.2d)")
    } else if !data_there && PROCESSED.into_iter().any(has) {
        Status::unsupported("only the vendor's spectrum was kept: no data.1d")
    } else if !data_there || !has("acqu.par") {
        fs::symlink_metadata(path).map_err(|source| FidError::io(path, source))?;
        Status::incomplete(format!(
            "{} is not there yet",
            if data_there { "acqu.par" } else { "data.1d" }
        ))
    } else {
        let checked = check_completeness(path, &data, &mut inspection);
        return inspection.end(checked);
    };
    Ok(inspection)
}

fn check_completeness(path: &Path, data: &Path, found: &mut Inspection) -> Result<(), FidError> {
    let acqu = acqu(path)?;
    // What is refused is still shown for what it is.
    let protocol = Protocol::from_parameters(&acqu);
    found.experiment = Some(protocol.experiment);
    found.title = protocol.title;
    found.pulse_program = protocol.name;
    let acquisition = AcquisitionParameters::from_parameters(&acqu, &within(path, "acqu.par"))?;
    found.nucleus = Some(acquisition.nucleus.clone());
    if let Some(status) = Status::of_nucleus(&acquisition.nucleus) {
        found.status = status;
        return Ok(());
    }
    let file = plain_file::read(data, data::MAX_BYTES)?;
    let points = data::points_of(&file, data)?;
    let processed = PROCESSED.into_iter().find(|name| file_names::has(path, name));
    found.status = if points.iter().all(|&byte| byte == 0) {
        Status::corrupt("every point is zero: nothing was received")
    } else if end_in_zeros(points) {
        Status::incomplete("points end in zeros: laid out, not yet filled")
    } else if let Some(name) = processed {
        found.vendor_evidence = true;
        Status::complete(format!("the data have all their points and {name} follows them"), false)
    } else {
        Status::complete("the data have all their points (no spectrum yet)", false)
    };
    if found.status.is_complete() {
        found.digest = Some(digest(&acquisition, points));
    }
    Ok(())
}

fn digest(acquisition: &AcquisitionParameters, points: &[u8]) -> String {
    let meaning = format!(
        "larmor magritek 1|{}|{}|{}|{}|{}|{}",
        acquisition.sweep_width_hz,
        acquisition.carrier_mhz,
        acquisition.base_mhz,
        acquisition.nucleus,
        acquisition.protocol,
        identity::solvent(&acquisition.solvent_name),
    );
    sha256(&meaning, [points])
}
