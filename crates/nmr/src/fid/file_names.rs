//! Files by their vendors' names, however a disk or a copying program has spelled them: old media
//! and some servers keep capital letters alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Tells whether a directory has a file of that name.
pub(super) type Has<'a> = &'a dyn Fn(&str) -> bool;

/// The path of a file of that name in a directory: as the vendor spells it where it is so there,
/// else as it is there but for capital letters, else as the vendor spells it.
pub(super) fn within(directory: &Path, name: &str) -> PathBuf {
    let usual = directory.join(name);
    if fs::symlink_metadata(&usual).is_ok() {
        return usual;
    }
    Spellings::of(directory, &[name]).path(name).unwrap_or(usual)
}

/// Whether a directory has a file of that name, however spelled.
pub(super) fn has(directory: &Path, name: &str) -> bool {
    fs::symlink_metadata(within(directory, name)).is_ok()
}

/// How a directory spells names of files.
pub(super) struct Spellings {
    directory: PathBuf,
    /// By name in lower case; the first in order counts.
    spelled: BTreeMap<String, String>,
}

impl Spellings {
    /// Looks for the names, in lower case, in one listing of the directory. What cannot be listed
    /// has none.
    pub fn of(directory: &Path, names: &[&str]) -> Self {
        let mut spelled = BTreeMap::<String, String>::new();
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let Ok(found) = entry.file_name().into_string() else { continue };
            let lower = found.to_ascii_lowercase();
            if names.contains(&lower.as_str())
                && spelled.get(&lower).is_none_or(|before| found < *before)
            {
                spelled.insert(lower, found);
            }
        }
        Self { directory: directory.to_owned(), spelled }
    }

    /// The path of a file of that name, where the directory has one.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        Some(self.directory.join(self.spelled.get(name)?))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_under_its_own_name_first_and_then_under_any_spelling() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(within(folder.path(), "acqus"), at("acqus"));
        assert!(!has(folder.path(), "acqus"));
        fs::write(at("Acqus"), "").unwrap();
        assert_eq!(within(folder.path(), "acqus"), at("Acqus"));
        fs::write(at("ACQUS"), "").unwrap();
        assert_eq!(within(folder.path(), "acqus"), at("ACQUS"));
        assert!(has(folder.path(), "acqus"));
        fs::write(at("acqus"), "").unwrap();
        assert_eq!(within(folder.path(), "acqus"), at("acqus"));
        assert_eq!(within(&at("nowhere"), "fid"), at("nowhere/fid"));
    }
}
