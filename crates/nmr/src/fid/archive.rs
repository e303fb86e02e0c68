//! Archives: one file that holds many. They are not looked into; that they are there is said.

use std::fs;
use std::path::Path;

use super::error::FidError;
use super::inspection::{Inspection, Status};
use super::problem::Unsupported;
use super::signal::Fid;
use super::vendor::Vendor;

/// Endings of the names of archives, in lower case.
pub(super) const ENDINGS: &[&str] = &[
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".7z",
    ".rar",
];

/// A file whose name says that it is an archive.
pub(super) fn recognise(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase())
    else {
        return false;
    };
    // A leading point hides what other systems put beside files.
    !name.starts_with('.')
        && ENDINGS.iter().any(|ending| name.ends_with(ending))
        && fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_dir())
}

/// Says that it is not read.
pub(super) fn inspect(path: &Path) -> Result<Inspection, FidError> {
    fs::symlink_metadata(path).map_err(|source| FidError::io(path, source))?;
    let mut inspection = Inspection::begin(Vendor::Archive, &[path]);
    inspection.status = Status::unsupported(Unsupported::Archive.to_string());
    Ok(inspection)
}

/// Refuses.
pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    Err(FidError::Unsupported {
        vendor: Vendor::Archive,
        path: path.to_owned(),
        reason: Unsupported::Archive,
    })
}
