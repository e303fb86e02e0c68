//! Datasets of which only the processed spectrum was kept: `pdata/N/{1r,procs}` without `fid` or
//! `ser`, with `acqus` or without.
//!
//! Nobody signs such a spectrum (it may be one that is being copied, its FID still to come): it is
//! whole when `1r` has all its points, and done when it has also stopped changing.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::acquisition;
use super::audit::{self, Audit};
use super::parameters::{self, Parameters};
use super::{processed, pulse_program, title};
use crate::fid::digest::digest;
use crate::fid::file_names::within;
use crate::fid::inspection::{Inspection, Status};
use crate::fid::problem::{PointsProblem, Unsupported};
use crate::fid::signal::{Fid, Origin};
use crate::fid::vendor::Vendor;
use crate::fid::vendor_spectrum::VendorSpectrum;
use crate::fid::{Experiment, FidError, Solvent, from_spectrum, plain_file, program};

/// Tells by names alone whether there is a processed spectrum and nothing else to read.
pub(super) fn is_one(dataset: &Path) -> bool {
    let processing = processing(dataset);
    let is_file = |name| fs::symlink_metadata(within(&processing, name)).is_ok_and(|m| m.is_file());
    is_file("1r") && is_file("procs") && is_absent(dataset, "fid") && is_absent(dataset, "ser")
}

/// Only what is certain not to be there was not kept: a disk that refuses says nothing of it.
fn is_absent(dataset: &Path, name: &str) -> bool {
    let found = fs::symlink_metadata(within(dataset, name));
    found.is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// The processing that is read: 1, else the first with a spectrum. Others may be anything: trials,
/// projections, integrals.
pub(in crate::fid) fn processing(dataset: &Path) -> PathBuf {
    let usual = dataset.join("pdata/1");
    if fs::symlink_metadata(usual.join("1r")).is_ok() {
        return usual;
    }
    processed::processings(dataset, "1r").into_iter().next().unwrap_or(usual)
}

/// Inspects without transforming back.
pub(super) fn inspect(dataset: &Path) -> Result<Inspection, FidError> {
    let processing = processing(dataset);
    let files = [within(&processing, "1r"), within(&processing, "procs"), within(dataset, "acqus")];
    let mut inspection =
        Inspection::begin(Vendor::Bruker, &files.each_ref().map(|file| file.as_path()));
    inspection.title = title(dataset);
    let checked = check_completeness(dataset, &processing, &mut inspection);
    inspection.end(checked)
}

fn check_completeness(
    dataset: &Path,
    processing: &Path,
    found: &mut Inspection,
) -> Result<(), FidError> {
    let acqus = acqus(dataset)?;
    if let Some(reason) = still_to_come(dataset, acqus.as_ref())? {
        found.status = Status::incomplete(reason);
        return Ok(());
    }
    let more_dimensions =
        [("acqu2s", within(dataset, "acqu2s")), ("2rr", within(processing, "2rr"))];
    if let Some((file, _)) =
        more_dimensions.into_iter().find(|(_, path)| fs::symlink_metadata(path).is_ok())
    {
        found.experiment = Some(Experiment::MultiDimensional);
        found.status =
            Status::unsupported(Unsupported::MoreDimensions { file: Some(file) }.to_string());
        return Ok(());
    }
    let header = header(acqus, processing)?;
    let nucleus = acquisition::nucleus(&header);
    found.pulse_program = header.text("PULPROG").unwrap_or_default().to_owned();
    found.experiment = Some(pulse_program::experiment(&found.pulse_program, &nucleus, &header));
    found.nucleus = Some(nucleus.clone());
    if let Some(status) = Status::of_nucleus(&nucleus) {
        found.status = status;
        return Ok(());
    }
    if let Some(reason) = refused(&header) {
        found.status = Status::unsupported(reason.to_string());
        return Ok(());
    }
    let spectrum = spectrum(processing)?;
    let bytes: Vec<u8> = spectrum.real.iter().flat_map(|value| value.to_le_bytes()).collect();
    let meaning = format!(
        "larmor bruker spectrum 1|{}|{}|{:?}|{nucleus}|{}",
        spectrum.first_ppm, spectrum.step_ppm, spectrum.reference_mhz, found.pulse_program,
    );
    found.digest = Some(digest(&meaning, [bytes]));
    found.status = Status::complete("1r has all its points (no fid was kept)", false);
    Ok(())
}

/// Why the FID may be still to come.
fn still_to_come(
    dataset: &Path,
    acqus: Option<&Parameters>,
) -> Result<Option<&'static str>, FidError> {
    let trail = plain_file::read_if_there(&within(dataset, "audita.txt"), audit::MAX_BYTES)?;
    Ok(match acqus {
        _ if trail.is_some_and(|bytes| Audit::parse(&bytes).in_progress) => {
            Some("audita.txt: acquisition in progress, no fid yet")
        }
        Some(acqus) if !acqus.ended => Some("acqus is cut off before ##END="),
        Some(acqus) if acqus.integer("DATE") == Some(0) => Some("queued: no fid yet"),
        _ => None,
    })
}

/// What keeps the points from being a spectrum with signs.
fn refused(procs: &Parameters) -> Option<Unsupported> {
    let in_seconds = procs.text("AXUNIT").is_some_and(|unit| {
        ["s", "sec", "seconds"].iter().any(|name| unit.eq_ignore_ascii_case(name))
    });
    match (procs.integer("FT_mod"), procs.integer("PH_mod")) {
        (Some(0), _) if in_seconds => Some(Unsupported::NotTransformed),
        (_, Some(2)) => Some(Unsupported::WithoutPhase { kind: "magnitude" }),
        (_, Some(3)) => Some(Unsupported::WithoutPhase { kind: "power" }),
        _ => None,
    }
}

/// The spectrum, turned back into the signal it would have come from.
pub(super) fn read(dataset: &Path) -> Result<Fid, FidError> {
    let processing = processing(dataset);
    let acqus = acqus(dataset)?;
    let acquired_mhz = acqus.as_ref().and_then(|acqus| acqus.number("BF1"));
    let header = header(acqus, &processing)?;
    if let Some(reason) = refused(&header) {
        let path = within(&processing, "procs");
        return Err(FidError::Unsupported { vendor: Vendor::Bruker, path, reason });
    }
    let spectrum = spectrum(&processing)?;
    let reference_mhz = spectrum.reference_mhz.unwrap_or(0.0);
    let points = spectrum.real.len();
    let carrier_ppm = spectrum.first_ppm + (points / 2) as f64 * spectrum.step_ppm;
    let pulse_program = header.text("PULPROG").unwrap_or_default().to_owned();
    let nucleus = acquisition::nucleus(&header);
    Ok(Fid {
        points: from_spectrum::signal(&spectrum.real),
        origin: Origin::Spectrum,
        sweep_width_hz: spectrum.step_ppm * points as f64 * reference_mhz,
        carrier_mhz: reference_mhz * (1.0 + carrier_ppm / 1e6),
        reference_mhz,
        // What the spectrum takes for 0 ppm, where that is not merely the spectrometer's.
        calibrated_mhz: Some(reference_mhz)
            .filter(|&mhz| acquired_mhz.is_none_or(|base| processed::is_calibration(mhz, base))),
        experiment: pulse_program::experiment(&pulse_program, &nucleus, &header),
        water_suppressed: program::suppresses_water(&pulse_program, &nucleus),
        nucleus,
        group_delay: 0.0,
        solvent: header.text("SOLVENT").and_then(Solvent::from_name),
        solvent_name: header.text("SOLVENT").unwrap_or_default().to_owned(),
        temperature_k: header.number("TE").filter(|kelvin| (50.0..1000.0).contains(kelvin)),
        scans: header.integer("NS").and_then(|n| u32::try_from(n).ok()),
        title: title(dataset),
        pulse_program,
    })
}

/// `acqus` where it was kept.
fn acqus(dataset: &Path) -> Result<Option<Parameters>, FidError> {
    let read = plain_file::read_if_there(&within(dataset, "acqus"), parameters::MAX_BYTES)?;
    Ok(read.map(|bytes| Parameters::parse(&bytes)))
}

/// `acqus`, and what `procs` knows of the acquisition and of the spectrum's form.
fn header(acqus: Option<Parameters>, processing: &Path) -> Result<Parameters, FidError> {
    let mut header = acqus.unwrap_or_default();
    let procs = processed::procs(processing)?.ok_or_else(|| FidError::ParametersCutOff {
        vendor: Vendor::Bruker,
        path: within(processing, "procs"),
    })?;
    let forms = ["FT_mod", "PH_mod", "AXUNIT"].map(|name| (name, name));
    for (name, from) in forms.into_iter().chain([("NUC1", "AXNUC"), ("BF1", "SF")]) {
        if let Some(value) = procs.raw(from) {
            header.insert(name, value.to_owned());
        }
    }
    Ok(header)
}

fn spectrum(processing: &Path) -> Result<VendorSpectrum, FidError> {
    let spectrum = processed::read(processing)?.ok_or_else(|| FidError::ParametersCutOff {
        vendor: Vendor::Bruker,
        path: within(processing, "procs"),
    })?;
    if spectrum.real.iter().all(|&value| value == 0.0) {
        return Err(FidError::BadPoints {
            vendor: Vendor::Bruker,
            path: spectrum.path,
            problem: PointsProblem::NoSpectrum,
        });
    }
    Ok(spectrum)
}
