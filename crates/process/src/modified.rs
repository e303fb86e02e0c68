//! When a dataset was last written to, without reading it.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use larmor_nmr::fid::evidence_files;

/// When the newest file directly in a dataset directory, or of those that decide what the dataset
/// is, or the dataset file, was written.
pub(super) fn last_modified(path: &Path) -> Option<String> {
    let modified = match fs::read_dir(path) {
        Ok(entries) => {
            let within = entries.filter_map(|entry| entry.ok()?.metadata().ok());
            let evidence = evidence_files(path).into_iter();
            within
                .chain(evidence.filter_map(|file| fs::symlink_metadata(file).ok()))
                .filter(fs::Metadata::is_file)
                .filter_map(|metadata| metadata.modified().ok())
                .max()?
        }
        Err(_) => fs::symlink_metadata(path).ok()?.modified().ok()?,
    };
    Some(written_out(modified))
}

/// What changed within this time may still be changing.
const RECENT: Duration = Duration::from_secs(30);

/// Whether something written at this time may still be in the writing.
pub(super) fn is_recent(written: Option<SystemTime>) -> bool {
    // A clock that is ahead of ours says no less.
    written.is_some_and(|at| at.elapsed().unwrap_or_default() < RECENT)
}

fn written_out(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Nanos, true)
}
