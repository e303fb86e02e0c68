//! The half of printed lists that what judges proposed structures is fitted on.

use std::collections::HashSet;
use std::path::PathBuf;

use larmor_command_line::CommandError;
use larmor_elucidation::Parameters;
use larmor_lab::evaluation::Selection;
use larmor_lab::protocols::System;
use larmor_lab::shift::ShiftSystem;
use larmor_lab::verification::{CaseSet, Half, read_blocks};

/// Which lists are fitted on, and by which network they are judged.
#[derive(Debug, clap::Args)]
pub(super) struct FitLists {
    /// Folder of the shift network.
    #[arg(long, value_name = "DIR")]
    model: PathBuf,
    /// 13C and 1H lists as printed (JSON lines); their half to fit on is taken.
    #[arg(long, value_name = "FILE")]
    lists: PathBuf,
    /// Leave out what is in this file (JSON lines with `inchikey`), too; may be given several times.
    #[arg(long, value_name = "FILE")]
    without: Vec<PathBuf>,
    /// At most so many molecules, drawn at random.
    #[arg(long, value_name = "N")]
    molecules: Option<usize>,
    /// Seed of every draw.
    #[arg(long, default_value_t = 42)]
    pub(super) seed: u64,
}

impl FitLists {
    /// The network and the cases.
    pub(super) fn open(&self) -> Result<(ShiftSystem, CaseSet), CommandError> {
        tch::set_num_threads(1);
        let (system, _, trained_on) = System::open(&self.model, "auto", Parameters::default())?;
        let System::Shift(system) = system else {
            return Err("only a shift network judges structures by lists".into());
        };
        let mut without = HashSet::new();
        for path in &self.without {
            without.extend(read_blocks(path)?);
        }
        let selection = Selection { most: self.molecules, seed: self.seed, ..Selection::default() };
        let cases = CaseSet::of_lists(&self.lists, Half::Fit, &without, &selection, &trained_on)?;
        Ok((*system, cases))
    }
}
