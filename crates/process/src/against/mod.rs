//! `larmor process --against`: every spectrum held against what the vendor's software left beside
//! its FID.
//!
//! What it prints is described in `docs/process.md`; keep both in step.

mod held;
mod report;
mod table;
mod witness;

use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use larmor_command_line::{CommandError, output};
use larmor_nmr::fid::{self, Nucleus};
use larmor_nmr::sample;
use larmor_nmr::spectrum::ProcessingParameters;

use super::archive;
use super::line::Line;
use super::readiness;
use held::Held;
use report::Report;

/// What became of one dataset.
#[derive(Debug)]
enum Outcome {
    /// Held against what lay beside it.
    Held(Box<Held>),
    /// Nothing to process, or nothing that could be processed.
    Line(Line),
    /// Of a nucleus nobody asked for.
    NotAsked,
}

/// Runs the command.
pub(super) fn run(
    paths: &[PathBuf],
    jobs: usize,
    nucleus: Option<&Nucleus>,
    json: bool,
) -> Result<(), CommandError> {
    let mut out = BufWriter::new(output());
    let mut report = Report::default();
    let outcome = |dataset: Result<PathBuf, Box<Line>>| {
        dataset.map_or_else(|failed| Outcome::Line(*failed), |path| outcome(&path, nucleus))
    };
    if !json {
        table::head(&mut out)?;
    }
    archive::process(paths, jobs, outcome, |outcome| {
        report.count(&outcome);
        match (&outcome, json) {
            (Outcome::NotAsked, _) => return Ok(()),
            (Outcome::Held(held), true) => {
                serde_json::to_writer(&mut out, held).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            (Outcome::Line(line), true) => {
                serde_json::to_writer(&mut out, line).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            (Outcome::Held(held), false) => table::row(&mut out, held)?,
            (Outcome::Line(line), false) => table::left_out(&mut out, line)?,
        }
        Ok(out.flush()?)
    })?;
    out.flush()?;
    eprint!("{report}");
    report.verdict()
}

/// Processes one dataset and holds it against what lies beside it, whatever becomes of it.
fn outcome(path: &Path, nucleus: Option<&Nucleus>) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| held(path, nucleus))).unwrap_or_else(|_| {
        let reason = "larmor itself went wrong on this dataset (see standard error); please \
                      report it with the dataset";
        Outcome::Line(Line::failed(path, reason.to_owned(), None))
    })
}

fn held(path: &Path, nucleus: Option<&Nucleus>) -> Outcome {
    let failed =
        |error: &dyn std::error::Error| Outcome::Line(Line::failed(path, error.to_string(), None));
    let (inspection, decoded) = match fid::inspect_with_fid(path) {
        Ok(inspected) => inspected,
        Err(error) => return failed(&error),
    };
    if nucleus.is_some() && inspection.nucleus.is_some() && inspection.nucleus.as_ref() != nucleus {
        return Outcome::NotAsked;
    }
    if let Err(line) = readiness::halted(path, &inspection, None) {
        return Outcome::Line(*line);
    }
    let fid = match decoded.map_or_else(|| fid::read(path), Ok) {
        Ok(fid) => fid,
        Err(error) => return failed(&error),
    };
    if let Some(line) = readiness::fid_still_to_come(path, &inspection, &fid, None) {
        return Outcome::Line(line);
    }
    match sample::process(path, &fid, &ProcessingParameters::default()) {
        Ok(spectrum) => Outcome::Held(Box::new(Held::new(path, inspection.vendor, &fid, spectrum))),
        Err(error) => failed(&error),
    }
}
