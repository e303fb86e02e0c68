//! What a path rule makes of the first datasets below a root, without watching it.

use std::io;
use std::path::{Path, PathBuf};

use super::dataset_search::{Found, Known, Ways, search};
use super::file_access::Disk;
use super::rule::{Identity, PathRule};

/// The first datasets below a root.
#[derive(Debug, Default)]
pub struct Preview {
    /// Where each lies, and what the rule makes of it; none where it does not fit.
    pub datasets: Vec<(PathBuf, Option<Identity>)>,
    /// Directories that cannot be listed.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// Looks for datasets below a root until there are so many.
#[must_use]
pub fn preview(root: &Path, rule: &PathRule, most: usize) -> Preview {
    let mut preview = Preview::default();
    let (known, ways) = (Known::new(), Ways::new());
    for found in search(&Disk, &known, &ways, root, root) {
        match found {
            Found::Dataset(path, _) | Found::Undisturbed(path) => {
                let relative = path.strip_prefix(root).unwrap_or(&path);
                let identity = rule.apply(relative);
                preview.datasets.push((path, identity));
            }
            Found::Unreadable(path, error) => preview.unreadable.push((path, error)),
        }
        if preview.datasets.len() == most {
            break;
        }
    }
    preview
}
