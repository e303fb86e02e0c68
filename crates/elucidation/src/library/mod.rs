//! Candidate libraries: import, predicted shifts kept beside the structures, search by formula
//! and mass. Knows nothing of acquisitions.
//!
//! A library is a directory `<state_dir>/libraries/NAME`: a [`Manifest`] and, in a folder named
//! after the version, four files that are written once and only read afterwards. The manifest
//! is replaced last, so a library is always the old one or the new one.

mod build;
mod checkpoint;
mod counting_reader;
mod digest;
mod embeddings;
mod error;
mod finish;
mod identity;
mod import;
mod import_report;
mod ingest;
mod layout;
mod manifest;
mod open;
mod profile;
mod rebuild;
mod records;
mod search;
mod source;
#[cfg(test)]
pub(crate) mod test_predictor;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

pub use embeddings::{Embed, export_embeddings};
pub use error::LibraryError;
pub use import::import;
pub use import_report::{ImportOptions, ImportSummary, Progress};
pub use manifest::{FORMAT_VERSION, Manifest};
pub use open::Library;
pub use profile::{Profile, Site};
pub use rebuild::rebuild;
pub use records::{Entry, PackedSite};
pub use source::{RawStructure, StructureReader};

use std::path::{Path, PathBuf};

/// Directory of a library below a state directory.
///
/// # Errors
/// [`LibraryError::Name`] when the name is not letters, digits, `-`, `_` and `.`.
pub fn directory(state_dir: &Path, name: &str) -> Result<PathBuf, LibraryError> {
    let fine = !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if fine {
        Ok(state_dir.join("libraries").join(name))
    } else {
        Err(LibraryError::Name(name.chars().take(80).collect()))
    }
}

/// A library's name and manifest, or why that cannot be read.
pub type ListedLibrary = (String, Result<Manifest, LibraryError>);

/// Manifests of every library below a state directory, by name; a directory whose manifest
/// cannot be read comes with its error.
///
/// # Errors
/// [`LibraryError::Io`] when the directory of libraries cannot be listed.
pub fn list(state_dir: &Path) -> Result<Vec<ListedLibrary>, LibraryError> {
    let root = state_dir.join("libraries");
    let entries = match std::fs::read_dir(&root) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(LibraryError::io(&root, cause)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|cause| LibraryError::io(&root, cause))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if directory(state_dir, &name).is_ok() && entry.path().is_dir() {
            found.push((name, Manifest::read(&entry.path())));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}
