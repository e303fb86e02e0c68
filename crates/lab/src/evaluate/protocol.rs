//! The protocols that measure a model: options and output.

use std::io::Write;
use std::path::{Path, PathBuf};

use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_elucidation::Parameters;
use larmor_elucidation::library::{Library, StructureReader};
use larmor_lab::evaluation::{
    self, EvaluationError, Nuclei, Part, Report, Rivals, Selection, Specimens, System, TrainedOn,
};
use larmor_lab::training::read_folds;
use larmor_nmr::structure::StructureFormat;

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

/// SMILES with a number each, and how many rows were left out.
type Values = (Vec<(String, f64)>, usize);

/// Structures the probe takes from a file when not told otherwise.
const MOST_PROBED: usize = 20_000;

/// What every protocol needs.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Folder of the model: card, weights and the list of what it was trained on.
    #[arg(long, value_name = "DIR")]
    pub(super) model: PathBuf,
    /// Prices of elucidation other than the built-in ones: a JSON object.
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

/// A fold of the published split.
#[derive(Debug, clap::Args)]
pub(super) struct Fold {
    /// Molecules with assigned shifts: JSON lines, gzipped or not.
    #[arg(long, value_name = "FILE")]
    pub(super) data: PathBuf,
    /// Published folds: CSV lines `id,fold` (default: what the records say).
    #[arg(long, value_name = "CSV")]
    folds: Option<PathBuf>,
    /// Fold that is tested on.
    #[arg(long, default_value_t = 0)]
    fold: u8,
    /// Look at the molecules that training stopped by instead: to set prices on, never to claim.
    #[arg(long)]
    validation: bool,
}

/// Options of protocols on a fold.
#[derive(Debug, clap::Args)]
pub(super) struct OfFold {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    fold: Fold,
}

/// Options of protocols on a fold and a library.
#[derive(Debug, clap::Args)]
pub(super) struct OfLibrary {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    fold: Fold,
    /// Folder of a library, as `larmor library import` makes it with the shift network:
    /// `STATE_DIR/libraries/NAME`.
    #[arg(long, value_name = "DIR", required_unless_present = "pool")]
    library: Option<PathBuf>,
    /// In place of a library, for K-M3AID and ACML: structures, SMILES or CSV, .gz of either, each
    /// constitution once.
    #[arg(long, value_name = "FILE", conflicts_with = "library")]
    pool: Option<PathBuf>,
}

/// Spectra that are looked at.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Spectra {
    /// 13C alone.
    #[value(name = "13C")]
    Carbon,
    /// 1H alone.
    #[value(name = "1H")]
    Proton,
    /// Both together, and beside it 13C alone.
    #[value(name = "both")]
    Both,
}

/// Options of retrieval.
#[derive(Debug, clap::Args)]
pub(super) struct OfNuclei {
    #[command(flatten)]
    rest: OfLibrary,
    /// Spectra that are looked at (default: those the network reads, 13C of the shift network).
    /// With 1H or both, the shift network is tested on molecules that have both.
    #[arg(long, value_enum, ignore_case = true)]
    nuclei: Option<Spectra>,
}

/// Options of protocols on peak lists from papers.
#[derive(Debug, clap::Args)]
pub(super) struct OfLiterature {
    #[command(flatten)]
    common: Common,
    /// Molecules with 13C lists as printed: JSON lines with `inchikey`, `smiles`, `c13`.
    #[arg(long, value_name = "FILE")]
    literature: PathBuf,
    /// Folder of a library, as `larmor library import` makes it with the shift network.
    #[arg(long, value_name = "DIR")]
    library: PathBuf,
}

/// Options of the property probe.
#[derive(Debug, clap::Args)]
pub(super) struct OfStructures {
    #[command(flatten)]
    common: Common,
    /// Structures: SMILES (one a line) or CSV with a SMILES column; .gz of either.
    #[arg(long, value_name = "FILE")]
    structures: PathBuf,
    /// A column of the table with numbers to predict, in place of Crippen's logP.
    #[arg(long, value_name = "COLUMN")]
    property: Option<String>,
}

pub(super) fn probe(arguments: &OfStructures) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, _) = common.open()?;
    let System::Acml(system) = &system else {
        return Err("only an ACML model is probed".into());
    };
    let most = common.queries.unwrap_or(MOST_PROBED);
    let (property, (molecules, left_out)) = match &arguments.property {
        Some(column) => (column.as_str(), read_values(&arguments.structures, column, most)?),
        None => {
            let smiles = read_smiles(&arguments.structures, most)?;
            let read = smiles.len();
            let molecules = evaluation::with_logp(smiles);
            let left_out = read - molecules.len();
            ("Crippen's logP", (molecules, left_out))
        }
    };
    let left_out = format!("{left_out} rows have no number in {property}, or no structure");
    let report = evaluation::probe(system, property, molecules, common.seed);
    let mut report = report.map_err(|error| format!("{error} ({left_out})"))?;
    if arguments.property.is_some() {
        report.notes.push(left_out);
    }
    common.print(&report)
}

pub(super) fn shifts(arguments: &OfFold) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let selection = arguments.fold.selection(common, &system)?;
    let System::Shift(system) = &system else {
        return Err("only a shift network predicts shifts".into());
    };
    common.print(&evaluation::shifts(system, &arguments.fold.data, &selection, &trained_on)?)
}

pub(super) fn graph(arguments: &OfFold) -> Result<(), CommandError> {
    arguments.run(evaluation::graph)
}

pub(super) fn assignment(arguments: &OfFold) -> Result<(), CommandError> {
    arguments.run(evaluation::assignment)
}

pub(super) fn isomers(arguments: &OfFold) -> Result<(), CommandError> {
    arguments.run(evaluation::isomers)
}

pub(super) fn retrieval(arguments: &OfNuclei) -> Result<(), CommandError> {
    let OfNuclei { rest, nuclei } = arguments;
    let common = &rest.common;
    let (system, trained_on) = common.open()?;
    let of_system = rest.fold.selection(common, &system)?;
    let nuclei = match nuclei {
        Some(Spectra::Carbon) => Nuclei::Carbon,
        Some(Spectra::Proton) => Nuclei::Proton,
        Some(Spectra::Both) => Nuclei::Both,
        None => of_system.spectra,
    };
    // By 1H alone the shift network is measured on the molecules it is measured on by both.
    let spectra = match (&system, nuclei) {
        (System::Shift(_), Nuclei::Proton) => Nuclei::Both,
        _ => nuclei,
    };
    let selection = Selection { spectra, ..of_system };
    let specimens = Specimens::of_fold(&rest.fold.data, &selection, &trained_on)?;
    let (library, structures);
    let rivals = match (&rest.pool, &rest.library) {
        (Some(pool), _) => {
            structures = read_smiles(pool, usize::MAX)?;
            Rivals::Structures(&structures)
        }
        (None, Some(folder)) => {
            library = open_library(folder, &system)?;
            Rivals::Library(&library)
        }
        (None, None) => return Err("state --library or --pool".into()),
    };
    common.print(&evaluation::retrieval(&system, &specimens, &rivals, common.seed, nuclei)?)
}

pub(super) fn calibration(arguments: &OfLibrary) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let selection = arguments.fold.selection(common, &system)?;
    let specimens = Specimens::of_fold(&arguments.fold.data, &selection, &trained_on)?;
    let Some(library) = &arguments.library else {
        return Err("calibration needs --library".into());
    };
    let library = open_library(library, &system)?;
    let System::Shift(system) = &system else {
        return Err("only a shift network states probabilities of candidates".into());
    };
    common.print(&evaluation::calibration(system, &specimens, &library)?)
}

/// The first structures of a file that are SMILES.
fn read_smiles(path: &Path, most: usize) -> Result<Vec<String>, CommandError> {
    let mut smiles = Vec::new();
    for structure in StructureReader::open(path)? {
        let structure = structure?;
        if structure.format == StructureFormat::Smiles {
            smiles.extend(structure.text);
        }
        if smiles.len() >= most {
            break;
        }
    }
    Ok(smiles)
}

/// Rows whose column is a number, and how many others there are.
fn read_values(path: &Path, column: &str, most: usize) -> Result<Values, CommandError> {
    let (mut molecules, mut left_out) = (Vec::new(), 0);
    for structure in StructureReader::open_named_by(path, column)? {
        let structure = structure?;
        let value = structure.name.and_then(|cell| cell.trim().parse::<f64>().ok());
        let value = value.filter(|value| value.is_finite());
        match structure.text.ok().zip(value) {
            Some(pair) => molecules.push(pair),
            None => left_out += 1,
        }
        if molecules.len() >= most {
            break;
        }
    }
    Ok((molecules, left_out))
}

pub(super) fn external(arguments: &OfLiterature) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    if system.takes_protons() {
        return Err("lists from papers are of 13C".into());
    }
    let selection = Selection { most: common.queries, seed: common.seed, ..Selection::default() };
    let specimens = Specimens::of_literature(&arguments.literature, &selection, &trained_on)?;
    let library = open_library(&arguments.library, &system)?;
    let rivals = Rivals::Library(&library);
    common.print(&evaluation::external(&system, &specimens, &rivals, common.seed)?)
}

/// Shifts of a library must be the model's own; for the others only its structures count.
pub(super) fn open_library(folder: &Path, system: &System) -> Result<Library, CommandError> {
    Ok(match system {
        System::Shift(system) => Library::open(folder, system.predictor().model_digest())?,
        System::Kmaid(_) | System::Acml(_) => Library::open_any(folder)?,
    })
}

impl OfFold {
    fn run(
        &self,
        protocol: fn(&System, &Specimens) -> Result<Report, EvaluationError>,
    ) -> Result<(), CommandError> {
        let (system, trained_on) = self.common.open()?;
        let selection = self.fold.selection(&self.common, &system)?;
        let specimens = Specimens::of_fold(&self.fold.data, &selection, &trained_on)?;
        self.common.print(&protocol(&system, &specimens)?)
    }
}

impl Fold {
    fn selection(&self, common: &Common, system: &System) -> Result<Selection, CommandError> {
        Ok(Selection {
            spectra: if system.takes_protons() { Nuclei::Proton } else { Nuclei::Carbon },
            most: common.queries,
            seed: common.seed,
            ..self.selected()?
        })
    }

    /// All molecules with 13C of the fold, or of the part that validates.
    pub(super) fn selected(&self) -> Result<Selection, CommandError> {
        Ok(Selection {
            fold: self.fold,
            part: if self.validation { Part::Validation } else { Part::Test },
            folds: self.folds.as_deref().map(read_folds).transpose()?,
            ..Selection::default()
        })
    }
}

impl Common {
    pub(super) fn open(&self) -> Result<(System, TrainedOn), CommandError> {
        // One thread is fastest for networks of this size.
        tch::set_num_threads(1);
        let (system, _, trained_on) = System::open(&self.model, &self.device, self.prices()?)?;
        Ok((system, trained_on))
    }

    fn prices(&self) -> Result<Parameters, CommandError> {
        let Some(path) = &self.parameters else { return Ok(Parameters::default()) };
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?)
    }

    pub(super) fn print(&self, report: &Report) -> Result<(), CommandError> {
        show(report, if self.json { Format::Json } else { self.format })
    }
}

pub(super) fn show(report: &Report, format: Format) -> Result<(), CommandError> {
    let mut out = output();
    match format {
        Format::Text => write!(out, "{}", report.text())?,
        Format::Markdown => write!(out, "{}", report.markdown())?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(report)?)?,
    }
    Ok(out.flush()?)
}
