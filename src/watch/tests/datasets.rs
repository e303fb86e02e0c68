//! How datasets are followed until they are complete, or gone.

use super::*;
use crate::watch::scan::REST;
use larmor_nmr::fid;

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_dataset_is_ready_once_its_vendor_says_so_and_not_before() {
    let (root, dataset) = dataset(&["acqus"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(
        (reported[0].state, reported[0].digest.as_deref()),
        (ObservedState::Incomplete, None)
    );
    let identity =
        (&*reported[0].group, &*reported[0].sample, reported[0].experiment_number.as_deref());
    assert_eq!(identity, ("rossi", "EN4", Some("11")));

    let fid = fs::read(arborinine("11").join("fid")).unwrap();
    fs::write(dataset.join("fid"), &fid[..100_000]).unwrap();
    watcher.scan(None);
    fs::write(dataset.join("fid"), &fid).unwrap();
    watcher.scan(None);
    assert!(sink.states().iter().all(|state| *state == ObservedState::Incomplete));

    fs::copy(arborinine("11").join("audita.txt"), dataset.join("audita.txt")).unwrap();
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(reported.len(), 1);
    assert_eq!(reported[0].state, ObservedState::Ready);
    assert_eq!(reported[0].nucleus, Some(fid::Nucleus::Carbon));
    assert!(reported[0].digest.is_some());
    watcher.scan(None);
    assert!(sink.take().is_empty(), "nothing has changed");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn without_word_from_the_vendor_files_have_to_settle() {
    let (root, dataset) = dataset(&["acqus", "fid"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    assert!(sink.take().is_empty());
    assert!(watcher.due.contains_key(&dataset));
    thread::sleep(SETTINGS.settle);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_word_of_the_vendor_ends_the_wait_for_files_to_settle() {
    let (root, dataset) = dataset(&["acqus", "fid"]);
    let settle = Duration::from_secs(3600);
    let (mut watcher, sink) = watcher(root.path(), WatchSettings { settle, ..SETTINGS });
    watcher.scan(None);
    assert!(sink.take().is_empty());
    let audit = dataset.join("audita.txt");
    fs::copy(arborinine("11").join("audita.txt"), &audit).unwrap();
    watcher.notified(vec![audit]);
    let begun = Instant::now();
    while sink.reported.lock().unwrap().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "{:?}", watcher.due);
        watcher.inspect_due();
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(sink.states(), [ObservedState::Ready]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn other_kinds_of_data_are_skipped_with_the_reason() {
    let root = tempfile::tempdir().unwrap();
    let two = root.path().join("rossi/EN4/13");
    fs::create_dir_all(&two).unwrap();
    for file in ["acqus", "acqu2s", "ser", "audita.txt"] {
        fs::copy(arborinine("13").join(file), two.join(file)).unwrap();
    }
    let off = root.path().join("stray/11");
    fs::create_dir_all(&off).unwrap();
    fs::copy(arborinine("11").join("acqus"), off.join("acqus")).unwrap();
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    thread::sleep(SETTINGS.settle);
    watcher.scan(None);
    let mut reported = sink.take();
    reported.sort_by(|a, b| a.path.cmp(&b.path));
    let reasons: Vec<_> = reported.iter().map(|t| (t.state, t.reason.clone().unwrap())).collect();
    assert_eq!(reasons.len(), 2);
    assert!(reasons.iter().all(|(state, _)| *state == ObservedState::Skipped));
    assert!(reasons[0].1.contains("two or more dimensions"), "{reasons:?}");
    assert!(reasons[1].1.contains("{group}/{sample}/{expno}"), "{reasons:?}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_stuck_dataset_is_reported_once_and_still_taken_when_it_completes() {
    let (root, dataset) = dataset(&["acqus", "fid"]);
    let whole = fs::read(dataset.join("fid")).unwrap();
    fs::write(dataset.join("fid"), &whole[..1000]).unwrap();
    let stale_after = Duration::from_millis(600);
    let (mut watcher, sink) = watcher(root.path(), WatchSettings { stale_after, ..SETTINGS });
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Incomplete]);
    thread::sleep(stale_after);
    watcher.scan(None);
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(reported.len(), 1);
    assert_eq!(reported[0].state, ObservedState::Overdue);
    assert!(reported[0].reason.as_ref().unwrap().starts_with("stuck:"), "{:?}", reported[0].reason);

    fs::write(dataset.join("fid"), &whole).unwrap();
    fs::copy(arborinine("11").join("audita.txt"), dataset.join("audita.txt")).unwrap();
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
}

#[test]
fn a_file_without_an_end_is_incomplete_while_it_changes_and_then_has_failed() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("g/s/a.dx");
    fs::create_dir_all(root.path().join("g/s")).unwrap();
    fs::write(&file, "##TITLE= a\n##DATA TYPE= NMR FID\n").unwrap();
    let settle = Duration::from_millis(600);
    let (mut watcher, sink) = watcher(root.path(), WatchSettings { settle, ..SETTINGS });
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(reported[0].state, ObservedState::Incomplete);
    assert!(reported[0].reason.as_ref().unwrap().contains("still being written"), "{reported:?}");
    watcher.scan(None);
    assert!(sink.take().is_empty());
    thread::sleep(settle);
    watcher.scan(None);
    watcher.scan(None);
    let reported = sink.take();
    assert_eq!(reported.len(), 1);
    assert_eq!(reported[0].state, ObservedState::Failed);
    let reason = reported[0].reason.as_ref().unwrap();
    assert!(reason.ends_with("line 2: the file ends without ##END="), "{reason}");

    // It goes on after all.
    fs::write(&file, "##TITLE= a\n##DATA TYPE= NMR FID\n##.OBSERVE NUCLEUS= ^1H\n").unwrap();
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Incomplete]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_dataset_that_vanishes_is_reported_if_it_was_being_written() {
    let (root, dataset) = dataset(&["acqus"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Incomplete]);
    fs::remove_dir_all(&dataset).unwrap();
    sink.away.store(true, Ordering::Relaxed);
    watcher.scan(None);
    assert!(sink.vanished().is_empty());
    sink.away.store(false, Ordering::Relaxed);
    watcher.scan(None);
    assert_eq!(sink.vanished(), [dataset]);
    watcher.scan(None);
    assert!(sink.take().is_empty() && sink.vanished().is_empty(), "once");

    let (root, dataset) = self::dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, sink) = self::watcher(root.path(), SETTINGS);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
    fs::remove_dir_all(&dataset).unwrap();
    watcher.scan(None);
    assert!(sink.take().is_empty() && sink.vanished().is_empty(), "it may have been archived");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_could_not_be_recorded_is_reported_again() {
    let (root, _dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    sink.away.store(true, Ordering::Relaxed);
    watcher.scan(None);
    assert!(
        watcher.next_scan <= Instant::now() + Duration::from_secs(1),
        "it must not wait for the next hour"
    );
    sink.away.store(false, Ordering::Relaxed);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_failed_in_passing_is_reported_again_after_a_rest_or_when_the_root_is_back() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
    let retryable = |ago| *sink.retryable.lock().unwrap() = vec![(dataset.clone(), ago)];
    retryable(Duration::from_secs(5));
    watcher.scan(None);
    assert!(sink.take().is_empty(), "it failed just now");
    retryable(REST);
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);

    retryable(Duration::ZERO);
    let elsewhere = root.path().with_extension("away");
    fs::rename(root.path(), &elsewhere).unwrap();
    watcher.scan(None);
    assert!(sink.take().is_empty());
    fs::rename(&elsewhere, root.path()).unwrap();
    watcher.scan(None);
    assert_eq!(sink.states(), [ObservedState::Ready]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn data_acquired_anew_under_an_old_path_are_reported_with_a_new_digest() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    let first = sink.take();
    for file in ["acqus", "fid", "audita.txt"] {
        fs::copy(arborinine("12").join(file), dataset.join(file)).unwrap();
    }
    watcher.scan(None);
    let second = sink.take();
    assert_eq!(second.last().unwrap().state, ObservedState::Ready);
    assert_ne!(second.last().unwrap().digest, first[0].digest);
}

/// Runs a watcher on its thread that will not scan for an hour: what it finds, it was notified of.
fn notified(act: impl FnOnce(&Path), expected: usize) -> Vec<Observation> {
    let root = tempfile::tempdir().unwrap();
    let first = root.path().join("curie/first/1");
    fs::create_dir_all(&first).unwrap();
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    watcher.scan(None);
    let (stop, notifications) = (Arc::clone(&watcher.stop), Notifications::new());
    let wake = notifications.waker();
    let thread = thread::spawn(move || watcher.watch(notifications));
    let is_first = |observation: &Observation| observation.sample == "first";
    // Written to until it listens.
    let write = || fs::write(first.join("acqus"), "##TITLE= Parameter file\n").unwrap();
    sink.until_reported(1, is_first, write);
    act(root.path());
    sink.until_reported(expected, |observation| !is_first(observation), || {});
    let reported = sink.take().into_iter().filter(|observation| !is_first(observation)).collect();
    stop.store(true, Ordering::Relaxed);
    wake();
    thread.join().unwrap();
    reported
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn notifications_make_it_look_at_once() {
    let reported = notified(
        |root| {
            let dataset = root.join("rossi/EN4/11");
            fs::create_dir_all(&dataset).unwrap();
            for file in ["acqus", "fid", "audita.txt"] {
                fs::copy(arborinine("11").join(file), dataset.join(file)).unwrap();
            }
        },
        1,
    );
    assert!(!reported.is_empty());
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_whole_sample_moved_in_is_found() {
    let elsewhere = tempfile::tempdir_in(std::env::temp_dir()).unwrap();
    for expno in ["10", "11"] {
        let dataset = elsewhere.path().join("EN4").join(expno);
        fs::create_dir_all(&dataset).unwrap();
        for file in ["acqus", "fid", "audita.txt"] {
            fs::copy(arborinine(expno).join(file), dataset.join(file)).unwrap();
        }
    }
    let reported = notified(|root| fs::rename(elsewhere.path(), root.join("rossi")).unwrap(), 2);
    assert_eq!(reported.len(), 2);
    assert!(reported.iter().all(|observation| observation.state == ObservedState::Ready));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_is_gone_from_where_it_lay_is_told_before_it_is_reported_where_it_lies() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, sink) = watcher(root.path(), SETTINGS);
    let (left, copied) = (root.path().join("rossi/EN3/11"), dataset.with_file_name("10"));
    fs::create_dir_all(&copied).unwrap();
    fs::copy(dataset.join("acqus"), copied.join("acqus")).unwrap();
    sink.former.lock().unwrap().extend([left.clone(), copied]);
    watcher.look_at(&dataset).unwrap();
    assert_eq!(*sink.gone.lock().unwrap(), [left]);
    assert_eq!(sink.states(), [ObservedState::Ready]);
}
