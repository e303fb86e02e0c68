//! A root that is away is not one whose datasets were deleted.

use super::*;

/// Takes away all that lies in a root, as when the share is not mounted any more.
fn unmount(root: &Path, elsewhere: &Path) {
    for entry in fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        fs::rename(entry.path(), elsewhere.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_share_that_is_not_mounted_is_away_and_nothing_has_vanished() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    queued(&root.path().join("rossi/A/1"));
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    assert_eq!((sink.samples().len(), watcher.reachable), (1, Some(true)));
    unmount(root.path(), elsewhere.path());
    watcher.due.insert(root.path().join("rossi/A/1"), Instant::now());
    watcher.inspect_due();
    for _ in 0..2 {
        watcher.scan(None);
        assert_eq!(watcher.reachable, Some(false));
        assert!(sink.take().is_empty() && sink.vanished().is_empty());
    }
    unmount(elsewhere.path(), root.path());
    watcher.scan(None);
    assert_eq!(watcher.reachable, Some(true));
    assert!(sink.take().is_empty() && sink.vanished().is_empty());
    // Deleted from a root that is there it has vanished.
    fs::remove_dir_all(root.path().join("rossi/A/1")).unwrap();
    watcher.scan(None);
    assert_eq!(sink.vanished(), [root.path().join("rossi/A/1")]);
}

#[test]
fn a_share_that_was_not_mounted_before_the_start_is_away_too() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    queued(&root.path().join("rossi/A/1"));
    let (mut first, sink) = watcher(root.path(), SETTINGS);
    first.scan(None);
    unmount(root.path(), elsewhere.path());
    let (mut second, _) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    second.scan(None);
    assert_eq!((second.reachable, sink.vanished()), (Some(false), vec![]));

    let nothing_before = RecordingSink::default();
    let (mut fresh, _) = with_sink(root_settings(root.path()), SETTINGS, &nothing_before);
    fresh.scan(None);
    assert_eq!(fresh.reachable, Some(true), "a root that was always empty is there");
}

#[test]
fn a_root_without_its_marker_is_away_whatever_lies_in_it() {
    let root = tempfile::tempdir().unwrap();
    let dataset = root.path().join("rossi/A/1");
    queued(&dataset);
    let marker = root.path().join(".share");
    fs::write(&marker, "").unwrap();
    let settings = RootSettings { marker: Some(".share".into()), ..root_settings(root.path()) };
    let sink = RecordingSink::default();
    let (mut watcher, _) = with_sink(settings, SETTINGS, &sink);
    watcher.scan(None);
    assert_eq!(sink.samples(), ["A"]);
    fs::remove_file(&marker).unwrap();
    fs::remove_dir_all(&dataset).unwrap();
    watcher.scan(None);
    assert_eq!((watcher.reachable, sink.vanished()), (Some(false), vec![]));
    fs::write(&marker, "").unwrap();
    watcher.scan(None);
    assert_eq!((watcher.reachable, sink.vanished()), (Some(true), vec![dataset]));
}
