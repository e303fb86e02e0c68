//! New shifts for the structures of a library, after the model has changed.

use std::path::Path;

use super::build::Build;
use super::checkpoint::BuildKey;
use super::error::LibraryError;
use super::import_report::{ImportOptions, ImportSummary, Progress, finish};
use super::ingest::add_records;
use super::manifest::FORMAT_VERSION;
use super::open::Library;
use super::source::{RECORDS_VERSION, RawStructure};
use larmor_networks::inference::Predictor;
use larmor_nmr::structure::StructureFormat;

/// Predicts every shift of the library in `directory` again and replaces the library as a whole.
///
/// # Errors
/// [`LibraryError`] when there is no intact library, predictions fail, or the disk does.
pub fn rebuild(
    directory: &Path,
    predictor: &Predictor,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportSummary, LibraryError> {
    let library = Library::open_any(directory)?;
    let name = library.name().to_owned();
    let source = library.manifest().source.clone();
    let key = BuildKey {
        source: source.clone(),
        stamp: format!("rebuilt from {}", library.version()),
        model_digest: predictor.model_digest().to_owned(),
        format: FORMAT_VERSION,
        records: RECORDS_VERSION,
    };
    let mut build = Build::start(directory, &name, key)?;
    let count = u64::from(library.len());
    let records = (0..library.len()).map(|number| {
        let entry = library.entry(number).ok_or_else(|| {
            LibraryError::damaged(directory, format!("molecule {number} cannot be read"))
        })?;
        Ok(RawStructure {
            line: u64::from(number) + 1,
            text: Ok(entry.smiles),
            format: StructureFormat::Smiles,
            name: entry.name,
        })
    });
    add_records(&mut build, records, predictor, &ImportOptions::default(), &mut |build| {
        progress(Progress {
            consumed: build.state.records,
            bytes: count,
            accepted: build.state.accepted,
            rejected: build.state.rejected,
        });
    })?;
    finish(build, directory, Path::new(&source))
}
