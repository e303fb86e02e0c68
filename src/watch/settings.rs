//! What is watched, and how.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{PathRule, RuleError};
use crate::duration;

/// `[[root]]`: one watched directory, what one spectrometer writes into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootSettings {
    /// Directory the spectrometer writes into.
    pub path: PathBuf,
    /// Name of the instrument.
    pub instrument: String,
    /// How a path below the root tells group, sample and experiment.
    #[serde(default = "RootSettings::default_rule")]
    pub rule: String,
    /// Group of samples whose path names none.
    #[serde(default = "RootSettings::default_group")]
    pub group: String,
    /// On a network share, where the kernel reports no changes: scan only.
    #[serde(default)]
    pub poll: bool,
    /// A file or directory in `path` without which the root counts as away, such as one that only
    /// the mounted share has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

impl RootSettings {
    /// TopSpin's `<data>/<user>/nmr/<sample>/<expno>` varies by site; this is the flat layout.
    fn default_rule() -> String {
        "{sample}/{expno}".to_owned()
    }

    fn default_group() -> String {
        "default".to_owned()
    }
}

/// A watched directory, its rule read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedRoot {
    /// As configured.
    pub settings: RootSettings,
    /// How a path tells whose a dataset is.
    pub rule: PathRule,
}

impl WatchedRoot {
    /// Reads the rule.
    ///
    /// # Errors
    /// [`RuleError`] saying what is wrong with it.
    pub fn new(settings: RootSettings) -> Result<Self, RuleError> {
        Ok(Self { rule: PathRule::parse(&settings.rule)?, settings })
    }
}

/// `[watch]`: when a dataset is inspected, and how long it may take to complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchSettings {
    /// Where the vendor leaves no word that an acquisition has ended, a dataset that looks
    /// complete is taken once its files have not changed for this long.
    #[serde(with = "duration")]
    pub settle: Duration,
    /// Time between full scans, which find whatever notifications missed.
    #[serde(with = "duration")]
    pub scan_interval: Duration,
    /// An incomplete dataset that has not changed for this long is reported as stuck.
    #[serde(with = "duration")]
    pub stale_after: Duration,
    /// A step on files (listing a directory, looking at a dataset, reading it) that takes longer is
    /// given up, and what it hangs at is passed over until it answers.
    #[serde(with = "duration")]
    pub deadline: Duration,
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(600),
            scan_interval: Duration::from_secs(30),
            stale_after: Duration::from_secs(24 * 3600),
            deadline: Duration::from_secs(60),
        }
    }
}
