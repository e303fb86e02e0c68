//! What every format says in the same words: how far an acquisition is, and what its points and
//! files amount to.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use num_complex::Complex64;
use sha2::{Digest, Sha256};

use super::dataset::{Inspection, Status, Vendor};
use super::{FidError, Nucleus};

/// This share of exact zeros at the end means a file laid out in advance.
const ZERO_TAIL: f64 = 0.125;

pub(super) fn incomplete(reason: impl Into<String>) -> Status {
    Status::Incomplete { reason: reason.into() }
}

pub(super) fn complete(evidence: impl Into<String>, halted: bool) -> Status {
    Status::Complete { evidence: evidence.into(), halted }
}

pub(super) fn unsupported(reason: impl Into<String>) -> Status {
    Status::Unsupported { reason: reason.into() }
}

pub(super) fn corrupt(reason: impl Into<String>) -> Status {
    Status::Corrupt { reason: reason.into() }
}

/// Why a nucleus is left out, if it is.
pub(super) fn other_nucleus(nucleus: &Nucleus) -> Option<Status> {
    match nucleus {
        Nucleus::Proton | Nucleus::Carbon => None,
        Nucleus::Other(label) => {
            Some(unsupported(format!("nucleus {label}; 1H and 13C are processed")))
        }
    }
}

/// An inspection that knows nothing yet.
pub(super) fn begun(vendor: Vendor, files: &[&Path]) -> Inspection {
    Inspection {
        vendor,
        status: incomplete("nothing was read yet"),
        vendor_evidence: false,
        nucleus: None,
        experiment: None,
        digest: None,
        title: String::new(),
        pulse_program: String::new(),
        last_written: last_written(files),
    }
}

/// Turns an error into a status where it tells of the dataset rather than of the file system.
pub(super) fn settle(mut inspection: Inspection, error: FidError) -> Result<Inspection, FidError> {
    inspection.status = match error {
        FidError::Io { .. } => return Err(error),
        FidError::TooShort { .. } | FidError::ParametersCutOff { .. } => {
            incomplete(error.to_string())
        }
        FidError::Unsupported { reason, .. } => unsupported(reason),
        other => corrupt(other.to_string()),
    };
    Ok(inspection)
}

/// When the newest of the files was written.
pub(super) fn last_written(files: &[&Path]) -> Option<SystemTime> {
    files.iter().filter_map(|file| fs::symlink_metadata(file).ok()?.modified().ok()).max()
}

/// True when so much of the end is zero that the points there cannot have been received.
pub(super) fn ends_in_zeros(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().rev().take_while(|&&byte| byte == 0).count();
    zeros as f64 > ZERO_TAIL * bytes.len() as f64
}

/// Refuses points that no receiver gives.
pub(super) fn received(points: &[Complex64], data: &Path) -> Result<(), FidError> {
    let bad =
        |problem: &str| FidError::BadPoints { path: data.to_owned(), problem: problem.into() };
    if points.iter().any(|point| !(point.re.is_finite() && point.im.is_finite())) {
        return Err(bad("holds values that are not numbers"));
    }
    if points.iter().all(|point| point.norm_sqr() == 0.0) {
        return Err(bad("every point is zero: nothing was received"));
    }
    Ok(())
}

/// SHA-256 in hexadecimal over the points and what gives them meaning.
pub(super) fn digest<'a>(meaning: &str, parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(meaning.as_bytes());
    parts.into_iter().for_each(|part| hasher.update(part));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
