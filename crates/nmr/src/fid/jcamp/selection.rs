//! Which block of a file is read.

use super::document::Block;
use super::header::{Header, is_multidimensional};
use super::problem::Problem;
use crate::fid::nucleus::Nucleus;
use crate::fid::problem::Unsupported;

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Fid,
    Spectrum,
    MultiDimensional,
    Other,
}

pub(super) fn kind(block: &Block<'_>) -> Kind {
    let data_type = block.data_type();
    if !data_type.contains("NMR") {
        Kind::Other
    } else if is_multidimensional(block) {
        Kind::MultiDimensional
    } else {
        match data_type.as_str() {
            "NMRFID" => Kind::Fid,
            "NMRSPECTRUM" => Kind::Spectrum,
            _ => Kind::Other,
        }
    }
}

/// The one FID of a processed nucleus, or where there is none, the one spectrum.
pub(super) fn choose<'b, 'a>(blocks: &'b [Block<'a>]) -> Result<(&'b Block<'a>, Kind), Problem> {
    for wanted in [Kind::Fid, Kind::Spectrum] {
        let found = of_kind(blocks, wanted);
        match found.as_slice() {
            [] => {}
            [one] => return Ok((*one, wanted)),
            several => {
                let (count, what) =
                    (several.len(), if wanted == Kind::Fid { "FIDs" } else { "spectra" });
                return Err(Problem::Unsupported(Unsupported::Several { count, what }));
            }
        }
    }
    Err(Problem::Unsupported(why_none(blocks)))
}

/// The one spectrum that stands beside a FID of the same nucleus.
pub(super) fn spectrum_beside<'b, 'a>(
    blocks: &'b [Block<'a>],
    nucleus: &Nucleus,
) -> Option<&'b Block<'a>> {
    let found = of_kind(blocks, Kind::Spectrum);
    let mut same = found.into_iter().filter(|block| Header::of(block).nucleus == *nucleus);
    same.next().filter(|_| same.next().is_none())
}

/// Blocks of one kind and a processed nucleus: those that hold points, where any does, and lists
/// of peaks elsewhere.
fn of_kind<'b, 'a>(blocks: &'b [Block<'a>], wanted: Kind) -> Vec<&'b Block<'a>> {
    let all: Vec<&Block<'a>> = blocks
        .iter()
        .filter(|block| kind(block) == wanted)
        .filter(|block| !matches!(Header::of(block).nucleus, Nucleus::Other(_)))
        .collect();
    let with_points: Vec<&Block<'a>> =
        all.iter().copied().filter(|block| holds_points(block)).collect();
    if with_points.is_empty() { all } else { with_points }
}

fn holds_points(block: &Block<'_>) -> bool {
    block.tables.iter().any(|table| matches!(table.label.as_str(), "XYDATA" | "DATATABLE"))
}

fn why_none(blocks: &[Block<'_>]) -> Unsupported {
    if blocks.iter().any(|block| kind(block) == Kind::MultiDimensional) {
        return Unsupported::MoreDimensions { file: None };
    }
    let one_dimensional = |block: &&Block<'_>| matches!(kind(block), Kind::Fid | Kind::Spectrum);
    match blocks.iter().find(one_dimensional) {
        Some(block) => Unsupported::Nucleus(Header::of(block).nucleus),
        None => {
            let found = blocks.iter().find_map(|block| block.get("DATATYPE"));
            Unsupported::DataType(found.unwrap_or("no DATA TYPE").to_owned())
        }
    }
}
