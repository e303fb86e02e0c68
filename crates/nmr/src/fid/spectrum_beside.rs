//! A spectrum that somebody exported as JCAMP-DX into the same file, or beside it.

use std::path::{Path, PathBuf};

use super::error::FidError;
use super::nucleus::Nucleus;
use super::vendor_spectrum::VendorSpectrum;
use super::{directory, jcamp};

/// Files looked into, at most: an export directory may hold thousands.
const MOST_FILES: usize = 32;

/// The spectrum of a nucleus in the dataset's own file, in its directory, or in a file beside it
/// that has its name.
pub(super) fn find(dataset: &Path, nucleus: &Nucleus) -> Result<Option<VendorSpectrum>, FidError> {
    for path in candidates(dataset) {
        // What lies beside may be anything: only the dataset's own file has to be readable.
        match jcamp::spectrum_in(&path) {
            Ok(Some(fid)) if fid.nucleus == *nucleus => {
                if let Some(spectrum) = VendorSpectrum::of_fid(&path, &fid) {
                    return Ok(Some(spectrum));
                }
            }
            Err(error) if path == dataset => return Err(error),
            _ => {}
        }
    }
    Ok(None)
}

fn candidates(dataset: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if dataset.is_dir() {
        found.extend(files(dataset, |_| true));
        found.extend(files(&dataset.join("pdata/1"), |_| true));
    } else if jcamp::recognise(dataset) {
        found.push(dataset.to_owned());
    }
    if let Some(directory) = dataset.parent() {
        let of = stem(dataset);
        found.extend(files(directory, |path| path != dataset && stem(path) == of));
    }
    found.truncate(MOST_FILES);
    found
}

/// JCAMP-DX files of a directory that are wanted by their name, in order of name: of an export
/// directory none is looked at but those.
fn files(directory: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut paths = directory::entries(directory);
    paths.retain(|path| wanted(path) && jcamp::recognise(path));
    paths
}

/// A name without what tells its format: `a` of `a.fid.dx.gz`, `a.jdf` and `a.fid`.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
    let mut name = name.unwrap_or_default();
    let endings = [".gz", ".dx", ".jdx", ".jcamp", ".jdf", ".fid"];
    while let Some(shorter) = endings.iter().find_map(|ending| name.strip_suffix(ending)) {
        name = shorter.to_owned();
    }
    name
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn beside_a_file_only_what_has_its_name_is_a_candidate() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a.jdf", "a.dx", "A.JDX", "b.dx", "a.txt"] {
            fs::write(at(name), "").unwrap();
        }
        assert_eq!(candidates(&at("a.jdf")), [at("A.JDX"), at("a.dx")]);
        assert_eq!(candidates(&at("b.dx")), [at("b.dx")]);
    }

    #[test]
    fn names_are_compared_without_what_tells_their_format() {
        for name in ["a b.fid.dx.gz", "A B.jdx", "a b.jdf", "a b.fid", "a b"] {
            assert_eq!(stem(Path::new(name)), "a b", "{name}");
        }
        assert_ne!(stem(Path::new("a.1.dx")), "a");
    }
}
