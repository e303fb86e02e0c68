//! `larmor process`: acquisitions in, spectra and peaks out, one dataset or an archive of years.
//!
//! What it prints is described in `docs/process.md`; keep both in step.

mod against;
mod archive;
mod dataset;
mod journal;
mod line;
mod modified;
mod outcome;
mod plot;
mod progress;
mod readiness;
mod summary;
mod table;
mod tree;

use std::io::{self, BufWriter, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;

use larmor_command_line::CommandError;
use larmor_command_line::{Output, output};
use larmor_nmr::fid::Nucleus;

use dataset::Work;
use journal::Journal;
use line::Line;
use outcome::Outcome;
use progress::Progress;
use summary::Summary;

/// Options of `larmor process`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Datasets (experiment directories, .jdf, .dx and .jdx files) or directories of them at any
    /// depth.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON object a line for each dataset instead of tables.
    #[arg(long)]
    json: bool,
    /// Append the JSON lines to a file. Given again with the same file, it goes on where it
    /// stopped: datasets that are in the file and have not changed since are passed over.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    out: Option<PathBuf>,
    /// With --out: try those again that failed.
    #[arg(long, requires = "out")]
    retry: bool,
    /// Draw each spectrum with its peaks into an SVG file in this directory.
    #[arg(long, value_name = "DIR")]
    plot: Option<PathBuf>,
    /// Hold every spectrum against what the vendor's software left beside it (its own spectrum, its
    /// list of peaks, its calibration) and tell how far the axes are apart. The exit status is 1
    /// when any differ.
    #[arg(long, conflicts_with_all = ["out", "plot", "summary"])]
    against: bool,
    /// Leave out spectra of other nuclei.
    #[arg(long, value_name = "NUCLEUS")]
    nucleus: Option<Observed>,
    /// Datasets processed at a time (default: the processor's cores).
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Write what was done, skipped and failed, and why, to a file as one JSON object.
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
}

/// The nuclei that are processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Observed {
    #[value(name = "1H")]
    Proton,
    #[value(name = "13C")]
    Carbon,
}

impl Observed {
    fn nucleus(self) -> Nucleus {
        match self {
            Self::Proton => Nucleus::Proton,
            Self::Carbon => Nucleus::Carbon,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When output cannot be written, or a dataset failed.
pub fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let started = Instant::now();
    let jobs = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, NonZero::get);
    if arguments.against {
        let nucleus = arguments.nucleus.map(Observed::nucleus);
        return against::run(&arguments.paths, jobs, nucleus.as_ref(), arguments.json);
    }
    let (mut place, earlier) = match &arguments.out {
        Some(path) => {
            let (journal, earlier) = Journal::open(path, arguments.retry)?;
            (Place::Journal(journal), earlier)
        }
        None => (Place::new(arguments.json), journal::EarlierLines::default()),
    };
    if let Some(directory) = &arguments.plot {
        plot::make_directory(directory)?;
    }
    let work = Work {
        earlier,
        nucleus: arguments.nucleus.map(Observed::nucleus),
        plots: arguments.plot.clone(),
    };
    let progress = Progress::start(&arguments.paths, arguments.out.is_some());
    let mut summary = Summary::default();
    let outcome = |dataset: Result<PathBuf, Box<Line>>| {
        dataset.map_or_else(|failed| Outcome::Line(*failed), |path| work.outcome(&path))
    };
    let written = archive::process(&arguments.paths, jobs, outcome, |outcome| {
        summary.count(&outcome);
        progress.advance(&summary);
        match outcome {
            Outcome::Line(line) => place.write(&line),
            Outcome::PassedOver { .. } | Outcome::NotAsked => Ok(()),
        }
    });
    progress.end();
    written?;
    place.finish()?;
    summary.seconds = started.elapsed().as_secs_f64();
    if summary.is_worth_reporting() || arguments.out.is_some() {
        eprint!("{summary}");
    }
    if let Some(path) = &arguments.summary {
        summary.write(path)?;
    }
    match summary.failed {
        0 => Ok(()),
        1 => Err("one dataset failed".into()),
        more => Err(format!("{more} datasets failed").into()),
    }
}

/// Where the lines go.
enum Place {
    Json(BufWriter<Output>),
    Table(BufWriter<Output>),
    Journal(Journal),
}

impl Place {
    fn new(json: bool) -> Self {
        let out = BufWriter::new(output());
        if json { Self::Json(out) } else { Self::Table(out) }
    }

    fn write(&mut self, line: &Line) -> Result<(), CommandError> {
        match self {
            Self::Json(out) => {
                // serde_json's own error hides whose pipe was closed.
                serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
                writeln!(out)?;
                Ok(out.flush()?)
            }
            Self::Table(out) => {
                table::print(out, line)?;
                Ok(out.flush()?)
            }
            Self::Journal(journal) => Ok(journal.append(line)?),
        }
    }

    fn finish(self) -> Result<(), CommandError> {
        match self {
            Self::Json(mut out) | Self::Table(mut out) => Ok(out.flush()?),
            Self::Journal(journal) => Ok(journal.close()?),
        }
    }
}
