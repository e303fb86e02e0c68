//! Finds datasets, directories and plain files, below a directory. Symbolic links are not
//! followed: what they lead to within the root is found where it lies, and what lies outside is
//! not ours.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// Deepest directory that is searched, counted from the root.
pub(super) const MAX_DEPTH: usize = 12;

/// What a search came upon.
#[derive(Debug)]
pub(super) enum Found {
    /// A dataset.
    Dataset(PathBuf),
    /// A directory that cannot be listed.
    Unreadable(walkdir::Error),
}

/// Searches the tree below `start`, `start` itself included; `recognise` tells a dataset. Directories
/// that vanish meanwhile are passed over.
pub(super) fn datasets(
    start: &Path,
    recognise: impl Fn(&Path) -> bool,
) -> impl Iterator<Item = Found> {
    let mut entries = WalkDir::new(start).max_depth(MAX_DEPTH).into_iter();
    std::iter::from_fn(move || {
        loop {
            let entry = match entries.next()? {
                Ok(entry) => entry,
                Err(error) if is_gone(&error) && error.depth() > 0 => continue,
                Err(error) => return Some(Found::Unreadable(error)),
            };
            let is_directory = entry.file_type().is_dir() || entry.depth() == 0;
            if !is_directory {
                // Nothing that a link leads to, no pipe, no device.
                if entry.file_type().is_file()
                    && !is_unfinished(entry.file_name())
                    && recognise(entry.path())
                {
                    return Some(Found::Dataset(entry.into_path()));
                }
            } else if is_hidden(&entry) {
                entries.skip_current_dir();
            } else if recognise(entry.path()) {
                entries.skip_current_dir();
                return Some(Found::Dataset(entry.into_path()));
            }
        }
    })
}

fn is_gone(error: &walkdir::Error) -> bool {
    error.io_error().is_some_and(|io| io.kind() == std::io::ErrorKind::NotFound)
}

/// Snapshots, trash cans and unfinished transfers have names that begin with a dot.
fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Names that editors, browsers and copying programs give a file until it is whole, and keep old
/// versions under.
fn is_unfinished(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let ends_with = |end: &[u8]| {
        name.len().checked_sub(end.len()).is_some_and(|at| name[at..].eq_ignore_ascii_case(end))
    };
    name.starts_with(b".")
        || name.starts_with(b"~")
        || name.ends_with(b"~")
        || [b".tmp".as_slice(), b".part", b".partial", b".crdownload"].into_iter().any(ends_with)
}

/// The dataset that `path`, something below `root`, belongs to.
pub(super) fn dataset_of(
    root: &Path,
    path: &Path,
    recognise: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let relative = path.strip_prefix(root).ok()?;
    let mut at = root.to_owned();
    for part in relative.components().take(MAX_DEPTH) {
        at.push(part);
        let name = part.as_os_str();
        if name.as_encoded_bytes().starts_with(b".") || at.is_symlink() {
            return None;
        }
        if recognise(&at) {
            return (at.is_dir() || !is_unfinished(name)).then_some(at);
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    fn is_dataset(path: &Path) -> bool {
        let name = path.to_string_lossy();
        path.join("acqus").is_file() || name.contains(".jdf") || name.ends_with(".dx")
    }

    fn dataset(path: &Path) {
        fs::create_dir_all(path.join("pdata/1")).unwrap();
        fs::write(path.join("acqus"), "").unwrap();
    }

    fn found(root: &Path) -> Vec<PathBuf> {
        let mut found: Vec<_> = datasets(root, is_dataset)
            .filter_map(|found| match found {
                Found::Dataset(path) => Some(path.strip_prefix(root).unwrap().to_owned()),
                Found::Unreadable(_) => None,
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn datasets_are_found_where_they_lie_and_nowhere_else() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        dataset(&root.path().join("a/10"));
        dataset(&root.path().join("a/11"));
        dataset(&root.path().join("a/10/within/1"));
        dataset(&root.path().join(".snapshot/a/10"));
        dataset(&outside.path().join("b/10"));
        symlink(outside.path(), root.path().join("out")).unwrap();
        symlink(root.path(), root.path().join("a/loop")).unwrap();
        assert_eq!(found(root.path()), [PathBuf::from("a/10"), PathBuf::from("a/11")]);
        for (path, dataset) in [
            ("a/10/pdata/1/1r", Some("a/10")),
            ("a/10", Some("a/10")),
            ("a", None),
            ("out/b/10/fid", None),
            (".snapshot/a/10/fid", None),
        ] {
            let found = dataset_of(root.path(), &root.path().join(path), is_dataset);
            assert_eq!(found, dataset.map(|d| root.path().join(d)), "{path}");
        }
    }

    #[test]
    fn plain_files_are_found_beside_directories_and_not_under_the_names_of_unfinished_ones() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        dataset(&root.path().join("a/10"));
        let names = [
            "c.jdf",
            "b.fid.dx",
            "notes.txt",
            ".c.jdf.Xy12",
            ".c.jdf",
            "~c.jdf",
            "c.jdf~",
            "c.jdf.tmp",
            "c.jdf.PART",
        ];
        for name in names {
            fs::write(root.path().join("a").join(name), "").unwrap();
        }
        fs::write(outside.path().join("out.jdf"), "").unwrap();
        symlink(outside.path().join("out.jdf"), root.path().join("a/link.jdf")).unwrap();
        let expected = ["a/10", "a/b.fid.dx", "a/c.jdf"].map(PathBuf::from);
        assert_eq!(found(root.path()), expected);
        for name in names.into_iter().chain(["link.jdf"]) {
            let path = root.path().join("a").join(name);
            let is_found = ["c.jdf", "b.fid.dx"].contains(&name);
            let expected = is_found.then(|| path.clone());
            assert_eq!(dataset_of(root.path(), &path, is_dataset), expected, "{name}");
        }
    }

    #[test]
    fn names_that_are_no_text_and_trees_that_never_end_are_walked() {
        let root = tempfile::tempdir().unwrap();
        let odd = Path::new(OsStr::from_bytes(b"caf\xe9")).join("10");
        dataset(&root.path().join(&odd));
        let deep: PathBuf = std::iter::repeat_n("d", 60).collect();
        dataset(&root.path().join(deep));
        assert_eq!(found(root.path()), [odd]);
    }

    #[test]
    fn a_root_that_is_away_is_reported() {
        let found: Vec<_> = datasets(Path::new("/no/such/root"), is_dataset).collect();
        assert!(matches!(found.as_slice(), [Found::Unreadable(_)]));
    }

    #[test]
    fn a_root_may_be_a_link() {
        let (root, link) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        dataset(&root.path().join("a/10"));
        let link = link.path().join("data");
        symlink(root.path(), &link).unwrap();
        assert_eq!(found(&link), [PathBuf::from("a/10")]);
    }
}
