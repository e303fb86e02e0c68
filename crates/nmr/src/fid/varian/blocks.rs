//! The binary `fid`: a file header of 32 bytes, then blocks of one header of 28 bytes (or more of
//! them) and traces of numbers, everything high byte first.

use std::path::Path;

use num_complex::Complex64;

use crate::fid::FidError;
use crate::fid::bytes::Bytes;
use crate::fid::problem::{Malformed, Unsupported};
use crate::fid::vendor::Vendor;

/// Bytes of the file header, and of a block's.
pub(super) const FILE_HEADER: usize = 32;
const BLOCK_HEADER: usize = 28;
/// More values than any one-dimensional FID has.
const MAX_VALUES: usize = 1 << 24;

/// Status bits of the file.
const SPECTRUM: u16 = 0x2;
const LONG: u16 = 0x4;
const FLOAT: u16 = 0x8;

/// How numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Int16,
    Int32,
    Float32,
}

/// What the file header says, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Traces in the file.
    pub traces: u64,
    /// Values (not complex points) of a trace.
    pub values: usize,
    pub encoding: Encoding,
    /// Bytes before the first trace.
    data_start: usize,
}

impl Layout {
    /// Reads the file header; nothing behind it is needed, but the file must be long enough.
    pub fn parse(bytes: &[u8], file_size: u64, path: &Path) -> Result<Self, FidError> {
        let too_short = |expected: u64| FidError::TooShort {
            vendor: Vendor::Varian,
            path: path.to_owned(),
            expected,
            found: file_size,
        };
        let malformed = |problem: Malformed| FidError::Malformed {
            vendor: Vendor::Varian,
            path: path.to_owned(),
            problem,
        };
        let header = bytes.get(..FILE_HEADER).ok_or_else(|| too_short(FILE_HEADER as u64))?;
        if header.iter().all(|&byte| byte == 0) {
            return Err(too_short(FILE_HEADER as u64 + 1));
        }
        let header = Bytes::big_endian(header);
        let field = |at: usize, name: &'static str| {
            let value = header.i32(at).unwrap_or(0);
            usize::try_from(value).ok().filter(|&value| value > 0).ok_or_else(|| {
                malformed(Malformed::Field {
                    field: name,
                    found: value.into(),
                    expected: "a Varian FID has at least one".to_owned(),
                })
            })
        };
        let blocks = field(0, "nblocks")?;
        let traces = field(4, "ntraces")?;
        let values = field(8, "np")?;
        let width = field(12, "ebytes")?;
        let trace_bytes = field(16, "tbytes")?;
        let block_bytes = field(20, "bbytes")?;
        let status = header.i16(26).unwrap_or(0) as u16;
        if status & SPECTRUM != 0 {
            return Err(FidError::Unsupported {
                vendor: Vendor::Varian,
                path: path.to_owned(),
                reason: Unsupported::Spectrum,
            });
        }
        let (encoding, expected_width) = match (status & FLOAT != 0, status & LONG != 0) {
            (true, _) => (Encoding::Float32, 4),
            (false, true) => (Encoding::Int32, 4),
            (false, false) => (Encoding::Int16, 2),
        };
        if width != expected_width {
            return Err(malformed(Malformed::Field {
                field: "ebytes",
                found: width as i64,
                expected: format!("its status says {encoding:?}"),
            }));
        }
        if !(2..=MAX_VALUES).contains(&values) || !values.is_multiple_of(2) {
            return Err(malformed(Malformed::Field {
                field: "np",
                found: values as i64,
                expected: format!("a FID has an even number of 2 to {MAX_VALUES} values"),
            }));
        }
        let data_bytes = (traces as u64).saturating_mul(trace_bytes as u64);
        let headers = (block_bytes as u64).saturating_sub(data_bytes);
        if trace_bytes != values * width
            || headers == 0
            || !headers.is_multiple_of(BLOCK_HEADER as u64)
        {
            return Err(malformed(Malformed::Fields("np, tbytes and bbytes do not fit together")));
        }
        let expected =
            (blocks as u64).saturating_mul(block_bytes as u64).saturating_add(FILE_HEADER as u64);
        if file_size < expected {
            return Err(too_short(expected));
        }
        Ok(Self {
            traces: blocks as u64 * traces as u64,
            values,
            encoding,
            data_start: FILE_HEADER + headers as usize,
        })
    }

    /// Bytes from the file's start to the end of its first trace.
    pub fn bytes_needed(&self) -> u64 {
        let width = if self.encoding == Encoding::Int16 { 2 } else { 4 };
        (self.data_start + self.values * width) as u64
    }

    /// Scans added up in the first block.
    pub fn completed_scans(&self, file: &[u8]) -> Option<u32> {
        Bytes::big_endian(file).i32(FILE_HEADER + 8).and_then(|scans| u32::try_from(scans).ok())
    }

    /// The bytes of the first trace.
    pub fn trace<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        file.get(self.data_start..self.bytes_needed() as usize).unwrap_or_default()
    }

    /// The points of the first trace. Varian's receiver turns the other way round.
    pub fn points(&self, file: &[u8]) -> Vec<Complex64> {
        let bytes = Bytes::big_endian(self.trace(file));
        let values = match self.encoding {
            Encoding::Int16 => bytes.all_i16(),
            Encoding::Int32 => bytes.all_i32(),
            Encoding::Float32 => bytes.all_f32(),
        };
        values.as_chunks::<2>().0.iter().map(|&[re, im]| Complex64::new(re, -im)).collect()
    }
}
