//! JCAMP-DX datasets (4 to 6): one `.dx`, `.jdx` or `.jcamp` file, plain or compressed with gzip.

mod axis;
mod comparison;
mod compressed;
mod document;
mod header;
mod identity;
mod inspection;
mod ntuples;
mod number;
mod pairs;
mod problem;
mod records;
mod sampling;
mod selection;
mod sense;
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

/// The one spectrum in a file, also beside a FID; `None` where there is none or there are several.
pub(super) fn spectrum_in(path: &Path) -> Result<Option<Fid>, FidError> {
    let bytes = compressed::read(path)?;
    let blocks = document::blocks(&bytes).map_err(|problem| problem.of(path))?;
    let mut spectra = blocks.iter().filter(|block| selection::kind(block) == Kind::Spectrum);
    match (spectra.next(), spectra.next()) {
        (Some(one), None) => spectrum::read(one).map(Some).map_err(|problem| problem.of(path)),
        _ => Ok(None),
    }
}

/// The FID in the text of a file.
fn from_text(bytes: &[u8]) -> Result<Fid, Problem> {
    let blocks = document::blocks(bytes)?;
    let (block, kind) = selection::choose(&blocks)?;
    parsed(&blocks, block, kind)
}

fn parsed(blocks: &[Block<'_>], block: &Block<'_>, kind: Kind) -> Result<Fid, Problem> {
    if kind != Kind::Fid {
        return spectrum::read(block);
    }
    let mut fid = signal::read(block)?;
    let beside = selection::spectrum_beside(blocks, &fid.nucleus);
    if let Some(spectrum) = beside.and_then(|block| spectrum::read(block).ok()) {
        let is_guess = fid.calibrated_mhz.is_none() && block.private.number("BF1").is_none();
        comparison::agree(&mut fid, &spectrum, is_guess);
    }
    Ok(fid)
}
