//! The datasets at or below a path, found while they are asked for.

use std::path::{Path, PathBuf};

use super::line::Line;
use larmor_nmr::fid;

/// How deep below a given directory datasets are looked for.
const MOST_DEPTH: usize = 24;

/// Every dataset at or below each path, in order of the paths and then of name, without following
/// links below them. Nothing is collected: an archive is walked as it is processed.
pub(super) fn datasets(paths: &[PathBuf]) -> impl Iterator<Item = Result<PathBuf, Box<Line>>> {
    paths.iter().flat_map(|path| Below::new(path))
}

/// The datasets of one path.
struct Below {
    top: PathBuf,
    entries: Option<walkdir::IntoIter>,
    found: bool,
}

impl Below {
    fn new(path: &Path) -> Self {
        Self { top: path.to_owned(), entries: None, found: false }
    }

    fn failed(path: &Path, reason: String) -> Result<PathBuf, Box<Line>> {
        Err(Box::new(Line::failed(path, reason, None)))
    }
}

impl Iterator for Below {
    type Item = Result<PathBuf, Box<Line>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.entries.is_none() && !self.found && fid::recognise(&self.top).is_some() {
            self.found = true;
            return Some(Ok(self.top.clone()));
        }
        if self.entries.is_none() && self.found {
            return None;
        }
        let entries = self.entries.get_or_insert_with(|| {
            walkdir::WalkDir::new(&self.top).max_depth(MOST_DEPTH).sort_by_file_name().into_iter()
        });
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) => {
                    let kind = entry.file_type();
                    if !(kind.is_dir() || kind.is_file()) || fid::recognise(entry.path()).is_none()
                    {
                        continue;
                    }
                    if kind.is_dir() {
                        entries.skip_current_dir();
                    }
                    self.found = true;
                    return Some(Ok(entry.into_path()));
                }
                Err(error) => {
                    self.found = true;
                    let at = error.path().unwrap_or(&self.top);
                    return Some(Self::failed(at, error.to_string()));
                }
            }
        }
        if self.found {
            return None;
        }
        self.found = true;
        let error = fid::not_a_dataset(&self.top);
        Some(Self::failed(&self.top, format!("{error}, and none lies below")))
    }
}
