//! What this account may not read has a row that says so.

use super::*;

#[test]
fn a_directory_that_may_not_be_listed_is_reported_once_and_followed() {
    let root = tempfile::tempdir().unwrap();
    let rossi = root.path().join("rossi");
    queued(&rossi.join("A/1"));
    queued(&root.path().join("curie/B/1"));
    let (mut watcher, sink, files) = faulty(root.path(), SETTINGS);
    files.refuse(&rossi);
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(reported.len(), 2, "{reported:?}");
    let refused = reported.iter().find(|one| one.state == ObservedState::Unreadable).unwrap();
    assert_eq!((refused.group.as_str(), decode_path(&refused.path)), ("rossi", rossi.clone()));
    let reason = refused.reason.as_ref().unwrap();
    assert!(reason.contains("permission denied") && reason.contains("runs as"), "{reason}");
    watcher.scan(None);
    assert!(sink.take().is_empty(), "once");
    // Not after a restart either.
    let (mut watcher, files) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    files.refuse(&rossi);
    watcher.scan(None);
    assert!(sink.take().iter().all(|one| one.state != ObservedState::Unreadable));

    files.allow();
    watcher.scan(None);
    let mut followed: Vec<_> =
        sink.take().into_iter().map(|one| (decode_path(&one.path), one.state)).collect();
    followed.sort_by(|a, b| a.0.cmp(&b.0));
    let expected =
        [(rossi.clone(), ObservedState::Skipped), (rossi.join("A/1"), ObservedState::Incomplete)];
    assert_eq!(followed, expected);
    watcher.scan(None);
    assert!(sink.take().is_empty() && sink.vanished().is_empty());
}

#[test]
fn a_directory_that_could_not_be_listed_and_is_removed_has_vanished() {
    let root = tempfile::tempdir().unwrap();
    let rossi = root.path().join("rossi");
    fs::create_dir(&rossi).unwrap();
    fs::create_dir(root.path().join("curie")).unwrap();
    let (mut watcher, sink, files) = faulty(root.path(), SETTINGS);
    files.refuse(&rossi);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Unreadable]);
    files.allow();
    fs::remove_dir(&rossi).unwrap();
    watcher.scan(None);
    assert_eq!(sink.vanished(), [rossi]);
}

#[test]
fn a_dataset_that_may_not_be_read_is_reported_once_and_taken_when_it_may() {
    let root = tempfile::tempdir().unwrap();
    let dataset = root.path().join("rossi/A/1");
    queued(&dataset);
    let (mut watcher, sink, files) = faulty(root.path(), SETTINGS);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Incomplete]);
    files.refuse(&dataset);
    watcher.scan(None);
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert_eq!(reported[0].state, ObservedState::Unreadable);
    assert!(sink.vanished().is_empty());

    files.allow();
    fs::write(dataset.join("acqus"), "##TITLE= more\n##$DATE= 0\n##END=\n").unwrap();
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Incomplete]);
}
