//! Finds datasets, directories and plain files, below a root. One rule says what is one, whether a
//! scan meets it or a notification names it: a dataset is at most so deep below the root, under no
//! name that is passed over, and reached without a symbolic link. What a link leads to within the
//! root is found where it lies, and what lies outside is not ours. The root itself is no dataset.

use std::io;
use std::path::{Path, PathBuf};

use super::file_access::{EntryKind, FileAccess};
use super::passed_over::{is_passed_over, is_unfinished};

/// Deepest directory that is searched, counted from the root.
pub(super) const MAX_DEPTH: usize = 12;

/// What a search came upon.
#[derive(Debug)]
pub(super) enum Found {
    /// A dataset.
    Dataset(PathBuf),
    /// A directory that cannot be listed.
    Unreadable(PathBuf, io::Error),
}

/// What an entry is to a search.
enum Judged {
    Dataset,
    Directory,
    PassedOver,
}

/// A search under way: what is still to be looked at.
struct Search<'a> {
    files: &'a dyn FileAccess,
    root: &'a Path,
    /// Paths with what lies there and their depth; the last is next.
    pending: Vec<(PathBuf, EntryKind, usize)>,
}

/// Searches the tree below `start`, which is the root or something below it: the dataset that
/// `start` belongs to, or every dataset below it. What vanishes meanwhile is passed over.
pub(super) fn search<'a>(
    files: &'a dyn FileAccess,
    root: &'a Path,
    start: &Path,
) -> impl Iterator<Item = Found> {
    Search { files, root, pending: first(files, root, start).into_iter().collect() }
}

/// Where the search begins: the uppermost of the root, what lies between it and `start`, and `start`
/// that is no mere directory on the way.
fn first(
    files: &dyn FileAccess,
    root: &Path,
    start: &Path,
) -> Option<(PathBuf, EntryKind, usize)> {
    let below = start.strip_prefix(root).ok()?;
    let (mut at, mut kind, mut depth) = (root.to_owned(), EntryKind::Directory, 0);
    for part in below.components() {
        if depth > 0 && !matches!(judge(files, &at, kind), Judged::Directory) {
            break;
        }
        at.push(part);
        depth += 1;
        // What cannot be looked at is met by the search of the directory around it.
        kind = files.kind(&at).ok()?;
    }
    (depth <= MAX_DEPTH).then_some((at, kind, depth))
}

fn judge(files: &dyn FileAccess, path: &Path, kind: EntryKind) -> Judged {
    let name = path.file_name().unwrap_or_default();
    if is_passed_over(name) {
        return Judged::PassedOver;
    }
    match kind {
        EntryKind::Directory if files.is_dataset(path) => Judged::Dataset,
        EntryKind::Directory => Judged::Directory,
        EntryKind::File if !is_unfinished(name) && files.is_dataset(path) => Judged::Dataset,
        EntryKind::File | EntryKind::Other => Judged::PassedOver,
    }
}

impl Search<'_> {
    /// Lists a directory; the error is for the caller to tell.
    fn list(&mut self, directory: &Path, depth: usize) -> io::Result<()> {
        if depth == MAX_DEPTH {
            return Ok(());
        }
        let mut entries = match self.files.list(directory) {
            Ok(entries) => entries,
            Err(error) if depth > 0 && is_gone(&error) => return Ok(()),
            Err(error) => return Err(error),
        };
        // In order of name, from the end.
        entries.sort_unstable_by(|(a, _), (b, _)| b.cmp(a));
        let entries = entries.into_iter().map(|(name, kind)| (directory.join(name), kind, depth + 1));
        self.pending.extend(entries);
        Ok(())
    }
}

impl Iterator for Search<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let (path, kind, depth) = self.pending.pop()?;
            let judged = match path == self.root {
                true => Judged::Directory,
                false => judge(self.files, &path, kind),
            };
            match judged {
                Judged::PassedOver => {}
                Judged::Dataset => return Some(Found::Dataset(path)),
                Judged::Directory => {
                    if let Err(error) = self.list(&path, depth) {
                        return Some(Found::Unreadable(path, error));
                    }
                }
            }
        }
    }
}

/// Removed or replaced since it was listed.
fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
#[path = "dataset_search_tests.rs"]
mod tests;
