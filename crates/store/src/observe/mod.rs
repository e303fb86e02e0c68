//! Observations turned into acquisitions: moved and copied data are recognised by content, data
//! acquired anew under an old path are new.

mod existing;
mod new;
mod rows;

use sqlx::Acquire;

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
        let observation = &observation.storable();
        let mut connection = self.pool.acquire().await?;
        if let Some(existing) = ExistingAcquisition::find(&mut connection, observation).await?
            && existing.says_the_same(observation)
        {
            return Ok(existing.outcome(existing.state, Change::Nothing));
        }
        let mut transaction = connection.begin().await?;
        // Two watchers may see the same content at two places at once: one after the other.
        let lock = format!("larmor observe {}", observation.group);
        sqlx::query_scalar!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
            .execute(&mut *transaction)
            .await?;
        let outcome = match ExistingAcquisition::find(&mut transaction, observation).await? {
            Some(existing) => existing.update(&mut transaction, observation).await?,
            None => new::adopt_or_insert(&mut transaction, observation).await?,
        };
        if observation.digest.is_some() {
            overwritten(&mut transaction, observation, outcome.acquisition).await?;
        }
        transaction.commit().await?;
        Ok(outcome)
    }
}
