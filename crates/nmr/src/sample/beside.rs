//! Datasets beside one another that may be of one tube.

use std::path::{Path, PathBuf};

use crate::fid::{self, Fid};
use crate::spectrum::{self, ProcessedSpectrum, ProcessingParameters, SampleAxis, SpectrumError};

/// Datasets that are asked for the axis of the tube: the nearest by number.
const MOST_ASKED: usize = 6;
/// Numbers farther apart are of different samples: automation numbers samples by tens.
const MOST_APART: u32 = 9;
/// A directory with more datasets without numbers is not of one sample.
const MOST_UNNUMBERED: usize = 8;
/// Nor is one with more entries.
const MOST_ENTRIES: usize = 256;

/// Processes the FID of the dataset at `path` as one spectrum of its tube: where its own axis is
/// not sure, the datasets beside it are asked for theirs, since the nuclei of a tube feel one field.
///
/// # Errors
/// As [`spectrum::process`]; what is wrong with the datasets beside it is none.
pub fn process(
    path: &Path,
    fid: &Fid,
    parameters: &ProcessingParameters,
) -> Result<ProcessedSpectrum, SpectrumError> {
    let alone = spectrum::process(fid, parameters)?;
    if parameters.sample_axis.is_some() || alone.referencing.is_sure(&fid.nucleus) {
        return Ok(alone);
    }
    let Some(axis) = axis_beside(path, fid) else { return Ok(alone) };
    spectrum::process(fid, &ProcessingParameters { sample_axis: Some(axis), ..parameters.clone() })
}

/// The axis of the nearest dataset beside one that is of another kind and has a reference line.
/// Two of a kind may be of two tubes, unless their titles say otherwise.
fn axis_beside(path: &Path, fid: &Fid) -> Option<SampleAxis> {
    let same_kind = |other: &Fid| {
        other.nucleus == fid.nucleus
            && other.experiment == fid.experiment
            && (fid.title.trim().is_empty() || other.title != fid.title)
    };
    let others: Vec<PathBuf> = beside(path);
    let read = others.iter().filter_map(|other| fid::read(other).ok());
    let read = read.filter(|other| other.solvent_name == fid.solvent_name);
    if number(path).is_some() {
        return read.filter(|other| !same_kind(other)).find_map(|other| axis(&other));
    }
    let read: Vec<Fid> = read.collect();
    let all_different = read.iter().enumerate().all(|(place, one)| {
        let kind = |fid: &Fid| (fid.nucleus.clone(), fid.experiment, fid.origin);
        kind(one) != kind(fid) && read[..place].iter().all(|other| kind(other) != kind(one))
    });
    if all_different { read.iter().find_map(axis) } else { None }
}

/// The axis of a spectrum, where its own lines tell it.
fn axis(fid: &Fid) -> Option<SampleAxis> {
    // What was set for one spectrum need not fit another, and a reference needs no fitted lines.
    let parameters = ProcessingParameters { fit_lines: false, ..ProcessingParameters::default() };
    let spectrum = spectrum::process(fid, &parameters).ok()?;
    SampleAxis::of(&spectrum.referencing, &spectrum.nucleus, spectrum.solvent)
        .filter(|_| spectrum.referencing.is_sure(&spectrum.nucleus))
}

/// Datasets that may be of the same tube: of numbered ones the nearest, else all of a directory
/// that holds few.
fn beside(path: &Path) -> Vec<PathBuf> {
    let parent = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Vec::new(),
    };
    let is_dataset = |other: &PathBuf| fid::recognise(other).is_some();
    if let Some(own) = number(path) {
        let numbers = (1..=MOST_APART).flat_map(|apart| {
            [own.checked_sub(apart), own.checked_add(apart)].into_iter().flatten()
        });
        let others = numbers.map(|number| parent.join(number.to_string()));
        return others.filter(is_dataset).take(MOST_ASKED).collect();
    }
    let Ok(entries) = parent.read_dir() else { return Vec::new() };
    let mut all: Vec<PathBuf> = Vec::new();
    for (seen, entry) in entries.enumerate() {
        let Ok(entry) = entry else { continue };
        let other = entry.path();
        if other.file_name() != path.file_name() && is_dataset(&other) {
            all.push(other);
        }
        // No directory of one sample holds so much.
        if all.len() == MOST_UNNUMBERED || seen > MOST_ENTRIES {
            return Vec::new();
        }
    }
    all.sort();
    all
}

fn number(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.parse().ok()
}
