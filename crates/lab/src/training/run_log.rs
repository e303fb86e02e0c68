//! The log of a run: a JSON line an epoch, to plot.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::error::TrainingError;

/// Appends a line.
pub(crate) fn append(out: &Path, line: &serde_json::Value) -> Result<(), TrainingError> {
    let path = out.join("run.jsonl");
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(TrainingError::file(&path))?;
    writeln!(file, "{line}").map_err(TrainingError::file(&path))
}
