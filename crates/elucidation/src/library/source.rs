//! Structures out of a file, one at a time: SMILES, CSV with a SMILES column, SDF; each also
//! gzipped. A record is read whole only up to a limit, so no file can fill the memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use flate2::read::MultiGzDecoder;

use super::LibraryError;
use super::counted::Counted;
use larmor_nmr::structure::StructureFormat;

/// Longest line kept, in bytes; the rest of a longer one is skipped.
const LINE_BYTES: usize = 64 << 10;
/// Largest SDF record kept, in bytes.
const RECORD_BYTES: usize = 2 << 20;
/// Longest name kept, in bytes.
const NAME_BYTES: usize = 200;

/// One record of a structure file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawStructure {
    /// Line it starts on, from 1.
    pub line: u64,
    /// The structure as written, or why it could not be taken from the file.
    pub text: Result<String, String>,
    /// How it is written.
    pub format: StructureFormat,
    /// Name or identifier.
    pub name: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Smiles,
    Table { delimiter: char, smiles: usize, name: Option<usize> },
    Sdf,
}

/// Reads a structure file record by record.
pub struct StructureReader {
    path: PathBuf,
    input: Box<dyn BufRead + Send>,
    shape: Shape,
    line: u64,
    consumed: Arc<AtomicU64>,
    bytes: u64,
    held: Option<Vec<u8>>,
}

impl StructureReader {
    /// Opens a file; the kind of file is told from its name (`.sdf`, `.csv`, `.tsv`, else
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
        let counted = Counted { inner: file, count: Arc::clone(&consumed) };
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let (name, input): (&str, Box<dyn BufRead + Send>) = match name.strip_suffix(".gz") {
            Some(name) => {
                (name, Box::new(BufReader::new(MultiGzDecoder::new(BufReader::new(counted)))))
            }
            None => (&name, Box::new(BufReader::new(counted))),
        };
        let sdf = [".sdf", ".sd", ".mol"].iter().any(|suffix| name.ends_with(suffix));
        let table = [".csv", ".tsv"].iter().any(|suffix| name.ends_with(suffix));
        let mut reader = Self {
            path: path.to_owned(),
            input,
            shape: if sdf { Shape::Sdf } else { Shape::Smiles },
            line: 0,
            consumed,
            bytes: metadata.len(),
            held: None,
        };
        if !sdf {
            reader.recognise_header(table, named_by)?;
        }
        let named = matches!(reader.shape, Shape::Table { name: Some(_), .. });
        match named_by {
            Some(column) if !named => Err(LibraryError::Input {
                path: path.to_owned(),
                reason: format!("is no table with a column named {column}"),
            }),
            _ => Ok(reader),
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

    /// The first line decides: a header names the column, anything else is a structure.
    fn recognise_header(
        &mut self,
        table: bool,
        named_by: Option<&str>,
    ) -> Result<(), LibraryError> {
        let Some(first) = self.next_line()? else { return Ok(()) };
        let text = String::from_utf8_lossy(&first).into_owned();
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = if text.contains('\t') { '\t' } else { ',' };
        let columns: Vec<String> =
            fields(text, delimiter).iter().map(|c| c.trim().to_ascii_lowercase()).collect();
        let find = |wanted: &[&str]| columns.iter().position(|c| wanted.contains(&c.as_str()));
        let smiles = find(&["smiles", "canonical_smiles", "isomeric_smiles"]);
        match smiles {
            Some(smiles) => {
                let name = match named_by {
                    Some(column) => find(&[&column.to_ascii_lowercase()]),
                    None => find(&["name", "id", "identifier", "title"]),
                };
                self.shape = Shape::Table { delimiter, smiles, name };
            }
            None if table => {
                return Err(LibraryError::Input {
                    path: self.path.clone(),
                    reason: "its first line has no column named SMILES".to_owned(),
                });
            }
            None => self.held = Some(first),
        }
        Ok(())
    }

    /// One line without its end; `None` at the end of the file.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>, LibraryError> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        let io = |cause: io::Error| LibraryError::Input {
            path: self.path.clone(),
            reason: format!("cannot be read beyond line {}: {cause}", self.line),
        };
        let mut line = Vec::new();
        let limit = LINE_BYTES as u64 + 1;
        let read = (&mut self.input).take(limit).read_until(b'\n', &mut line).map_err(io)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && line.len() > LINE_BYTES {
            skip_line(&mut self.input).map_err(io)?;
        }
        while line.last().is_some_and(|b| b.is_ascii_whitespace()) {
            line.pop();
        }
        self.line += 1;
        Ok(Some(line))
    }

    fn next_record(&mut self) -> Result<Option<RawStructure>, LibraryError> {
        match self.shape {
            Shape::Sdf => self.next_sdf(),
            Shape::Smiles => self.next_row(|text| {
                let (smiles, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
                (Ok(smiles.to_owned()), clean_name(rest))
            }),
            Shape::Table { delimiter, smiles, name } => self.next_row(|text| {
                let row = fields(text, delimiter);
                let cell = row.get(smiles).map(|s| s.trim()).filter(|s| !s.is_empty());
                (
                    cell.map(str::to_owned).ok_or_else(|| "no SMILES in this row".to_owned()),
                    name.and_then(|at| row.get(at)).and_then(|s| clean_name(s)),
                )
            }),
        }
    }

    fn next_row(
        &mut self,
        split: impl Fn(&str) -> (Result<String, String>, Option<String>),
    ) -> Result<Option<RawStructure>, LibraryError> {
        while let Some(bytes) = self.next_line()? {
            if bytes.is_empty() || bytes.starts_with(b"#") {
                continue;
            }
            let (text, name) = if bytes.len() > LINE_BYTES {
                (Err(format!("line longer than {LINE_BYTES} bytes")), None)
            } else {
                match std::str::from_utf8(&bytes) {
                    Ok(text) => split(text.trim_start_matches('\u{feff}').trim_start()),
                    Err(_) => (Err("not UTF-8 text".to_owned()), None),
                }
            };
            let format = StructureFormat::Smiles;
            return Ok(Some(RawStructure { line: self.line, text, format, name }));
        }
        Ok(None)
    }

    fn next_sdf(&mut self) -> Result<Option<RawStructure>, LibraryError> {
        let (start, mut record, mut blank) = (self.line + 1, Vec::new(), true);
        let mut too_large = false;
        loop {
            let Some(line) = self.next_line()? else {
                if blank {
                    return Ok(None);
                }
                break;
            };
            if line.starts_with(b"$$$$") {
                break;
            }
            blank &= line.is_empty();
            too_large |= record.len() + line.len() > RECORD_BYTES;
            if !too_large {
                record.extend_from_slice(&line);
                record.push(b'\n');
            }
        }
        let text = match String::from_utf8(record) {
            _ if too_large => Err(format!("record larger than {RECORD_BYTES} bytes")),
            Ok(text) => Ok(text),
            Err(_) => Err("not UTF-8 text".to_owned()),
        };
        let name = text.as_ref().ok().and_then(|t| clean_name(t.lines().next().unwrap_or("")));
        let format = StructureFormat::Molblock;
        Ok(Some(RawStructure { line: start, text, format, name }))
    }
}

impl Iterator for StructureReader {
    type Item = Result<RawStructure, LibraryError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}

fn clean_name(text: &str) -> Option<String> {
    let mut name: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    while name.len() > NAME_BYTES {
        name.pop();
    }
    (!name.is_empty()).then_some(name)
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        if let Some(end) = buffer.iter().position(|&b| b == b'\n') {
            input.consume(end + 1);
            return Ok(());
        }
        let all = buffer.len();
        input.consume(all);
    }
}

/// Cells of a table row; double quotes may surround a cell and are doubled inside it.
fn fields(row: &str, delimiter: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(name: &str, content: &[u8]) -> Vec<RawStructure> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        if name.ends_with(".gz") {
            let file = File::create(&path).unwrap();
            let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            gz.write_all(content).unwrap();
            gz.finish().unwrap();
        } else {
            std::fs::write(&path, content).unwrap();
        }
        StructureReader::open(&path).unwrap().map(Result::unwrap).collect()
    }

    fn texts(records: &[RawStructure]) -> Vec<&str> {
        records.iter().map(|r| r.text.as_deref().unwrap()).collect()
    }

    #[test]
    fn smiles_lines_with_and_without_names() {
        let records = read("a.smi", b"CCO ethyl alcohol\n\n# comment\nCC\r\n");
        assert_eq!(texts(&records), ["CCO", "CC"]);
        assert_eq!(records[0].name.as_deref(), Some("ethyl alcohol"));
        assert_eq!((records[1].line, records[1].name.as_deref()), (4, None));
    }

    #[test]
    fn a_table_is_read_by_its_smiles_column() {
        let records = read("a.csv.gz", b"id,SMILES,x\n7,\"CCO\",1\n8,,2\n");
        assert_eq!(records[0].text.as_deref(), Ok("CCO"));
        assert_eq!(records[0].name.as_deref(), Some("7"));
        assert!(records[1].text.is_err());
    }

    #[test]
    fn a_column_of_ones_choice_names_records() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        std::fs::write(&path, "iupac,SMILES,Expt\n\"2-methyl, x\",CCO,-5.1\n").unwrap();
        let records: Vec<_> =
            StructureReader::open_named_by(&path, "expt").unwrap().map(Result::unwrap).collect();
        assert_eq!((texts(&records), records[0].name.as_deref()), (vec!["CCO"], Some("-5.1")));
        let missing = StructureReader::open_named_by(&path, "calc").err().unwrap().to_string();
        assert!(missing.contains("calc"), "{missing}");
    }

    #[test]
    fn a_header_in_a_smiles_file_is_no_structure() {
        assert_eq!(texts(&read("a.txt", b"SMILES\nCC\n")), ["CC"]);
    }

    #[test]
    fn sdf_records_start_where_they_start() {
        let records = read("a.sdf", b"one\nx\n$$$$\ntwo\ny\n$$$$\n\n");
        assert_eq!(records.len(), 2);
        assert_eq!((records[1].line, records[1].name.as_deref()), (4, Some("two")));
    }

    #[test]
    fn an_endless_line_costs_one_record_not_the_memory() {
        let mut content = vec![b'C'; 3 * LINE_BYTES];
        content.extend_from_slice(b"\nCC\n");
        let records = read("a.smi", &content);
        assert!(records[0].text.is_err());
        assert_eq!((records[1].text.as_deref(), records[1].line), (Ok("CC"), 2));
    }

    #[test]
    fn a_table_without_smiles_and_a_broken_gzip_are_errors() {
        let directory = tempfile::tempdir().unwrap();
        let csv = directory.path().join("a.csv");
        std::fs::write(&csv, "a,b\n1,2\n").unwrap();
        assert!(matches!(StructureReader::open(&csv), Err(LibraryError::Input { .. })));
        let gz = directory.path().join("a.smi.gz");
        std::fs::write(&gz, b"\x1f\x8b\x08\0rubbish").unwrap();
        assert!(StructureReader::open(&gz).is_err());
    }
}
