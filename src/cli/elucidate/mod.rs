//! `larmor elucidate`: acquisition or peak list in, candidates and assignments out.

mod batch;
mod peak_list;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CommandError;
use super::place::Place;
use crate::elucidation::{Elucidator, JudgeOptions, Pool, Proposed, Query};
use crate::library::StructureReader;
use crate::molecule::Formula;

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
    /// Library to draw candidates from; may be given more than once.
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
    #[arg(long, value_name = "DA")]
    mass_window: Option<f64>,
    /// Candidates to report.
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Report as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// What every query of one call shares.
struct Setting {
    elucidator: Elucidator,
    candidates: Vec<Proposed>,
    proposed: Vec<Proposed>,
    options: JudgeOptions,
}

pub(super) fn run(arguments: &Arguments, _config: Option<&Path>) -> Result<(), CommandError> {
    let setting = Setting::new(arguments)?;
    if let Some(file) = &arguments.batch {
        return batch::run(file, &setting, arguments.formula.as_ref());
    }
    let Some(file) = &arguments.peaks else {
        return Err("acquisitions are not read yet: give --peaks or --batch".into());
    };
    setting.require_candidates()?;
    let query =
        Query { c13: peak_list::read(file)?, h1: Vec::new(), formula: arguments.formula.clone() };
    let elucidation = setting.elucidator.judge_among(&query, &setting.pool(), &setting.options)?;
    let path = file.display().to_string();
    if arguments.json {
        println!("{}", report::json("path", &path.into(), &elucidation)?);
    } else {
        report::print(&path, &elucidation);
    }
    Ok(())
}

impl Setting {
    fn new(arguments: &Arguments) -> Result<Self, CommandError> {
        let candidates = match &arguments.candidates {
            Some(file) => read_structures(file)?,
            None => Vec::new(),
        };
        let predictor = arguments.place.predictor()?;
        let libraries = arguments
            .library
            .iter()
            .map(|name| arguments.place.library(name, predictor.model_digest()))
            .collect::<Result<_, _>>()?;
        let elucidator = Elucidator::new(Arc::clone(&predictor), libraries);
        Ok(Self {
            elucidator,
            candidates,
            proposed: arguments.propose.iter().map(|text| Proposed::smiles(text)).collect(),
            options: JudgeOptions {
                top: arguments.top,
                mass_window_da: arguments.mass_window,
                ..JudgeOptions::default()
            },
        })
    }

    fn pool(&self) -> Pool<'_> {
        Pool { proposed: &self.proposed, candidates: &self.candidates, libraries: true }
    }

    fn has_candidates(&self) -> bool {
        !(self.candidates.is_empty()
            && self.proposed.is_empty()
            && self.elucidator.libraries().is_empty())
    }

    fn require_candidates(&self) -> Result<(), CommandError> {
        if self.has_candidates() {
            return Ok(());
        }
        Err("no candidates: name a --library (see `larmor library list`), a file of --candidates \
             or a structure to --propose"
            .into())
    }
}

/// Structures of a file; those that cannot be taken from it are told on standard error.
fn read_structures(path: &Path) -> Result<Vec<Proposed>, CommandError> {
    let mut structures = Vec::new();
    for record in StructureReader::open(path)? {
        let record = record?;
        match record.text {
            Ok(text) => {
                structures.push(Proposed { text, format: record.format, name: record.name });
            }
            Err(reason) => eprintln!("larmor: {}:{}: {reason}", path.display(), record.line),
        }
    }
    if structures.is_empty() {
        return Err(format!("{}: no structures in it", path.display()).into());
    }
    Ok(structures)
}
