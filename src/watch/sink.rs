//! What the watcher asks of the store.

use uuid::Uuid;

use larmor_store::{Observation, ObservedFiles, RecordedDataset, StoreError};
use std::time::Duration;

/// Takes what the watcher observes. Blocks the calling thread. What could not be recorded is
/// reported again later.
pub trait ObservationSink {
    /// Records an observation; returns its acquisition.
    ///
    /// # Errors
    /// When it could not be recorded.
    fn observe(&mut self, observation: &Observation) -> Result<Uuid, StoreError>;

    /// Records that what lay at a stored path of the instrument's is gone.
    ///
    /// # Errors
    /// When it could not be recorded.
    fn vanished(&mut self, instrument: &str, path: &str) -> Result<(), StoreError>;

    /// Nothing below a root of the instrument's can be reached now, for this reason.
    fn root_is_away(&mut self, _instrument: &str, _reason: &str) {}

    /// A root of the instrument's was searched to its end.
    fn root_is_there(&mut self, _instrument: &str) {}

    /// Stored paths of the instrument's datasets that failed at least `rest` ago for a cause that
    /// may have passed, and of those that somebody asked to be looked at again.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn retryable(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError>;

    /// The instrument's datasets below a root that were recorded before this start.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn recorded(
        &mut self,
        instrument: &str,
        root: &str,
    ) -> Result<Vec<RecordedDataset>, StoreError>;

    /// Remembers the files of recorded datasets for the next start.
    ///
    /// # Errors
    /// When they could not be recorded.
    fn remember(&mut self, instrument: &str, observed: &[ObservedFiles]) -> Result<(), StoreError>;

    /// Places, as stored paths, from which a dataset may have been moved to where it was observed: to be
    /// looked at before the observation is recorded.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn places_to_check(&mut self, observation: &Observation) -> Result<Vec<String>, StoreError>;

    /// Nothing lies at these places, as stored paths, any more: what lay there was moved, archived or
    /// removed.
    ///
    /// # Errors
    /// When it could not be recorded.
    fn gone(&mut self, instrument: &str, paths: &[String]) -> Result<(), StoreError>;
}
