//! `data.1d`: a header of eight words, low byte first, then numbers of four bytes: a time for
//! each point, and all points, real and imaginary part in turn.

use std::path::Path;

use num_complex::Complex64;

use crate::fid::FidError;
use crate::fid::bytes::Bytes;
use crate::fid::problem::{Malformed, Unsupported};
use crate::fid::vendor::Vendor;

/// Bytes of the header.
const HEADER: usize = 32;
/// Kinds of content: complex points, with and without times.
const COMPLEX: u32 = 501;
const TIMED_COMPLEX: u32 = 504;
/// More points than any one-dimensional FID has.
const MAX_POINTS: u32 = 1 << 23;

/// Largest file read.
pub(super) const MAX_BYTES: u64 = HEADER as u64 + 12 * MAX_POINTS as u64;

/// The bytes of the points; `path` is named in errors.
pub(super) fn points_of<'a>(file: &'a [u8], path: &Path) -> Result<&'a [u8], FidError> {
    abscissa_and_points(file, path).map(|(_, points)| points)
}

/// The bytes of what the points are plotted against (none where only points are stored), and
/// those of the points; `path` is named in errors.
pub(super) fn abscissa_and_points<'a>(
    file: &'a [u8],
    path: &Path,
) -> Result<(&'a [u8], &'a [u8]), FidError> {
    let too_short = |expected: usize| FidError::TooShort {
        vendor: Vendor::Magritek,
        path: path.to_owned(),
        expected: expected as u64,
        found: file.len() as u64,
    };
    let malformed = |problem: Malformed| FidError::Malformed {
        vendor: Vendor::Magritek,
        path: path.to_owned(),
        problem,
    };
    let unsupported =
        |reason| FidError::Unsupported { vendor: Vendor::Magritek, path: path.to_owned(), reason };
    let header = file.get(..HEADER).ok_or_else(|| too_short(HEADER))?;
    if header.iter().all(|&byte| byte == 0) {
        return Err(too_short(HEADER + 1));
    }
    // The words PROS and DATA, each turned round.
    if !header.starts_with(b"SORPATAD") {
        return Err(malformed(Malformed::Signature("does not begin like a Spinsolve data file")));
    }
    let word = |at: usize| Bytes::little_endian(header).u32(at).unwrap_or(0);
    if [20, 24, 28].into_iter().any(|at| word(at) > 1) {
        return Err(unsupported(Unsupported::MoreDimensions { file: None }));
    }
    let times = match word(12) {
        COMPLEX => 0,
        TIMED_COMPLEX => 4,
        _ => return Err(unsupported(Unsupported::NotComplex)),
    };
    let count = word(16);
    if !(2..=MAX_POINTS).contains(&count) {
        return Err(malformed(Malformed::Field {
            field: "number of points",
            found: count.into(),
            expected: format!("a FID has 2 to {MAX_POINTS}"),
        }));
    }
    let start = HEADER + times * count as usize;
    let end = start + 8 * count as usize;
    let points = file.get(start..end).ok_or_else(|| too_short(end))?;
    Ok((&file[HEADER..start], points))
}

/// Decodes points. Magritek's receiver turns the other way round.
pub(super) fn decode(bytes: &[u8]) -> Vec<Complex64> {
    let values = Bytes::little_endian(bytes).all_f32();
    values.as_chunks::<2>().0.iter().map(|&[re, im]| Complex64::new(re, -im)).collect()
}
