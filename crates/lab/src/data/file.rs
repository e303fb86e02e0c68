//! Data files, gzipped or not, and their tables.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};
use flate2::read::MultiGzDecoder;

use crate::error::TrainingError;

/// Opens a file, unpacking one whose name ends in `.gz`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, TrainingError> {
    let file = File::open(path).map_err(TrainingError::file(path))?;
    Ok(if path.extension().is_some_and(|e| e == "gz") {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}

/// Writes a file through a temporary one, so that a reader never sees half of it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(TrainingError::file(&temporary))?;
    fs::rename(&temporary, path).map_err(TrainingError::file(path))
}

/// A CSV table with a heading. Cells may be quoted, and hold commas and line breaks then; blanks
/// around a cell do not count.
pub(crate) struct Table<'a> {
    path: &'a Path,
    heading: StringRecord,
    reader: csv::Reader<Box<dyn Read>>,
}

impl<'a> Table<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self, TrainingError> {
        let mut reader =
            ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(open(path)?);
        let heading = reader.headers().map_err(|error| unreadable(path, error))?.clone();
        Ok(Self { path, heading, reader })
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
            take(&row).map_err(|reason| {
                let line = row.position().map_or(0, csv::Position::line);
                let reason = format!("line {line}: {reason}");
                TrainingError::Format { path: self.path.to_owned(), reason }
            })?;
        }
        Ok(())
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
    fn a_bad_row_is_named_by_its_line() {
        let error = cells("note,smiles\n\"two\nlines\",C\nshort\n").unwrap_err().to_string();
        assert!(error.ends_with("line 4: no SMILES"), "{error}");
    }
}
