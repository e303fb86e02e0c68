//! JCAMP-DX datasets (4 to 6): one `.dx`, `.jdx` or `.jcamp` file, plain or compressed with gzip.

mod compressed;
mod document;
mod header;
mod inspection;
mod ntuples;
mod problem;
mod records;
mod selection;
mod signal;
mod spectrum;
mod table;

use std::path::Path;

pub(super) use inspection::inspect_with_fid;

use document::Block;
use problem::Problem;
use selection::Kind;

use super::error::FidError;
use super::signal::Fid;

/// Endings of a name, in lower case, before `.gz`.
pub(super) const ENDINGS: &[&str] = &[".dx", ".jdx", ".jcamp"];

/// A file by one of the names JCAMP-DX goes by.
pub(super) fn recognise(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase())
    else {
        return false;
    };
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    // A leading point hides what other systems put beside files (`._a.dx`).
    !name.starts_with('.')
        && ENDINGS.iter().any(|ending| plain.ends_with(ending))
        && std::fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_dir())
}

/// Reads the FID of a file.
pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    let bytes = compressed::read(path)?;
    from_text(&bytes).map_err(|problem| problem.of(path))
}

/// The FID in the text of a file.
fn from_text(bytes: &[u8]) -> Result<Fid, Problem> {
    let blocks = document::blocks(bytes)?;
    let (block, kind) = selection::choose(&blocks)?;
    parsed(block, kind)
}

fn parsed(block: &Block<'_>, kind: Kind) -> Result<Fid, Problem> {
    match kind {
        Kind::Fid => signal::read(block),
        _ => spectrum::read(block),
    }
}
