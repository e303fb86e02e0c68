//! Every single judgement on disk, a JSON object a line.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::judgement::{JudgedMolecule, Judgement};
use crate::error::TrainingError;

#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    name: &'a str,
    right: &'a str,
    #[serde(flatten)]
    judgement: &'a Judgement,
}

/// Writes every judgement with its source and the right structure.
///
/// # Errors
/// [`TrainingError`] when the file cannot be written.
pub fn write_outcomes(
    path: &Path,
    source: &str,
    molecules: &[JudgedMolecule],
) -> Result<(), TrainingError> {
    let mut out = BufWriter::new(File::create(path).map_err(TrainingError::file(path))?);
    for molecule in molecules {
        let JudgedMolecule { name, right, judgements } = molecule;
        for judgement in judgements {
            let line = serde_json::to_string(&Line { source, name, right, judgement });
            let line = line.map_err(|error| TrainingError::Format {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
            writeln!(out, "{line}").map_err(TrainingError::file(path))?;
        }
    }
    out.flush().map_err(TrainingError::file(path))
}
