//! Finds datasets, directories and plain files, below a root. One rule says what is one, whether a
//! scan meets it or a notification names it: a dataset is at most so deep below the root, under no
//! name that is passed over, and reached without a symbolic link. What a link leads to within the
//! root is found where it lies, and what lies outside is not ours. The root itself is no dataset.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use larmor_nmr::fid;

use super::file_access::{EntryKind, FileAccess};
use super::file_stamps::FileStamps;
use super::passed_over::{is_passed_over, is_unfinished};

/// Deepest directory that is searched, counted from the root.
pub(super) const MAX_DEPTH: usize = 12;

/// What a search came upon.
#[derive(Debug)]
pub(super) enum Found {
    /// A dataset, and its files from outside.
    Dataset(PathBuf, Box<io::Result<FileStamps>>),
    /// A dataset that is not to be looked at this time.
    Undisturbed(PathBuf),
    /// A directory that cannot be listed.
    Unreadable(PathBuf, io::Error),
}

/// What is to be done with a dataset that is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Look at its files.
    Look,
    /// It is enough that it is there.
    Pass,
}

/// Datasets that are known already.
pub(super) type Known = HashMap<PathBuf, Turn>;

/// Directories with datasets below, which are none themselves then.
pub(super) type Ways = HashSet<PathBuf>;

/// A path to be looked at, what lies there, and its depth below the root.
type Entry = (PathBuf, EntryKind, usize);

/// A search under way.
struct Search<'a> {
    files: &'a dyn FileAccess,
    known: &'a Known,
    /// What is still to be looked at; the last is next.
    pending: Vec<Entry>,
}

/// Searches the tree below `start`, which is the root or something below it: the dataset that
/// `start` belongs to, or every dataset below it. What vanishes meanwhile is passed over.
///
/// Telling that a directory is no dataset takes a listing, and some hold ten thousand samples: those in
/// `ways` are not asked. Should one have become a dataset, a search from the root finds it.
pub(super) fn search<'a>(
    files: &'a dyn FileAccess,
    known: &'a Known,
    ways: &Ways,
    root: &Path,
    start: &Path,
) -> impl Iterator<Item = Found> {
    Search { files, known, pending: first(files, ways, root, start).into_iter().collect() }
}

/// Where the search begins: at `start`, or at what lies between it and the root and is more than a
/// directory on the way.
fn first(files: &dyn FileAccess, ways: &Ways, root: &Path, start: &Path) -> Option<Entry> {
    let below = start.strip_prefix(root).ok()?;
    let (mut at, mut kind, mut depth) = (root.to_owned(), EntryKind::Directory, 0);
    for part in below.components() {
        if depth > 0 {
            let is_way = kind == EntryKind::Directory
                && !at.file_name().is_some_and(is_passed_over)
                && (ways.contains(&at) || files.recognise(&at).is_none());
            if !is_way {
                break;
            }
        }
        at.push(part);
        depth += 1;
        // What cannot be looked at is met by the search of the directory around it.
        kind = files.kind(&at).ok()?;
    }
    (depth <= MAX_DEPTH).then_some((at, kind, depth))
}

impl Search<'_> {
    fn look(&mut self, (path, kind, depth): Entry) -> Option<Found> {
        if depth == 0 {
            return self.enter(path, depth);
        }
        let name = path.file_name().unwrap_or_default();
        if is_passed_over(name) || kind == EntryKind::Other {
            return None;
        }
        let turn = self.known.get(&path);
        if turn == Some(&Turn::Pass) {
            return Some(Found::Undisturbed(path));
        }
        if kind == EntryKind::File {
            let is_one =
                !is_unfinished(name) && (turn.is_some() || self.files.recognise(&path).is_some());
            return is_one.then(|| self.dataset(path));
        }
        if turn.is_some() {
            let stamps = self.files.stamps(&path);
            if !says_gone(&stamps) {
                return Some(Found::Dataset(path, Box::new(stamps)));
            }
        }
        self.enter(path, depth)
    }

    fn dataset(&self, path: PathBuf) -> Found {
        let stamps = self.files.stamps(&path);
        Found::Dataset(path, Box::new(stamps))
    }

    /// Lists a directory: it is a dataset, or what lies in it is to be looked at.
    fn enter(&mut self, path: PathBuf, depth: usize) -> Option<Found> {
        let mut entries = match self.files.list(&path) {
            Ok(entries) => entries,
            Err(error) if depth > 0 && is_gone(&error) => return None,
            // One may be searched without being listed.
            Err(_) if depth > 0 && self.files.recognise(&path).is_some() => {
                return Some(self.dataset(path));
            }
            Err(error) => return Some(Found::Unreadable(path, error)),
        };
        let is_told = depth > 0 && entries.iter().any(|(name, _)| fid::is_telling_name(name));
        if is_told && self.files.recognise(&path).is_some() {
            return Some(self.dataset(path));
        }
        if depth < MAX_DEPTH {
            // In order of name, from the end.
            entries.sort_unstable_by(|(a, _), (b, _)| b.cmp(a));
            let entries = entries.into_iter();
            self.pending.extend(entries.map(|(name, kind)| (path.join(name), kind, depth + 1)));
        }
        None
    }
}

impl Iterator for Search<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let entry = self.pending.pop()?;
            if let Some(found) = self.look(entry) {
                return Some(found);
            }
        }
    }
}

/// Whether a dataset is no longer where these stamps were taken.
pub(super) fn says_gone(stamps: &io::Result<FileStamps>) -> bool {
    match stamps {
        Ok(stamps) => stamps.are_none(),
        Err(error) => is_gone(error),
    }
}

/// Removed, or replaced by something else.
pub(super) fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
#[path = "dataset_search_tests.rs"]
mod tests;
