//! The parameter section of a JEOL Delta file: records of 64 bytes, each a name, a value and its
//! unit.

use std::collections::BTreeMap;
use std::path::Path;

use super::header::{self, Header, Unit};
use crate::fid::FidError;
use crate::fid::bytes::Bytes;
use crate::fid::problem::Malformed;
use crate::fid::vendor::Vendor;

/// Bytes of the section's own header and of a record.
const HEAD: usize = 16;
const RECORD: usize = 64;

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64, Unit),
}

/// Parameters by name, in lower case.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Parameters {
    values: BTreeMap<String, Value>,
}

impl Parameters {
    /// Reads the section the header points to.
    pub fn parse(file: &[u8], header: &Header, path: &Path) -> Result<Self, FidError> {
        let malformed = |problem: Malformed| FidError::Malformed {
            vendor: Vendor::Jeol,
            path: path.to_owned(),
            problem,
        };
        let order = |bytes| {
            if header.little_endian {
                Bytes::little_endian(bytes)
            } else {
                Bytes::big_endian(bytes)
            }
        };
        let (start, length) = header.parameters;
        let section = Bytes::big_endian(file)
            .slice(start, length)
            .filter(|section| section.len() >= HEAD)
            .ok_or_else(|| malformed(Malformed::Without("parameters")))?;
        let head = order(section);
        let (size, low, high) = (head.u32(0), head.u32(4), head.u32(8));
        let count = high.zip(low).and_then(|(high, low)| high.checked_sub(low)).unwrap_or(0);
        let count = (count as usize).saturating_add(1);
        if size != Some(RECORD as u32) || count > (section.len() - HEAD) / RECORD {
            return Err(malformed(Malformed::Parameters { count, bytes: length }));
        }
        let mut values = BTreeMap::new();
        for record in section[HEAD..].chunks_exact(RECORD).take(count) {
            if let Some(value) = value(order(record)) {
                let name = header::string(&record[36..]).to_ascii_lowercase();
                values.entry(name).or_insert(value);
            }
        }
        Ok(Self { values })
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// A finite number in its unit without prefix, whole or not.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.quantity(name).map(|(number, _)| number)
    }

    /// A finite number and its unit.
    pub fn quantity(&self, name: &str) -> Option<(f64, Unit)> {
        match self.values.get(name)? {
            Value::Number(number, unit) if number.is_finite() => Some((*number, *unit)),
            _ => None,
        }
    }

    /// A count.
    pub fn count(&self, name: &str) -> Option<u32> {
        let number = self.number(name)?;
        (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number))
            .then_some(number as u32)
    }
}

fn value(record: Bytes<'_>) -> Option<Value> {
    let (prefix, unit) = header::unit(record.u8(6)?, record.u8(7)?);
    let scale = prefix * 10f64.powi(i32::from(record.i16(4)?));
    Some(match record.i32(32)? {
        0 => Value::Text(header::string(record.slice(16, 16)?)),
        1 => Value::Number(f64::from(record.i32(16)?) * scale, unit),
        2 | 3 => Value::Number(record.f64(16)? * scale, unit),
        _ => return None,
    })
}
