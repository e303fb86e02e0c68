//! What was recorded before a start is not read again.

use super::*;

/// Files that are looked at so much later are sure not to have changed unseen.
const SURE: Duration = Duration::from_millis(2100);

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_has_not_changed_since_is_neither_inspected_nor_reported() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    queued(&root.path().join("rossi/QUEUED/1"));
    let (mut first, sink, files) = faulty(root.path(), SETTINGS);
    first.scan(None);
    assert_eq!(sink.take().len(), 2);
    // It was inspected while its clock may have stood still: once more.
    thread::sleep(SURE);
    first.scan(None);
    assert_eq!(sink.samples(), ["EN4"]);
    first.scan(None);
    assert_eq!((sink.take().len(), files.inspections.load(Ordering::Relaxed)), (0, 3));

    let (mut second, files) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    second.scan(None);
    let inspections = files.inspections.load(Ordering::Relaxed);
    assert_eq!((sink.samples(), inspections), (vec!["QUEUED".to_owned()], 1));
    second.scan(None);
    assert!(sink.take().is_empty());

    fs::copy(arborinine("12").join("fid"), dataset.join("fid")).unwrap();
    let (mut third, _) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    third.scan(None);
    assert!(sink.samples().contains(&"EN4".to_owned()), "its data have changed");
}

#[test]
fn another_rule_has_everything_inspected_again() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("rossi/A/1.zip");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "").unwrap();
    let sink = RecordingSink::default();
    let (mut first, _) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    thread::sleep(SURE);
    first.scan(None);
    assert_eq!(sink.states(), [ObservedState::Skipped]);
    for (rule, expected) in [("{group}/{sample}/{expno}", 0), ("*/{sample}/{expno}", 1)] {
        let settings = RootSettings { rule: rule.to_owned(), ..root_settings(root.path()) };
        let (mut next, _) = with_sink(settings, SETTINGS, &sink);
        next.scan(None);
        assert_eq!(sink.take().len(), expected, "{rule}");
    }
}

#[test]
fn what_vanished_while_nobody_looked_is_told_at_the_start() {
    let root = tempfile::tempdir().unwrap();
    let (lost, kept) = (root.path().join("rossi/A/1"), root.path().join("rossi/B/1"));
    queued(&lost);
    queued(&kept);
    let (mut first, sink) = watcher(root.path(), SETTINGS);
    first.scan(None);
    fs::remove_dir_all(&lost).unwrap();
    let (mut second, _) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    second.scan(None);
    assert_eq!(sink.vanished(), [lost]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_failed_in_passing_is_inspected_at_a_start() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut first, sink) = watcher(root.path(), SETTINGS);
    thread::sleep(SURE);
    first.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
    *sink.retryable.lock().unwrap() = vec![(dataset, Duration::ZERO)];
    let (mut second, _) = with_sink(root_settings(root.path()), SETTINGS, &sink);
    second.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
}
