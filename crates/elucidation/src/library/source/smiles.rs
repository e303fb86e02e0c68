//! Lines of a SMILES file: the structure, and a name behind it.

use super::lines::Lines;
use super::raw_structure::{RawStructure, clean_name};
use crate::library::error::LibraryError;
use larmor_nmr::structure::StructureFormat;

/// The next structure; `None` at the end of the file.
pub(super) fn next_structure(lines: &mut Lines) -> Result<Option<RawStructure>, LibraryError> {
    while let Some(line) = lines.next_line()? {
        if line.trimmed().is_empty() || line.bytes.starts_with(b"#") {
            continue;
        }
        let (text, name) = match line.text().map(str::trim_start) {
            Err(reason) => (Err(reason), None),
            Ok(text) => {
                let (smiles, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
                (Ok(smiles.to_owned()), clean_name(rest))
            }
        };
        let format = StructureFormat::Smiles;
        return Ok(Some(RawStructure { line: line.number, text, format, name }));
    }
    Ok(None)
}
