//! A share that hangs holds up nothing but itself.

use super::*;
use crate::watch::Watching;

const HASTY: WatchSettings = WatchSettings { deadline: Duration::from_secs(1), ..SETTINGS };

#[test]
fn a_directory_that_hangs_is_passed_over_and_found_once_it_answers() {
    let root = tempfile::tempdir().unwrap();
    let (curie, rossi) = (root.path().join("curie"), root.path().join("rossi"));
    queued(&curie.join("A/1"));
    queued(&rossi.join("B/1"));
    let (mut watcher, sink, files) = faulty(root.path(), HASTY);
    files.hang(&curie);
    watcher.scan(None);
    assert!(sink.take().is_empty(), "curie is searched first");
    assert!(watcher.next_scan <= Instant::now(), "rossi's data do not wait");
    watcher.scan(None);
    assert_eq!(sink.samples(), ["B"]);
    assert_eq!(watcher.reachable, Some(true));

    files.answer();
    let begun = Instant::now();
    while !watcher.steps.hanging().is_empty() {
        assert!(begun.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(5));
    }
    watcher.scan(None);
    assert_eq!(sink.samples(), ["A"]);
}

#[test]
fn what_lies_where_a_share_hangs_has_not_vanished() {
    let root = tempfile::tempdir().unwrap();
    let curie = root.path().join("curie");
    queued(&curie.join("A/1"));
    let (mut watcher, sink, files) = faulty(root.path(), HASTY);
    watcher.scan(None);
    assert_eq!(sink.samples(), ["A"]);
    for path in [&curie, root.path()] {
        files.hang(path);
        for _ in 0..3 {
            watcher.scan(None);
        }
        assert!(sink.vanished().is_empty() && sink.take().is_empty());
        files.answer();
    }
    while !watcher.steps.hanging().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    watcher.scan(None);
    assert_eq!(watcher.reachable, Some(true));
    assert!(sink.vanished().is_empty() && sink.take().is_empty());
}

#[test]
fn an_inspection_that_hangs_is_made_up_for() {
    let root = tempfile::tempdir().unwrap();
    let (stuck, other) = (root.path().join("g/A/1"), root.path().join("g/B/1"));
    queued(&stuck);
    queued(&other);
    let (mut watcher, sink, files) = faulty(root.path(), HASTY);
    watcher.scan(None);
    assert_eq!(sink.samples(), ["A", "B"]);
    for dataset in [&stuck, &other] {
        fs::write(dataset.join("acqus"), "##TITLE= changed\n##$DATE= 0\n##END=\n").unwrap();
    }
    files.hang(&stuck);
    watcher.scan(None);
    watcher.scan(None);
    assert_eq!(sink.samples(), ["B"]);
    files.answer();
    while !watcher.steps.hanging().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    watcher.scan(None);
    assert_eq!(sink.samples(), ["A"]);
}

#[test]
fn a_root_that_hangs_ends_nothing_and_holds_up_neither_other_roots_nor_the_end() {
    let (stuck, sound) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    queued(&sound.path().join("g/A/1"));
    let settings = WatchSettings { scan_interval: Duration::from_millis(100), ..HASTY };
    // Not even the deadline passes while this test runs.
    let patient = WatchSettings { deadline: Duration::from_secs(3600), ..settings };
    let mut watching = Watching::new();
    let stop = watching.stop_signal();
    let mut sinks = Vec::new();
    for (root, settings) in [(&stuck, patient), (&stuck, settings), (&sound, settings)] {
        let sink = RecordingSink::default();
        let files = Arc::<FaultyFiles>::default();
        files.hang(stuck.path());
        let root = RootSettings { poll: true, ..root_settings(root.path()) };
        let root = WatchedRoot::new(root).unwrap();
        let watcher = Watcher::with_files(root, settings, sink.clone(), files, Arc::clone(&stop));
        watching.add(watcher).unwrap();
        sinks.push(sink);
    }
    sinks[2].until_reported(1, |observation| observation.sample == "A", || {});
    queued(&sound.path().join("g/B/1"));
    sinks[2].until_reported(1, |observation| observation.sample == "B", || {});
    assert!(watching.is_running());
    assert!(sinks[0].take().is_empty() && sinks[1].take().is_empty());
    let begun = Instant::now();
    watching.stop();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// A store that never answers.
struct HangingSink;

impl ObservationSink for HangingSink {
    fn observe(&mut self, _: &Observation) -> Result<Uuid, StoreError> {
        unreachable!("nothing lies there")
    }

    fn vanished(&mut self, _: &str, _: &str) -> Result<(), StoreError> {
        unreachable!("nothing lies there")
    }

    fn retryable(&mut self, _: &str, _: Duration) -> Result<Vec<String>, StoreError> {
        unreachable!("it is asked what was recorded first")
    }

    fn recorded(&mut self, _: &str, _: &str) -> Result<Vec<RecordedDataset>, StoreError> {
        loop {
            thread::park();
        }
    }

    fn remember(&mut self, _: &str, _: &[ObservedFiles]) -> Result<(), StoreError> {
        unreachable!("nothing lies there")
    }

    fn places_to_check(&mut self, _: &Observation) -> Result<Vec<String>, StoreError> {
        unreachable!("nothing lies there")
    }

    fn gone(&mut self, _: &str, _: &[String]) -> Result<(), StoreError> {
        unreachable!("nothing lies there")
    }
}

#[test]
fn a_watcher_that_itself_hangs_is_left_behind_at_the_end() {
    let root = tempfile::tempdir().unwrap();
    let mut watching = Watching::new();
    let stop = watching.stop_signal();
    let root = WatchedRoot::new(root_settings(root.path())).unwrap();
    watching.add(Watcher::new(root, SETTINGS, HangingSink, stop)).unwrap();
    let begun = Instant::now();
    watching.stop();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
