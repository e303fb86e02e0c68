//! `larmor elucidate`: acquisition or peak list in, candidates and assignments out.

mod batch;
mod named;
mod peak_list;
mod report;
mod sample;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::locations::LocationOptions;
use larmor_chemistry::Formula;
use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_elucidation::library::StructureReader;
use larmor_elucidation::{CandidatePool, Elucidation, ElucidationOptions, Elucidator, Query};
use larmor_nmr::spectrum::ProcessingParameters;
use larmor_nmr::structure::ProposedStructure;
use sample::Sample;

/// Options of `larmor elucidate`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Acquisitions; those below one parent directory are one sample.
    #[arg(value_name = "PATH", required_unless_present_any = ["peaks", "batch"])]
    paths: Vec<PathBuf>,
    /// 13C peak list: one shift a line, S, D, T or Q behind it where known, # begins a comment.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "batch"])]
    peaks: Option<PathBuf>,
    /// Queries as JSON lines, answered in order, one line each.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    batch: Option<PathBuf>,
    /// Library to draw candidates from, may be given more than once (default: `library.active`).
    #[arg(long, value_name = "NAME")]
    library: Vec<String>,
    /// File of further candidates: SMILES, CSV or SDF.
    #[arg(long, value_name = "FILE")]
    candidates: Option<PathBuf>,
    /// Structure the sample is held to be (SMILES); the verdict is on it.
    #[arg(long, value_name = "SMILES")]
    propose: Vec<String>,
    /// Molecular formula, where known.
    #[arg(long, value_name = "FORMULA")]
    formula: Option<Formula>,
    /// With a formula: take library entries within so many Da of its mass.
    #[arg(long, value_name = "DA", value_parser = mass_window)]
    mass_window: Option<f64>,
    /// Candidates to report (default: `elucidation.top`, 10).
    #[arg(long, value_name = "N", value_parser = top)]
    top: Option<usize>,
    /// Report as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    locations: LocationOptions,
}

fn mass_window(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(window) if window.is_finite() && window >= 0.0 => Ok(window),
        _ => Err("a mass window is a number of Da, 0 or more".to_owned()),
    }
}

fn top(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(top) if top >= 1 => Ok(top),
        _ => Err("at least one candidate is reported".to_owned()),
    }
}

/// What every query of one call shares.
struct Setting {
    elucidator: Elucidator,
    candidates: Vec<ProposedStructure>,
    proposed: Vec<ProposedStructure>,
    options: ElucidationOptions,
    processing: ProcessingParameters,
}

pub(super) fn run(arguments: &Arguments, config: Option<&Path>) -> Result<(), CommandError> {
    let setting = Setting::new(arguments, config)?;
    if let Some(file) = &arguments.batch {
        return batch::run(file, &setting, arguments.formula.as_ref());
    }
    let formula = arguments.formula.as_ref();
    if let Some(file) = &arguments.peaks {
        setting.require_candidates(&[])?;
        let c13 = peak_list::read(file)?;
        let query = Query { c13, formula: formula.cloned(), ..Query::default() };
        let elucidation =
            setting.elucidator.elucidate_among(&query, &setting.pool(), &setting.options)?;
        return show(file, &elucidation, arguments.json);
    }
    let mut failed = 0;
    for sample in sample::samples(&arguments.paths) {
        let (path, outcome) = match sample {
            Ok(sample) => {
                let outcome = setting.elucidate(&sample, formula);
                (sample.path, outcome)
            }
            Err((path, reason)) => (path, Err(reason.into())),
        };
        match outcome {
            Ok(elucidation) => show(&path, &elucidation, arguments.json)?,
            Err(error) => {
                failed += 1;
                let path = path.display().to_string();
                if arguments.json {
                    let line = report::json_error("path", &path.into(), &error.to_string());
                    writeln!(output(), "{line}")?;
                } else {
                    eprintln!("larmor: {path}: {error}");
                }
            }
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err("one sample could not be judged".into()),
        more => Err(format!("{more} samples could not be judged").into()),
    }
}

fn show(path: &Path, elucidation: &Elucidation, json: bool) -> Result<(), CommandError> {
    let (path, mut output) = (path.display().to_string(), output());
    if json {
        writeln!(output, "{}", report::json("path", &path.into(), elucidation)?)?;
    } else {
        report::print(&mut output, &path, elucidation)?;
    }
    Ok(output.flush()?)
}

impl Setting {
    fn new(arguments: &Arguments, config: Option<&Path>) -> Result<Self, CommandError> {
        // Before anything is loaded: a verdict on what is left would be on something else.
        let proposed = named::read("proposed structure", &arguments.propose)?;
        let locations = arguments.locations.resolve(config)?;
        let candidates = match &arguments.candidates {
            Some(file) => read_structures(file)?,
            None => Vec::new(),
        };
        let networks = locations.networks()?;
        let predictor = &networks.predictor;
        // Candidates from a file are what is wanted; else the libraries the daemon uses.
        let names = match (&arguments.library, &arguments.candidates) {
            (named, Some(_)) => named,
            (named, None) if !named.is_empty() => named,
            _ => &locations.config.library.active,
        };
        let libraries = names
            .iter()
            .map(|name| locations.library(name, predictor.model_digest()))
            .collect::<Result<_, _>>()?;
        let elucidator =
            Elucidator::new(Arc::clone(predictor), libraries).comparing(networks.comparers.clone());
        let configured = locations.config.elucidation;
        Ok(Self {
            elucidator,
            candidates,
            proposed,
            options: ElucidationOptions {
                top: arguments.top.unwrap_or(configured.top),
                mass_window_da: arguments.mass_window.or(configured.mass_window_da),
                ..configured
            },
            processing: locations.config.pipeline.processing,
        })
    }

    fn pool(&self) -> CandidatePool<'_> {
        CandidatePool { proposed: &self.proposed, candidates: &self.candidates, libraries: true }
    }

    /// Elucidates one sample from its acquisitions.
    fn elucidate(
        &self,
        sample: &Sample,
        formula: Option<&Formula>,
    ) -> Result<Elucidation, CommandError> {
        let observed = sample.observe(formula, &self.processing)?;
        for note in &observed.notes {
            tracing::debug!(sample = %sample.path.display(), "{note}");
        }
        let mut proposed = self.proposed.clone();
        proposed.extend(observed.proposed);
        self.require_candidates(&proposed)?;
        let pool = CandidatePool { proposed: &proposed, ..self.pool() };
        Ok(self.elucidator.elucidate_among(&observed.query, &pool, &self.options)?)
    }

    fn has_candidates(&self) -> bool {
        !(self.candidates.is_empty()
            && self.proposed.is_empty()
            && self.elucidator.libraries().is_empty())
    }

    fn require_candidates(&self, proposed: &[ProposedStructure]) -> Result<(), CommandError> {
        if self.has_candidates() || !proposed.is_empty() {
            return Ok(());
        }
        Err("no candidates: name a --library (see `larmor library list`), a file of --candidates \
             or a structure to --propose, or leave one beside the data"
            .into())
    }
}

/// Structures of a file; those that cannot be taken from it are told on standard error.
fn read_structures(path: &Path) -> Result<Vec<ProposedStructure>, CommandError> {
    let mut structures = Vec::new();
    for record in StructureReader::open(path)? {
        let record = record?;
        match record.text {
            Ok(text) => {
                structures.push(ProposedStructure {
                    text,
                    format: record.format,
                    name: record.name,
                });
            }
            Err(reason) => eprintln!("larmor: {}:{}: {reason}", path.display(), record.line),
        }
    }
    if structures.is_empty() {
        return Err(format!("{}: no structures in it", path.display()).into());
    }
    Ok(structures)
}
