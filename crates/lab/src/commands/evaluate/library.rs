//! `larmor-lab evaluate retrieval`, `calibration` and `external`: protocols that rank the molecules
//! of a library.

use std::path::PathBuf;

use super::fold::Fold;
use super::options::{Common, open_library};
use super::structures::read_smiles;
use larmor_command_line::CommandError;
use larmor_lab::data::Dropped;
use larmor_lab::evaluation::{EvaluationSet, Nuclei, Selection};
use larmor_lab::protocols::{self, Rivals, System};

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
    let set = EvaluationSet::of_fold(&rest.fold.data, &selection, &trained_on)?;
    let (library, structures);
    let mut dropped = Dropped::default();
    let rivals = match (&rest.pool, &rest.library) {
        (Some(pool), _) => {
            (structures, dropped) = read_smiles(pool, usize::MAX)?;
            Rivals::Structures(&structures)
        }
        (None, Some(folder)) => {
            library = open_library(folder, &system)?;
            Rivals::Library(&library)
        }
        (None, None) => return Err("state --library or --pool".into()),
    };
    let mut report = protocols::retrieval(&system, &set, &rivals, common.seed, nuclei)?;
    if !dropped.is_empty() {
        report.notes.push(format!("left out of the pool's file: {dropped}"));
    }
    common.print(&report)
}

pub(super) fn calibration(arguments: &OfLibrary) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let selection = arguments.fold.selection(common, &system)?;
    let set = EvaluationSet::of_fold(&arguments.fold.data, &selection, &trained_on)?;
    let Some(library) = &arguments.library else {
        return Err("calibration needs --library".into());
    };
    let library = open_library(library, &system)?;
    let System::Shift(system) = &system else {
        return Err("only a shift network states probabilities of candidates".into());
    };
    common.print(&protocols::calibration(system, &set, &library)?)
}

pub(super) fn external(arguments: &OfLiterature) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    if system.takes_protons() {
        return Err("lists from papers are of 13C".into());
    }
    let selection = Selection { most: common.queries, seed: common.seed, ..Selection::default() };
    let set = EvaluationSet::of_literature(&arguments.literature, &selection, &trained_on)?;
    let library = open_library(&arguments.library, &system)?;
    let rivals = Rivals::Library(&library);
    common.print(&protocols::external(&system, &set, &rivals, common.seed)?)
}
