//! The one file of a library that names all others.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::LibraryError;

/// Format of the files this release writes and reads.
pub const FORMAT_VERSION: u32 = 1;
/// Largest manifest read, in bytes.
const MANIFEST_BYTES: u64 = 256 << 20;
const FILE_NAME: &str = "manifest.json";

/// A data file as it was when the library was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSeal {
    /// Name below the version's folder.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hex.
    pub digest: String,
}

/// What a library is and which files make it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of the data files.
    pub format: u32,
    /// Name of the library.
    pub name: String,
    /// SHA-256 over the digests of the data files and the formulas: the content, in one word.
    pub version: String,
    /// Digest of the weights that predicted the shifts.
    pub model_digest: String,
    /// Molecules.
    pub count: u64,
    /// When it was finished, RFC 3339.
    pub created: String,
    /// File it was imported from.
    pub source: String,
    /// Data files.
    pub files: Vec<FileSeal>,
    /// Formulas that occur, in Hill order; index records count into this list.
    pub formulas: Vec<String>,
}

impl Manifest {
    /// Reads the manifest of a library directory.
    ///
    /// # Errors
    /// [`LibraryError`] when there is none, it is no manifest, or it is of another format.
    pub fn read(directory: &Path) -> Result<Self, LibraryError> {
        let path = directory.join(FILE_NAME);
        let name = || directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let size = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                return Err(LibraryError::Missing { path: directory.to_owned(), name: name() });
            }
            Err(cause) => return Err(LibraryError::io(&path, cause)),
        };
        if size > MANIFEST_BYTES {
            return Err(LibraryError::damaged(&path, format!("a manifest of {size} bytes")));
        }
        let text = fs::read(&path).map_err(|cause| LibraryError::io(&path, cause))?;
        // The format first: a later release may have changed everything else.
        let format = serde_json::from_slice::<Format>(&text)
            .map_err(|cause| LibraryError::damaged(&path, cause.to_string()))?
            .format;
        if format != FORMAT_VERSION {
            return Err(LibraryError::Format { path, found: format });
        }
        serde_json::from_slice(&text)
            .map_err(|cause| LibraryError::damaged(&path, cause.to_string()))
    }

    /// Puts the manifest in place of the former one, all of it or nothing.
    pub(super) fn write(&self, directory: &Path) -> Result<(), LibraryError> {
        write_atomically(&directory.join(FILE_NAME), &to_json(self, directory)?)
    }

    /// Folder of the data files, below the library's directory.
    pub(super) fn folder(&self) -> String {
        format!("v-{}", self.version.get(..16).unwrap_or(&self.version))
    }
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

pub(super) fn to_json<T: Serialize>(value: &T, path: &Path) -> Result<Vec<u8>, LibraryError> {
    serde_json::to_vec_pretty(value).map_err(|cause| LibraryError::io(path, cause.into()))
}

/// Temporary file, sync, rename.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), LibraryError> {
    let temporary = path.with_extension("tmp");
    let io = |cause| LibraryError::io(&temporary, cause);
    let mut file = File::create(&temporary).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    file.sync_all().map_err(io)?;
    fs::rename(&temporary, path).map_err(|cause| LibraryError::io(path, cause))
}
