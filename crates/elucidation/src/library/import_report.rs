//! What an import is asked for, reports on its way and returns.

use std::path::{Path, PathBuf};

use super::build::{Build, REJECTS};
use super::error::LibraryError;
use super::manifest::Manifest;

/// What to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Stop after this many accepted molecules.
    pub limit: Option<u64>,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// Bytes of the input read.
    pub consumed: u64,
    /// Bytes of the input.
    pub bytes: u64,
    /// Molecules accepted.
    pub accepted: u64,
    /// Records rejected.
    pub rejected: u64,
}

/// What came of an import.
#[derive(Debug, Clone)]
pub struct ImportSummary {
    /// The finished library.
    pub manifest: Manifest,
    /// Records that could not be taken.
    pub rejected: u64,
    /// Records that were in the library already.
    pub duplicates: u64,
    /// Records an earlier, interrupted import had dealt with.
    pub resumed: u64,
    /// Where the rejected are listed, with line and reason.
    pub rejects: PathBuf,
}

/// Seals a build that has seen its whole input.
pub(super) fn finish(
    mut build: Build,
    directory: &Path,
    input: &Path,
) -> Result<ImportSummary, LibraryError> {
    if build.state.accepted == 0 {
        build.checkpoint()?;
        let rejects = directory.join("building").join(REJECTS);
        return Err(LibraryError::Empty { path: input.to_owned(), rejects });
    }
    let (rejected, duplicates) = (build.state.rejected, build.state.duplicates);
    let resumed = build.resumed;
    let manifest = build.finish()?;
    let rejects = directory.join(manifest.folder()).join(REJECTS);
    Ok(ImportSummary { manifest, rejected, duplicates, resumed, rejects })
}
