//! Import: a structure file becomes a library.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::UNIX_EPOCH;

use super::build::Build;
use super::checkpoint::BuildKey;
use super::error::LibraryError;
use super::import_report::{ImportOptions, ImportSummary, Progress, finish};
use super::ingest::add_records;
use super::manifest::FORMAT_VERSION;
use super::source::{RECORDS_VERSION, StructureReader};
use larmor_networks::inference::Predictor;

/// Imports a structure file as the library in `directory`, named `name`. An interrupted import
/// of the same file goes on where it stopped; a finished library is replaced as a whole.
///
/// # Errors
/// [`LibraryError`] when the input cannot be read, nothing in it is accepted, predictions fail,
/// or the disk does.
pub fn import(
    directory: &Path,
    name: &str,
    input: &Path,
    predictor: &Predictor,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportSummary, LibraryError> {
    let reader = StructureReader::open(input)?;
    let key = BuildKey {
        source: input.display().to_string(),
        stamp: stamp(input)?,
        model_digest: predictor.model_digest().to_owned(),
        format: FORMAT_VERSION,
        records: RECORDS_VERSION,
    };
    let (consumed, bytes) = (reader.consumed(), reader.bytes());
    let mut build = Build::start(directory, name, key)?;
    add_records(&mut build, reader, predictor, options, &mut |build| {
        progress(Progress {
            consumed: consumed.load(Ordering::Relaxed),
            bytes,
            accepted: build.state.accepted,
            rejected: build.state.rejected,
        });
    })?;
    finish(build, directory, input)
}

/// Size and time of a file: enough to tell that it is still the one an import began with.
fn stamp(path: &Path) -> Result<String, LibraryError> {
    let metadata = std::fs::metadata(path).map_err(|cause| LibraryError::io(path, cause))?;
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |age| age.as_nanos());
    Ok(format!("{} bytes, {modified}", metadata.len()))
}
