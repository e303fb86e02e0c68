//! `larmor process`: acquisition in, spectrum and peaks out.
//!
//! What it prints is described in `docs/process.md`; keep both in step.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::CommandError;
use super::output::output;
use crate::fid::{self, FidError, Status};
use crate::spectrum::{
    self, Peak, ProcessedSpectrum, ProcessingParameters, ProcessingStep, Referencing,
};

/// Options of `larmor process`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Datasets (Bruker experiment directories) or directories of them at any depth.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON object a line for each dataset instead of tables.
    #[arg(long)]
    json: bool,
}

/// How deep below a given directory datasets are looked for.
const MOST_DEPTH: usize = 24;

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let mut out = BufWriter::new(output());
    let mut failed = 0usize;
    for path in &arguments.paths {
        for dataset in datasets(path) {
            let line = dataset.map_or_else(|failed| failed, |path| processed(&path));
            failed += usize::from(matches!(line, Line::Failed { .. }));
            if arguments.json {
                // serde_json's own error hides whose pipe was closed.
                serde_json::to_writer(&mut out, &line).map_err(io::Error::from)?;
                writeln!(out)?;
            } else {
                print(&mut out, &line)?;
            }
            out.flush()?;
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err("one dataset failed".into()),
        more => Err(format!("{more} datasets failed").into()),
    }
}

/// What is said of one dataset.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Line {
    Done(Box<Done>),
    Skipped { path: String, skipped: String },
    Failed { path: String, error: String },
}

#[derive(Debug, Serialize)]
struct Done {
    path: String,
    vendor: &'static str,
    title: String,
    pulse_program: String,
    nucleus: String,
    experiment: String,
    frequency_mhz: f64,
    solvent: Option<&'static str>,
    digest: Option<String>,
    halted: bool,
    referencing: Referencing,
    noise: f64,
    peaks: Vec<Peak>,
    processing_version: u32,
    processing: Vec<ProcessingStep>,
}

/// Reads and processes one dataset, whatever becomes of it.
fn processed(path: &Path) -> Line {
    let name = || path.display().to_string();
    let failed =
        |error: &dyn std::error::Error| Line::Failed { path: name(), error: error.to_string() };
    let inspection = match fid::inspect(path) {
        Ok(inspection) => inspection,
        Err(error) => return failed(&error),
    };
    let halted = match inspection.status {
        Status::Complete { halted, .. } => halted,
        Status::Incomplete { reason } => {
            return Line::Skipped { path: name(), skipped: format!("incomplete: {reason}") };
        }
        Status::Unsupported { reason } => {
            return Line::Skipped { path: name(), skipped: format!("unsupported: {reason}") };
        }
        Status::Corrupt { reason } => return Line::Failed { path: name(), error: reason },
    };
    let fid = match fid::read(path) {
        Ok(fid) => fid,
        Err(error) => return failed(&error),
    };
    match spectrum::process(&fid, &ProcessingParameters::default()) {
        Ok(spectrum) => Line::Done(Box::new(Done {
            path: name(),
            vendor: inspection.vendor.name(),
            title: fid.title,
            pulse_program: fid.pulse_program,
            digest: inspection.digest,
            halted,
            ..Done::from_spectrum(&spectrum)
        })),
        Err(error) => failed(&error),
    }
}

impl Done {
    fn from_spectrum(spectrum: &ProcessedSpectrum) -> Self {
        Self {
            path: String::new(),
            vendor: "",
            title: String::new(),
            pulse_program: String::new(),
            nucleus: spectrum.nucleus.to_string(),
            experiment: spectrum.experiment.to_string(),
            frequency_mhz: spectrum.frequency_mhz,
            solvent: spectrum.solvent.map(fid::Solvent::name),
            digest: None,
            halted: false,
            referencing: spectrum.referencing,
            noise: spectrum.noise,
            peaks: spectrum.peaks.clone(),
            processing_version: spectrum.record.version,
            processing: spectrum.record.steps.clone(),
        }
    }
}

/// Every dataset at or below a path, in order of name, without following links below it.
fn datasets(path: &Path) -> Vec<Result<PathBuf, Line>> {
    if fid::recognise(path).is_some() {
        return vec![Ok(path.to_owned())];
    }
    let failed =
        |path: &Path, error: String| Line::Failed { path: path.display().to_string(), error };
    let mut found = Vec::new();
    let mut walk =
        walkdir::WalkDir::new(path).max_depth(MOST_DEPTH).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() && fid::recognise(entry.path()).is_some() => {
                walk.skip_current_dir();
                found.push(Ok(entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => {
                let at = error.path().unwrap_or(path).to_owned();
                found.push(Err(failed(&at, error.to_string())));
            }
        }
    }
    if found.is_empty() {
        let error = FidError::NotADataset { path: path.to_owned() };
        found.push(Err(failed(path, format!("{error}, nor anywhere below"))));
    }
    found
}

/// The table a person reads.
fn print(out: &mut impl Write, line: &Line) -> io::Result<()> {
    let done = match line {
        Line::Skipped { path, skipped } => return writeln!(out, "{path}\n  skipped: {skipped}\n"),
        Line::Failed { path, error } => return writeln!(out, "{path}\n  failed: {error}\n"),
        Line::Done(done) => done,
    };
    writeln!(out, "{}", done.path)?;
    writeln!(
        out,
        "  {} {} at {:.2} MHz in {}, {}{}",
        done.nucleus,
        done.experiment,
        done.frequency_mhz,
        done.solvent.unwrap_or("unknown solvent"),
        done.pulse_program,
        if done.halted { ", halted early" } else { "" },
    )?;
    let referencing = &done.referencing;
    writeln!(
        out,
        "  referenced to {} ({:+.4} ppm, confidence {:.2})",
        referencing.method.name(),
        referencing.shift_ppm,
        referencing.confidence,
    )?;
    writeln!(out, "  {:>10} {:>9} {:>8} {:>9}  class", "ppm", "height", "Hz", "S/N")?;
    for peak in done.peaks.iter().rev() {
        writeln!(
            out,
            "  {:>10.4} {:>9.4} {:>8.2} {:>9.1}  {}",
            peak.ppm,
            peak.intensity,
            peak.width_hz,
            peak.signal_to_noise,
            peak.class.name(),
        )?;
    }
    writeln!(out)
}
