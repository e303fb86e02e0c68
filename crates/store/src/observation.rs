//! What the watcher observed of a dataset.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::AcquisitionState;
use super::identity::SampleName;
use super::text::storable;
use larmor_nmr::fid::{Beside, Experiment, Nucleus, Vendor};

/// What an inspection of a dataset says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObservedState {
    /// Still being written.
    Incomplete,
    /// Still not complete long after it should have been; told to subscribers once.
    Overdue,
    /// Complete, to be processed.
    Ready,
    /// Not something Larmor works on.
    Skipped,
    /// Cannot be read: its data are bad.
    Failed,
    /// May not be read, or cannot for another cause that is not the data's.
    Unreadable,
}

/// A dataset as the watcher observed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
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
    /// Where structures proposed for its sample may lie, by the rule that reads its path.
    pub beside: Beside,
    /// Vendor of the format, where one was recognised.
    pub vendor: Option<Vendor>,
    /// What the inspection says.
    pub state: ObservedState,
    /// Why, in words.
    pub reason: Option<String>,
    /// SHA-256 over its content, hex; given once complete.
    pub digest: Option<String>,
    /// Observed nucleus.
    pub nucleus: Option<Nucleus>,
    /// Kind of experiment.
    pub experiment: Option<Experiment>,
    /// Title the operator gave it.
    pub title: String,
    /// Pulse program.
    pub pulse_program: String,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
}

/// What an observation changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new acquisition.
    New,
    /// An existing one whose state changed.
    State,
    /// Existing content at a new place; nothing to process.
    Location,
    /// Nothing.
    Nothing,
}

/// The acquisition an observation belongs to, and what the observation changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservationOutcome {
    /// The acquisition.
    pub acquisition: Uuid,
    /// Its state now.
    pub state: AcquisitionState,
    /// What changed.
    pub change: Change,
}

impl Observation {
    /// Headers and file names may hold what Postgres refuses.
    pub(super) fn storable(&self) -> Self {
        let option = |text: &Option<String>| text.as_deref().map(storable);
        Self {
            instrument: storable(&self.instrument),
            group: storable(&self.group),
            sample: storable(&self.sample),
            experiment_number: option(&self.experiment_number),
            path: storable(&self.path),
            beside: self.beside,
            vendor: self.vendor,
            state: self.state,
            reason: option(&self.reason),
            digest: option(&self.digest),
            nucleus: self.nucleus.clone(),
            experiment: self.experiment,
            title: storable(&self.title),
            pulse_program: storable(&self.pulse_program),
            last_written: self.last_written,
        }
    }

    /// What the path rule calls its sample.
    pub(super) fn named(&self) -> SampleName {
        SampleName::new(&self.group, &self.sample)
    }

    pub(super) fn target(&self) -> AcquisitionState {
        match self.state {
            ObservedState::Incomplete | ObservedState::Overdue => AcquisitionState::Incomplete,
            ObservedState::Ready => AcquisitionState::Ready,
            ObservedState::Skipped => AcquisitionState::Skipped,
            ObservedState::Failed | ObservedState::Unreadable => AcquisitionState::Failed,
        }
    }

    pub(super) fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or(match self.state {
            ObservedState::Incomplete => "still being written",
            ObservedState::Overdue => "should have been complete long ago",
            ObservedState::Ready => "complete",
            ObservedState::Skipped => "not something Larmor works on",
            ObservedState::Failed | ObservedState::Unreadable => "cannot be read",
        })
    }

    pub(super) fn overdue(&self) -> bool {
        self.state == ObservedState::Overdue
    }

    /// Whether it failed for a cause that may pass.
    pub(super) fn failure_passes(&self) -> bool {
        self.state == ObservedState::Unreadable
    }

    pub(super) fn in_sample_directory(&self) -> bool {
        self.beside == Beside::DatasetAndSample
    }
}
