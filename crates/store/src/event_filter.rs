//! Which events somebody wants.

use uuid::Uuid;

use super::{AcquisitionState, Event, EventKind};
use larmor_nmr::fid::Nucleus;

/// Which events to read; an empty list takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Only of these groups, where it is not for the data of every group.
    pub visible: Option<Vec<String>>,
    /// Only of these groups.
    pub groups: Vec<String>,
    /// Only of these instruments.
    pub instruments: Vec<String>,
    /// Only of samples of these names.
    pub samples: Vec<String>,
    /// Only of these kinds.
    pub kinds: Vec<EventKind>,
    /// Only of acquisitions of these nuclei.
    pub nuclei: Vec<Nucleus>,
    /// Only those that tell of an acquisition in one of these states.
    pub states: Vec<AcquisitionState>,
    /// Only of this acquisition.
    pub acquisition: Option<Uuid>,
}

/// What filters look at in an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSubject {
    /// Group whose data it tells of.
    pub group: String,
    /// Name of the instrument.
    pub instrument: String,
    /// Name of the sample.
    pub sample: String,
    /// Kind of event.
    pub kind: EventKind,
    /// Observed nucleus of the acquisition, where it was known.
    pub nucleus: Option<Nucleus>,
    /// State of the acquisition that it tells of.
    pub state: AcquisitionState,
    /// The acquisition.
    pub acquisition: Uuid,
}

impl Event {
    /// What filters look at.
    #[must_use]
    pub fn subject(&self) -> EventSubject {
        EventSubject {
            group: self.group.clone(),
            instrument: self.instrument.clone(),
            sample: self.sample_name.clone(),
            kind: self.body.kind(),
            nucleus: self.nucleus.clone(),
            state: self.body.state(),
            acquisition: self.acquisition,
        }
    }
}

impl EventFilter {
    /// Whether an event is wanted: what [`events_after`](super::Store::events_after) asks of the
    /// database, of an event in memory.
    #[must_use]
    pub fn takes(&self, event: &EventSubject) -> bool {
        self.visible.as_ref().is_none_or(|visible| visible.contains(&event.group))
            && any_or(&self.groups, &event.group)
            && any_or(&self.instruments, &event.instrument)
            && any_or(&self.samples, &event.sample)
            && any_or(&self.kinds, &event.kind)
            && any_or(&self.states, &event.state)
            && (self.nuclei.is_empty()
                || event.nucleus.as_ref().is_some_and(|nucleus| self.nuclei.contains(nucleus)))
            && self.acquisition.is_none_or(|only| only == event.acquisition)
    }
}

fn any_or<T: PartialEq>(wanted: &[T], found: &T) -> bool {
    wanted.is_empty() || wanted.contains(found)
}
