//! What the watcher promises.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::watch::PathRule;
use std::fs;
use std::sync::Mutex;
use std::thread;
use tempfile::TempDir;

const PATIENCE: Patience = Patience {
    settle: Duration::from_millis(300),
    scan_interval: Duration::from_secs(3600),
    stale_after: Duration::from_secs(3600),
};

/// Keeps what it is told; `away` plays a database that is.
#[derive(Clone, Default)]
struct Book {
    told: Arc<Mutex<Vec<Sighting>>>,
    away: Arc<AtomicBool>,
    /// What failed in passing, and how long ago.
    stranded: Arc<Mutex<Vec<(PathBuf, Duration)>>>,
}

impl Sightings for Book {
    fn sight(&mut self, sighting: &Sighting) -> Result<(), StoreError> {
        if self.away.load(Ordering::Relaxed) {
            return Err(StoreError::from(sqlx::Error::PoolTimedOut));
        }
        self.told.lock().unwrap().push(sighting.clone());
        Ok(())
    }

    fn stranded(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError> {
        assert_eq!(instrument, "avance-500");
        let stranded = self.stranded.lock().unwrap();
        let rested = stranded.iter().filter(|(_, ago)| *ago >= rest);
        Ok(rested.map(|(path, _)| crate::watch::encode_path(path)).collect())
    }
}

impl Book {
    /// What was told since the last call: state, and path below the root.
    fn take(&self) -> Vec<Sighting> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    fn states(&self) -> Vec<SightedState> {
        self.take().into_iter().map(|sighting| sighting.state).collect()
    }

    fn until_told(&self, count: usize) -> Vec<Sighting> {
        let begun = Instant::now();
        while self.told.lock().unwrap().len() < count && begun.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(20));
        }
        self.take()
    }
}

fn watcher(root: &Path, patience: Patience) -> (Watcher<Book>, Book) {
    let book = Book::default();
    let root = WatchedRoot {
        path: root.to_owned(),
        instrument: "avance-500".into(),
        rule: PathRule::parse("{group}/{sample}/{expno}").unwrap(),
        group: "default".into(),
        poll: false,
    };
    (Watcher::new(root, patience, book.clone(), Arc::default()), book)
}

fn arborinine(expno: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("third_party/test-data/nmredata/arborinine_full_assignments")
        .join("dj_ca_2017_ernestin_EN4")
        .join(expno)
}

/// A sample with experiment 11 (13C), of which only `files` are there.
fn dataset(files: &[&str]) -> (TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let dataset = root.path().join("rossi/EN4/11");
    fs::create_dir_all(&dataset).unwrap();
    for file in files {
        fs::copy(arborinine("11").join(file), dataset.join(file)).unwrap();
    }
    (root, dataset)
}

#[test]
fn a_dataset_is_ready_once_its_vendor_says_so_and_not_before() {
    let (root, dataset) = dataset(&["acqus"]);
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    watcher.scan(None);
    let told = book.take();
    assert_eq!((told[0].state, told[0].digest.as_deref()), (SightedState::Incomplete, None));
    let identity = (&*told[0].group, &*told[0].sample, told[0].experiment_number.as_deref());
    assert_eq!(identity, ("rossi", "EN4", Some("11")));

    let fid = fs::read(arborinine("11").join("fid")).unwrap();
    fs::write(dataset.join("fid"), &fid[..100_000]).unwrap();
    watcher.scan(None);
    fs::write(dataset.join("fid"), &fid).unwrap();
    watcher.scan(None);
    assert!(book.states().iter().all(|state| *state == SightedState::Incomplete));

    fs::copy(arborinine("11").join("audita.txt"), dataset.join("audita.txt")).unwrap();
    watcher.scan(None);
    let told = book.take();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].state, SightedState::Ready);
    assert_eq!(told[0].nucleus, Some(fid::Nucleus::Carbon));
    assert!(told[0].digest.is_some());
    watcher.scan(None);
    assert!(book.take().is_empty(), "nothing has changed");
}

#[test]
fn without_word_from_the_vendor_files_have_to_settle() {
    let (root, dataset) = dataset(&["acqus", "fid"]);
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    watcher.scan(None);
    assert!(book.take().is_empty());
    assert!(watcher.due.contains_key(&dataset));
    thread::sleep(PATIENCE.settle);
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);
}

#[test]
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
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    thread::sleep(PATIENCE.settle);
    watcher.scan(None);
    let mut told = book.take();
    told.sort_by(|a, b| a.path.cmp(&b.path));
    let reasons: Vec<_> = told.iter().map(|t| (t.state, t.reason.clone().unwrap())).collect();
    assert_eq!(reasons.len(), 2);
    assert!(reasons.iter().all(|(state, _)| *state == SightedState::Skipped));
    assert!(reasons[0].1.contains("two or more dimensions"), "{reasons:?}");
    assert!(reasons[1].1.contains("{group}/{sample}/{expno}"), "{reasons:?}");
}

#[test]
fn a_stuck_dataset_is_told_once_and_still_taken_when_it_completes() {
    let (root, dataset) = dataset(&["acqus", "fid"]);
    let whole = fs::read(dataset.join("fid")).unwrap();
    fs::write(dataset.join("fid"), &whole[..1000]).unwrap();
    let stale_after = Duration::from_millis(600);
    let (mut watcher, book) = watcher(root.path(), Patience { stale_after, ..PATIENCE });
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Incomplete]);
    thread::sleep(stale_after);
    watcher.scan(None);
    watcher.scan(None);
    let told = book.take();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].state, SightedState::Overdue);
    assert!(told[0].reason.as_ref().unwrap().starts_with("stuck:"), "{:?}", told[0].reason);

    fs::write(dataset.join("fid"), &whole).unwrap();
    fs::copy(arborinine("11").join("audita.txt"), dataset.join("audita.txt")).unwrap();
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);
}

#[test]
fn a_dataset_that_vanishes_is_told_if_it_was_being_written() {
    let (root, dataset) = dataset(&["acqus"]);
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Incomplete]);
    fs::remove_dir_all(&dataset).unwrap();
    watcher.scan(None);
    let told = book.take();
    assert_eq!(told.len(), 1);
    assert!(told[0].reason.as_ref().unwrap().contains("vanished"));
    watcher.scan(None);
    assert!(book.take().is_empty());

    let (root, dataset) = self::dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, book) = self::watcher(root.path(), PATIENCE);
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);
    fs::remove_dir_all(&dataset).unwrap();
    watcher.scan(None);
    assert!(book.take().is_empty());
}

#[test]
fn what_could_not_be_recorded_is_told_again() {
    let (root, _dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    book.away.store(true, Ordering::Relaxed);
    watcher.scan(None);
    assert!(watcher.next_scan <= Instant::now() + PAUSE, "it must not wait for the next hour");
    book.away.store(false, Ordering::Relaxed);
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);
}

#[test]
fn what_failed_in_passing_is_told_again_after_a_rest_or_when_the_root_is_back() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);
    let stranded = |ago| *book.stranded.lock().unwrap() = vec![(dataset.clone(), ago)];
    stranded(Duration::from_secs(5));
    watcher.scan(None);
    assert!(book.take().is_empty(), "it failed just now");
    stranded(REST);
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);

    stranded(Duration::ZERO);
    let elsewhere = root.path().with_extension("away");
    fs::rename(root.path(), &elsewhere).unwrap();
    watcher.scan(None);
    assert!(book.take().is_empty());
    fs::rename(&elsewhere, root.path()).unwrap();
    watcher.scan(None);
    assert_eq!(book.states(), [SightedState::Ready]);
}

#[test]
fn data_acquired_anew_under_an_old_path_are_told_with_a_new_digest() {
    let (root, dataset) = dataset(&["acqus", "fid", "audita.txt"]);
    let (mut watcher, book) = watcher(root.path(), PATIENCE);
    watcher.scan(None);
    let first = book.take();
    for file in ["acqus", "fid", "audita.txt"] {
        fs::copy(arborinine("12").join(file), dataset.join(file)).unwrap();
    }
    watcher.scan(None);
    let second = book.take();
    assert_eq!(second.last().unwrap().state, SightedState::Ready);
    assert_ne!(second.last().unwrap().digest, first[0].digest);
}

/// Runs a watcher on its thread with scans an hour apart: what it finds, it was hinted at.
fn hinted(act: impl FnOnce(&Path), expected: usize) -> Vec<Sighting> {
    let root = tempfile::tempdir().unwrap();
    let (watcher, book) = watcher(root.path(), PATIENCE);
    let (stop, hints) = (Arc::clone(&watcher.stop), Hints::new());
    let wake = hints.waker();
    let thread = thread::spawn(move || watcher.run(hints));
    thread::sleep(Duration::from_millis(300));
    act(root.path());
    let told = book.until_told(expected);
    stop.store(true, Ordering::Relaxed);
    wake();
    thread.join().unwrap();
    told
}

#[test]
fn notifications_make_it_look_at_once() {
    let told = hinted(
        |root| {
            let dataset = root.join("rossi/EN4/11");
            fs::create_dir_all(&dataset).unwrap();
            for file in ["acqus", "fid", "audita.txt"] {
                fs::copy(arborinine("11").join(file), dataset.join(file)).unwrap();
            }
        },
        1,
    );
    assert!(!told.is_empty());
}

#[test]
fn a_whole_sample_moved_in_is_found() {
    let elsewhere = tempfile::tempdir_in(std::env::temp_dir()).unwrap();
    for expno in ["10", "11"] {
        let dataset = elsewhere.path().join("EN4").join(expno);
        fs::create_dir_all(&dataset).unwrap();
        for file in ["acqus", "fid", "audita.txt"] {
            fs::copy(arborinine(expno).join(file), dataset.join(file)).unwrap();
        }
    }
    let told = hinted(|root| fs::rename(elsewhere.path(), root.join("rossi")).unwrap(), 2);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|sighting| sighting.state == SightedState::Ready));
}
