//! Access to files that leaves word of what it is at, so that it can be told where it hangs.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use larmor_nmr::fid::{FidError, Inspection, Vendor};

use super::file_access::{EntryKind, FileAccess};
use super::file_stamps::FileStamps;

/// How far a series of steps on files has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Steps begun, and the path of the last.
    begun: Mutex<(u64, PathBuf)>,
}

impl Progress {
    /// Begins a step at a path.
    pub(super) fn begin(&self, path: &Path) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.0 += 1;
        let at = begun.1.as_mut_os_string();
        at.clear();
        at.push(path);
    }

    /// Steps begun so far.
    pub(super) fn count(&self) -> u64 {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Where the last step began.
    pub(super) fn path(&self) -> PathBuf {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

/// Access to files that tells its progress, and does not touch paths at which an earlier step still
/// hangs: it would hang there, too.
pub(super) struct GuardedFiles {
    files: Arc<dyn FileAccess>,
    progress: Arc<Progress>,
    hanging: HashSet<PathBuf>,
}

impl GuardedFiles {
    pub(super) fn new(
        files: Arc<dyn FileAccess>,
        progress: Arc<Progress>,
        hanging: HashSet<PathBuf>,
    ) -> Self {
        Self { files, progress, hanging }
    }

    fn begin(&self, path: &Path) -> io::Result<()> {
        if self.hanging.contains(path) {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "an earlier step still hangs here",
            ));
        }
        self.progress.begin(path);
        Ok(())
    }
}

impl FileAccess for GuardedFiles {
    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, EntryKind)>> {
        self.begin(directory)?;
        self.files.list(directory)
    }

    fn kind(&self, path: &Path) -> io::Result<EntryKind> {
        self.begin(path)?;
        self.files.kind(path)
    }

    fn recognise(&self, path: &Path) -> Option<Vendor> {
        self.begin(path).ok()?;
        self.files.recognise(path)
    }

    fn stamps(&self, dataset: &Path) -> io::Result<FileStamps> {
        self.begin(dataset)?;
        self.files.stamps(dataset)
    }

    fn inspect(&self, dataset: &Path) -> Result<Inspection, FidError> {
        self.begin(dataset).map_err(|source| FidError::Io { path: dataset.to_owned(), source })?;
        self.files.inspect(dataset)
    }

    fn device(&self, path: &Path) -> io::Result<u64> {
        self.begin(path)?;
        self.files.device(path)
    }
}
