//! When a dataset was last written to, without reading it.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};

/// When the newest file directly in a dataset directory, or the dataset file, was written.
pub(super) fn last_modified(path: &Path) -> Option<String> {
    let modified = match fs::read_dir(path) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .filter(fs::Metadata::is_file)
            .filter_map(|metadata| metadata.modified().ok())
            .max()?,
        Err(_) => fs::symlink_metadata(path).ok()?.modified().ok()?,
    };
    Some(written_out(modified))
}

fn written_out(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Nanos, true)
}
