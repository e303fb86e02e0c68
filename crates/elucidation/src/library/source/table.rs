//! Rows of a table, CSV or tab-separated, by its SMILES column.

use super::lines::{LINE_BYTES, Line, Lines, without_mark};
use super::raw_structure::{RawStructure, clean_name};
use super::row_parser::RowParser;
use crate::library::error::LibraryError;
use larmor_nmr::structure::StructureFormat;

/// Names of the column of structures, in lower case.
const SMILES: [&str; 3] = ["smiles", "canonical_smiles", "isomeric_smiles"];
/// Names of the column of names, in lower case.
const NAMES: [&str; 4] = ["name", "id", "identifier", "title"];

/// Looking for the ends of cells in vain may cost this many times the bytes read, and so many more:
/// a file of stray quotes would otherwise be read to [`LINE_BYTES`] ahead at every line.
const VAIN_FACTOR: usize = 16;
const VAIN_BYTES: usize = 1 << 20;

/// Columns of a table, and what takes its rows apart.
pub(super) struct Table {
    parser: RowParser,
    columns: usize,
    smiles: usize,
    pub(super) name: Option<usize>,
    /// Bytes of rows read, and of lines looked at in vain for the end of a cell.
    read: usize,
    vain: usize,
}

impl Table {
    /// Reads the columns off the first line; `None` where none of them is SMILES. Records are named
    /// by the column of one's choice, or one that is called so.
    pub(super) fn of_header(first: &Line, named_by: Option<&str>) -> Option<Self> {
        let text = String::from_utf8_lossy(&first.bytes);
        let text = without_mark(&text);
        let mut parser = RowParser::new(if text.contains('\t') { b'\t' } else { b',' });
        parser.start();
        if !parser.feed(text.as_bytes()) {
            parser.end();
        }
        let columns: Vec<String> = (0..parser.len())
            .filter_map(|number| parser.cell(number))
            .map(|cell| String::from_utf8_lossy(cell).trim().to_ascii_lowercase())
            .collect();
        let find = |wanted: &[&str]| columns.iter().position(|c| wanted.contains(&c.as_str()));
        let smiles = find(&SMILES)?;
        let name = match named_by {
            Some(column) => find(&[&column.to_ascii_lowercase()]),
            None => find(&NAMES),
        };
        Some(Self { parser, columns: columns.len(), smiles, name, read: 0, vain: 0 })
    }

    /// The next row; `None` at the end of the file.
    ///
    /// A quoted cell may hold line breaks. Where a quote opens a cell and nothing closes it, the
    /// lines behind are rows of their own all the same: one stray quote costs one row at most.
    pub(super) fn next_row(
        &mut self,
        lines: &mut Lines,
    ) -> Result<Option<RawStructure>, LibraryError> {
        while let Some(line) = lines.next_line()? {
            let comment = line.bytes.starts_with(b"#");
            if line.trimmed().is_empty() {
                continue;
            }
            let number = line.number;
            let (text, name) = if line.cut {
                (line.text().map(str::to_owned), None)
            } else {
                let whole = self.parse(line, lines)?;
                self.structure(whole)
            };
            // An identifier may begin like a comment.
            if comment && text.is_err() {
                continue;
            }
            let format = StructureFormat::Smiles;
            return Ok(Some(RawStructure { line: number, text, format, name }));
        }
        Ok(None)
    }

    /// Has the parser hold the row that begins on a line. False where a quoted cell does not end
    /// and the row is that line alone.
    fn parse(&mut self, first: Line, lines: &mut Lines) -> Result<bool, LibraryError> {
        self.parser.start();
        self.read = self.read.saturating_add(first.bytes.len() + 1);
        if self.parser.feed(&first.bytes) {
            return Ok(true);
        }
        let mut length = first.bytes.len();
        let mut further = Vec::new();
        let affordable =
            self.vain <= self.read.saturating_mul(VAIN_FACTOR).saturating_add(VAIN_BYTES);
        while affordable && let Some(line) = lines.next_line()? {
            length += line.bytes.len() + 1;
            let too_long = line.cut || length > LINE_BYTES;
            let complete = !too_long && self.parser.feed(&line.bytes);
            further.push(line);
            if complete && self.parser.len() == self.columns && self.parser.is_strict() {
                self.read = self.read.saturating_add(length - first.bytes.len());
                return Ok(true);
            }
            if complete || too_long {
                break;
            }
        }
        lines.put_back(further);
        self.vain = self.vain.saturating_add(length - first.bytes.len());
        self.parser.start();
        self.parser.feed(&first.bytes);
        self.parser.end();
        Ok(false)
    }

    /// Structure and name of the row that the parser holds. Of one that is not whole the last cell,
    /// in which the quote stands, is not to be relied upon.
    fn structure(&self, whole: bool) -> (Result<String, String>, Option<String>) {
        let reliable = if whole { self.parser.len() } else { self.parser.len().saturating_sub(1) };
        let cell = |number: usize| -> Result<Option<&str>, String> {
            let cell = self.parser.cell(number).filter(|_| number < reliable);
            let text = cell.map(std::str::from_utf8).transpose();
            text.map_err(|_| "not UTF-8 text".to_owned())
        };
        let text = match cell(self.smiles) {
            Err(reason) => Err(reason),
            Ok(found) => match found.map(|text| without_mark(text).trim()) {
                Some(text) if !text.is_empty() => Ok(text.to_owned()),
                _ if whole => Err("no SMILES in this row".to_owned()),
                _ => Err("no SMILES in this row: a quoted cell in it does not end".to_owned()),
            },
        };
        let name = self.name.and_then(|number| cell(number).ok().flatten()).and_then(clean_name);
        (text, name)
    }
}
