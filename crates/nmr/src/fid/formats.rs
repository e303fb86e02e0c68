//! Every format: this table is all that the rest of the program has to know of them.
//!
//! A new format is a module of its own, a [`Vendor`] and a row here.

use std::fs;
use std::path::Path;

use super::error::{FidError, MissingFiles};
use super::inspection::Inspection;
use super::signal::Fid;
use super::vendor::Vendor;
use super::{bruker, jcamp, jeol, magritek, varian};

/// What an inspection shows, and the FID where it took decoding.
pub type InspectionWithFid = (Inspection, Option<Fid>);

/// What one format offers.
struct Format {
    vendor: Vendor,
    /// Files of a directory without which it is no dataset, each under any of its names.
    needed: &'static [&'static [&'static str]],
    /// Files of a directory whose content decides what a dataset is and whether it is complete.
    evidence: &'static [&'static str],
    /// Endings of the name of a dataset that is one file, in lower case.
    endings: &'static [&'static str],
    /// Tells by names alone whether this is the root of a dataset.
    recognise: fn(&Path) -> bool,
    /// Inspects, and gives the FID where that took decoding it.
    inspect: fn(&Path) -> Result<InspectionWithFid, FidError>,
    read: fn(&Path) -> Result<Fid, FidError>,
}

/// The formats; the first that recognises a path takes it.
const FORMATS: [Format; 5] = [
    Format {
        vendor: Vendor::Bruker,
        needed: &[&["acqus"], &["fid", "ser"]],
        evidence: &["acqus", "acqu2s", "audita.txt", "fid", "ser"],
        endings: &[],
        recognise: bruker::recognise,
        inspect: |path| Ok((bruker::inspect(path)?, None)),
        read: bruker::read,
    },
    Format {
        vendor: Vendor::Varian,
        needed: &[&["procpar"], &["fid"]],
        evidence: &["fid", "procpar"],
        endings: &[],
        recognise: varian::recognise,
        inspect: |path| Ok((varian::inspect(path)?, None)),
        read: varian::read,
    },
    Format {
        vendor: Vendor::Magritek,
        needed: &[&["acqu.par"], &["data.1d", "fid.1d"]],
        evidence: &["acqu.par", "data.1d", "data.2d"],
        endings: &[],
        recognise: magritek::recognise,
        inspect: |path| Ok((magritek::inspect(path)?, None)),
        read: magritek::read,
    },
    Format {
        vendor: Vendor::Jeol,
        needed: &[],
        evidence: &[],
        endings: &[".jdf"],
        recognise: jeol::recognise,
        inspect: |path| Ok((jeol::inspect(path)?, None)),
        read: jeol::read,
    },
    Format {
        vendor: Vendor::Jcamp,
        needed: &[],
        evidence: &[],
        endings: jcamp::ENDINGS,
        recognise: jcamp::recognise,
        inspect: jcamp::inspect_with_fid,
        read: jcamp::read,
    },
];

/// Names of the files in a dataset's directory, whatever its format, whose content decides what
/// the dataset is and whether it is complete. A dataset that is one file is its own evidence.
pub const EVIDENCE_FILES: &[&str] = &DISTINCT_EVIDENCE;

const DISTINCT_EVIDENCE: [&str; distinct_evidence().1] = {
    let (all, count) = distinct_evidence();
    let mut names = [""; distinct_evidence().1];
    let mut next = 0;
    while next < count {
        names[next] = all[next];
        next += 1;
    }
    names
};

/// Every format's evidence, each name once, and how many names these are.
const fn distinct_evidence() -> ([&'static str; 64], usize) {
    let (mut names, mut count) = ([""; 64], 0);
    let mut format = 0;
    while format < FORMATS.len() {
        let evidence = FORMATS[format].evidence;
        let mut file = 0;
        while file < evidence.len() {
            let (mut before, mut is_new) = (0, true);
            while before < count {
                is_new = is_new && !same(names[before], evidence[file]);
                before += 1;
            }
            if is_new {
                names[count] = evidence[file];
                count += 1;
            }
            file += 1;
        }
        format += 1;
    }
    (names, count)
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Endings of the names of datasets that are one file.
pub(super) fn endings() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().flat_map(|format| format.endings).copied()
}

fn format_of(path: &Path) -> Result<&'static Format, FidError> {
    let found = FORMATS.iter().find(|format| (format.recognise)(path));
    found.ok_or_else(|| not_a_dataset(path))
}

/// Tells whether a directory or file is the root of one dataset, and whose. Only names are looked
/// at.
#[must_use]
pub fn recognise(path: &Path) -> Option<Vendor> {
    FORMATS.iter().find(|format| (format.recognise)(path)).map(|format| format.vendor)
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
    let has = |name: &&&str| fs::symlink_metadata(path.join(name)).is_ok();
    let lacking = FORMATS.iter().filter_map(|format| {
        let found = format.needed.iter().find_map(|names| names.iter().find(has))?;
        let missing = format.needed.iter().find(|names| !names.iter().any(|name| has(&name)))?;
        Some(MissingFiles { vendor: format.vendor, found, missing })
    });
    FidError::NotADataset { path: path.to_owned(), lacking: lacking.collect() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_has_one_row_and_every_evidence_file_counts_once() {
        for vendor in Vendor::ALL {
            assert_eq!(FORMATS.iter().filter(|format| format.vendor == *vendor).count(), 1);
        }
        assert_eq!(
            EVIDENCE_FILES,
            [
                "acqus",
                "acqu2s",
                "audita.txt",
                "fid",
                "ser",
                "procpar",
                "acqu.par",
                "data.1d",
                "data.2d",
            ]
        );
    }

    #[test]
    fn a_folder_that_is_no_dataset_is_told_what_it_lacks() {
        let said = |files: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            files.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
            let error = read(folder.path()).unwrap_err().to_string();
            error.split_once("is not a dataset: ").unwrap().1.to_owned()
        };
        assert_eq!(said(&["procpar"]), "procpar is there, but no fid (varian)");
        assert_eq!(said(&["fid"]), "fid is there, but no acqus (bruker) and no procpar (varian)");
        assert_eq!(said(&["ser"]), "ser is there, but no acqus (bruker)");
        assert_eq!(said(&["fid.1d"]), "fid.1d is there, but no acqu.par (magritek)");
        assert_eq!(said(&["notes.txt"]), "it has the files of no format");
    }

    #[test]
    fn a_file_that_is_no_dataset_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.txt");
        assert!(read(&file).unwrap_err().is_missing());
        fs::write(&file, "").unwrap();
        assert!(matches!(read(&file).unwrap_err(), FidError::NotADataset { .. }));
    }
}
