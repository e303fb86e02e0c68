//! Writes a library: appends to files in a `building` folder and keeps a checkpoint, so that an
//! interrupted import goes on where it stopped.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::checkpoint::{BuildKey, Checkpoint};
use super::error::LibraryError;
use super::identity::{fingerprint, identity};
use super::layout::{INDEX_BYTES, IndexRecord, MAGIC, encode_site};
use super::manifest::{to_json, write_atomically};
use super::profile::Profile;
use larmor_chemistry::Molecule;

/// Data files written while building.
pub(super) const GROWING: [&str; 4] = ["index", "sites", "atoms", "text"];
/// List of what was rejected.
pub(super) const REJECTS: &str = "rejects.tsv";

pub(super) struct Build {
    pub(super) directory: PathBuf,
    pub(super) building: PathBuf,
    pub(super) name: String,
    _lock: File,
    files: Vec<BufWriter<File>>,
    rejects: BufWriter<File>,
    formulas: HashMap<String, u32>,
    seen: HashSet<u128>,
    pub(super) state: Checkpoint,
    /// Records an earlier, interrupted run had dealt with.
    pub(super) resumed: u64,
}

impl Build {
    /// Starts a build, or goes on with an interrupted one of the same input and model.
    pub(super) fn start(directory: &Path, name: &str, key: BuildKey) -> Result<Self, LibraryError> {
        fs::create_dir_all(directory).map_err(|cause| LibraryError::io(directory, cause))?;
        let lock = lock(directory, name)?;
        let building = directory.join("building");
        let checkpoint = fs::read(building.join("checkpoint.json"))
            .ok()
            .and_then(|text| serde_json::from_slice::<Checkpoint>(&text).ok())
            .filter(|checkpoint| checkpoint.key == key);
        let fresh = checkpoint.is_none();
        if fresh && building.exists() {
            fs::remove_dir_all(&building).map_err(|cause| LibraryError::io(&building, cause))?;
        }
        fs::create_dir_all(&building).map_err(|cause| LibraryError::io(&building, cause))?;
        let state = checkpoint.unwrap_or_else(|| Checkpoint {
            key,
            records: 0,
            accepted: 0,
            rejected: 0,
            duplicates: 0,
            lengths: [MAGIC.len() as u64; 4],
            rejects_bytes: 0,
            sites: 0,
            atoms: 0,
            formulas: Vec::new(),
        });
        let mut files = Vec::new();
        for (name, &length) in GROWING.iter().zip(&state.lengths) {
            let path = building.join(name);
            if fresh {
                fs::write(&path, MAGIC).map_err(|cause| LibraryError::io(&path, cause))?;
            }
            files.push(reopen(&path, length)?);
        }
        let rejects = reopen(&building.join(REJECTS), state.rejects_bytes)?;
        let formulas = state.formulas.iter().cloned().zip(0..).collect();
        let mut build = Self {
            directory: directory.to_owned(),
            building,
            name: name.to_owned(),
            _lock: lock,
            files,
            rejects,
            formulas,
            seen: HashSet::new(),
            resumed: state.records,
            state,
        };
        build.each_record(|build, bytes| {
            if let Some(record) = IndexRecord::decode(bytes) {
                build.seen.insert(fingerprint(&record.key));
            }
        })?;
        Ok(build)
    }

    /// True when the molecule was not in the library before; it is from now on.
    pub(super) fn is_new(&mut self, molecule: &Molecule) -> bool {
        let new = self.seen.insert(fingerprint(&identity(molecule)));
        self.state.duplicates += u64::from(!new);
        new
    }

    /// Notes why a record was not taken.
    pub(super) fn reject(
        &mut self,
        line: u64,
        reason: &str,
        text: &str,
    ) -> Result<(), LibraryError> {
        self.state.rejected += 1;
        let text: String = text.lines().next().unwrap_or("").chars().take(200).collect();
        let row = format!("{line}\t{}\t{text}\n", reason.replace(['\t', '\n'], " "));
        self.state.rejects_bytes += row.len() as u64;
        let path = self.building.join(REJECTS);
        self.rejects.write_all(row.as_bytes()).map_err(|cause| LibraryError::io(&path, cause))
    }

    /// Appends a molecule.
    pub(super) fn append(
        &mut self,
        text: &str,
        name: Option<&str>,
        molecule: &Molecule,
        profile: &Profile,
    ) -> Result<(), LibraryError> {
        let name = name.unwrap_or("");
        let formula = self.formula_number(&molecule.formula.to_string());
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let record = IndexRecord {
            text: self.state.lengths[3] - MAGIC.len() as u64,
            site: self.state.sites,
            atom: self.state.atoms,
            mass: molecule.formula.monoisotopic_mass().unwrap_or(-1.0),
            formula,
            smiles_bytes: small(text.len()),
            name_bytes: small(name.len()),
            sites: small(profile.sites.len()),
            carbon_sites: small(profile.sites.iter().filter(|s| s.carbon.is_some()).count()),
            key: identity(molecule),
        };
        let mut bytes = Vec::with_capacity(512);
        record.encode(&mut bytes);
        self.write(0, &bytes)?;
        bytes.clear();
        profile.sites.iter().for_each(|site| encode_site(site, &mut bytes));
        self.write(1, &bytes)?;
        bytes.clear();
        profile.atoms.iter().for_each(|atom| bytes.extend_from_slice(&atom.to_le_bytes()));
        self.write(2, &bytes)?;
        self.write(3, text.as_bytes())?;
        self.write(3, name.as_bytes())?;
        self.state.sites += profile.sites.len() as u64;
        self.state.atoms += profile.atoms.len() as u64;
        self.state.accepted += 1;
        Ok(())
    }

    fn formula_number(&mut self, formula: &str) -> u32 {
        if let Some(&number) = self.formulas.get(formula) {
            return number;
        }
        let number = u32::try_from(self.formulas.len()).unwrap_or(u32::MAX);
        self.formulas.insert(formula.to_owned(), number);
        self.state.formulas.push(formula.to_owned());
        number
    }

    fn write(&mut self, file: usize, bytes: &[u8]) -> Result<(), LibraryError> {
        self.state.lengths[file] += bytes.len() as u64;
        self.files[file]
            .write_all(bytes)
            .map_err(|cause| LibraryError::io(&self.building.join(GROWING[file]), cause))
    }

    /// Makes everything so far durable: data first, then the checkpoint that counts on it.
    pub(super) fn checkpoint(&mut self) -> Result<(), LibraryError> {
        for (file, name) in self.files.iter_mut().zip(GROWING).chain([(&mut self.rejects, REJECTS)])
        {
            file.flush()
                .and_then(|()| file.get_ref().sync_data())
                .map_err(|cause| LibraryError::io(&self.building.join(name), cause))?;
        }
        let path = self.building.join("checkpoint.json");
        write_atomically(&path, &to_json(&self.state, &path)?)
    }

    /// Calls `each` with every index record written so far.
    pub(super) fn each_record(
        &mut self,
        mut each: impl FnMut(&mut Self, &[u8]),
    ) -> Result<(), LibraryError> {
        let path = self.building.join(GROWING[0]);
        let io = |cause| LibraryError::io(&path, cause);
        let mut input = BufReader::new(File::open(&path).map_err(io)?);
        input.read_exact(&mut [0; MAGIC.len()]).map_err(io)?;
        let mut bytes = [0; INDEX_BYTES];
        for _ in 0..self.state.accepted {
            input.read_exact(&mut bytes).map_err(io)?;
            each(self, &bytes);
        }
        Ok(())
    }
}

fn lock(directory: &Path, name: &str) -> Result<File, LibraryError> {
    let path = directory.join("lock");
    let file = File::create(&path).map_err(|cause| LibraryError::io(&path, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LibraryError::Busy { name: name.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(LibraryError::io(&path, cause)),
    }
}

/// Opens a file for appending at a length, cutting off what came after the last checkpoint.
fn reopen(path: &Path, length: u64) -> Result<BufWriter<File>, LibraryError> {
    let io = |cause| LibraryError::io(path, cause);
    let file = OpenOptions::new().create(true).append(true).open(path).map_err(io)?;
    if file.metadata().map_err(io)?.len() < length {
        let reason = "shorter than its checkpoint says; remove the folder and import again";
        return Err(LibraryError::damaged(path, reason));
    }
    file.set_len(length).map_err(io)?;
    Ok(BufWriter::new(file))
}
