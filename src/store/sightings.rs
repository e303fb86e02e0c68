//! What the watcher saw, turned into acquisitions: moved and copied data are recognised by
//! content, data acquired anew under an old path are new.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{AcquisitionState, Store, StoreError};

/// What a look at a dataset says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SightedState {
    /// Still being written.
    Incomplete,
    /// Still not complete long after it should have been; told to subscribers once.
    Overdue,
    /// Complete, to be processed.
    Ready,
    /// Not something Larmor works on.
    Skipped,
    /// Cannot be read.
    Failed,
}

/// One look at a dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Name of the watched instrument.
    pub instrument: String,
    /// Group whose data it is.
    pub group: String,
    /// Name of the sample.
    pub sample: String,
    /// Experiment number, where the vendor numbers them.
    pub experiment_number: Option<String>,
    /// Where it lies.
    pub path: String,
    /// Vendor of the format.
    pub vendor: String,
    /// What the look says.
    pub state: SightedState,
    /// Why, in words.
    pub reason: Option<String>,
    /// SHA-256 over its content, hex; given once complete.
    pub digest: Option<String>,
    /// Observed nucleus.
    pub nucleus: Option<String>,
    /// Kind of experiment.
    pub experiment: Option<String>,
    /// Title the operator gave it.
    pub title: String,
    /// Pulse program.
    pub pulse_program: String,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
}

/// What a sighting changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new acquisition.
    New,
    /// A known one whose state changed.
    State,
    /// Known content at a new place; nothing to process.
    Location,
    /// Nothing.
    Nothing,
}

/// The acquisition a sighting belongs to, and what the sighting changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighted {
    /// The acquisition.
    pub acquisition: Uuid,
    /// Its state now.
    pub state: AcquisitionState,
    /// What changed.
    pub change: Change,
}

impl Store {
    /// Records a look at a dataset. When that changes what is known, the change and its event
    /// are one transaction; seeing the same again costs one read.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn sight(&self, sighting: &Sighting) -> Result<Sighted, StoreError> {
        let _ = sighting;
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }
}
