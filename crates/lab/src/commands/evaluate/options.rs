//! Options that the protocols share, and how their tables are printed.

use std::io::Write;
use std::path::{Path, PathBuf};

use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_elucidation::Parameters;
use larmor_elucidation::library::Library;
use larmor_lab::data::TrainedOn;
use larmor_lab::evaluation::Report;
use larmor_lab::protocols::System;

/// How a table is printed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Format {
    /// Columns for a terminal.
    Text,
    /// One JSON object.
    Json,
    /// Markdown.
    Markdown,
}

/// What every protocol needs.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Folder of the model: card, weights and the list of what it was trained on.
    #[arg(long, value_name = "DIR")]
    pub(super) model: PathBuf,
    /// Penalties and constants of elucidation other than the built-in ones: a JSON object.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// Test on at most so many molecules, drawn at random.
    #[arg(long, value_name = "N")]
    pub(super) queries: Option<usize>,
    /// Seed of every draw.
    #[arg(long, default_value_t = 42)]
    pub(super) seed: u64,
    /// How the table is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Short for --format json.
    #[arg(long)]
    json: bool,
    /// `auto`, `cpu`, `cuda` or `cuda:N`; `+bf16` behind it: products in 16 bits.
    #[arg(long, default_value = "auto")]
    pub(super) device: String,
}

/// Shifts of a library must be the model's own; for the others only its structures count.
pub(super) fn open_library(folder: &Path, system: &System) -> Result<Library, CommandError> {
    Ok(match system {
        System::Shift(system) => Library::open(folder, system.predictor().model_digest())?,
        System::Kmaid(_) | System::Acml(_) => Library::open_any(folder)?,
    })
}

impl Common {
    pub(super) fn open(&self) -> Result<(System, TrainedOn), CommandError> {
        // One thread is fastest for networks of this size.
        tch::set_num_threads(1);
        let (system, _, trained_on) = System::open(&self.model, &self.device, self.parameters()?)?;
        Ok((system, trained_on))
    }

    fn parameters(&self) -> Result<Parameters, CommandError> {
        let Some(path) = &self.parameters else { return Ok(Parameters::default()) };
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?)
    }

    pub(super) fn print(&self, report: &Report) -> Result<(), CommandError> {
        print_as(report, if self.json { Format::Json } else { self.format })
    }
}

pub(super) fn print_as(report: &Report, format: Format) -> Result<(), CommandError> {
    let mut out = output();
    match format {
        Format::Text => write!(out, "{}", report.text())?,
        Format::Markdown => write!(out, "{}", report.markdown())?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(report)?)?,
    }
    Ok(out.flush()?)
}
