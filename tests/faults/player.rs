//! Spectrometers: datasets written as vendors and people write them, each with content of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use tokio::sync::{RwLock, oneshot};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::bruker::Content;

/// A dataset that was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its sample as it is called at last, which has no other dataset.
    pub sample: String,
    /// When its last byte was written.
    pub at: DateTime<Utc>,
    /// It tells that it was acquired long ago.
    pub old: bool,
    /// Whether it was removed before it was complete.
    pub removed: bool,
}

/// Writes until it is stopped.
pub struct Player {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Vec<Written>>,
}

impl Player {
    /// Writes below `data`, while `disk` is there; its number is 0 or 1.
    pub fn start(data: PathBuf, disk: Arc<RwLock<()>>, seed: u64, number: usize) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(play(data, disk, seed, number, stopped));
        Self { stop, task }
    }

    /// Finishes the dataset at hand and tells what was written.
    pub async fn stop(self) -> Vec<Written> {
        let _ = self.stop.send(());
        self.task.await.unwrap()
    }
}

async fn play(
    data: PathBuf,
    disk: Arc<RwLock<()>>,
    seed: u64,
    player: usize,
    mut stopped: oneshot::Receiver<()>,
) -> Vec<Written> {
    let mut random = fastrand::Rng::with_seed(seed ^ (player as u64) << 32);
    let mut written = Vec::new();
    while stopped.try_recv().is_err() {
        let there = disk.read().await;
        written.push(write(&data, 2 * written.len() + player, &mut random).await);
        drop(there);
        sleep(Duration::from_millis(random.u64(50..400))).await;
    }
    written
}

async fn write(data: &Path, number: usize, random: &mut fastrand::Rng) -> Written {
    let mut sample = format!("S{number}");
    let path = data.join("rossi").join(&sample).join("11");
    let content = Content::numbered(number);
    let kind = random.u32(0..7);
    let (old, removed) = (kind == 4, kind == 5);
    match kind {
        // Copied in at once, by another name first.
        0 => {
            let hidden = data.join("rossi").join(format!(".{sample}.part"));
            content.write(&hidden.join("11"));
            fs::rename(hidden, data.join("rossi").join(&sample)).unwrap();
        }
        // As a spectrometer: parameters, points as they come, at last the audit trail.
        1..=3 => {
            content.begin(&path);
            for share in [0.3, 0.7, 1.0] {
                sleep(Duration::from_millis(random.u64(10..150))).await;
                content.points(&path, share);
            }
            content.end(&path);
        }
        // From an archive.
        4 => {
            content.write(&path);
            let then = SystemTime::now() - Duration::from_secs(400 * 86_400);
            for file in fs::read_dir(&path).unwrap() {
                let file = fs::File::options().write(true).open(file.unwrap().path()).unwrap();
                file.set_modified(then).unwrap();
            }
        }
        // Whoever measured it gives it a better name, perhaps while it is processed.
        6 => {
            content.write(&path);
            sleep(Duration::from_millis(random.u64(10..1500))).await;
            let renamed = format!("{sample}-pure");
            let directory = |name: &str| data.join("rossi").join(name);
            fs::rename(directory(&sample), directory(&renamed)).unwrap();
            sample = renamed;
        }
        // Begun, and thrown away.
        _ => {
            content.begin(&path);
            content.points(&path, 0.4);
            sleep(Duration::from_millis(random.u64(10..800))).await;
            fs::remove_dir_all(data.join("rossi").join(&sample)).unwrap();
        }
    }
    Written { sample, at: Utc::now(), old, removed }
}
