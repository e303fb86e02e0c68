//! The export, molecule by molecule.

use std::fs;
use std::path::{Path, PathBuf};

use super::array::NumpyArray;
use super::rows::{Row, Rows};
use super::table::ParquetTable;
use crate::library::error::LibraryError;
use crate::library::open::Library;
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_networks::NetworkError;

/// Molecules embedded at a time.
const BATCH: u32 = 1_024;

/// Gives a vector for each molecule.
pub type Embed<'a> = dyn Fn(&[MolecularGraph]) -> Result<Vec<Vec<f32>>, NetworkError> + 'a;

/// Writes the vectors that `embed` gives, `width` numbers each, to `path`: a Parquet table with SMILES
/// and InChIKey where that ends in `.parquet`, else a NumPy array, with SMILES and InChIKey of each
/// row in the same path with `.smi` behind. Returns the files written. `progress` hears how many
/// molecules are done.
///
/// # Errors
/// [`LibraryError`] when a file cannot be written, a molecule cannot be read or the network fails.
pub fn export_embeddings(
    library: &Library,
    path: &Path,
    width: usize,
    embed: &Embed<'_>,
    progress: &mut dyn FnMut(u32),
) -> Result<Vec<PathBuf>, LibraryError> {
    let named = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let temporary = named(".new");
    let table = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    let (mut rows, written): (Box<dyn Rows>, _) = if table {
        (Box::new(ParquetTable::create(&temporary)?), vec![path.to_owned()])
    } else {
        let list = named(".smi");
        let array = NumpyArray::create(&temporary, &list, library.len(), width)?;
        (Box::new(array), vec![path.to_owned(), list])
    };
    let mut number = 0;
    while number < library.len() {
        let end = library.len().min(number + BATCH);
        let (mut entries, mut graphs) = (Vec::new(), Vec::new());
        for number in number..end {
            let entry = library.entry(number);
            let graph = entry.as_ref().and_then(|e| Molecule::graph_only(&e.smiles).ok());
            let Some((entry, molecule)) = entry.zip(graph) else {
                let reason = format!("molecule {number} cannot be read");
                return Err(LibraryError::damaged(Path::new(library.name()), reason));
            };
            entries.push(entry);
            graphs.push(molecule.graph);
        }
        let vectors = embed(&graphs).map_err(|e| LibraryError::Embedding(e.to_string()))?;
        if vectors.len() != graphs.len() || vectors.iter().any(|vector| vector.len() != width) {
            return Err(LibraryError::Embedding(format!("rows are not {width} numbers")));
        }
        for (entry, vector) in entries.into_iter().zip(vectors) {
            let (smiles, inchikey) = (entry.smiles.to_string(), entry.inchikey.to_string());
            rows.push(Row { smiles, inchikey, vector })?;
        }
        number = end;
        progress(number);
    }
    rows.finish()?;
    fs::rename(&temporary, path).map_err(|cause| LibraryError::io(path, cause))?;
    Ok(written)
}
