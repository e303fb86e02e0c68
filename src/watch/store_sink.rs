//! What a watcher observes goes into the store, from a thread that is none of tokio's.

use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;
use tracing::debug;
use uuid::Uuid;

use larmor_store::{Observation, ObservedFiles, RecordedDataset, Store, StoreError};

use super::sink::ObservationSink;
use crate::conditions::{Conditions, Subject};

/// A database that gives no answer for this long is away.
const ANSWER: Duration = Duration::from_secs(60);

/// Records observations in the store.
pub(super) struct StoreSink {
    store: Store,
    runtime: Handle,
    conditions: Conditions,
    /// Datasets that somebody asked to be looked at again.
    asked_for: HashSet<String>,
}

impl StoreSink {
    pub(super) fn new(store: Store, runtime: Handle, conditions: Conditions) -> Self {
        Self { store, runtime, conditions, asked_for: HashSet::new() }
    }

    fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.runtime.block_on(async {
            timeout(ANSWER, question)
                .await
                .unwrap_or_else(|_| Err(StoreError::NoAnswer { after: ANSWER }))
        })
    }
}

impl ObservationSink for StoreSink {
    fn observe(&mut self, observation: &Observation) -> Result<Uuid, StoreError> {
        let outcome = self.ask(self.store.observe(observation))?;
        debug!(path = observation.path, state = ?observation.state, reason = observation.reason,
            change = ?outcome.change, acquisition = %outcome.acquisition, "observed");
        if self.asked_for.remove(&observation.path) {
            self.ask(self.store.looked_at(&observation.instrument, &observation.path))?;
        }
        Ok(outcome.acquisition)
    }

    fn vanished(&mut self, instrument: &str, path: &str) -> Result<(), StoreError> {
        if let Some(acquisition) = self.ask(self.store.vanished(instrument, path))? {
            debug!(path, %acquisition, "vanished");
        }
        Ok(())
    }

    fn root_is_away(&mut self, instrument: &str, reason: &str) {
        self.conditions.hold(Subject::Instrument(instrument.to_owned()), reason);
    }

    fn root_is_there(&mut self, instrument: &str) {
        self.conditions.end(&Subject::Instrument(instrument.to_owned()));
    }

    fn retryable(&mut self, instrument: &str, rest: Duration) -> Result<Vec<String>, StoreError> {
        let mut places = self.ask(self.store.retryable(instrument, rest))?;
        let asked_for = self.ask(self.store.to_look_at(instrument))?;
        places.extend(asked_for.iter().cloned());
        self.asked_for = asked_for.into_iter().collect();
        Ok(places)
    }

    fn recorded(
        &mut self,
        instrument: &str,
        root: &str,
    ) -> Result<Vec<RecordedDataset>, StoreError> {
        self.ask(self.store.recorded_datasets(instrument, root))
    }

    fn remember(&mut self, instrument: &str, observed: &[ObservedFiles]) -> Result<(), StoreError> {
        self.ask(self.store.remember_files(instrument, observed))
    }

    fn places_to_check(&mut self, observation: &Observation) -> Result<Vec<String>, StoreError> {
        self.ask(self.store.places_to_check(observation))
    }

    fn gone(&mut self, instrument: &str, paths: &[String]) -> Result<(), StoreError> {
        self.ask(self.store.gone(instrument, paths))
    }
}
