//! One JEOL Delta file: header, parameters and points.

use std::path::Path;

use num_complex::Complex64;

use super::acquisition::{AcquisitionParameters, Domain};
use super::header::Header;
use super::parameters::Parameters;
use crate::fid::bytes::Bytes;
use crate::fid::problem::Unsupported;
use crate::fid::vendor::Vendor;
use crate::fid::{FidError, bruker, from_spectrum};

/// A file whose sections are where its header says.
pub(super) struct File<'a> {
    header: Header,
    pub acquisition: AcquisitionParameters,
    data: &'a [u8],
}

/// Reads a file's bytes, short of decoding its points; `path` is named in errors.
pub(super) fn parse<'a>(bytes: &'a [u8], path: &Path) -> Result<File<'a>, FidError> {
    let header = Header::parse(bytes, bytes.len() as u64, path)?;
    let parameters = Parameters::parse(bytes, &header, path)?;
    let acquisition = AcquisitionParameters::new(&header, &parameters, path)?;
    if acquisition.domain == Domain::Time && header.sections == 1 {
        return Err(FidError::Unsupported {
            vendor: Vendor::Jeol,
            path: path.to_owned(),
            reason: Unsupported::OneChannel,
        });
    }
    let data =
        Bytes::big_endian(bytes).slice(header.data_start, header.data_bytes()).unwrap_or_default();
    Ok(File { header, acquisition, data })
}

impl<'a> File<'a> {
    /// The bytes of each section's points that mean something.
    pub fn sections(&self) -> impl Iterator<Item = &'a [u8]> {
        let width = if self.header.single_precision { 4 } else { 8 };
        let (first, last) = self.header.range;
        let data = self.data;
        data.chunks_exact(self.header.points * width)
            .map(move |section| &section[first * width..(last + 1) * width])
    }

    /// What decides how the bytes are read.
    pub fn encoding(&self) -> (bool, bool, usize) {
        (self.header.little_endian, self.header.single_precision, self.header.sections)
    }

    /// The signal, whether it was stored or its spectrum.
    pub fn points(&self) -> Vec<Complex64> {
        let mut sections = self.sections().map(|bytes| self.decode(bytes));
        let mut real = sections.next().unwrap_or_default();
        match self.acquisition.domain {
            Domain::Frequency { descending } => {
                if descending {
                    real.reverse();
                }
                from_spectrum::signal(&real)
            }
            // JEOL's receiver turns the other way round.
            Domain::Time => real
                .into_iter()
                .zip(sections.next().unwrap_or_default())
                .map(|(re, im)| Complex64::new(re, -im))
                .collect(),
        }
    }

    /// Points before the signal's time zero: the digital filter's delay less what had already
    /// passed when the receiver opened.
    pub fn group_delay(&self, points: &[Complex64]) -> f64 {
        let Some(filter) = &self.acquisition.filter else { return 0.0 };
        let build_up = filter.delay() - self.header.range.0 as f64;
        match self.acquisition.domain {
            Domain::Time if !bruker::starts_at_once(points, build_up) => {
                let dead = self.acquisition.dead_time_s * self.acquisition.sweep_width_hz;
                (build_up - dead).max(0.0)
            }
            _ => 0.0,
        }
    }

    fn decode(&self, bytes: &[u8]) -> Vec<f64> {
        let bytes = if self.header.little_endian {
            Bytes::little_endian(bytes)
        } else {
            Bytes::big_endian(bytes)
        };
        if self.header.single_precision { bytes.all_f32() } else { bytes.all_f64() }
    }
}
