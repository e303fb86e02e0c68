//! Which right structures are tested, with which spectra.

use std::collections::HashSet;
use std::path::PathBuf;

use super::options::Common;
use larmor_command_line::CommandError;
use larmor_lab::data::{TrainedOn, read_folds};
use larmor_lab::evaluation::{Nuclei, Selection, known_compounds};
use larmor_lab::verification::{CaseSet, Half, read_blocks};

/// Where right structures and their spectra come from.
#[derive(Debug, clap::Args)]
#[group(id = "cases", required = true, multiple = false)]
struct Origin {
    /// Molecules with assigned shifts of both nuclei (JSON lines): those of a fold with an original
    /// assignment.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// 13C and 1H lists as printed (JSON lines with `inchikey`, `smiles`, `c13`, `h1`,
    /// `in_nmrshiftdb2`).
    #[arg(long, value_name = "FILE")]
    lists: Option<PathBuf>,
    /// Lists with the 1H spectrum as text (JSON lines with `inchikey`, `smiles`, `c13`, `h1`).
    #[arg(long, value_name = "FILE")]
    literature: Option<PathBuf>,
    /// Folder with `ground_truth.json` and a folder of datasets for each compound.
    #[arg(long, value_name = "DIR")]
    acquisitions: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum HalfName {
    Fit,
    Test,
}

/// Which right structures are tested, with which spectra.
#[derive(Debug, clap::Args)]
pub(super) struct CaseOptions {
    #[command(flatten)]
    origin: Origin,
    /// Fold of the published split, for --data.
    #[arg(long, default_value_t = 0)]
    fold: u8,
    /// Published folds, for --data: CSV lines `id,fold` (default: what the records say).
    #[arg(long, value_name = "CSV")]
    folds: Option<PathBuf>,
    /// Half of --lists, by the digest of the constitution: to fit on, or to test on.
    #[arg(long, value_enum, default_value = "test")]
    half: HalfName,
    /// Leave out of --lists what is in this file (JSON lines with `inchikey`), too; may be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    without: Vec<PathBuf>,
}

impl CaseOptions {
    /// The cases that are asked for, those trained on left out.
    pub(super) fn read(
        &self,
        common: &Common,
        trained_on: &TrainedOn,
    ) -> Result<CaseSet, CommandError> {
        let selection = Selection {
            fold: self.fold,
            folds: self.folds.as_deref().map(read_folds).transpose()?,
            spectra: Nuclei::Both,
            most: common.queries,
            seed: common.seed,
            ..Selection::default()
        };
        let Origin { data, lists, literature, acquisitions } = &self.origin;
        Ok(if let Some(path) = data {
            CaseSet::of_fold(path, &selection, trained_on)?
        } else if let Some(path) = lists {
            let mut without = HashSet::new();
            for path in &self.without {
                without.extend(read_blocks(path)?);
            }
            let half = match self.half {
                HalfName::Fit => Half::Fit,
                HalfName::Test => Half::Test,
            };
            CaseSet::of_lists(path, half, &without, &selection, trained_on)?
        } else if let Some(path) = literature {
            CaseSet::of_literature(path, &selection, trained_on)?
        } else if let Some(folder) = acquisitions {
            CaseSet::of_compounds(&known_compounds(folder)?, &selection, trained_on)?
        } else {
            return Err(
                "state what to test on: --data, --lists, --literature or --acquisitions".into()
            );
        })
    }
}
