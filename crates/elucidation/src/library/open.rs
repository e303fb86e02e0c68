//! A finished library, memory-mapped.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::thread;

use memmap2::Mmap;
use sha2::{Digest, Sha256};

use super::digest::hex;
use super::error::LibraryError;
use super::layout::{INDEX_BYTES, MAGIC};
use super::manifest::{FileSeal, Manifest};

/// An open library. Every file was checked against its digest.
#[derive(Debug)]
pub struct Library {
    pub(super) manifest: Manifest,
    pub(super) index: Mmap,
    pub(super) sites: Mmap,
    pub(super) atoms: Mmap,
    pub(super) text: Mmap,
    pub(super) order: Mmap,
    pub(super) formulas: HashMap<String, u32>,
}

impl Library {
    /// Opens a library made with the model in use.
    ///
    /// # Errors
    /// [`LibraryError`] when there is none, it is damaged, or another model made it.
    pub fn open(directory: &Path, model_digest: &str) -> Result<Self, LibraryError> {
        let manifest = Manifest::read(directory)?;
        if manifest.model_digest != model_digest {
            return Err(LibraryError::OtherModel {
                name: manifest.name,
                found: manifest.model_digest,
                wanted: model_digest.to_owned(),
            });
        }
        Self::with_manifest(directory, manifest)
    }

    /// Opens a library whatever model made it, to check or rebuild it.
    ///
    /// # Errors
    /// [`LibraryError`] when there is none or it is damaged.
    pub fn open_any(directory: &Path) -> Result<Self, LibraryError> {
        Self::with_manifest(directory, Manifest::read(directory)?)
    }

    fn with_manifest(directory: &Path, manifest: Manifest) -> Result<Self, LibraryError> {
        let folder = directory.join(manifest.folder());
        let mut maps = thread::scope(|scope| {
            let opening: Vec<_> = ["index", "sites", "atoms", "text", "order"]
                .iter()
                .map(|name| {
                    let seal = manifest.files.iter().find(|seal| seal.name == *name);
                    let path = folder.join(name);
                    scope.spawn(move || match seal {
                        Some(seal) => map(&path, seal),
                        None => Err(LibraryError::damaged(&path, "not named in the manifest")),
                    })
                })
                .collect();
            opening
                .into_iter()
                .map(|thread| thread.join().unwrap_or(Err(LibraryError::Worker)))
                .collect::<Result<Vec<Mmap>, _>>()
        })?
        .into_iter();
        let mut next = || maps.next().ok_or(LibraryError::Worker);
        let library = Self {
            index: next()?,
            sites: next()?,
            atoms: next()?,
            text: next()?,
            order: next()?,
            formulas: manifest.formulas.iter().cloned().zip(0..).collect(),
            manifest,
        };
        let header = MAGIC.len() as u64;
        let count = library.manifest.count;
        let expected =
            [(&library.index, INDEX_BYTES as u64, "index"), (&library.order, 4, "order")];
        for (map, record, name) in expected {
            if count > u64::from(u32::MAX) || map.len() as u64 != header + count * record {
                let reason = format!("does not hold {count} molecules");
                return Err(LibraryError::damaged(&folder.join(name), reason));
            }
        }
        Ok(library)
    }

    /// Reads every record, beyond what opening checks.
    ///
    /// # Errors
    /// [`LibraryError::Damaged`] with the first molecule that cannot be read.
    pub fn check(&self) -> Result<(), LibraryError> {
        for number in 0..self.len() {
            if self.entry(number).is_none() || self.profile(number).is_none() {
                let path = Path::new(self.name());
                let reason = format!("molecule {number} cannot be read");
                return Err(LibraryError::damaged(path, reason));
            }
        }
        Ok(())
    }

    /// Name of the library.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// Digest of the content: structures and predicted shifts.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// What the library says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Number of molecules.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.manifest.count).unwrap_or(u32::MAX)
    }

    /// True of a library without molecules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Maps a file after checking its size, its header and its digest.
fn map(path: &Path, seal: &FileSeal) -> Result<Mmap, LibraryError> {
    let io = |cause| LibraryError::io(path, cause);
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() || metadata.len() != seal.bytes {
        let reason = format!("{} bytes where {} were written", metadata.len(), seal.bytes);
        return Err(LibraryError::damaged(path, reason));
    }
    // SAFETY: a map is sound while nobody writes to or truncates the file. Library files are
    // written under another name, sealed, and never written again: a new version gets a new
    // folder, and removing the old one leaves existing maps intact.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(&file) }.map_err(io)?;
    if map.get(..MAGIC.len()) != Some(MAGIC.as_slice()) {
        return Err(LibraryError::damaged(path, "not a library file"));
    }
    if hex(&Sha256::digest(&map)) != seal.digest {
        return Err(LibraryError::damaged(path, "its content is not what was written"));
    }
    Ok(map)
}
