//! Compounds whose acquisitions and every shift are known: a folder with `ground_truth.json`, and
//! for each compound a folder of its own with the datasets and `structure.nmredata.sdf`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::assigned_structure::AssignedStructure;
use crate::error::{EvaluationError, TrainingError};
use larmor_chemistry::Molecule;
use larmor_nmr::fid;

/// Largest file of truth that is read, in bytes.
const MOST_BYTES: u64 = 16 << 20;
const STRUCTURE: &str = "structure.nmredata.sdf";

/// A compound with its datasets.
#[derive(Debug, Clone)]
pub struct KnownCompound {
    /// Name of its folder.
    pub name: String,
    /// Its datasets, by name.
    pub datasets: Vec<PathBuf>,
    /// Mol block; the truth's atoms are its atoms.
    pub molblock: String,
    /// Structure and shifts.
    pub truth: AssignedStructure,
}

#[derive(Deserialize)]
struct Written {
    cas: String,
    #[serde(rename = "atom_13C_ppm")]
    c13: Vec<(u32, f64)>,
    #[serde(rename = "heavy_atom_1H_ppm")]
    h1: Vec<(u32, f64)>,
}

/// Reads every compound of a folder, in the order of its `ground_truth.json`.
///
/// # Errors
/// [`EvaluationError`] when a file is missing or not what it should be.
pub fn known_compounds(folder: &Path) -> Result<Vec<KnownCompound>, EvaluationError> {
    let path = folder.join("ground_truth.json");
    let written: Vec<Written> = serde_json::from_str(&text(&path)?)
        .map_err(|error| format_error(&path, error.to_string()))?;
    written.iter().map(|one| compound(folder, one)).collect()
}

fn compound(folder: &Path, written: &Written) -> Result<KnownCompound, EvaluationError> {
    let own = Path::new(&written.cas);
    if own.components().count() != 1 || own.file_name().is_none() {
        let reason = format!("'{}' cannot name a folder", written.cas);
        return Err(format_error(&folder.join("ground_truth.json"), reason));
    }
    let folder = folder.join(own);
    let path = folder.join(STRUCTURE);
    let molblock = text(&path)?;
    let molecule = Molecule::from_molblock(&molblock)
        .map_err(|error| format_error(&path, error.to_string()))?;
    let heavy = molecule.graph.len();
    let (mut c13, mut h1) = (vec![None; heavy], vec![Vec::new(); heavy]);
    let place = |number: u32| {
        let found = molecule.source.iter().position(|&source| source == number);
        found.ok_or_else(|| format_error(&path, format!("has no heavy atom {number}")))
    };
    for &(atom, ppm) in &written.c13 {
        c13[place(atom)?] = Some(ppm);
    }
    for &(atom, ppm) in &written.h1 {
        h1[place(atom)?].push(ppm);
    }
    let mut datasets: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|cause| TrainingError::File { path: folder.clone(), cause })?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| fid::recognise(path).is_some())
        .collect();
    datasets.sort();
    let truth = AssignedStructure { molecule, c13, h1 };
    Ok(KnownCompound { name: written.cas.clone(), datasets, molblock, truth })
}

fn text(path: &Path) -> Result<String, EvaluationError> {
    let file = |cause| TrainingError::File { path: path.to_owned(), cause };
    let metadata = std::fs::metadata(path).map_err(file)?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(format_error(path, "is not a file of up to 16 MB".to_owned()));
    }
    Ok(std::fs::read_to_string(path).map_err(file)?)
}

fn format_error(path: &Path, reason: String) -> EvaluationError {
    TrainingError::Format { path: path.to_owned(), reason }.into()
}
