//! Records of an SDF file.

use super::lines::Lines;
use super::raw_structure::{RawStructure, clean_name};
use crate::library::error::LibraryError;
use larmor_nmr::structure::StructureFormat;

/// Largest record kept, in bytes.
const RECORD_BYTES: usize = 2 << 20;

/// The next record; `None` at the end of the file.
pub(super) fn next_record(lines: &mut Lines) -> Result<Option<RawStructure>, LibraryError> {
    let (mut start, mut record, mut blank) = (None, Vec::new(), true);
    let mut too_large = false;
    loop {
        let Some(line) = lines.next_line()? else {
            if blank {
                return Ok(None);
            }
            break;
        };
        start.get_or_insert(line.number);
        let bytes = line.trimmed();
        if bytes.starts_with(b"$$$$") {
            break;
        }
        blank &= bytes.is_empty();
        too_large |= record.len() + bytes.len() > RECORD_BYTES;
        if !too_large {
            record.extend_from_slice(bytes);
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
    Ok(Some(RawStructure { line: start.unwrap_or(0), text, format, name }))
}
