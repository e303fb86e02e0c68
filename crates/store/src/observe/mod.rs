//! Observations turned into acquisitions: moved and copied data are recognised by content, data
//! acquired anew under an old path are new.

mod copy;
mod existing;
mod moved;
mod new;
mod rows;

use std::collections::BTreeSet;

use sqlx::Acquire;

use super::identity::lock_groups;
use super::superseded::overwritten;
use super::{Change, Observation, ObservationOutcome, Store, StoreError};
use existing::ExistingAcquisition;

impl Store {
    /// Records what was observed of a dataset. When that changes what is recorded, the change and
    /// its event are one transaction; observing the same again costs one read.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn observe(
        &self,
        observation: &Observation,
    ) -> Result<ObservationOutcome, StoreError> {
        self.record(observation, true).await
    }

    /// The same of a dataset that somebody has sent. It was moved from nowhere: whoever has a copy of
    /// another group's data must not take the sample from that group by sending it.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn observe_sent(
        &self,
        observation: &Observation,
    ) -> Result<ObservationOutcome, StoreError> {
        self.record(observation, false).await
    }

    async fn record(
        &self,
        observation: &Observation,
        may_leave_group: bool,
    ) -> Result<ObservationOutcome, StoreError> {
        let observation = &observation.storable();
        let mut connection = self.pool.acquire().await?;
        let group = &observation.group;
        if let Some(existing) =
            ExistingAcquisition::find(&mut connection, observation, group).await?
            && let Some(outcome) = existing.recorded(observation)
        {
            return Ok(outcome);
        }
        let mut transaction = connection.begin().await?;
        let left = match may_leave_group {
            true => moved::from_another_group(&mut transaction, observation).await?,
            false => None,
        };
        let mut groups = BTreeSet::from([group.clone()]);
        groups.extend(left.clone());
        lock_groups(&mut transaction, groups).await?;
        let known_in = left.as_ref().unwrap_or(group);
        let mut existing =
            ExistingAcquisition::find(&mut transaction, observation, known_in).await?;
        let mut was_moved = false;
        if let Some(before) = &existing {
            was_moved = before.follow(&mut transaction, observation).await?;
        }
        if was_moved || left.is_some() {
            existing = ExistingAcquisition::find(&mut transaction, observation, group).await?;
        }
        let mut outcome = match existing {
            Some(existing) => existing.update(&mut transaction, observation).await?,
            None => new::adopt_or_insert(&mut transaction, observation).await?,
        };
        if was_moved && outcome.change == Change::Nothing {
            outcome.change = Change::Location;
        }
        if observation.digest.is_some() {
            overwritten(&mut transaction, observation, outcome.acquisition).await?;
        }
        transaction.commit().await?;
        Ok(outcome)
    }
}
