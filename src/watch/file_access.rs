//! All that the watcher asks of a file system.

use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use larmor_nmr::fid::{self, FidError, Inspection, Vendor};

use super::file_stamps::FileStamps;

/// What lies under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    Directory,
    File,
    /// A symbolic link, a pipe, a socket, a device.
    Other,
}

impl From<FileType> for EntryKind {
    fn from(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Directory
        } else if kind.is_file() {
            Self::File
        } else {
            Self::Other
        }
    }
}

/// What the watcher asks of a file system; tests put one that hangs or refuses in its place. Every
/// call may block.
pub(super) trait FileAccess: Send + Sync {
    /// Names in a directory and what lies under each, in no order.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, EntryKind)>>;

    /// What lies at a path, a link not followed.
    ///
    /// # Errors
    /// When nothing is there, or it cannot be looked at.
    fn kind(&self, path: &Path) -> io::Result<EntryKind>;

    /// Whose dataset this is, by names alone.
    fn recognise(&self, path: &Path) -> Option<Vendor>;

    /// The files of a dataset from outside.
    ///
    /// # Errors
    /// When the dataset is not there, or may not be looked at.
    fn stamps(&self, dataset: &Path) -> io::Result<FileStamps>;

    /// Inspects a dataset.
    ///
    /// # Errors
    /// When the file system refuses or it is no dataset.
    fn inspect(&self, dataset: &Path) -> Result<Inspection, FidError>;

    /// The device that a path lies on, links followed.
    ///
    /// # Errors
    /// When nothing is there, or it cannot be looked at.
    fn device(&self, path: &Path) -> io::Result<u64>;
}

/// The file system of this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disk;

impl FileAccess for Disk {
    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, EntryKind)>> {
        fs::read_dir(directory)?
            .map(|entry| {
                let entry = entry?;
                // Gone since it was listed: whatever it was, there is nothing to search.
                let kind = entry.file_type().map_or(EntryKind::Other, EntryKind::from);
                Ok((entry.file_name(), kind))
            })
            .collect()
    }

    fn kind(&self, path: &Path) -> io::Result<EntryKind> {
        Ok(fs::symlink_metadata(path)?.file_type().into())
    }

    fn recognise(&self, path: &Path) -> Option<Vendor> {
        fid::recognise(path)
    }

    fn stamps(&self, dataset: &Path) -> io::Result<FileStamps> {
        FileStamps::of(dataset)
    }

    fn inspect(&self, dataset: &Path) -> Result<Inspection, FidError> {
        fid::inspect(dataset)
    }

    fn device(&self, path: &Path) -> io::Result<u64> {
        Ok(fs::metadata(path)?.dev())
    }
}
