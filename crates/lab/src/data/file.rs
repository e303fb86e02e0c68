//! Data files, gzipped or not, and their tables.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::{ReaderBuilder, StringRecord};
use flate2::read::MultiGzDecoder;

use crate::error::TrainingError;
use larmor_networks::file_sha256;

/// Opens a file, unpacking one whose name ends in `.gz`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, TrainingError> {
    let file = File::open(path).map_err(TrainingError::file(path))?;
    Ok(if path.extension().is_some_and(|e| e == "gz") {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}

/// SHA-256 of each file, hex.
pub(super) fn digests(paths: &[PathBuf]) -> Result<Vec<String>, TrainingError> {
    paths.iter().map(|path| file_sha256(path).map_err(TrainingError::file(path))).collect()
}

/// Writes a file through a temporary one, so that a reader never sees half of it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(TrainingError::file(&temporary))?;
    fs::rename(&temporary, path).map_err(TrainingError::file(path))
}

/// Longest row, in bytes: what is longer is a quoted cell that nothing closes.
const ROW_BYTES: u64 = 64 << 10;

/// A CSV table with a heading. Cells may be quoted, and hold commas and line breaks then; blanks
/// around a cell do not count.
pub(crate) struct Table<'a> {
    path: &'a Path,
    heading: StringRecord,
    reader: csv::Reader<NotingEnd>,
    end: Rc<Cell<End>>,
}

/// How a file ends, as far as it was read.
#[derive(Clone, Copy, Default)]
struct End {
    reached: bool,
    /// Its last byte that is no white space.
    last: Option<u8>,
}

/// A file that notes how it ends.
struct NotingEnd {
    input: Box<dyn Read>,
    end: Rc<Cell<End>>,
}

impl Read for NotingEnd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let seen = buffer[..count].iter().rev().find(|byte| !byte.is_ascii_whitespace());
        let last = seen.copied().or(self.end.get().last);
        self.end.set(End { reached: count == 0, last });
        Ok(count)
    }
}

impl<'a> Table<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self, TrainingError> {
        let end = Rc::new(Cell::new(End::default()));
        let input = NotingEnd { input: open(path)?, end: Rc::clone(&end) };
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
        let mut heading = reader.headers().map_err(|error| unreadable(path, error))?.clone();
        heading.trim();
        Ok(Self { path, heading, reader, end })
    }

    /// Place of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.heading.iter().position(|title| title == name)
    }

    /// Hands each row to `take`, with the line it starts on. An error of `take` says what is wrong
    /// with the row.
    pub(crate) fn rows(
        mut self,
        mut take: impl FnMut(&StringRecord) -> Result<(), String>,
    ) -> Result<(), TrainingError> {
        let mut row = StringRecord::new();
        while self.reader.read_record(&mut row).map_err(|error| unreadable(self.path, error))? {
            let taken = if self.goes_on(&row) {
                Err("a quoted cell that begins here does not end".to_owned())
            } else {
                row.trim();
                take(&row)
            };
            taken.map_err(|reason| {
                let line = row.position().map_or(0, csv::Position::line);
                let reason = format!("line {line}: {reason}");
                TrainingError::Format { path: self.path.to_owned(), reason }
            })?;
        }
        Ok(())
    }

    /// True where a cell of the row has swallowed the rest of the file, or too much of it.
    fn goes_on(&self, row: &StringRecord) -> bool {
        let from = row.position().map_or(0, csv::Position::byte);
        let swallowed = || {
            let holds_lines = row.iter().next_back().is_some_and(|cell| cell.contains('\n'));
            let end = self.end.get();
            end.reached && holds_lines && end.last != Some(b'"')
        };
        self.reader.position().byte() - from > ROW_BYTES || swallowed()
    }
}

fn unreadable(path: &Path, error: csv::Error) -> TrainingError {
    let reason = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => TrainingError::File { path: path.to_owned(), cause },
        _ => TrainingError::Format { path: path.to_owned(), reason },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<String>, TrainingError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        fs::write(&path, text).unwrap();
        let table = Table::open(&path)?;
        let column = table.column("smiles").unwrap();
        let mut found = Vec::new();
        table.rows(|row| {
            let cell = row.get(column).filter(|cell| !cell.is_empty());
            found.push(cell.ok_or("no SMILES")?.to_owned());
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn quoted_cells_keep_commas_and_line_breaks() {
        let text =
            "\u{feff}note, smiles\n\"a, \"\"b\"\"\",\"CCO\"\n\"two\nlines\", CCN\r\nplain,C\n";
        assert_eq!(cells(text).unwrap(), ["CCO", "CCN", "C"]);
    }

    #[test]
    fn a_quote_that_nothing_closes_is_an_error_and_not_the_end_of_the_table() {
        for end in ["", "\n"] {
            let text = format!("smiles,label,note\nCCO,1,\"x\nCCN,1,y\nCCC,1,z{end}");
            let error = cells(&text).unwrap_err().to_string();
            assert!(error.contains("line 2: a quoted cell"), "{error}");
            let sound = format!("smiles,note\nCCO,\"x\ny\"{end}");
            assert_eq!(cells(&sound).unwrap(), ["CCO"]);
        }
        let long = format!("smiles,note\nC,\"x\n{}\"\n", "C,\n".repeat(30_000));
        assert!(cells(&long).is_err());
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        let error = cells("note,smiles\n\"two\nlines\",C\nshort\n").unwrap_err().to_string();
        assert!(error.ends_with("line 4: no SMILES"), "{error}");
    }
}
