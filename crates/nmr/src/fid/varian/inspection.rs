//! How far a Varian acquisition is. The file has its final size from the first scans on: only
//! `log`, the scan counts and the time of saving tell.

use std::fs;
use std::path::Path;

use super::acquisition::AcquisitionParameters;
use super::blocks::Layout;
use super::{first_block, header, title};
use crate::fid::digest::digest as sha256;
use crate::fid::file_names::{has, within};
use crate::fid::inspection::{Inspection, Status};
use crate::fid::points::end_in_zeros;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, identity, plain_file, text};

/// Largest `log` read.
const MAX_LOG_BYTES: u64 = 1 << 20;

/// Inspects a dataset without transforming it.
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    let files = ["fid", "procpar", "log"].map(|name| within(path, name));
    let mut inspection =
        Inspection::begin(Vendor::Varian, &files.each_ref().map(|file| file.as_path()));
    for name in ["procpar", "fid"] {
        if !has(path, name) {
            fs::symlink_metadata(path).map_err(|source| FidError::io(path, source))?;
            inspection.status = Status::incomplete(format!("{name} is not there yet"));
            return Ok(inspection);
        }
    }
    let checked = check_completeness(path, &mut inspection);
    inspection.end(checked)
}

fn check_completeness(path: &Path, found: &mut Inspection) -> Result<(), FidError> {
    let acquisition = header(path)?;
    found.nucleus = Some(acquisition.nucleus.clone());
    found.experiment = Some(acquisition.experiment);
    found.pulse_program.clone_from(&acquisition.pulse_program);
    found.title = title(path, &acquisition);
    if acquisition.traces > 1 && acquisition.increments > 1 {
        found.experiment = Some(Experiment::MultiDimensional);
    }
    let (layout, bytes) = first_block(path, &acquisition)?;
    if let Some(status) = Status::of_nucleus(&acquisition.nucleus) {
        found.status = status;
        return Ok(());
    }
    (found.status, found.vendor_evidence) = status(path, &acquisition, &layout, &bytes)?;
    if found.status.is_complete() {
        found.digest = Some(digest(&acquisition, &layout, &bytes));
    }
    Ok(())
}

/// The status, and whether the vendor's own record speaks for it.
fn status(
    path: &Path,
    acquisition: &AcquisitionParameters,
    layout: &Layout,
    bytes: &[u8],
) -> Result<(Status, bool), FidError> {
    let log = plain_file::read_if_there(&within(path, "log"), MAX_LOG_BYTES)?;
    let logged = log.is_some_and(|bytes| ends_complete(&text::decode(&bytes)));
    let scans = layout.completed_scans(bytes).max(acquisition.scans).unwrap_or(0);
    let planned = acquisition.planned_scans.unwrap_or(0);
    let trace = layout.trace(bytes);
    if trace.iter().all(|&byte| byte == 0) {
        return Ok(if logged || acquisition.saved {
            (Status::corrupt("every point is zero: nothing was received"), false)
        } else {
            (Status::incomplete("no scan is stored yet"), false)
        });
    }
    if end_in_zeros(trace) && !logged {
        return Ok((Status::incomplete("fid ends in zeros: laid out, not yet filled"), false));
    }
    Ok(match (scans < planned, logged, acquisition.saved) {
        (true, false, false) => {
            (Status::incomplete(format!("{scans} of {planned} scans so far")), true)
        }
        (true, true, _) => (
            Status::complete(format!("log is closed; stopped at {scans} of {planned} scans"), true),
            true,
        ),
        (true, false, true) => {
            (Status::complete(format!("saved after {scans} of {planned} scans"), true), true)
        }
        (false, true, _) => (Status::complete("log: Acquisition complete", false), true),
        (false, false, true) => {
            (Status::complete(format!("saved with all {scans} scans"), false), true)
        }
        (false, false, false) => {
            (Status::complete("fid has all its points (no log, no time_saved)", false), false)
        }
    })
}

fn ends_complete(log: &str) -> bool {
    let last = log.lines().rev().find(|line| !line.trim().is_empty());
    last.is_some_and(|line| line.to_ascii_lowercase().contains("acquisition complete"))
}

fn digest(acquisition: &AcquisitionParameters, layout: &Layout, bytes: &[u8]) -> String {
    let meaning = format!(
        "larmor varian 1|{}|{}|{}|{}|{}|{}|{}|{}|{:?}",
        layout.values,
        acquisition.sweep_width_hz,
        acquisition.carrier_mhz,
        acquisition.base_mhz,
        acquisition.nucleus,
        acquisition.identity_experiment,
        acquisition.pulse_program,
        identity::solvent(&acquisition.solvent_name),
        layout.encoding,
    );
    sha256(&meaning, [layout.trace(bytes)])
}
