//! Datasets whatever the vendor: recognise, inspect, read.

use std::path::Path;
use std::time::SystemTime;

use crate::name::names;

use super::{Experiment, Fid, FidError, Nucleus, bruker, jcamp, jeol, magritek, varian};

pub use super::proposed::{Beside, proposed_structures};

/// Whose files a dataset consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// Bruker TopSpin or XWIN-NMR: a directory with `acqus` and `fid`.
    Bruker,
    /// Varian or Agilent VnmrJ: a directory with `fid` and `procpar`.
    Varian,
    /// JEOL Delta: one `.jdf` file.
    Jeol,
    /// Magritek Spinsolve: a directory with `acqu.par` and `data.1d`.
    Magritek,
    /// JCAMP-DX, whoever wrote it: one `.dx` or `.jdx` file.
    Jcamp,
}

names!(Vendor, "vendor", {
    Bruker => "bruker",
    Varian => "varian",
    Jeol => "jeol",
    Magritek => "magritek",
    Jcamp => "jcamp",
});

/// How far an acquisition is, by the evidence on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Queued, running or still being copied.
    Incomplete {
        /// What is missing.
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

/// What a look at a dataset shows, short of decoding it.
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

/// What a look shows, and the FID where it took decoding.
pub type Look = (Inspection, Option<Fid>);

/// What one format offers.
struct Format {
    vendor: Vendor,
    recognise: fn(&Path) -> bool,
    look: fn(&Path) -> Result<Look, FidError>,
    read: fn(&Path) -> Result<Fid, FidError>,
}

/// Every format, the first that recognises a path takes it.
const FORMATS: [Format; 5] = [
    Format {
        vendor: Vendor::Bruker,
        recognise: bruker::recognise,
        look: |path| Ok((bruker::inspect(path)?, None)),
        read: bruker::read,
    },
    Format {
        vendor: Vendor::Varian,
        recognise: varian::recognise,
        look: |path| Ok((varian::inspect(path)?, None)),
        read: varian::read,
    },
    Format {
        vendor: Vendor::Magritek,
        recognise: magritek::recognise,
        look: |path| Ok((magritek::inspect(path)?, None)),
        read: magritek::read,
    },
    Format {
        vendor: Vendor::Jeol,
        recognise: jeol::recognise,
        look: |path| Ok((jeol::inspect(path)?, None)),
        read: jeol::read,
    },
    Format {
        vendor: Vendor::Jcamp,
        recognise: jcamp::recognise,
        look: jcamp::look,
        read: jcamp::read,
    },
];

fn format_of(path: &Path) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.recognise)(path))
}

/// Tells whether a directory or file is the root of one dataset. Looks at names only.
#[must_use]
pub fn recognise(path: &Path) -> Option<Vendor> {
    format_of(path).map(|format| format.vendor)
}

/// Looks at a dataset: how far it is, what it is, and its content digest. Where that takes decoding it
/// ([`look`]) the FID is dropped.
///
/// # Errors
/// When the file system refuses or the path is no dataset (any more).
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    look(path).map(|(inspection, _)| inspection)
}

/// Looks at a dataset as [`inspect`] does, and hands over the FID where the format cannot be
/// judged without decoding it.
///
/// # Errors
/// As [`inspect`].
pub fn look(path: &Path) -> Result<Look, FidError> {
    format_of(path).map_or_else(|| Err(not_a_dataset(path)), |format| (format.look)(path))
}

/// Reads a dataset's FID. Ask [`inspect`] first whether it is complete.
///
/// # Errors
/// When files are missing, unreadable, too short, or not what their header says.
pub fn read(path: &Path) -> Result<Fid, FidError> {
    format_of(path).map_or_else(|| Err(not_a_dataset(path)), |format| (format.read)(path))
}

fn not_a_dataset(path: &Path) -> FidError {
    // A directory that is gone or closed to us says so itself.
    match std::fs::read_dir(path) {
        Err(source) => FidError::io(path, source),
        Ok(_) => FidError::NotADataset { path: path.to_owned() },
    }
}
