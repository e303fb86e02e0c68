//! Files as they are, or compressed with gzip.

use std::io::{ErrorKind, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::problem::Problem;
use crate::fid::problem::Malformed;
use crate::fid::{FidError, plain_file};

/// Largest file read, and largest text a compressed one may hold.
const MAX_BYTES: u64 = 64 << 20;
/// Text that compresses better than this is none: spectra reach 2 to 10.
const MOST_RATIO: u64 = 64;

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, FidError> {
    let bytes = plain_file::read(path, MAX_BYTES)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        expanded(&bytes).map_err(|problem| problem.of(path))
    } else {
        Ok(bytes)
    }
}

/// Decompresses, never to more than the limit.
fn expanded(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let limit = (bytes.len() as u64 * MOST_RATIO).min(MAX_BYTES);
    let mut text = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(limit + 1);
    match decoder.read_to_end(&mut text) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Problem::CutOff { line: 0 }),
        Err(error) => Err(Problem::Malformed(Malformed::Gzip(error.to_string()))),
        Ok(_) if text.len() as u64 > limit => Err(Problem::Malformed(Malformed::Expands { limit })),
        Ok(_) => Ok(text),
    }
}
