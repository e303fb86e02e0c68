//! `larmor-lab evaluate probe`: what an ACML model's vectors know of a property.

use std::path::{Path, PathBuf};

use super::options::Common;
use super::structures::read_smiles;
use larmor_command_line::CommandError;
use larmor_elucidation::library::StructureReader;
use larmor_lab::data::Dropped;
use larmor_lab::protocols::{self, System};

/// SMILES with a number each, and what was left out.
type Values = (Vec<(String, f64)>, Dropped);

/// Structures the probe takes from a file when not told otherwise.
const MOST_PROBED: usize = 20_000;

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
    let path = &arguments.structures;
    let (property, (molecules, dropped)) = match &arguments.property {
        Some(column) => (column.as_str(), read_values(path, column, most)?),
        None => {
            let (smiles, mut dropped) = read_smiles(path, most)?;
            let read = smiles.len();
            let molecules = protocols::with_logp(smiles);
            dropped.add("whose logP cannot be computed", read - molecules.len());
            ("Crippen's logP", (molecules, dropped))
        }
    };
    let left_out = format!("left out of {}: {dropped}", path.display());
    let report = protocols::probe(system, property, molecules, common.seed);
    let mut report = report.map_err(|error| format!("{error} ({left_out})"))?;
    if !dropped.is_empty() {
        report.notes.push(left_out);
    }
    common.print(&report)
}

/// Rows whose column is a number, and what the others lack.
fn read_values(path: &Path, column: &str, most: usize) -> Result<Values, CommandError> {
    let (mut molecules, mut dropped) = (Vec::new(), Dropped::default());
    for structure in StructureReader::open_named_by(path, column)? {
        let structure = structure?;
        let value = structure.name.and_then(|cell| cell.trim().parse::<f64>().ok());
        let value = value.filter(|value| value.is_finite());
        match (structure.text, value) {
            (Ok(text), Some(value)) => molecules.push((text, value)),
            (Err(_), _) => dropped.count("without a structure"),
            (_, None) => dropped.count("without a number in the column"),
        }
        if molecules.len() >= most {
            break;
        }
    }
    Ok((molecules, dropped))
}
