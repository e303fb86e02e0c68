//! What is watched, and how patiently.

use std::path::PathBuf;
use std::time::Duration;

use super::PathRule;

/// One watched directory: what one spectrometer writes into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedRoot {
    /// The directory.
    pub path: PathBuf,
    /// Name of the instrument.
    pub instrument: String,
    /// How a path tells whose a dataset is.
    pub rule: PathRule,
    /// Group of samples whose path names none.
    pub group: String,
    /// The kernel reports no changes here (a network share): scan only.
    pub poll: bool,
}

/// How patiently datasets are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Where the vendor leaves no word that an acquisition has ended, a dataset that looks
    /// complete is taken once its files have not changed for this long.
    pub settle: Duration,
    /// Time between full scans.
    pub scan_interval: Duration,
    /// An incomplete dataset that has not changed for this long is reported as stuck.
    pub stale_after: Duration,
}
