//! A file system that hangs and refuses where it is told to.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use larmor_nmr::fid::{FidError, Inspection, Vendor};

use crate::watch::file_access::{Disk, EntryKind, FileAccess};
use crate::watch::file_stamps::FileStamps;

/// The disk, but for some paths.
#[derive(Default)]
pub(super) struct FaultyFiles {
    /// What is asked of these does not return.
    hanging: Mutex<HashSet<PathBuf>>,
    answering: Condvar,
    /// These may not be read by this account, nor anything in them.
    refused: Mutex<HashSet<PathBuf>>,
    /// Inspections so far.
    pub(super) inspections: AtomicUsize,
}

impl FaultyFiles {
    pub(super) fn hang(&self, path: &Path) {
        self.hanging.lock().unwrap().insert(path.to_owned());
    }

    pub(super) fn answer(&self) {
        self.hanging.lock().unwrap().clear();
        self.answering.notify_all();
    }

    pub(super) fn refuse(&self, path: &Path) {
        self.refused.lock().unwrap().insert(path.to_owned());
    }

    pub(super) fn allow(&self) {
        self.refused.lock().unwrap().clear();
    }

    fn ask(&self, path: &Path) -> io::Result<()> {
        let mut hanging = self.hanging.lock().unwrap();
        while hanging.contains(path) {
            hanging = self.answering.wait(hanging).unwrap();
        }
        let refused = self.refused.lock().unwrap();
        match path.ancestors().any(|around| refused.contains(around)) {
            true => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
            false => Ok(()),
        }
    }
}

impl FileAccess for FaultyFiles {
    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, EntryKind)>> {
        self.ask(directory)?;
        Disk.list(directory)
    }

    fn kind(&self, path: &Path) -> io::Result<EntryKind> {
        self.ask(path)?;
        Disk.kind(path)
    }

    fn recognise(&self, path: &Path) -> Option<Vendor> {
        self.ask(path).ok()?;
        Disk.recognise(path)
    }

    fn stamps(&self, dataset: &Path) -> io::Result<FileStamps> {
        self.ask(dataset)?;
        Disk.stamps(dataset)
    }

    fn inspect(&self, dataset: &Path) -> Result<Inspection, FidError> {
        self.inspections.fetch_add(1, Ordering::Relaxed);
        self.ask(dataset).map_err(|source| FidError::Io { path: dataset.to_owned(), source })?;
        Disk.inspect(dataset)
    }

    fn device(&self, path: &Path) -> io::Result<u64> {
        self.ask(path)?;
        Disk.device(path)
    }
}
