//! Data that lie in the directory of another sample too.

use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{instrument, locate, place, vendor_name};
use crate::events::{self, EventBody};
use crate::{AcquisitionState, Change, Observation, ObservationOutcome, Recorded, StoreError};

/// Notes a copy of an acquisition: a row of the sample in whose directory it lies, which is skipped.
pub(super) async fn note_copy(
    connection: &mut PgConnection,
    original: Uuid,
    original_sample: &str,
    observation: &Observation,
) -> Result<ObservationOutcome, StoreError> {
    locate(&mut *connection, original, observation).await?;
    let instrument = instrument(connection, &observation.instrument).await?;
    let sample = observation.named().sample_or_new(connection).await?;
    let reason = format!("a copy of acquisition {original} of sample {original_sample}");
    let begun = sqlx::query_scalar!(
        "SELECT id FROM acquisitions WHERE instrument_id = $1 AND path = $2 AND digest IS NULL",
        instrument,
        observation.path
    )
    .fetch_optional(&mut *connection)
    .await?;
    let copy = begun.unwrap_or_else(Uuid::now_v7);
    if begun.is_none() {
        sqlx::query!(
            "INSERT INTO acquisitions (id, instrument_id, sample_id, group_name, path, vendor,
                                       state, reason)
             VALUES ($1, $2, $3, $4, $5, $6, 'discovered', '')",
            copy,
            instrument,
            sample,
            observation.group,
            observation.path,
            vendor_name(observation)
        )
        .execute(&mut *connection)
        .await?;
    }
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
    if begun.is_none() {
        let discovered = EventBody::Discovered {
            state: AcquisitionState::Skipped,
            reason: reason.clone(),
            nucleus: observation.nucleus.clone(),
            experiment: observation.experiment.map(Recorded::Known),
            title: observation.title.clone(),
        };
        events::append(&mut *connection, copy, &discovered).await?;
    }
    events::append(connection, copy, &EventBody::Skipped { reason }).await?;
    let change = if begun.is_some() { Change::State } else { Change::New };
    Ok(ObservationOutcome { acquisition: copy, state: AcquisitionState::Skipped, change })
}
