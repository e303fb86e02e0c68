//! A NumPy array (.npy, format 1.0) of 32-bit floats, one row a molecule, and beside it the molecules
//! in the same order.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::rows::{Row, Rows};
use crate::library::error::LibraryError;

/// The array and the list of molecules, half-written.
pub(super) struct NumpyArray {
    array: Output,
    molecules: Output,
}

/// A file, whose errors name it.
struct Output {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Output {
    fn create(path: &Path) -> Result<Self, LibraryError> {
        let file = File::create(path).map_err(|cause| LibraryError::io(path, cause))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LibraryError> {
        self.file.write_all(bytes).map_err(|cause| LibraryError::io(&self.path, cause))
    }

    fn finish(mut self) -> Result<(), LibraryError> {
        self.file.flush().map_err(|cause| LibraryError::io(&self.path, cause))
    }
}

impl NumpyArray {
    pub(super) fn create(
        array: &Path,
        list: &Path,
        rows: u32,
        width: usize,
    ) -> Result<Self, LibraryError> {
        let mut array = Output::create(array)?;
        array.write(&header(rows, width))?;
        Ok(Self { array, molecules: Output::create(list)? })
    }
}

impl Rows for NumpyArray {
    fn push(&mut self, row: Row) -> Result<(), LibraryError> {
        self.molecules.write(format!("{} {}\n", row.smiles, row.inchikey).as_bytes())?;
        row.vector.iter().try_for_each(|value| self.array.write(&value.to_le_bytes()))
    }

    fn finish(self: Box<Self>) -> Result<(), LibraryError> {
        self.molecules.finish()?;
        self.array.finish()
    }
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
