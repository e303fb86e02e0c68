//! All that the watcher asks of a file system.

use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use larmor_nmr::fid;

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

    /// Whether names tell that this is a dataset.
    fn is_dataset(&self, path: &Path) -> bool;
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

    fn is_dataset(&self, path: &Path) -> bool {
        fid::recognise(path).is_some()
    }
}
