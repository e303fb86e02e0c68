//! From a dataset to its spectrum, and from spectra to the elucidation of their sample. Blocking:
//! for a computing thread.

use std::path::Path;
use std::time::Instant;

use larmor_elucidation::{Elucidation, ElucidationOptions, Elucidator, Query};
use larmor_nmr::fid::{self, Experiment, Fid, Origin, Status};
use larmor_nmr::spectrum::{self, ProcessedSpectrum, ProcessingParameters, Referencing};
use larmor_nmr::structure::ProposedStructure;
use larmor_nmr::trace::Trace;
use larmor_store::NewSpectrum;

use super::failure::Failure;

/// A processed acquisition.
#[derive(Debug)]
pub(super) struct Processed {
    pub(super) spectrum: NewSpectrum,
    pub(super) referencing: Referencing,
    pub(super) read_ms: f64,
    pub(super) process_ms: f64,
}

/// A dataset as it was read.
#[derive(Debug)]
pub(super) struct ReadDataset {
    fid: Fid,
    /// The operator stopped the acquisition early.
    halted: bool,
    read_ms: f64,
}

/// Reads and processes the dataset at `path`, provided that it still is what was observed.
pub(super) fn read_and_process(
    path: &Path,
    digest: Option<&str>,
    parameters: &ProcessingParameters,
) -> Result<Processed, Failure> {
    process(&read(path, digest)?, parameters)
}

/// Reads the dataset at `path`, provided that it still is what was observed.
pub(super) fn read(path: &Path, digest: Option<&str>) -> Result<ReadDataset, Failure> {
    let begun = Instant::now();
    let fid = fid::read(path)?;
    // Asked after reading: what has been read is then what was observed.
    let halted = still_the_same(path, digest)?;
    Ok(ReadDataset { fid, halted, read_ms: milliseconds(begun) })
}

/// From the FID to the spectrum.
pub(super) fn process(
    dataset: &ReadDataset,
    parameters: &ProcessingParameters,
) -> Result<Processed, Failure> {
    let ReadDataset { fid, halted, read_ms } = dataset;
    let begun = Instant::now();
    let mut spectrum = spectrum::process(fid, parameters)?;
    if *halted {
        spectrum.quality.halted();
    }
    let referencing = spectrum.referencing.clone();
    let spectrum = new_spectrum(spectrum, fid.experiment, fid.origin)?;
    Ok(Processed { spectrum, referencing, read_ms: *read_ms, process_ms: milliseconds(begun) })
}

/// Tells whether the operator stopped the acquisition early.
fn still_the_same(path: &Path, digest: Option<&str>) -> Result<bool, Failure> {
    let now = fid::inspect(path)?;
    match now.status {
        Status::Complete { halted, .. } if digest.is_none() || now.digest.as_deref() == digest => {
            Ok(halted)
        }
        Status::Incomplete { reason } | Status::CutOff { reason } => {
            Err(Failure::passing(format!("{} is being written again: {reason}", path.display())))
        }
        _ => Err(Failure::superseded(format!(
            "{} no longer holds what was seen there; its new content is an acquisition of its own",
            path.display()
        ))),
    }
}

fn new_spectrum(
    processed: ProcessedSpectrum,
    experiment: Experiment,
    origin: Origin,
) -> Result<NewSpectrum, Failure> {
    let json = |value: serde_json::Result<serde_json::Value>| {
        value.map_err(|error| Failure::permanent(format!("the record cannot be written: {error}")))
    };
    let trace = Trace::of(&processed);
    let noise = processed.noise / processed.unit_height();
    Ok(NewSpectrum {
        trace,
        nucleus: processed.nucleus,
        experiment,
        frequency_mhz: processed.frequency_mhz,
        solvent: processed.solvent,
        referencing: json(serde_json::to_value(processed.referencing))?,
        processing: json(serde_json::to_value(&processed.record))?,
        noise,
        origin,
        quality: processed.quality,
        peaks: processed.peaks,
        multiplets: processed.multiplets,
    })
}

/// Elucidates a sample; the number is how long it took, milliseconds.
pub(super) fn elucidate(
    elucidator: &Elucidator,
    query: &Query,
    proposed: &[ProposedStructure],
    options: &ElucidationOptions,
) -> Result<(Elucidation, f64), Failure> {
    let begun = Instant::now();
    let elucidation = elucidator.elucidate(query, proposed, options)?;
    Ok((elucidation, milliseconds(begun)))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
