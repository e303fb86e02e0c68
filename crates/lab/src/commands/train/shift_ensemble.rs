//! `larmor-lab train shift-ensemble`: several shift networks as one model.

use std::io::Write;
use std::path::PathBuf;

use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_lab::data::HeldOut;
use larmor_lab::shift::{ShiftCombination, combine_shift};
use larmor_networks::choose_device;

/// Options of `larmor-lab train shift-ensemble`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders of the trained networks.
    #[arg(required = true, value_name = "DIR")]
    members: Vec<PathBuf>,
    /// The data all of them were trained on.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Folder for the combined model.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// InChIKey first blocks none of them was trained on, one a line.
    #[arg(long, value_name = "FILE")]
    held_out: Option<PathBuf>,
    /// Fold of the published split none of them was trained on.
    #[arg(long, default_value_t = 0, conflicts_with = "all_folds")]
    test_fold: u8,
    /// The networks were trained on every fold.
    #[arg(long)]
    all_folds: bool,
    /// Store weights in 16 bits; the card's figures are measured with these.
    #[arg(long)]
    half_precision: bool,
}

pub(super) fn combine(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(1);
    let card = combine_shift(&ShiftCombination {
        members: arguments.members.clone(),
        out: arguments.out.clone(),
        data: arguments.data.clone(),
        test_fold: (!arguments.all_folds).then_some(arguments.test_fold),
        held_out: arguments.held_out.as_deref().map(HeldOut::read).transpose()?.unwrap_or_default(),
        half_precision: arguments.half_precision,
        device: choose_device("cpu")?,
    })?;
    writeln!(output(), "{}", serde_json::to_string_pretty(&card)?)?;
    Ok(())
}
