//! How far a Bruker acquisition is, by the evidence the spectrometer leaves.
//!
//! TopSpin writes `acqus` when an experiment is queued, `fid` while it runs (sometimes at full
//! length from the start), and at the end an audit trail with a hash of the data. The hash is
//! the one proof that every point is there.

use std::fs;
use std::path::Path;

use super::acquisition::{self, AcquisitionParameters};
use super::audit::{self, Audit};
use super::parameters::{self, Parameters};
use super::{processed_only, title, values};
use crate::fid::digest::digest as sha256;
use crate::fid::file_names::{has, within};
use crate::fid::inspection::{Inspection, Status};
use crate::fid::points::end_in_zeros;
use crate::fid::problem::Unsupported;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, identity, plain_file};

/// What a `ser` without `fid` is.
const SER: Unsupported = Unsupported::MoreDimensions { file: Some("ser") };

/// Inspects a dataset without transforming it.
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    if processed_only::is_one(path) {
        return processed_only::inspect(path);
    }
    let files = ["fid", "ser", "acqus", "audita.txt"].map(|name| within(path, name));
    let mut inspection =
        Inspection::begin(Vendor::Bruker, &files.each_ref().map(|file| file.as_path()));
    inspection.status = Status::incomplete("acqus is not there yet");
    inspection.title = title(path);
    let acqus = match plain_file::read_if_there(&within(path, "acqus"), parameters::MAX_BYTES) {
        Ok(Some(bytes)) => Parameters::parse(&bytes),
        Ok(None) => return still_there(path, inspection),
        Err(error) => return inspection.end(Err(error)),
    };
    if !acqus.ended {
        inspection.status = Status::incomplete("acqus is cut off before ##END=");
        return Ok(inspection);
    }
    inspection.pulse_program = acqus.text("PULPROG").unwrap_or_default().to_owned();
    inspection.nucleus = Some(acquisition::nucleus(&acqus));
    let (fid, ser) = (has(path, "fid"), has(path, "ser"));
    if !fid && !ser {
        let queued = acqus.integer("DATE").is_none_or(|date| date == 0);
        inspection.status =
            Status::incomplete(if queued { "queued: no fid yet" } else { "started: no fid yet" });
        return still_there(path, inspection);
    }
    if ser && !fid {
        inspection.experiment = Some(Experiment::MultiDimensional);
        inspection.status = Status::unsupported(SER.to_string());
        return Ok(inspection);
    }
    if let Some(status) = inspection.nucleus.as_ref().and_then(Status::of_nucleus) {
        inspection.status = status;
        return Ok(inspection);
    }
    let checked = check_completeness(path, &acqus, &mut inspection);
    inspection.end(checked)
}

/// Compares the points with the audit trail.
fn check_completeness(
    path: &Path,
    acqus: &Parameters,
    found: &mut Inspection,
) -> Result<(), FidError> {
    let acquisition = AcquisitionParameters::from_parameters(acqus, &within(path, "acqus"))?;
    found.experiment = Some(acquisition.experiment);
    let bytes = values(&within(path, "fid"), &acquisition)?;
    let trail = plain_file::read_if_there(&within(path, "audita.txt"), audit::MAX_BYTES)?;
    found.status = match trail.as_deref().map(Audit::parse) {
        None => without_hash(&bytes, "no audit trail"),
        Some(audit) if !audit.ended => Status::incomplete("audita.txt is cut off before ##END="),
        Some(audit) if audit.in_progress => {
            Status::incomplete("audita.txt: acquisition in progress")
        }
        Some(Audit { hash: None, .. }) => without_hash(&bytes, "audit trail without data hash"),
        Some(Audit { hash: Some(hash), halted, .. }) => {
            found.vendor_evidence = true;
            let matches = audit::data_hash(&bytes, acquisition.encoding) == hash;
            match (matches, acquisition.encoding.float) {
                (true, _) => Status::complete("audita.txt: data hash matches", halted),
                // How the hash is taken over floating-point data is not known for certain.
                (false, true) => {
                    Status::complete("audita.txt is closed; data hash not comparable", halted)
                }
                (false, false) => {
                    Status::incomplete("fid does not match the data hash in audita.txt")
                }
            }
        }
    };
    if found.status.is_complete() {
        if bytes.iter().all(|&byte| byte == 0) {
            found.status = Status::corrupt("every point is zero: nothing was received");
        } else {
            found.digest = Some(digest(&bytes, &acquisition));
        }
    }
    Ok(())
}

/// Only the length and the last points can speak.
fn without_hash(bytes: &[u8], lack: &str) -> Status {
    if end_in_zeros(bytes) {
        Status::incomplete("fid ends in zeros: laid out, not yet filled")
    } else {
        Status::complete(format!("fid has all its points ({lack})"), false)
    }
}

/// SHA-256 over the points and what gives them meaning. Dates, scan counts and comments are left
/// out: TopSpin rewrites `acqus` shortly after the end, and copies change its comments.
fn digest(bytes: &[u8], acquisition: &AcquisitionParameters) -> String {
    let meaning = format!(
        "larmor bruker 1|{}|{}|{}|{}|{}|{}|{}|{:?}|{:?}|{:?}",
        acquisition.values,
        acquisition.sweep_width_hz,
        acquisition.carrier_mhz,
        acquisition.base_mhz,
        acquisition.nucleus,
        acquisition.pulse_program,
        identity::solvent(&acquisition.solvent_name),
        acquisition.encoding,
        acquisition.detection,
        acquisition.filter,
    );
    sha256(&meaning, [bytes])
}

/// A directory that vanished is no incomplete dataset.
fn still_there(path: &Path, inspection: Inspection) -> Result<Inspection, FidError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(inspection),
        Err(source) => Err(FidError::io(path, source)),
    }
}
