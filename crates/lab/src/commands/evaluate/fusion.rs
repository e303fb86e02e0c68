//! `larmor-lab evaluate fusion`: what networks that read whole spectra add to the shifts.

use std::path::PathBuf;

use super::fold::Fold;
use super::options::{Format, print_as};
use larmor_command_line::CommandError;
use larmor_elucidation::RunningNetworks;
use larmor_elucidation::library::Library;
use larmor_lab::data::TrainedOn;
use larmor_lab::evaluation::{EvaluationSet, Nuclei, Part, Selection};
use larmor_lab::protocols;

/// Options of `larmor-lab evaluate fusion`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder of models: `shift`, and of `kmaid`, `acml-13c`, `acml-1h` and `specmol` those that are there.
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    #[command(flatten)]
    fold: Fold,
    /// Folder of a library, as `larmor library import` makes it with the shift network.
    #[arg(long, value_name = "DIR")]
    library: PathBuf,
    /// Look at so many molecules at most, of those that set weights and of those that test.
    #[arg(long, value_name = "N", default_value_t = 500)]
    queries: usize,
    /// Seed of every draw.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// How the table is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// `auto`, `cpu`, `cuda` or `cuda:N`; `+bf16` behind it: products in 16 bits.
    #[arg(long, default_value = "auto")]
    device: String,
}

pub(super) fn fusion(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(1);
    let running = RunningNetworks::start(&arguments.models, &arguments.device)?;
    let library = Library::open(&arguments.library, running.predictor.model_digest())?;
    let folders = running.models.iter().map(|model| arguments.models.join(model.name));
    let lists: Vec<TrainedOn> = folders.map(|f| TrainedOn::read(&f)).collect::<Result<_, _>>()?;
    let all = TrainedOn::together(&lists);
    let selection = Selection {
        spectra: Nuclei::Both,
        most: Some(arguments.queries),
        seed: arguments.seed,
        ..arguments.fold.selected()?
    };
    let test = EvaluationSet::of_fold(&arguments.fold.data, &selection, &all)?;
    let selection = Selection { part: Part::Validation, ..selection };
    let validation = EvaluationSet::of_fold(&arguments.fold.data, &selection, &lists[0])?;
    let report = protocols::fusion(&running, library, &validation, &test)?;
    print_as(&report, arguments.format)
}
