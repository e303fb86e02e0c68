//! How far an acquisition is and what it is, as its files show.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::error::FidError;
use super::experiment::Experiment;
use super::nucleus::Nucleus;
use super::problem::Unsupported;
use super::vendor::Vendor;

/// How far an acquisition is, by the evidence on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Queued, running or still being copied.
    Incomplete {
        /// What is missing.
        reason: String,
    },
    /// It stops before its end, and nothing tells whether more is to come: still being written or
    /// copied while its files change, and damaged once they have been left alone.
    CutOff {
        /// Where it stops.
        reason: String,
    },
    /// Whole: it can be read.
    Complete {
        /// What shows it.
        evidence: String,
        /// The operator stopped the acquisition early; its scans so far are valid.
        halted: bool,
    },
    /// Sound data of a kind that is not processed.
    Unsupported {
        /// Which kind.
        reason: String,
    },
    /// Cannot become readable by waiting.
    Corrupt {
        /// What is wrong.
        reason: String,
    },
}

impl Status {
    pub(super) fn incomplete(reason: impl Into<String>) -> Self {
        Self::Incomplete { reason: reason.into() }
    }

    pub(super) fn cut_off(reason: impl Into<String>) -> Self {
        Self::CutOff { reason: reason.into() }
    }

    pub(super) fn complete(evidence: impl Into<String>, halted: bool) -> Self {
        Self::Complete { evidence: evidence.into(), halted }
    }

    pub(super) fn unsupported(reason: impl Into<String>) -> Self {
        Self::Unsupported { reason: reason.into() }
    }

    pub(super) fn corrupt(reason: impl Into<String>) -> Self {
        Self::Corrupt { reason: reason.into() }
    }

    /// The status of a nucleus that is not processed; `None` for those that are.
    pub(super) fn of_nucleus(nucleus: &Nucleus) -> Option<Self> {
        match nucleus {
            Nucleus::Proton | Nucleus::Carbon => None,
            Nucleus::Other(_) => {
                Some(Self::unsupported(Unsupported::Nucleus(nucleus.clone()).to_string()))
            }
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        matches!(self, Self::Complete { .. })
    }
}

/// What the files of a dataset show, short of decoding them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Whose files they are.
    pub vendor: Vendor,
    /// How far the acquisition is.
    pub status: Status,
    /// False when only sizes speak for completeness: wait until the files have stopped changing.
    pub vendor_evidence: bool,
    /// Observed nucleus, where the header was readable.
    pub nucleus: Option<Nucleus>,
    /// Kind of experiment, where the header was readable.
    pub experiment: Option<Experiment>,
    /// SHA-256 in hexadecimal over the data and the parameters that decide its meaning; present
    /// when complete. Copies and renamed directories keep it.
    pub digest: Option<String>,
    /// Title text.
    pub title: String,
    /// Pulse program.
    pub pulse_program: String,
    /// When the newest of the files that matter was written.
    pub last_written: Option<SystemTime>,
}

impl Inspection {
    /// An inspection before anything was read of the files.
    pub(super) fn begin(vendor: Vendor, files: &[&Path]) -> Self {
        let written = |file: &&Path| fs::symlink_metadata(file).ok()?.modified().ok();
        Self {
            vendor,
            status: Status::incomplete("nothing was read yet"),
            vendor_evidence: false,
            nucleus: None,
            experiment: None,
            digest: None,
            title: String::new(),
            pulse_program: String::new(),
            last_written: files.iter().filter_map(written).max(),
        }
    }

    /// The inspection at its end: what kept the files from being read is their status, unless it
    /// was the file system.
    pub(super) fn end(mut self, checked: Result<(), FidError>) -> Result<Self, FidError> {
        if let Err(error) = checked {
            self.status = match error {
                FidError::Io { .. } => return Err(error),
                FidError::TooShort { .. } | FidError::ParametersCutOff { .. } => {
                    Status::incomplete(error.to_string())
                }
                FidError::Unsupported { reason, .. } => Status::unsupported(reason.to_string()),
                other => Status::corrupt(other.to_string()),
            };
        }
        Ok(self)
    }
}
