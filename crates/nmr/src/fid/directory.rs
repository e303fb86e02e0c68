//! What lies in a directory, however much that is.

use std::fs;
use std::path::{Path, PathBuf};

/// Most entries of one directory that are looked at: exports hold tens of thousands of files.
const MAX_ENTRIES: usize = 4096;

/// Entries of a directory, in order of name; none of one that cannot be read.
pub(super) fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<PathBuf> =
        entries.take(MAX_ENTRIES).filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}
