//! `larmor-lab evaluate shifts`, `graph`, `assignment` and `isomers`: protocols on a fold of the
//! published split.

use std::path::PathBuf;

use super::options::Common;
use larmor_command_line::CommandError;
use larmor_lab::EvaluationError;
use larmor_lab::data::read_folds;
use larmor_lab::evaluation::{EvaluationSet, Nuclei, Part, Report, Selection};
use larmor_lab::protocols::{self, System};

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
    /// Look at the molecules that training stopped by instead: to set penalties on, never to claim.
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

pub(super) fn shifts(arguments: &OfFold) -> Result<(), CommandError> {
    let common = &arguments.common;
    let (system, trained_on) = common.open()?;
    let selection = arguments.fold.selection(common, &system)?;
    let System::Shift(system) = &system else {
        return Err("only a shift network predicts shifts".into());
    };
    common.print(&protocols::shifts(system, &arguments.fold.data, &selection, &trained_on)?)
}

pub(super) fn graph(arguments: &OfFold) -> Result<(), CommandError> {
    arguments.measure(protocols::graph)
}

pub(super) fn assignment(arguments: &OfFold) -> Result<(), CommandError> {
    arguments.measure(protocols::assignment)
}

pub(super) fn isomers(arguments: &OfFold) -> Result<(), CommandError> {
    arguments.measure(protocols::isomers)
}

impl OfFold {
    fn measure(
        &self,
        protocol: fn(&System, &EvaluationSet) -> Result<Report, EvaluationError>,
    ) -> Result<(), CommandError> {
        let (system, trained_on) = self.common.open()?;
        let selection = self.fold.selection(&self.common, &system)?;
        let set = EvaluationSet::of_fold(&self.fold.data, &selection, &trained_on)?;
        self.common.print(&protocol(&system, &set)?)
    }
}

impl Fold {
    pub(super) fn selection(
        &self,
        common: &Common,
        system: &System,
    ) -> Result<Selection, CommandError> {
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
