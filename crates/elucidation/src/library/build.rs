//! Writes a library: appends to files in a `building` folder, keeps a checkpoint so that an
//! interrupted import goes on where it stopped, and at the end puts the whole in place.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::layout::{INDEX_BYTES, IndexRecord, MAGIC, decode_span, encode_site};
use super::manifest::{FORMAT_VERSION, FileSeal, Manifest, to_json, write_atomically};
use super::{LibraryError, Profile};
use larmor_chemistry::Molecule;

/// Data files written while building, and the one made at the end.
const GROWING: [&str; 4] = ["index", "sites", "atoms", "text"];
const ORDER: &str = "order";
/// List of what was rejected.
pub(super) const REJECTS: &str = "rejects.tsv";

/// What a build is of: another input or another model starts anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BuildKey {
    pub(super) source: String,
    /// Size and time of the input.
    pub(super) stamp: String,
    pub(super) model_digest: String,
    pub(super) format: u32,
}

/// How far a build has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    pub(super) key: BuildKey,
    /// Records of the input dealt with.
    pub(super) records: u64,
    pub(super) accepted: u64,
    pub(super) rejected: u64,
    pub(super) duplicates: u64,
    lengths: [u64; 4],
    rejects_bytes: u64,
    sites: u64,
    atoms: u64,
    formulas: Vec<String>,
}

pub(super) struct Build {
    directory: PathBuf,
    building: PathBuf,
    name: String,
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

    /// Seals the files and puts the library in place of a former one.
    pub(super) fn finish(mut self) -> Result<Manifest, LibraryError> {
        self.checkpoint()?;
        self.write_order()?;
        let mut files = Vec::new();
        let mut version = Sha256::new();
        for name in GROWING.iter().chain([&ORDER]) {
            let seal = seal(&self.building, name)?;
            version.update(seal.digest.as_bytes());
            files.push(seal);
        }
        for text in self.state.formulas.iter().chain([&self.state.key.model_digest]) {
            version.update(text.as_bytes());
            version.update([0]);
        }
        let manifest = Manifest {
            format: FORMAT_VERSION,
            name: self.name.clone(),
            version: hex(&version.finalize()),
            model_digest: self.state.key.model_digest.clone(),
            count: self.state.accepted,
            created: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            source: self.state.key.source.clone(),
            files,
            formulas: std::mem::take(&mut self.state.formulas),
        };
        let place = self.directory.join(manifest.folder());
        if place.exists() {
            fs::remove_dir_all(&place).map_err(|cause| LibraryError::io(&place, cause))?;
        }
        let checkpoint = self.building.join("checkpoint.json");
        fs::remove_file(&checkpoint).map_err(|cause| LibraryError::io(&checkpoint, cause))?;
        fs::rename(&self.building, &place).map_err(|cause| LibraryError::io(&place, cause))?;
        manifest.write(&self.directory)?;
        self.remove_former_versions(&place);
        Ok(manifest)
    }

    /// A process that still has an old version mapped keeps it until it closes it.
    fn remove_former_versions(&self, current: &Path) {
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            let former = entry.file_name().to_string_lossy().starts_with("v-");
            if former && entry.path() != current {
                // Left behind it costs only space; the next import tries again.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    fn write_order(&mut self) -> Result<(), LibraryError> {
        let mut keys: Vec<(f64, u32, u32)> = Vec::new();
        self.each_record(|_, bytes| {
            if let Some((mass, formula, _, _)) = decode_span(bytes) {
                keys.push((mass, formula, u32::try_from(keys.len()).unwrap_or(u32::MAX)));
            }
        })?;
        keys.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let path = self.building.join(ORDER);
        let io = |cause| LibraryError::io(&path, cause);
        let mut file = BufWriter::new(File::create(&path).map_err(io)?);
        file.write_all(MAGIC).map_err(io)?;
        for (_, _, number) in keys {
            file.write_all(&number.to_le_bytes()).map_err(io)?;
        }
        file.into_inner().map_err(|e| io(e.into_error()))?.sync_all().map_err(io)
    }

    /// Calls `each` with every index record written so far.
    fn each_record(&mut self, mut each: impl FnMut(&mut Self, &[u8])) -> Result<(), LibraryError> {
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

fn seal(folder: &Path, name: &str) -> Result<FileSeal, LibraryError> {
    let path = folder.join(name);
    let io = |cause| LibraryError::io(&path, cause);
    let mut file = File::open(&path).map_err(io)?;
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut file, &mut HashWriter(&mut hash)).map_err(io)?;
    Ok(FileSeal { name: name.to_owned(), bytes, digest: hex(&hash.finalize()) })
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The InChIKey, or a digest of the canonical SMILES where InChI has none: it starts with `~`.
fn identity(molecule: &Molecule) -> String {
    if !molecule.inchikey.is_empty() {
        return molecule.inchikey.clone();
    }
    format!("~{}", hex(&Sha256::digest(molecule.smiles.as_bytes())[..10]))
}

/// 128 bits of an identity, so that a million of them take tens of megabytes.
fn fingerprint(identity: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, identity).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
