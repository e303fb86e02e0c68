//! How far a Bruker acquisition is, by the evidence the spectrometer leaves.
//!
//! TopSpin writes `acqus` when an experiment is queued, `fid` while it runs (sometimes at full
//! length from the start), and at the end an audit trail with a hash of the data. The hash is
//! the one proof that every point is there.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::acquisition::{self, Acquisition};
use super::audit::{self, Audit};
use super::parameters::{self, Parameters};
use super::{title, values};
use crate::fid::dataset::{Inspection, Status, Vendor};
use crate::fid::{Experiment, FidError, Nucleus, plain_file};

/// Without a hash, this share of exact zeros at the end means a file laid out in advance.
const ZERO_TAIL: f64 = 0.125;

/// Looks at a dataset without transforming it.
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    let mut inspection = Inspection {
        vendor: Vendor::Bruker,
        status: incomplete("acqus is not there yet"),
        vendor_evidence: false,
        nucleus: None,
        experiment: None,
        digest: None,
        title: title(path),
        pulse_program: String::new(),
        last_written: last_written(path),
    };
    let acqus = match plain_file::read_if_there(&path.join("acqus"), parameters::MAX_BYTES) {
        Ok(Some(bytes)) => Parameters::parse(&bytes),
        Ok(None) => return still_there(path, inspection),
        Err(error) => return settle(inspection, error),
    };
    if !acqus.ended {
        inspection.status = incomplete("acqus is cut off before ##END=");
        return Ok(inspection);
    }
    let has = |name: &str| fs::symlink_metadata(path.join(name)).is_ok();
    inspection.pulse_program = acqus.text("PULPROG").unwrap_or_default().to_owned();
    inspection.nucleus = Some(acquisition::nucleus(&acqus));
    let (fid, ser) = (has("fid"), has("ser"));
    if !fid && !ser {
        let queued = acqus.integer("DATE").is_none_or(|date| date == 0);
        inspection.status =
            incomplete(if queued { "queued: no fid yet" } else { "started: no fid yet" });
        return still_there(path, inspection);
    }
    if ser && !fid {
        inspection.experiment = Some(Experiment::MultiDimensional);
        inspection.status = unsupported("two or more dimensions (ser)");
        return Ok(inspection);
    }
    if let Some(Nucleus::Other(label)) = &inspection.nucleus {
        inspection.status = unsupported(format!("nucleus {label}; 1H and 13C are processed"));
        return Ok(inspection);
    }
    match judge(path, &acqus, &mut inspection) {
        Ok(()) => Ok(inspection),
        Err(error) => settle(inspection, error),
    }
}

/// Judges the points against the audit trail.
fn judge(path: &Path, acqus: &Parameters, found: &mut Inspection) -> Result<(), FidError> {
    let acquisition = Acquisition::from_parameters(acqus, &path.join("acqus"))?;
    found.experiment = Some(acquisition.experiment);
    let bytes = values(&path.join("fid"), &acquisition)?;
    let trail = plain_file::read_if_there(&path.join("audita.txt"), audit::MAX_BYTES)?;
    found.status = match trail.as_deref().map(Audit::parse) {
        None => without_hash(&bytes, "no audit trail"),
        Some(audit) if !audit.ended => incomplete("audita.txt is cut off before ##END="),
        Some(audit) if audit.in_progress => incomplete("audita.txt: acquisition in progress"),
        Some(Audit { hash: None, .. }) => without_hash(&bytes, "audit trail without data hash"),
        Some(Audit { hash: Some(hash), halted, .. }) => {
            found.vendor_evidence = true;
            let matches = audit::data_hash(&bytes, acquisition.encoding) == hash;
            match (matches, acquisition.encoding.float) {
                (true, _) => complete("audita.txt: data hash matches", halted),
                // How the hash is taken over floating-point data is not known for certain.
                (false, true) => complete("audita.txt is closed; data hash not comparable", halted),
                (false, false) => incomplete("fid does not match the data hash in audita.txt"),
            }
        }
    };
    if let Status::Complete { .. } = found.status {
        if bytes.iter().all(|&byte| byte == 0) {
            found.status = corrupt("every point is zero: nothing was received");
        } else {
            found.digest = Some(digest(&bytes, &acquisition));
        }
    }
    Ok(())
}

/// Only the length and the last points can speak.
fn without_hash(bytes: &[u8], lack: &str) -> Status {
    let zeros = bytes.iter().rev().take_while(|&&byte| byte == 0).count();
    if zeros as f64 > ZERO_TAIL * bytes.len() as f64 {
        incomplete("fid ends in zeros: laid out, not yet filled")
    } else {
        complete(&format!("fid has all its points ({lack})"), false)
    }
}

/// SHA-256 over the points and what gives them meaning. Dates, scan counts and comments are left
/// out: TopSpin rewrites `acqus` shortly after the end, and copies change its comments.
fn digest(bytes: &[u8], acquisition: &Acquisition) -> String {
    let mut hasher = Sha256::new();
    hasher.update(
        format!(
            "larmor bruker 1|{}|{}|{}|{}|{}|{}|{:?}|{:?}|{:?}|{:?}",
            acquisition.values,
            acquisition.sweep_width_hz,
            acquisition.carrier_mhz,
            acquisition.base_mhz,
            acquisition.nucleus,
            acquisition.pulse_program,
            acquisition.solvent,
            acquisition.encoding,
            acquisition.detection,
            acquisition.filter,
        )
        .as_bytes(),
    );
    hasher.update(bytes);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Turns an error into a status where it tells of the dataset rather than of the file system.
fn settle(mut inspection: Inspection, error: FidError) -> Result<Inspection, FidError> {
    inspection.status = match error {
        FidError::Io { .. } => return Err(error),
        FidError::TooShort { .. } | FidError::ParametersCutOff { .. } => {
            Status::Incomplete { reason: error.to_string() }
        }
        FidError::Unsupported { reason, .. } => Status::Unsupported { reason },
        other => Status::Corrupt { reason: other.to_string() },
    };
    Ok(inspection)
}

/// A directory that vanished is no incomplete dataset.
fn still_there(path: &Path, inspection: Inspection) -> Result<Inspection, FidError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(inspection),
        Err(source) => Err(FidError::io(path, source)),
    }
}

fn last_written(path: &Path) -> Option<SystemTime> {
    ["fid", "ser", "acqus", "audita.txt"]
        .into_iter()
        .filter_map(|name| fs::symlink_metadata(path.join(name)).ok()?.modified().ok())
        .max()
}

fn incomplete(reason: &str) -> Status {
    Status::Incomplete { reason: reason.to_owned() }
}

fn complete(evidence: &str, halted: bool) -> Status {
    Status::Complete { evidence: evidence.to_owned(), halted }
}

fn unsupported(reason: impl Into<String>) -> Status {
    Status::Unsupported { reason: reason.into() }
}

fn corrupt(reason: &str) -> Status {
    Status::Corrupt { reason: reason.to_owned() }
}
