//! What is inspected again, and when.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::watch::file_stamps::FileStamps;

const DAY: Duration = Duration::from_secs(86_400);
const SETTLE: Duration = Duration::from_secs(600);
const SETTINGS: WatchSettings =
    WatchSettings { settle: SETTLE, scan_interval: SETTLE, stale_after: DAY, deadline: SETTLE };

fn stamps(content: &str) -> Fingerprint {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("acqus"), "").unwrap();
    std::fs::write(dir.path().join("fid"), content).unwrap();
    FileStamps::of(dir.path()).unwrap().fingerprint("")
}

#[test]
fn unchanged_files_are_inspected_once() {
    let (mut observed, path, now) =
        (ObservedDatasets::default(), Path::new("a/10"), Instant::now());
    let seen = stamps("1");
    let note =
        |observed: &mut ObservedDatasets, e| observed.note(path, e, Duration::ZERO, now, SETTINGS);
    assert_eq!(note(&mut observed, seen), Need::Inspect(Duration::ZERO));
    assert_eq!(
        note(&mut observed, seen),
        Need::Inspect(Duration::ZERO),
        "nothing was reported yet"
    );
    for reported in [Reported::Incomplete, Reported::Overdue, Reported::Final] {
        observed.reported(path, reported);
        assert_eq!(note(&mut observed, seen), Need::Nothing);
    }
    observed.inspect_again(path);
    assert_eq!(note(&mut observed, seen), Need::Inspect(Duration::ZERO));
    assert_eq!(note(&mut observed, stamps("22")), Need::Inspect(Duration::ZERO));
}

#[test]
fn an_incomplete_dataset_is_inspected_again_when_it_is_stale_and_then_no_more() {
    let (mut observed, path, now) =
        (ObservedDatasets::default(), Path::new("a/10"), Instant::now());
    let seen = stamps("1");
    observed.note(path, seen, Duration::ZERO, now, SETTINGS);
    observed.reported(path, Reported::Incomplete);
    assert_eq!(observed.note(path, seen, Duration::ZERO, now + DAY / 2, SETTINGS), Need::Nothing);
    assert_eq!(observed.note(path, seen, Duration::ZERO, now + DAY, SETTINGS), Need::Inspect(DAY));
    assert_eq!(observed.note(path, seen, DAY * 2, now, SETTINGS), Need::Inspect(DAY * 2));
    observed.reported(path, Reported::Overdue);
    assert_eq!(observed.note(path, seen, DAY * 2, now + DAY, SETTINGS), Need::Nothing);
}

#[test]
fn a_dataset_that_is_cut_off_is_inspected_again_when_it_has_settled() {
    let (mut observed, path, now) =
        (ObservedDatasets::default(), Path::new("a.dx"), Instant::now());
    let seen = stamps("1");
    observed.note(path, seen, Duration::ZERO, now, SETTINGS);
    observed.reported(path, Reported::Unsettled);
    assert!(observed.is_open(path));
    let mut note = |at| observed.note(path, seen, Duration::ZERO, at, SETTINGS);
    assert_eq!(note(now + SETTLE / 2), Need::Nothing);
    assert_eq!(note(now + SETTLE), Need::Inspect(SETTLE));
}

#[test]
fn what_was_seen_to_change_was_not_left_alone_whatever_its_times_say() {
    let (mut observed, now) = (ObservedDatasets::default(), Instant::now());
    let (path, second) = (Path::new("a/10"), Duration::from_secs(1));
    let mut note = |path, content, at| observed.note(path, stamps(content), DAY, at, SETTINGS);
    assert_eq!(note(path, "1", now), Need::Inspect(DAY));
    for content in ["2", "3"] {
        assert_eq!(note(path, content, now + second), Need::Inspect(Duration::ZERO));
    }
    // Nor is another dataset whose times are of the same clock.
    let elsewhere = observed.note(Path::new("a/12"), stamps("1"), 3 * DAY, now, SETTINGS);
    assert_eq!(elsewhere, Need::Inspect(2 * DAY + second));
}

#[test]
fn directories_above_datasets_are_known() {
    let (mut observed, now) = (ObservedDatasets::default(), Instant::now());
    observed.recorded("/data/rossi/S1/10".into(), None, now);
    observed.note(Path::new("/data/rossi/S2/10"), stamps("1"), DAY, now, SETTINGS);
    let ways = observed.ways_among(&["/data/rossi/S3/10/fid".into(), "/data/S1".into()]);
    assert_eq!(ways, ["/data/rossi", "/data", "/"].map(PathBuf::from).into());
    // A file of a dataset that was copied in before what tells that it is one.
    observed.note(Path::new("/data/rossi/S3/10/pdata/1/x.dx"), stamps("1"), DAY, now, SETTINGS);
    let dataset = PathBuf::from("/data/rossi/S3/10");
    let changed = [dataset.join("fid")];
    assert!(observed.ways_among(&changed).contains(&dataset));
    observed.note(&dataset, stamps("1"), DAY, now, SETTINGS);
    assert!(!observed.ways_among(&changed).contains(&dataset));
}

#[test]
fn a_scan_knows_what_it_did_not_find() {
    let (mut observed, now) = (ObservedDatasets::default(), Instant::now());
    for path in ["a/10", "a/11"] {
        observed.note(Path::new(path), stamps("1"), Duration::ZERO, now, SETTINGS);
    }
    observed.begin_scan(false);
    observed.note(Path::new("a/11"), stamps("1"), Duration::ZERO, now, SETTINGS);
    assert_eq!(observed.missed(), [PathBuf::from("a/10")]);
    observed.forget(Path::new("a/10"));
    assert!(observed.missed().is_empty());
    assert_eq!(observed.len(), 1);
}

#[test]
fn what_was_inspected_soon_after_a_change_is_inspected_once_more() {
    let (mut observed, path, now) =
        (ObservedDatasets::default(), Path::new("a/10"), Instant::now());
    let seen = stamps("1");
    let note = |observed: &mut ObservedDatasets, at| {
        observed.note(path, seen, Duration::ZERO, at, SETTINGS)
    };
    note(&mut observed, now);
    assert_eq!(observed.reported(path, Reported::Final), None);
    assert_eq!(note(&mut observed, now + SURE / 2), Need::Nothing);
    assert_eq!(note(&mut observed, now + SURE), Need::Inspect(SURE));
    assert_eq!(observed.reported(path, Reported::Final), Some(seen));
    assert_eq!(note(&mut observed, now + DAY), Need::Nothing);
}

#[test]
fn what_was_recorded_before_a_start_is_inspected_only_if_it_changed() {
    let (mut observed, now) = (ObservedDatasets::default(), Instant::now());
    let (complete, open) = (Path::new("a/10"), Path::new("a/11"));
    observed.recorded(complete.to_owned(), Some(stamps("1")), now);
    observed.recorded(open.to_owned(), None, now);
    assert!(observed.is_open(open) && !observed.is_open(complete));
    let known = observed.begin_scan(false);
    assert_eq!((known[complete], known[open]), (Turn::Look, Turn::Look), "once at a start");
    assert_eq!(observed.missed().len(), 2);
    // The stamps of other files, in other directories, differ by their inodes.
    let changed = stamps("2");
    let need = observed.note(complete, changed, DAY, now, SETTINGS);
    assert_eq!(need, Need::Inspect(DAY));
    assert_eq!(observed.note(open, changed, DAY, now, SETTINGS), Need::Inspect(DAY));
    assert!(observed.missed().is_empty());
}

#[test]
fn what_is_old_is_looked_at_in_turn() {
    let (mut observed, now) = (ObservedDatasets::default(), Instant::now());
    let seen = stamps("1");
    for number in 0..100 {
        let path = PathBuf::from(format!("a/{number}"));
        observed.note(&path, seen, DAY, now, SETTINGS);
        observed.reported(&path, Reported::Final);
    }
    let recent = Path::new("a/recent");
    observed.note(recent, seen, OLD / 2, now, SETTINGS);
    observed.reported(recent, Reported::Final);
    let mut looked_at = HashMap::new();
    for _ in 0..OLD_EVERY {
        let known = observed.begin_scan(false);
        assert_eq!(known[recent], Turn::Look);
        let due: Vec<_> = known.into_iter().filter(|(_, turn)| *turn == Turn::Look).collect();
        assert!(due.len() <= 6, "{}", due.len());
        due.into_iter().for_each(|(path, _)| *looked_at.entry(path).or_insert(0) += 1);
    }
    assert_eq!(looked_at.len(), 101, "each in its turn");
    assert!(looked_at.iter().all(|(path, times)| path == recent || *times == 1));
    assert!(observed.begin_scan(true).values().all(|turn| *turn == Turn::Look));
    observed.inspect_again(Path::new("a/7"));
    assert!((0..OLD_EVERY).all(|_| observed.begin_scan(false)[Path::new("a/7")] == Turn::Look));
}
