//! A dataset on disk, read and processed.

use std::path::Path;

use crate::query::Query;
use larmor_nmr::fid::{self, Status};
use larmor_nmr::sample::{self, SampleSpectrum};
use larmor_nmr::spectrum::{ProcessedSpectrum, ProcessingParameters};

/// Reads and processes a dataset; the error, for people, says what keeps it from it.
///
/// # Errors
/// When the dataset is not complete, of a kind that is not processed, or damaged.
pub fn read_dataset(
    path: &Path,
    parameters: &ProcessingParameters,
) -> Result<ProcessedSpectrum, String> {
    let (inspection, decoded) = fid::inspect_with_fid(path).map_err(|error| error.to_string())?;
    match inspection.status {
        Status::Complete { .. } => {}
        Status::Incomplete { reason } | Status::CutOff { reason } => {
            return Err(format!("incomplete: {reason}"));
        }
        Status::Unsupported { reason } => return Err(format!("unsupported: {reason}")),
        Status::Corrupt { reason } => return Err(format!("corrupt: {reason}")),
    }
    let fid = decoded.map_or_else(|| fid::read(path), Ok).map_err(|error| error.to_string())?;
    sample::process(path, &fid, parameters).map_err(|error| error.to_string())
}

impl Query {
    /// What processed spectra of one sample say together; `None` without a spectrum that shows
    /// every carbon or a 1H spectrum.
    #[must_use]
    pub fn of_processed(spectra: &[ProcessedSpectrum]) -> Option<Self> {
        let spectra: Vec<SampleSpectrum> = spectra.iter().map(SampleSpectrum::from).collect();
        Self::of_sample(&spectra).map(|(query, _)| query)
    }
}
