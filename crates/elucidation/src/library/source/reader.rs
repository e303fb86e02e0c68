//! Opens structure files and reads them record by record.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use flate2::read::MultiGzDecoder;

use super::lines::Lines;
use super::raw_structure::RawStructure;
use super::table::Table;
use crate::library::counting_reader::CountingReader;
use crate::library::error::LibraryError;
use crate::library::source::{sdf, smiles};

/// How a file is laid out.
enum Layout {
    Smiles,
    Table(Box<Table>),
    Sdf,
}

/// Reads a structure file record by record.
pub struct StructureReader {
    lines: Lines,
    layout: Layout,
    consumed: Arc<AtomicU64>,
    bytes: u64,
}

impl StructureReader {
    /// Opens a file; the kind of file shows in its name (`.sdf`, `.csv`, `.tsv`, else
    /// SMILES; `.gz` behind any of them) and its first line.
    ///
    /// # Errors
    /// [`LibraryError`] when it cannot be opened, is no regular file, or is a table without a
    /// SMILES column.
    pub fn open(path: &Path) -> Result<Self, LibraryError> {
        Self::open_as(path, None)
    }

    /// Opens a table whose records are named by a column of one's choice.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when it is no table or has no such column.
    pub fn open_named_by(path: &Path, column: &str) -> Result<Self, LibraryError> {
        Self::open_as(path, Some(column))
    }

    fn open_as(path: &Path, named_by: Option<&str>) -> Result<Self, LibraryError> {
        let metadata = std::fs::metadata(path).map_err(|cause| LibraryError::io(path, cause))?;
        if !metadata.is_file() {
            return Err(LibraryError::Input {
                path: path.to_owned(),
                reason: "not a regular file".to_owned(),
            });
        }
        let file = File::open(path).map_err(|cause| LibraryError::io(path, cause))?;
        let consumed = Arc::new(AtomicU64::new(0));
        let counted = CountingReader { inner: file, count: Arc::clone(&consumed) };
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let (name, input): (&str, Box<dyn BufRead + Send>) = match name.strip_suffix(".gz") {
            Some(name) => {
                (name, Box::new(BufReader::new(MultiGzDecoder::new(BufReader::new(counted)))))
            }
            None => (&name, Box::new(BufReader::new(counted))),
        };
        let sdf = [".sdf", ".sd", ".mol"].iter().any(|suffix| name.ends_with(suffix));
        let table = [".csv", ".tsv"].iter().any(|suffix| name.ends_with(suffix));
        let mut lines = Lines::new(path.to_owned(), input);
        let layout = if sdf { Layout::Sdf } else { recognise(&mut lines, path, table, named_by)? };
        let named = matches!(&layout, Layout::Table(table) if table.name.is_some());
        match named_by {
            Some(column) if !named => Err(LibraryError::Input {
                path: path.to_owned(),
                reason: format!("is no table with a column named {column}"),
            }),
            _ => Ok(Self { lines, layout, consumed, bytes: metadata.len() }),
        }
    }

    /// Size of the file in bytes, as it lies on disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Counter of the bytes read so far, as they lie on disk.
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.consumed)
    }
}

/// The first line decides: a header names the column, anything else is a structure.
fn recognise(
    lines: &mut Lines,
    path: &Path,
    table: bool,
    named_by: Option<&str>,
) -> Result<Layout, LibraryError> {
    let Some(first) = lines.next_line()? else { return Ok(Layout::Smiles) };
    match Table::of_header(&first, named_by) {
        Some(table) => Ok(Layout::Table(Box::new(table))),
        None if table => Err(LibraryError::Input {
            path: path.to_owned(),
            reason: "its first line has no column named SMILES".to_owned(),
        }),
        None => {
            lines.put_back(vec![first]);
            Ok(Layout::Smiles)
        }
    }
}

impl Iterator for StructureReader {
    type Item = Result<RawStructure, LibraryError>;

    fn next(&mut self) -> Option<Self::Item> {
        let lines = &mut self.lines;
        match &mut self.layout {
            Layout::Smiles => smiles::next_structure(lines),
            Layout::Table(table) => table.next_row(lines),
            Layout::Sdf => sdf::next_record(lines),
        }
        .transpose()
    }
}
