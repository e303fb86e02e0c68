//! The file that says that the daemon is ready, and where.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Removed when dropped.
#[derive(Debug)]
pub(super) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Writes `address` into `path`; whoever sees the file sees all of it.
    pub(super) fn write(path: &Path, address: Option<SocketAddr>) -> io::Result<Self> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".new");
        let text = address.map(|address| format!("{address}\n")).unwrap_or_default();
        fs::write(&partial, text)?;
        fs::rename(&partial, path)?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
