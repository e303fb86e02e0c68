//! What a search finds and what it passes over.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use proptest::prelude::*;

use super::*;
use crate::watch::file_access::Disk;

fn dataset(path: &Path) {
    fs::create_dir_all(path.join("pdata/1")).unwrap();
    fs::write(path.join("acqus"), "").unwrap();
}

/// What a search from `start` finds, as paths below the root.
fn found_from(root: &Path, start: &Path) -> Vec<PathBuf> {
    search(&Disk, &Known::new(), &Ways::new(), root, start)
        .filter_map(|found| match found {
            Found::Dataset(path, _) => Some(path.strip_prefix(root).unwrap().to_owned()),
            Found::Undisturbed(_) | Found::Unreadable(..) => None,
        })
        .collect()
}

fn found(root: &Path) -> Vec<PathBuf> {
    found_from(root, root)
}

#[test]
fn datasets_are_found_where_they_lie_and_nowhere_else() {
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    dataset(&root.path().join("a/10"));
    dataset(&root.path().join("a/11"));
    dataset(&root.path().join("a/10/within/1"));
    dataset(&root.path().join(".snapshot/a/10"));
    dataset(&root.path().join("a/#recycle/12"));
    dataset(&outside.path().join("b/10"));
    symlink(outside.path(), root.path().join("out")).unwrap();
    symlink(root.path(), root.path().join("a/loop")).unwrap();
    assert_eq!(found(root.path()), [PathBuf::from("a/10"), PathBuf::from("a/11")]);
    for (path, datasets) in [
        ("a/10/pdata/1/1r", vec!["a/10"]),
        ("a/10/pdata/1", vec!["a/10"]),
        ("a/10/acqus", vec!["a/10"]),
        ("a/10/within/1", vec!["a/10"]),
        ("a/10", vec!["a/10"]),
        ("a", vec!["a/10", "a/11"]),
        ("out/b/10/acqus", vec![]),
        ("a/loop/a/10", vec![]),
        // A whole tree of snapshots or waste that a notification tells of.
        (".snapshot", vec![]),
        (".snapshot/a", vec![]),
        (".snapshot/a/10/acqus", vec![]),
        ("a/#recycle", vec![]),
        ("a/#recycle/12", vec![]),
    ] {
        let datasets: Vec<_> = datasets.into_iter().map(PathBuf::from).collect();
        assert_eq!(found_from(root.path(), &root.path().join(path)), datasets, "{path}");
    }
    assert!(found_from(root.path(), outside.path()).is_empty());
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
    let _socket = UnixListener::bind(root.path().join("a/s.jdf")).unwrap();
    let expected = ["a/10", "a/b.fid.dx", "a/c.jdf"].map(PathBuf::from);
    assert_eq!(found(root.path()), expected);
    for name in names.into_iter().chain(["link.jdf", "s.jdf"]) {
        let path = Path::new("a").join(name);
        let is_found = ["c.jdf", "b.fid.dx"].contains(&name);
        let expected: Vec<_> = is_found.then(|| path.clone()).into_iter().collect();
        assert_eq!(found_from(root.path(), &root.path().join(path)), expected, "{name}");
    }
}

#[test]
fn names_that_are_no_text_and_trees_that_never_end_are_searched() {
    let root = tempfile::tempdir().unwrap();
    let odd = Path::new(OsStr::from_bytes(b"caf\xe9")).join("10");
    dataset(&root.path().join(&odd));
    let deep: PathBuf = std::iter::repeat_n("d", 60).collect();
    dataset(&root.path().join(deep));
    assert_eq!(found(root.path()), [odd]);
}

#[test]
fn files_of_a_dataset_in_the_root_hide_nothing_below_it() {
    let root = tempfile::tempdir().unwrap();
    dataset(root.path());
    dataset(&root.path().join("a/10"));
    assert_eq!(found(root.path()), [PathBuf::from("a/10")]);
}

#[test]
fn a_root_that_is_away_is_reported() {
    let root = Path::new("/no/such/root");
    let found: Vec<_> = search(&Disk, &Known::new(), &Ways::new(), root, root).collect();
    assert!(matches!(found.as_slice(), [Found::Unreadable(path, _)] if path == root));
}

#[test]
fn a_root_may_be_a_link() {
    let (root, link) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    dataset(&root.path().join("a/10"));
    let link = link.path().join("data");
    symlink(root.path(), &link).unwrap();
    assert_eq!(found(&link), [PathBuf::from("a/10")]);
    assert_eq!(found_from(&link, &link.join("a/10/acqus")), [PathBuf::from("a/10")]);
}

#[test]
fn of_what_is_known_no_more_is_looked_at_than_asked() {
    let root = tempfile::tempdir().unwrap();
    for path in ["a/10", "a/11", "a/12"] {
        dataset(&root.path().join(path));
    }
    // What was a dataset is none any more; another lies in it now.
    fs::remove_file(root.path().join("a/12/acqus")).unwrap();
    dataset(&root.path().join("a/12/1"));
    let turns = [("a/10", Turn::Pass), ("a/11", Turn::Look), ("a/12", Turn::Look)];
    let known = turns.map(|(path, turn)| (root.path().join(path), turn)).into();
    let found: Vec<_> = search(&Disk, &known, &Ways::new(), root.path(), root.path()).collect();
    let [Found::Undisturbed(first), Found::Dataset(second, _), Found::Dataset(third, _)] =
        found.as_slice()
    else {
        panic!("{found:?}")
    };
    let expected = ["a/10", "a/11", "a/12/1"].map(|path| root.path().join(path));
    assert_eq!([first, second, third].map(PathBuf::clone), expected);
}

/// What is put at a path of a random tree.
#[derive(Debug, Clone, Copy)]
enum Put {
    Dataset,
    Directory,
    File,
    LinkToRoot,
    Socket,
}

fn put(root: &Path, path: &Path, what: Put) {
    let path = root.join(path);
    // Where a file is in the way, nothing is put.
    let Ok(()) = fs::create_dir_all(path.parent().unwrap()) else { return };
    let _ = match what {
        Put::Dataset => fs::create_dir_all(&path).and_then(|()| fs::write(path.join("acqus"), "")),
        Put::Directory => fs::create_dir_all(&path),
        Put::File => fs::write(&path, ""),
        Put::LinkToRoot => symlink(root, &path),
        Put::Socket => UnixListener::bind(&path).map(drop),
    };
}

/// Every path of a tree, links not followed.
fn all_paths(directory: &Path, into: &mut Vec<PathBuf>) {
    into.push(directory.to_owned());
    for (name, kind) in Disk.list(directory).unwrap() {
        let path = directory.join(name);
        match kind {
            EntryKind::Directory => all_paths(&path, into),
            EntryKind::File | EntryKind::Other => into.push(path),
        }
    }
}

fn a_path() -> impl Strategy<Value = PathBuf> {
    let name = prop::sample::select(vec![
        "a",
        "b",
        "10",
        "c.jdf",
        "d.dx",
        "e.part",
        "f.jdf~",
        "~g",
        ".snapshot",
        ".Trash-0",
        ".~tmp~",
        "@eaDir",
        "#recycle",
        "$RECYCLE.BIN",
        "lost+found",
    ]);
    // Some as deep as is searched, some deeper.
    (prop_oneof![Just(0_usize), 9..14_usize], prop::collection::vec(name, 1..4))
        .prop_map(|(deep, names)| std::iter::repeat_n("d", deep).chain(names).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scans_and_notifications_find_the_same(
        tree in prop::collection::vec(
            (a_path(), prop::sample::select(vec![
                Put::Dataset, Put::Dataset, Put::Directory, Put::File, Put::LinkToRoot, Put::Socket,
            ])),
            1..12,
        )
    ) {
        let root = tempfile::tempdir().unwrap();
        for (path, what) in &tree {
            put(root.path(), path, *what);
        }
        let scanned: BTreeSet<_> = found(root.path()).into_iter().collect();
        let mut paths = Vec::new();
        all_paths(root.path(), &mut paths);
        let each = paths.iter().filter(|path| *path != root.path());
        let notified: BTreeSet<_> = each.flat_map(|path| found_from(root.path(), path)).collect();
        prop_assert_eq!(&scanned, &notified);
        for dataset in &scanned {
            prop_assert!(dataset.components().count() <= MAX_DEPTH, "{dataset:?}");
            prop_assert!(!dataset.iter().any(is_passed_over), "{dataset:?}");
        }
    }
}
