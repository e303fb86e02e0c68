//! The blocks of a JCAMP-DX file and what each holds.

use std::collections::BTreeMap;

use super::number::{self, number};
use super::problem::Problem;
use super::records::{Record, normalised, records, value_text};
use crate::fid::bruker::parameters::Parameters;
use crate::fid::problem::{LineProblem, Malformed};

/// Deepest nesting of LINK blocks; real files have one.
const MOST_DEPTH: usize = 16;
/// Most blocks and records of one file: far beyond any spectrum's.
const MOST_BLOCKS: usize = 1024;
const MOST_RECORDS: usize = 1 << 17;
/// Labels that hold one number, and lists of numbers.
const NUMBERS: [&str; 13] = [
    "FIRSTX",
    "LASTX",
    "DELTAX",
    "XFACTOR",
    "YFACTOR",
    "FIRSTY",
    "MAXX",
    "MINX",
    "MAXY",
    "MINY",
    ".OBSERVEFREQUENCY",
    ".ACQUISITIONTIME",
    ".FIELD",
];
const LISTS: [&str; 5] = ["FIRST", "LAST", "MIN", "MAX", "FACTOR"];
/// Longest header value kept; longer ones are files somebody put into the header.
const MOST_VALUE: usize = 8 << 10;

/// One block: a header and its tables.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    labels: BTreeMap<String, String>,
    /// The vendor's own records (`##$...`), named as written.
    pub private: Parameters,
    pub tables: Vec<Table<'a>>,
}

/// A table of points.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// Normalised label: `XYDATA`, `DATATABLE`, ...
    pub label: String,
    /// What stands on the line of the label, such as `(X++(R..R)), XYDATA`.
    pub form: String,
    /// The lines behind it.
    pub text: &'a [u8],
    /// Line of the file at which `text` begins.
    pub line: usize,
    /// Points the table's page says it has.
    pub page_points: Option<String>,
}

impl Block<'_> {
    /// Value of a normalised label; `None` when empty.
    pub fn get(&self, label: &str) -> Option<&str> {
        self.labels.get(label).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A finite number; a unit behind it is passed over.
    pub fn number(&self, label: &str) -> Option<f64> {
        number(self.get(label)?)
    }

    /// Number of points that a label states.
    pub fn count(&self, label: &str) -> Option<f64> {
        number::count(self.get(label)?)
    }

    /// Whether this block's numbers have decimal commas, as a number or a list of its header
    /// shows.
    pub fn has_decimal_commas(&self) -> bool {
        let scalar = |label: &&str| self.get(label).is_some_and(number::is_with_comma);
        let symbols = self.get("SYMBOL").map_or(0, |list| list.split(',').count());
        let list = |label: &&str| {
            self.get(label).is_some_and(|list| number::list_has_commas(list, symbols))
        };
        NUMBERS.iter().any(scalar) || LISTS.iter().any(list)
    }

    /// `NMR FID`, `NMR SPECTRUM`, ... without blanks.
    pub fn data_type(&self) -> String {
        normalised(self.get("DATATYPE").unwrap_or_default().as_bytes())
    }

    fn is_link(&self) -> bool {
        self.data_type().starts_with("LINK")
    }

    /// Whether a title begins a block within this one: in a LINK block, also one that says so
    /// only by its number of blocks or behind them.
    fn holds_blocks(&self) -> bool {
        self.is_link()
            || self.labels.contains_key("BLOCKS")
            || (self.tables.is_empty() && self.get("DATATYPE").is_none())
    }

    fn keep(&mut self, record: &Record<'_>, label: String) {
        if record.value.len() > MOST_VALUE {
            return;
        }
        let value = value_text(record.value);
        if label.starts_with('$') {
            let name = String::from_utf8_lossy(record.label);
            let value = if number::is_with_comma(&value) { value.replace(',', ".") } else { value };
            self.private.insert(name.trim().trim_start_matches('$'), value);
        } else {
            self.labels.entry(label).or_insert(value);
        }
    }
}

/// Reads the blocks of a whole file, LINK blocks left out.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block<'_>>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    begins_with_a_label(bytes)?;
    let mut open: Vec<Block<'_>> = Vec::new();
    let mut done = Vec::new();
    let mut page: Option<Option<String>> = None;
    for (count, record) in records(bytes).enumerate() {
        if count >= MOST_RECORDS {
            return Err(Problem::at(record.line, LineProblem::Labels(MOST_RECORDS)));
        }
        let label = normalised(&record.label[..record.label.len().min(256)]);
        if label == "TITLE" && open.last().is_none_or(Block::holds_blocks) {
            if open.len() >= MOST_DEPTH {
                return Err(Problem::at(record.line, LineProblem::Depth(MOST_DEPTH)));
            }
            if done.len() >= MOST_BLOCKS {
                return Err(Problem::at(record.line, LineProblem::Blocks(MOST_BLOCKS)));
            }
            open.push(Block::default());
            page = None;
        }
        let Some(block) = open.last_mut() else {
            // Parameters that a program put behind the last block belong to none.
            if !done.is_empty() {
                continue;
            }
            return Err(Problem::at(record.line, LineProblem::OutsideOfBlock));
        };
        match label.as_str() {
            "END" => {
                done.extend(open.pop().filter(|block| !block.is_link()));
                page = None;
            }
            "PAGE" => page = Some(None),
            "NPOINTS" if page.is_some() => page = Some(Some(value_text(record.value))),
            "ENDNTUPLES" | "ENDTUPLES" => page = None,
            "XYDATA" | "XYPOINTS" | "PEAKTABLE" | "PEAKASSIGNMENTS" | "DATATABLE" | "RADATA" => {
                block.tables.push(table(&record, label, page.clone().flatten()));
            }
            _ => block.keep(&record, label),
        }
    }
    if open.is_empty() && !done.is_empty() {
        Ok(done)
    } else {
        let behind = super::records::lines(bytes).last().map_or(0, |(number, ..)| number);
        Err(Problem::CutOff { line: behind })
    }
}

/// Tells a file that is still empty from one that is something else.
fn begins_with_a_label(bytes: &[u8]) -> Result<(), Problem> {
    let first = super::records::lines(bytes)
        .map(|(_, _, line)| line.trim_ascii())
        .find(|line| !line.is_empty() && !line.starts_with(b"$$"));
    match first {
        None => Err(Problem::CutOff { line: 0 }),
        Some(line) if line.starts_with(b"##") || line == b"#" => Ok(()),
        Some(_) => Err(Problem::Malformed(Malformed::Signature(
            "is no JCAMP-DX: it does not begin with ##TITLE=",
        ))),
    }
}

fn table<'a>(record: &Record<'a>, label: String, page_points: Option<String>) -> Table<'a> {
    let line_end = record.value.iter().position(|&byte| byte == b'\n' || byte == b'\r');
    let (form, rest) = record.value.split_at(line_end.unwrap_or(record.value.len()));
    let form = value_text(&form[..form.len().min(MOST_VALUE)]);
    // `rest` begins with the end of the label's own line.
    Table { label, form, text: rest, line: record.line, page_points }
}
