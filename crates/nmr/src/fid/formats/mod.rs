//! Every format: this table is all that the rest of the program has to know of them.
//!
//! A new format is a module of its own, a [`Vendor`] and a row here.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fid::error::{FidError, MissingFiles};
use crate::fid::file_names::{Has, Spellings};
use crate::fid::inspection::Inspection;
use crate::fid::signal::Fid;
use crate::fid::vendor::Vendor;
use crate::fid::vendor_spectrum::{VendorPeaks, VendorSpectrum};
use crate::fid::{archive, bruker, jcamp, jeol, magritek, varian};
use crate::fid::{nucleus::Nucleus, spectrum_beside};

/// What an inspection shows, and the FID where it took decoding.
pub type InspectionWithFid = (Inspection, Option<Fid>);

/// Names of files, in lower case, that formats are recognised by.
const TELLING: &[&str] = &[
    "acqus",
    "acqu",
    "audita.txt",
    "pulseprogram",
    "fid",
    "ser",
    "procpar",
    "acqu.par",
    "data.1d",
];

/// What one format offers.
struct Format {
    vendor: Vendor,
    /// Files of a directory without which it is no dataset, each under any of its names.
    needed: &'static [&'static [&'static str]],
    /// Files of a directory whose content decides what a dataset is and whether it is complete.
    evidence: &'static [&'static str],
    /// Endings of the name of a dataset that is one file, in lower case.
    endings: &'static [&'static str],
    /// Tells by names alone whether this is the root of a dataset: its own, and those of files that
    /// it has.
    recognise: fn(&Path, Has<'_>) -> bool,
    /// Inspects, and gives the FID where that took decoding it.
    inspect: fn(&Path) -> Result<InspectionWithFid, FidError>,
    read: fn(&Path) -> Result<Fid, FidError>,
    /// The spectrum that the vendor's software left in a dataset's directory.
    vendor_spectrum: fn(&Path) -> Result<Option<VendorSpectrum>, FidError>,
    /// The list of peaks that it left there.
    vendor_peaks: fn(&Path) -> Result<Option<VendorPeaks>, FidError>,
}

impl Format {
    /// Whether every file is there without which it is no dataset.
    fn is_all_there(&self, has: Has<'_>) -> bool {
        self.needed.iter().all(|names| names.iter().any(|name| has(name)))
    }
}

/// The formats; the first that recognises a path takes it.
const FORMATS: [Format; 6] = [
    Format {
        vendor: Vendor::Bruker,
        needed: &[&["acqus"], &["fid", "ser"]],
        evidence: &[
            "acqus",
            "acqu2s",
            "audita.txt",
            "fid",
            "ser",
            // Where nothing else was kept.
            "pdata/1/1r",
            "pdata/1/procs",
            "pdata/1/2rr",
        ],
        endings: &[],
        recognise: bruker::recognise,
        inspect: |path| Ok((bruker::inspect(path)?, None)),
        read: bruker::read,
        vendor_spectrum: bruker::processed::spectrum,
        vendor_peaks: bruker::peak_lists::peaks,
    },
    Format {
        vendor: Vendor::Varian,
        needed: &[&["procpar"], &["fid"]],
        evidence: &["fid", "procpar", "log"],
        endings: &[],
        recognise: varian::recognise,
        inspect: |path| Ok((varian::inspect(path)?, None)),
        read: varian::read,
        vendor_spectrum: |_| Ok(None),
        vendor_peaks: |_| Ok(None),
    },
    Format {
        vendor: Vendor::Magritek,
        needed: &[&["acqu.par"], &["data.1d", "fid.1d"]],
        evidence: &[
            "acqu.par",
            "data.1d",
            "fid.1d",
            "data.2d",
            "spectrum_processed.1d",
            "spectrum.1d",
            "nmr_fid.dx",
            "spectrum_processed.csv",
        ],
        endings: &[],
        recognise: |_, has| magritek::recognise(has),
        inspect: |path| Ok((magritek::inspect(path)?, None)),
        read: magritek::read,
        vendor_spectrum: magritek::processed::spectrum,
        vendor_peaks: |_| Ok(None),
    },
    Format {
        vendor: Vendor::Jeol,
        needed: &[],
        evidence: &[],
        endings: &[".jdf"],
        recognise: |path, _| jeol::recognise(path),
        inspect: |path| Ok((jeol::inspect(path)?, None)),
        read: jeol::read,
        vendor_spectrum: |_| Ok(None),
        vendor_peaks: |_| Ok(None),
    },
    Format {
        vendor: Vendor::Jcamp,
        needed: &[],
        evidence: &[],
        endings: jcamp::ENDINGS,
        recognise: |path, _| jcamp::recognise(path),
        inspect: jcamp::inspect_with_fid,
        read: jcamp::read,
        vendor_spectrum: |_| Ok(None),
        vendor_peaks: |_| Ok(None),
    },
    Format {
        vendor: Vendor::Archive,
        needed: &[],
        evidence: &[],
        endings: archive::ENDINGS,
        recognise: |path, _| archive::recognise(path),
        inspect: |path| Ok((archive::inspect(path)?, None)),
        read: archive::read,
        vendor_spectrum: |_| Ok(None),
        vendor_peaks: |_| Ok(None),
    },
];

/// The most files of one dataset whose content decides what it is and whether it is complete.
pub const MOST_EVIDENCE_FILES: usize = {
    let (mut most, mut format) = (1, 0);
    while format < FORMATS.len() {
        if FORMATS[format].evidence.len() > most {
            most = FORMATS[format].evidence.len();
        }
        format += 1;
    }
    most
};

/// Paths of the files whose content decides what a dataset is and whether it is complete, there or
/// not, at most [`MOST_EVIDENCE_FILES`] and always in the same order. A dataset that is one file is
/// its own evidence; what is no dataset has none.
#[must_use]
pub fn evidence_files(dataset: &Path) -> Vec<PathBuf> {
    let Ok(format) = format_of(dataset) else { return Vec::new() };
    if format.evidence.is_empty() {
        return vec![dataset.to_owned()];
    }
    // Which processing of a Bruker dataset is read goes by what there is.
    let is_processed = format.vendor == Vendor::Bruker && !is_there(&dataset.join("fid"));
    let processing = is_processed.then(|| bruker::processed_only::processing(dataset));
    let at = |name: &str| match (&processing, name.strip_prefix("pdata/1/")) {
        (Some(processing), Some(file)) => processing.join(file),
        _ => dataset.join(name),
    };
    let usual = format.evidence.iter().map(|name| at(name)).collect();
    if format.is_all_there(&|name| is_there(&dataset.join(name))) {
        return usual;
    }
    let spellings = Spellings::of(dataset, format.evidence);
    let spelled = |(usual, name): (PathBuf, &&str)| {
        if is_there(&usual) { usual } else { spellings.path(name).unwrap_or(usual) }
    };
    usual.into_iter().zip(format.evidence).map(spelled).collect()
}

/// Endings of the names of datasets that are one file.
pub(super) fn endings() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().flat_map(|format| format.endings).copied()
}

fn format_of(path: &Path) -> Result<&'static Format, FidError> {
    recognised(path).ok_or_else(|| not_a_dataset(path))
}

/// The format of a path. Names that no vendor writes are tried where those that vendors write are
/// missing: a directory is then listed once.
fn recognised(path: &Path) -> Option<&'static Format> {
    let usual = |name: &str| is_there(&path.join(name));
    FORMATS.iter().find(|format| (format.recognise)(path, &usual)).or_else(|| {
        let spellings = Spellings::of(path, TELLING);
        let spelled = |name: &str| spellings.path(name).is_some();
        FORMATS.iter().find(|format| (format.recognise)(path, &spelled))
    })
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether an entry of this name may be what tells that the directory around it is a dataset. No
/// directory without any is one: whoever has listed it need not ask [`recognise`].
///
/// # Examples
/// ```
/// use larmor_nmr::fid;
///
/// assert!(fid::is_telling_name("ACQUS".as_ref()));
/// assert!(!fid::is_telling_name("10".as_ref()));
/// ```
#[must_use]
pub fn is_telling_name(name: &OsStr) -> bool {
    TELLING.iter().chain(&["pdata"]).any(|telling| name.eq_ignore_ascii_case(telling))
}

/// Tells whether a directory or file is the root of one dataset, and whose. Only names are looked
/// at.
#[must_use]
pub fn recognise(path: &Path) -> Option<Vendor> {
    recognised(path).map(|format| format.vendor)
}

/// Inspects a dataset: how far it is, what it is, and its content digest. Where that takes
/// decoding it ([`inspect_with_fid`]) the FID is dropped.
///
/// # Errors
/// When the file system refuses or the path is no dataset (any more).
///
/// # Examples
/// An experiment that waits in the queue has parameters and nothing else:
/// ```
/// use larmor_nmr::fid::{self, Status, Vendor};
///
/// let queued = tempfile::tempdir()?;
/// std::fs::write(queued.path().join("acqus"), "##$DATE= 0\n##END=\n")?;
/// let inspection = fid::inspect(queued.path())?;
/// assert_eq!(inspection.vendor, Vendor::Bruker);
/// let reason = "queued: no fid yet".to_owned();
/// assert_eq!(inspection.status, Status::Incomplete { reason });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn inspect(path: &Path) -> Result<Inspection, FidError> {
    inspect_with_fid(path).map(|(inspection, _)| inspection)
}

/// Inspects a dataset as [`inspect`] does, and hands over the FID where the format cannot be
/// inspected without decoding it.
///
/// # Errors
/// As [`inspect`].
pub fn inspect_with_fid(path: &Path) -> Result<InspectionWithFid, FidError> {
    (format_of(path)?.inspect)(path)
}

/// Reads a dataset's FID. Ask [`inspect`] first whether it is complete.
///
/// # Errors
/// When files are missing, unreadable, too short, or not what their header says.
///
/// # Examples
/// ```
/// use larmor_nmr::fid::{self, FidError};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("procpar"), "")?;
/// let error = fid::read(folder.path()).unwrap_err();
/// assert!(matches!(error, FidError::NotADataset { .. }));
/// assert!(error.to_string().ends_with("procpar is there, but no fid (varian)"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read(path: &Path) -> Result<Fid, FidError> {
    (format_of(path)?.read)(path)
}

/// The spectrum that the vendor's software, or an export as JCAMP-DX, left in or beside a dataset
/// of a nucleus, on the axis it was given there. In a file that holds nothing but a spectrum it is
/// that spectrum.
///
/// # Errors
/// When there is one that cannot be read.
pub fn vendor_spectrum(path: &Path, nucleus: &Nucleus) -> Result<Option<VendorSpectrum>, FidError> {
    match (format_of(path)?.vendor_spectrum)(path)? {
        Some(spectrum) => Ok(Some(spectrum)),
        None => spectrum_beside::find(path, nucleus),
    }
}

/// The list of peaks that the vendor's software left in a dataset.
///
/// # Errors
/// When there is one that cannot be read.
pub fn vendor_peaks(path: &Path) -> Result<Option<VendorPeaks>, FidError> {
    (format_of(path)?.vendor_peaks)(path)
}

/// What keeps a path from being a dataset.
#[must_use]
pub fn not_a_dataset(path: &Path) -> FidError {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(source) => return FidError::io(path, source),
    };
    // A directory that is closed to us says so itself.
    if metadata.is_dir()
        && let Err(source) = fs::read_dir(path)
    {
        return FidError::io(path, source);
    }
    let spellings = Spellings::of(path, TELLING);
    let has = |name: &&&str| is_there(&path.join(name)) || spellings.path(name).is_some();
    let lacking = FORMATS.iter().filter_map(|format| {
        let found = format.needed.iter().find_map(|names| names.iter().find(has))?;
        let missing = format.needed.iter().find(|names| !names.iter().any(|name| has(&name)))?;
        Some(MissingFiles { vendor: format.vendor, found, missing })
    });
    FidError::NotADataset { path: path.to_owned(), lacking: lacking.collect() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
