//! Files of JSON objects, one a line.

use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::de::DeserializeOwned;

use super::file;
use crate::error::TrainingError;

/// Reads a file (`.jsonl` or `.jsonl.gz`) object by object.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is not what is asked for.
pub(crate) fn read_json_lines<T: DeserializeOwned>(
    path: &Path,
    mut take: impl FnMut(T),
) -> Result<(), TrainingError> {
    for (number, line) in BufReader::new(file::open(path)?).lines().enumerate() {
        let line = line.map_err(TrainingError::file(path))?;
        let object: T = serde_json::from_str(&line).map_err(|e| TrainingError::Format {
            path: path.to_owned(),
            reason: format!("line {}: {e}", number + 1),
        })?;
        take(object);
    }
    Ok(())
}
