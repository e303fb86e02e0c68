//! The fixed header of a JEOL Delta file: where its sections lie and what its axis is.
//!
//! Offsets follow JEOL's description of the JDF format. The header is written high byte first
//! whatever the order of the data, unless the identifier itself is turned round.

use std::path::Path;

use crate::fid::FidError;
use crate::fid::bytes::Bytes;
use crate::fid::problem::{Malformed, Unsupported};
use crate::fid::text;
use crate::fid::vendor::Vendor;

/// Bytes of the header.
pub(super) const LENGTH: usize = 1360;
/// More points than any one-dimensional FID or spectrum has.
const MAX_POINTS: usize = 1 << 23;

/// What an axis or a parameter is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Celsius,
    Hertz,
    Kelvin,
    PartsPerMillion,
    Second,
    Other,
}

/// What is known of a file before its parameters are read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    /// Parameters and data are written low byte first.
    pub little_endian: bool,
    pub dimensions: u8,
    pub title: String,
    /// Four-byte rather than eight-byte numbers.
    pub single_precision: bool,
    /// Parts of the data, one after the other: real, and imaginary unless the axis is real.
    pub sections: usize,
    /// Points of a section.
    pub points: usize,
    /// First and last point that mean something; the rest is padding.
    pub range: (usize, usize),
    /// Value of the axis at both, in `unit`.
    pub axis: (f64, f64),
    pub unit: Unit,
    /// Frequency of 0 ppm, MHz.
    pub base_mhz: f64,
    /// Offset of the carrier from it, as a share of the sweep width.
    pub zero_point: f64,
    pub parameters: (usize, usize),
    pub data_start: usize,
    pub total_size: u64,
}

impl Header {
    /// Reads a header and checks it against itself and the size of the file.
    pub fn parse(bytes: &[u8], file_size: u64, path: &Path) -> Result<Self, FidError> {
        let malformed = |problem: Malformed| FidError::Malformed {
            vendor: Vendor::Jeol,
            path: path.to_owned(),
            problem,
        };
        let too_short = |expected: u64| FidError::TooShort {
            vendor: Vendor::Jeol,
            path: path.to_owned(),
            expected,
            found: file_size,
        };
        let identifier = bytes.get(..8).ok_or_else(|| too_short(LENGTH as u64))?;
        let header = match identifier {
            b"JEOL.NMR" => Bytes::big_endian(bytes),
            b"RMN.LOEJ" | b"RMN.LEOJ" => Bytes::little_endian(bytes),
            [0, 0, 0, 0, 0, 0, 0, 0] => return Err(too_short(LENGTH as u64)),
            _ => {
                return Err(malformed(Malformed::Signature(
                    "does not begin with JEOL.NMR: no JEOL Delta file",
                )));
            }
        };
        // All fields below lie within the header: one check serves them all.
        if bytes.len() < LENGTH {
            return Err(too_short(LENGTH as u64));
        }
        let place = |at: usize| header.u32(at).unwrap_or(0) as usize;
        let number = |at: usize| header.f64(at).unwrap_or(f64::NAN);
        let byte = |at: usize| header.u8(at).unwrap_or(0);
        let dimensions = byte(12);
        if !(1..=8).contains(&dimensions) {
            return Err(malformed(Malformed::Field {
                field: "number of dimensions",
                found: dimensions.into(),
                expected: "1 to 8 exist".to_owned(),
            }));
        }
        if dimensions > 1 {
            return Err(FidError::Unsupported {
                vendor: Vendor::Jeol,
                path: path.to_owned(),
                reason: Unsupported::MoreDimensions { file: None },
            });
        }
        let single_precision = match byte(14) >> 6 {
            0 => false,
            1 => true,
            other => {
                return Err(malformed(Malformed::Field {
                    field: "kind of numbers",
                    found: other.into(),
                    expected: "0 and 1 exist".to_owned(),
                }));
            }
        };
        let sections = match byte(24) {
            1 => 1,
            3 | 4 => 2,
            other => {
                return Err(FidError::Unsupported {
                    vendor: Vendor::Jeol,
                    path: path.to_owned(),
                    reason: Unsupported::Axis(other),
                });
            }
        };
        let points = place(176);
        let range = (place(208), place(240));
        if !(2..=MAX_POINTS).contains(&points) {
            return Err(malformed(Malformed::Field {
                field: "number of points",
                found: points as i64,
                expected: format!("a spectrum has 2 to {MAX_POINTS}"),
            }));
        }
        if range.0 >= range.1 || range.1 >= points {
            let (first, last) = range;
            return Err(malformed(Malformed::Range { first, last, points }));
        }
        let (prefix, unit) = unit(byte(32), byte(33));
        let header = Self {
            little_endian: byte(8) == 1,
            dimensions,
            title: string(header.slice(48, 124).unwrap_or_default()),
            single_precision,
            sections,
            points,
            range,
            axis: (number(272) * prefix, number(336) * prefix),
            unit,
            base_mhz: number(1064),
            zero_point: number(1128),
            parameters: (place(1212), place(1216)),
            data_start: place(1284),
            total_size: header.u64(1320).unwrap_or(0),
        };
        header.check_sections(file_size, path)?;
        Ok(header)
    }

    /// Bytes the data take.
    pub fn data_bytes(&self) -> usize {
        let width = if self.single_precision { 4 } else { 8 };
        self.points * self.sections * width
    }

    /// Sections lie behind the header, apart from each other, and within the file.
    fn check_sections(&self, file_size: u64, path: &Path) -> Result<(), FidError> {
        let malformed = |problem| FidError::Malformed {
            vendor: Vendor::Jeol,
            path: path.to_owned(),
            problem: Malformed::Fields(problem),
        };
        let (start, length) = self.parameters;
        let data = (self.data_start, self.data_bytes());
        let end = |section: (usize, usize)| (section.0 as u64).saturating_add(section.1 as u64);
        if start < LENGTH || self.data_start < LENGTH {
            return Err(malformed(
                "parameters or data lie in the header: its table of sections is wrong",
            ));
        }
        if length > 0 && (start as u64) < end(data) && (data.0 as u64) < end((start, length)) {
            return Err(malformed(
                "parameters and data lie over each other: its table of sections is wrong",
            ));
        }
        let expected = end(data).max(end((start, length)));
        // Some writers leave the total out.
        let expected = if self.total_size >= expected { self.total_size } else { expected };
        if file_size < expected {
            return Err(FidError::TooShort {
                vendor: Vendor::Jeol,
                path: path.to_owned(),
                expected,
                found: file_size,
            });
        }
        Ok(())
    }
}

/// A unit: the power of 1000 of its prefix as a factor, and which it is.
pub(super) fn unit(scale: u8, base: u8) -> (f64, Unit) {
    // The upper four bits are signed and count downwards: 1 is milli, -1 is kilo.
    let prefix = i32::from((scale as i8) >> 4);
    let unit = match base {
        4 => Unit::Celsius,
        13 => Unit::Hertz,
        14 => Unit::Kelvin,
        26 => Unit::PartsPerMillion,
        28 => Unit::Second,
        _ => Unit::Other,
    };
    (1000f64.powi(-prefix), unit)
}

/// Text in a field of fixed width.
pub(super) fn string(field: &[u8]) -> String {
    let length = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    text::decode(&field[..length]).trim().to_owned()
}
