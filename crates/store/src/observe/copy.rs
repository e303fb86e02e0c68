//! Data that lie in the directory of another sample too.

use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{begin, discovered, locate, place};
use crate::events::{self, EventBody};
use crate::{AcquisitionState, Change, Observation, ObservationOutcome, StoreError};

/// Notes a copy of an acquisition: a row of the sample in whose directory it lies, which is skipped.
pub(super) async fn note_copy(
    connection: &mut PgConnection,
    original: Uuid,
    original_sample: &str,
    observation: &Observation,
) -> Result<ObservationOutcome, StoreError> {
    locate(&mut *connection, original, observation).await?;
    let sample = observation.named().sample_or_new(connection).await?;
    let reason = format!("a copy of acquisition {original} of sample {original_sample}");
    let (copy, is_new) = begin(connection, observation, sample).await?;
    sqlx::query!(
        "UPDATE acquisitions SET state = 'skipped', reason = $2, copy_of = $3, sample_id = $4,
                group_name = $5, experiment_number = $6, nucleus = $7, experiment = $8, title = $9,
                last_written = $10, overdue = false, failure_passes = false, updated_at = now(),
                finished_at = now()
         WHERE id = $1",
        copy,
        reason,
        original,
        sample,
        observation.group,
        observation.experiment_number,
        observation.nucleus.as_ref().map(ToString::to_string),
        observation.experiment.map(|experiment| experiment.to_string()),
        observation.title,
        observation.last_written
    )
    .execute(&mut *connection)
    .await?;
    place(&mut *connection, copy, &observation.path, observation.in_sample_directory()).await?;
    if is_new {
        let discovered = discovered(observation, AcquisitionState::Skipped, &reason);
        events::append(&mut *connection, copy, &discovered).await?;
    }
    events::append(connection, copy, &EventBody::Skipped { reason }).await?;
    let change = if is_new { Change::New } else { Change::State };
    Ok(ObservationOutcome { acquisition: copy, state: AcquisitionState::Skipped, change })
}
