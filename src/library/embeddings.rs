//! Vectors of a library's molecules, written for other programs: a NumPy array (.npy, format 1.0) of
//! 32-bit floats, one row a molecule, and beside it the molecules in the same order.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Library, LibraryError};
use crate::molecule::{MolecularGraph, Molecule};
use crate::network::NetworkError;

/// Molecules embedded at a time.
const BATCH: u32 = 1_024;

/// Gives a vector for each molecule.
pub type Embed<'a> = dyn Fn(&[MolecularGraph]) -> Result<Vec<Vec<f32>>, NetworkError> + 'a;

/// Writes the vectors that `embed` gives, `width` numbers each, to `path`, and SMILES and InChIKey of
/// each row to the same path with `.smi` behind; returns that path. `tell` hears how many are done.
///
/// # Errors
/// [`LibraryError`] when a file cannot be written, a molecule cannot be read or the network fails.
pub fn export_embeddings(
    library: &Library,
    path: &Path,
    width: usize,
    embed: &Embed<'_>,
    tell: &mut dyn FnMut(u32),
) -> Result<PathBuf, LibraryError> {
    let named = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let (temporary, list) = (named(".new"), named(".smi"));
    let io = |cause| LibraryError::io(&temporary, cause);
    let io_list = |cause| LibraryError::io(&list, cause);
    let mut array = BufWriter::new(File::create(&temporary).map_err(io)?);
    let mut molecules = BufWriter::new(File::create(&list).map_err(io_list)?);
    array.write_all(&header(library.len(), width)).map_err(io)?;
    let mut number = 0;
    while number < library.len() {
        let end = library.len().min(number + BATCH);
        let mut graphs = Vec::new();
        for number in number..end {
            let entry = library.entry(number);
            let graph = entry.as_ref().and_then(|e| Molecule::graph_only(&e.smiles).ok());
            let Some((entry, molecule)) = entry.zip(graph) else {
                let reason = format!("molecule {number} cannot be read");
                return Err(LibraryError::damaged(Path::new(library.name()), reason));
            };
            writeln!(molecules, "{} {}", entry.smiles, entry.inchikey).map_err(io_list)?;
            graphs.push(molecule.graph);
        }
        let rows = embed(&graphs).map_err(|e| LibraryError::Embedding(e.to_string()))?;
        if rows.len() != graphs.len() || rows.iter().any(|row| row.len() != width) {
            return Err(LibraryError::Embedding(format!("rows are not {width} numbers")));
        }
        for value in rows.iter().flatten() {
            array.write_all(&value.to_le_bytes()).map_err(io)?;
        }
        number = end;
        tell(number);
    }
    molecules.flush().map_err(io_list)?;
    array.flush().map_err(io)?;
    drop(array);
    fs::rename(&temporary, path).map_err(|cause| LibraryError::io(path, cause))?;
    Ok(list)
}

/// Magic, version, length of the description, and the description, padded so that the numbers start
/// at a multiple of 64 bytes.
fn header(rows: u32, width: usize) -> Vec<u8> {
    const BEFORE: usize = 10;
    let text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {width}), }}");
    let whole = (BEFORE + text.len() + 1).next_multiple_of(64);
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let length = u16::try_from(whole - BEFORE).unwrap_or(u16::MAX);
    bytes.extend(length.to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.resize(whole - 1, b' ');
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_what_numpy_reads() {
        for (rows, width) in [(0, 1), (311_000, 512)] {
            let bytes = header(rows, width);
            assert_eq!(bytes.len() % 64, 0);
            assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
            let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
            assert_eq!(length + 10, bytes.len());
            let text = std::str::from_utf8(&bytes[10..]).unwrap();
            assert!(text.ends_with('\n') && text.contains(&format!("({rows}, {width})")), "{text}");
        }
    }
}
