//! A finished library, memory-mapped.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::thread;

use memmap2::Mmap;
use sha2::{Digest, Sha256};

use super::build::hex;
use super::layout::{INDEX_BYTES, IndexRecord, MAGIC, SITE_BYTES, decode_site, decode_span};
use super::manifest::{FileSeal, Manifest};
use super::{LibraryError, Profile};
use larmor_chemistry::Formula;

/// One molecule of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// SMILES as it was imported; profiles count its atoms.
    pub smiles: String,
    /// Full InChIKey; empty where InChI has none.
    pub inchikey: String,
    /// Formula in Hill order.
    pub formula: String,
    /// Name or identifier in the source.
    pub name: Option<String>,
}

/// A site as a scan of a library sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackedSite {
    /// Expected shift, hundredths of a ppm.
    pub centi_ppm: i16,
    /// Its spread, hundredths of a ppm; at least 1.
    pub centi_spread: u16,
    /// Hydrogens on each atom.
    pub hydrogens: u8,
}

/// An open library. Every file was checked against its digest.
#[derive(Debug)]
pub struct Library {
    manifest: Manifest,
    index: Mmap,
    sites: Mmap,
    atoms: Mmap,
    text: Mmap,
    order: Mmap,
    formulas: HashMap<String, u32>,
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

    /// A molecule's text; `None` beyond the end.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<Entry> {
        let record = self.record(number)?;
        let at = MAGIC.len() + usize::try_from(record.text).ok()?;
        let name_at = at.checked_add(usize::from(record.smiles_bytes))?;
        let end = name_at.checked_add(usize::from(record.name_bytes))?;
        let name = std::str::from_utf8(self.text.get(name_at..end)?).ok()?;
        Some(Entry {
            smiles: std::str::from_utf8(self.text.get(at..name_at)?).ok()?.to_owned(),
            inchikey: if record.key.starts_with('~') { String::new() } else { record.key },
            formula: self.manifest.formulas.get(record.formula as usize)?.clone(),
            name: (!name.is_empty()).then(|| name.to_owned()),
        })
    }

    /// A molecule's expected lines; `None` beyond the end.
    #[must_use]
    pub fn profile(&self, number: u32) -> Option<Profile> {
        let record = self.record(number)?;
        let bytes = span(&self.sites, record.site, record.sites.into(), SITE_BYTES)?;
        let sites: Vec<_> = bytes.chunks_exact(SITE_BYTES).map_while(decode_site).collect();
        let atoms: usize = sites.iter().map(|site| usize::from(site.members)).sum();
        let bytes = span(&self.atoms, record.atom, atoms, 2)?;
        let atoms = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        Some(Profile { sites, atoms })
    }

    /// A molecule's carbon sites by rising shift, read straight from the file: what a scan over
    /// the whole library looks at.
    #[inline]
    pub fn carbons(&self, number: u32) -> impl Iterator<Item = PackedSite> + '_ {
        self.index_bytes(number)
            .and_then(decode_span)
            .and_then(|(_, _, site, carbons)| span(&self.sites, site, carbons.into(), SITE_BYTES))
            .unwrap_or_default()
            .chunks_exact(SITE_BYTES)
            .map(|b| PackedSite {
                centi_ppm: i16::from_le_bytes([b[0], b[1]]),
                centi_spread: u16::from_le_bytes([b[2], b[3]]).max(1),
                hydrogens: b[10],
            })
    }

    /// Molecules of a formula.
    #[must_use]
    pub fn with_formula(&self, formula: &Formula) -> Vec<u32> {
        let Some(&wanted) = self.formulas.get(&formula.to_string()) else { return Vec::new() };
        let mass = formula.monoisotopic_mass().unwrap_or(-1.0);
        self.ordered(mass - 1e-6, mass + 1e-6)
            .filter(|&number| {
                self.index_bytes(number).and_then(decode_span).is_some_and(|s| s.1 == wanted)
            })
            .collect()
    }

    /// Molecules whose monoisotopic mass lies between two masses, in Da.
    #[must_use]
    pub fn within_mass(&self, low: f64, high: f64) -> Vec<u32> {
        self.ordered(low.max(0.0), high).collect()
    }

    fn ordered(&self, low: f64, high: f64) -> impl Iterator<Item = u32> + '_ {
        let mass = |place: u32| {
            let record = self.at_place(place).and_then(|n| self.index_bytes(n));
            record.and_then(decode_span).map_or(f64::INFINITY, |span| span.0)
        };
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start + (end - start) / 2;
            if mass(middle) < low { start = middle + 1 } else { end = middle }
        }
        (start..self.len())
            .take_while(move |&place| mass(place) <= high)
            .filter_map(|place| self.at_place(place))
    }

    fn at_place(&self, place: u32) -> Option<u32> {
        let bytes = span(&self.order, place.into(), 1, 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    fn record(&self, number: u32) -> Option<IndexRecord> {
        self.index_bytes(number).and_then(IndexRecord::decode)
    }

    #[inline]
    fn index_bytes(&self, number: u32) -> Option<&[u8]> {
        span(&self.index, number.into(), 1, INDEX_BYTES)
    }
}

/// `count` records of `size` bytes from record `first` on.
#[inline]
fn span(map: &Mmap, first: u64, count: usize, size: usize) -> Option<&[u8]> {
    let start = usize::try_from(first).ok()?.checked_mul(size)?.checked_add(MAGIC.len())?;
    map.get(start..start.checked_add(count.checked_mul(size)?)?)
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
