//! Cells of a table's row, fed line by line: quoted cells may hold line breaks.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

/// Where in a row a byte stands.
#[derive(Clone, Copy)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    /// Behind a quote that closes a cell, unless another follows.
    QuoteEnd,
}

/// Takes rows apart. Its buffers are kept from row to row.
pub(super) struct RowParser {
    delimiter: u8,
    parser: Reader,
    /// What it was fed of the row, less blanks in front of quoted cells.
    row: Vec<u8>,
    place: Place,
    cells: Vec<u8>,
    written: usize,
    ends: Vec<usize>,
    ended: usize,
}

impl RowParser {
    pub(super) fn new(delimiter: u8) -> Self {
        let (cells, ends) = (vec![0; 1 << 10], vec![0; 32]);
        let (row, place) = (Vec::new(), Place::CellStart);
        Self { delimiter, parser: parser(delimiter), row, place, cells, written: 0, ends, ended: 0 }
    }

    /// Forgets what it was fed.
    pub(super) fn start(&mut self) {
        self.parser.reset();
        self.row.clear();
        self.place = Place::CellStart;
        (self.written, self.ended) = (0, 0);
    }

    /// Takes one more line, without its end; true when the row is complete, false when a quoted
    /// cell goes on.
    pub(super) fn feed(&mut self, line: &[u8]) -> bool {
        if matches!(self.place, Place::Quoted) {
            self.row.push(b'\n');
        }
        let from = self.row.len();
        self.keep(line);
        let row = std::mem::take(&mut self.row);
        // Nothing at all would be the end of the file.
        let complete = (row.len() > from && self.read(&row[from..])) || self.read(b"\n");
        self.row = row;
        complete
    }

    /// Adds a line to the row without the blanks between a delimiter and a quote: many programs write
    /// `1, "CCO"`.
    fn keep(&mut self, line: &[u8]) {
        let mut blanks = 0;
        for &byte in line {
            let (before, delimiter) = (self.place, byte == self.delimiter);
            self.place = match before {
                Place::Quoted if byte == b'"' => Place::QuoteEnd,
                Place::Quoted => Place::Quoted,
                _ if delimiter => Place::CellStart,
                Place::CellStart | Place::QuoteEnd if byte == b'"' => Place::Quoted,
                Place::CellStart if byte == b' ' || byte == b'\t' => Place::CellStart,
                _ => Place::Plain,
            };
            if matches!((before, self.place), (Place::CellStart, Place::Quoted)) {
                self.row.truncate(self.row.len() - blanks);
            }
            self.row.push(byte);
            let blank = !delimiter && matches!(self.place, Place::CellStart);
            blanks = if blank { blanks + 1 } else { 0 };
        }
    }

    /// Ends a row whose last cell goes on.
    pub(super) fn end(&mut self) {
        self.read(b"");
    }

    fn read(&mut self, mut bytes: &[u8]) -> bool {
        loop {
            let (cells, ends) = (&mut self.cells[self.written..], &mut self.ends[self.ended..]);
            let (result, read, written, ended) = self.parser.read_record(bytes, cells, ends);
            bytes = &bytes[read..];
            self.written += written;
            self.ended += ended;
            match result {
                ReadRecordResult::InputEmpty => return false,
                ReadRecordResult::OutputFull => self.cells.resize(2 * self.cells.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record | ReadRecordResult::End => return true,
            }
        }
    }

    /// Number of cells of the row.
    pub(super) fn len(&self) -> usize {
        self.ended
    }

    /// A cell; `None` beyond the last.
    pub(super) fn cell(&self, number: usize) -> Option<&[u8]> {
        let end = *self.ends[..self.ended].get(number)?;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.cells.get(start..end)
    }
}

impl RowParser {
    /// True when the row is written as RFC 4180 has it: quotes open and close whole cells only.
    /// Elsewhere a quote is a character like others, but then no cell can be trusted to go on
    /// beyond its line.
    pub(super) fn is_strict(&self) -> bool {
        let mut rest = self.row.as_slice();
        for number in 0..self.len() {
            let cell = self.cell(number).unwrap_or_default();
            let written = match rest.first() {
                Some(b'"') => quoted(cell),
                _ if cell.contains(&b'"') => return false,
                _ => cell.to_vec(),
            };
            let Some(behind) = rest.strip_prefix(written.as_slice()) else { return false };
            rest = match behind.split_first() {
                Some((delimiter, behind)) if *delimiter == self.delimiter => behind,
                Some(_) => return false,
                None => behind,
            };
        }
        rest.is_empty()
    }
}

fn quoted(cell: &[u8]) -> Vec<u8> {
    let mut written = vec![b'"'];
    for &byte in cell {
        written.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
    }
    written.push(b'"');
    written
}

fn parser(delimiter: u8) -> Reader {
    // Lines come one by one, so that no other byte may end a row.
    ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build()
}
