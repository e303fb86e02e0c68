//! What the watcher promises.
#![allow(clippy::unwrap_used, clippy::panic)]

mod datasets;
mod faulty_files;
mod hanging;
mod measured;
mod roots;
mod starts;
mod unreadable;

use super::*;
use crate::watch::sink::ObservationSink;
use crate::watch::{RootSettings, decode_path, encode_path};
use faulty_files::FaultyFiles;
use larmor_fixtures::test_data;
use larmor_store::{Observation, ObservedState, RecordedDataset, RecordedState, StoreError};
use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use std::thread;
use tempfile::TempDir;
use uuid::Uuid;

const SETTINGS: WatchSettings = WatchSettings {
    settle: Duration::from_millis(300),
    scan_interval: Duration::from_secs(3600),
    stale_after: Duration::from_secs(3600),
    deadline: Duration::from_secs(20),
};

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Keeps what is reported to it; `away` plays a database that is.
#[derive(Clone, Default)]
struct RecordingSink {
    reported: Arc<Mutex<Vec<Observation>>>,
    away: Arc<AtomicBool>,
    /// Paths that were reported as gone.
    vanished: Arc<Mutex<Vec<PathBuf>>>,
    /// What failed in passing, and how long ago.
    retryable: Arc<Mutex<Vec<(PathBuf, Duration)>>>,
    /// Places to be looked at before an observation is recorded.
    former: Arc<Mutex<Vec<PathBuf>>>,
    /// Places that were reported as empty.
    gone: Arc<Mutex<Vec<PathBuf>>>,
    /// What is known at the next start.
    recorded: Arc<Mutex<BTreeMap<String, RecordedState>>>,
}

impl RecordingSink {
    fn ask(&self) -> Result<(), StoreError> {
        match self.away.load(Ordering::Relaxed) {
            true => Err(StoreError::NoAnswer { after: Duration::from_secs(60) }),
            false => Ok(()),
        }
    }
}

impl ObservationSink for RecordingSink {
    fn observe(&mut self, observation: &Observation) -> Result<Uuid, StoreError> {
        self.ask()?;
        self.reported.lock().unwrap().push(observation.clone());
        let reason = observation.reason.clone().unwrap_or_default();
        let state = match observation.state {
            ObservedState::Incomplete | ObservedState::Overdue => Some(RecordedState::Incomplete),
            ObservedState::Unreadable => Some(RecordedState::Unreadable { reason }),
            _ => None,
        };
        let mut recorded = self.recorded.lock().unwrap();
        match state {
            Some(state) => recorded.insert(observation.path.clone(), state),
            None => recorded.remove(&observation.path),
        };
        Ok(Uuid::now_v7())
    }

    fn vanished(&mut self, instrument: &str, path: &str) -> Result<(), StoreError> {
        self.ask()?;
        assert_eq!(instrument, "avance-500");
        self.vanished.lock().unwrap().push(decode_path(path));
        self.gone(instrument, &[path.to_owned()])
    }

    fn retryable(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError> {
        self.ask()?;
        assert_eq!(instrument, "avance-500");
        let retryable = self.retryable.lock().unwrap();
        let rested = retryable.iter().filter(|(_, ago)| *ago >= rest);
        Ok(rested.map(|(path, _)| encode_path(path)).collect())
    }

    fn recorded(&mut self, _: &str, root: &str) -> Result<Vec<RecordedDataset>, StoreError> {
        self.ask()?;
        let recorded = self.recorded.lock().unwrap();
        let below = recorded.iter().filter(|(path, _)| path.starts_with(root));
        let dataset = |(path, state): (&String, &RecordedState)| RecordedDataset {
            path: path.clone(),
            state: state.clone(),
        };
        Ok(below.map(dataset).collect())
    }

    fn remember(&mut self, _: &str, observed: &[ObservedFiles]) -> Result<(), StoreError> {
        self.ask()?;
        let mut recorded = self.recorded.lock().unwrap();
        for files in observed {
            let state = RecordedState::Final { stamps: files.stamps.clone() };
            recorded.insert(files.path.clone(), state);
        }
        Ok(())
    }

    fn places_to_check(&mut self, observation: &Observation) -> Result<Vec<String>, StoreError> {
        self.ask()?;
        let former = self.former.lock().unwrap();
        Ok(former.iter().filter(|_| observation.digest.is_some()).map(|p| encode_path(p)).collect())
    }

    fn gone(&mut self, _: &str, paths: &[String]) -> Result<(), StoreError> {
        self.ask()?;
        self.gone.lock().unwrap().extend(paths.iter().map(|path| decode_path(path)));
        let mut recorded = self.recorded.lock().unwrap();
        recorded.retain(|path, _| !paths.contains(path));
        Ok(())
    }
}

impl RecordingSink {
    /// What was reported since the last call.
    fn take(&self) -> Vec<Observation> {
        std::mem::take(&mut self.reported.lock().unwrap())
    }

    /// What was reported as gone since the last call.
    fn vanished(&self) -> Vec<PathBuf> {
        std::mem::take(&mut self.vanished.lock().unwrap())
    }

    fn states(&self) -> Vec<ObservedState> {
        self.take().into_iter().map(|observation| observation.state).collect()
    }

    /// The samples that were reported since the last call.
    fn samples(&self) -> Vec<String> {
        self.take().into_iter().map(|observation| observation.sample).collect()
    }

    /// Waits until so many such observations were reported, and does something in between.
    fn until_reported(&self, count: usize, of: impl Fn(&Observation) -> bool, between: impl Fn()) {
        let begun = Instant::now();
        while self.reported.lock().unwrap().iter().filter(|one| of(one)).count() < count {
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.take());
            between();
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn root_settings(root: &Path) -> RootSettings {
    RootSettings {
        path: root.to_owned(),
        instrument: "avance-500".into(),
        rule: "{group}/{sample}/{expno}".into(),
        group: "default".into(),
        poll: false,
        marker: None,
    }
}

fn watcher(root: &Path, settings: WatchSettings) -> (Watcher<RecordingSink>, RecordingSink) {
    let (watcher, sink, _) = faulty(root, settings);
    (watcher, sink)
}

/// A watcher whose file system can be made to hang and to refuse.
fn faulty(
    root: &Path,
    settings: WatchSettings,
) -> (Watcher<RecordingSink>, RecordingSink, Arc<FaultyFiles>) {
    let sink = RecordingSink::default();
    let (watcher, files) = with_sink(root_settings(root), settings, &sink);
    (watcher, sink, files)
}

fn with_sink(
    root: RootSettings,
    settings: WatchSettings,
    sink: &RecordingSink,
) -> (Watcher<RecordingSink>, Arc<FaultyFiles>) {
    let (root, files) = (WatchedRoot::new(root).unwrap(), Arc::<FaultyFiles>::default());
    let access = Arc::clone(&files);
    (Watcher::with_files(root, settings, sink.clone(), access, Arc::default()), files)
}

fn arborinine(expno: &str) -> PathBuf {
    test_data("nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4").join(expno)
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

/// A dataset that waits in the spectrometer's queue.
fn queued(dataset: &Path) {
    fs::create_dir_all(dataset).unwrap();
    fs::write(dataset.join("acqus"), "##TITLE= Parameter file\n##$DATE= 0\n##END=\n").unwrap();
}
