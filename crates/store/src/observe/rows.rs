//! Rows that an observation writes, whether its acquisition is a new one or not.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::events::EventBody;
use crate::text::storable;
use crate::{AcquisitionState, Observation, ObservedState, Recorded, StoreError};
use larmor_nmr::fid::Vendor;

/// The column allows no null.
fn vendor_name(observation: &Observation) -> &'static str {
    observation.vendor.map_or("", Vendor::name)
}

/// The acquisition without content that began at the place of an observation, a new one of the sample
/// where none did; and whether it is new.
pub(super) async fn begin(
    connection: &mut PgConnection,
    observation: &Observation,
    sample: Uuid,
) -> Result<(Uuid, bool), StoreError> {
    let instrument = instrument(connection, &observation.instrument).await?;
    let begun = sqlx::query_scalar!(
        "SELECT id FROM acquisitions WHERE instrument_id = $1 AND path = $2 AND digest IS NULL",
        instrument,
        observation.path
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(begun) = begun {
        return Ok((begun, false));
    }
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO acquisitions (id, instrument_id, sample_id, group_name, path, vendor,
                                   state, reason)
         VALUES ($1, $2, $3, $4, $5, $6, 'discovered', '')",
        id,
        instrument,
        sample,
        observation.group,
        observation.path,
        vendor_name(observation)
    )
    .execute(connection)
    .await?;
    Ok((id, true))
}

/// Tells that a dataset was seen for the first time, in this state and why.
pub(super) fn discovered(
    observation: &Observation,
    state: AcquisitionState,
    reason: &str,
) -> EventBody {
    EventBody::Discovered {
        state,
        reason: reason.to_owned(),
        nucleus: observation.nucleus.clone(),
        experiment: observation.experiment.map(Recorded::Known),
        title: observation.title.clone(),
    }
}

/// Writes what the observation says of the acquisition itself; where it lies is not for here.
pub(super) async fn fill_in(
    connection: &mut PgConnection,
    acquisition: Uuid,
    sample: Uuid,
    observation: &Observation,
) -> Result<(), StoreError> {
    let state = observation.target();
    sqlx::query!(
        "UPDATE acquisitions SET state = $2, reason = $3, overdue = $4, sample_id = $5,
                group_name = (SELECT group_name FROM samples WHERE id = $5), attempts = 0,
                failure_passes = $14, experiment_number = $6, vendor = $7,
                digest = coalesce($8, digest), nucleus = $9, experiment = $10, title = $11,
                pulse_program = $12, last_written = $13,
                updated_at = CASE WHEN state = $2 THEN updated_at ELSE now() END,
                finished_at = CASE WHEN $2 IN ('failed', 'skipped') THEN now() END,
                due_at = NULL, abrupt_ends = 0, copy_of = NULL,
                work = CASE WHEN state = 'ready' AND work = 'requested' THEN 'requested'
                     WHEN $13 < now() - interval '1 day' THEN 'backfill' ELSE 'live' END
         WHERE id = $1",
        acquisition,
        state.word(),
        observation.reason(),
        observation.overdue(),
        sample,
        observation.experiment_number,
        vendor_name(observation),
        observation.digest,
        observation.nucleus.as_ref().map(|nucleus| storable(&nucleus.to_string())),
        observation.experiment.map(|experiment| experiment.to_string()),
        observation.title,
        observation.pulse_program,
        observation.last_written,
        observation.failure_passes()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes where the acquisition was observed last.
pub(super) async fn place(
    connection: &mut PgConnection,
    acquisition: Uuid,
    path: &str,
    in_sample_directory: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE acquisitions SET path = $2, in_sample_directory = $3 WHERE id = $1",
        acquisition,
        path,
        in_sample_directory
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds a place to all those it was ever observed at, with what the path rule says of it.
pub(super) async fn locate(
    connection: &mut PgConnection,
    acquisition: Uuid,
    observation: &Observation,
) -> Result<(), StoreError> {
    let instrument = instrument(connection, &observation.instrument).await?;
    sqlx::query!(
        "INSERT INTO acquisition_locations (acquisition_id, instrument_id, path, group_name, sample)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (acquisition_id, instrument_id, path) DO UPDATE
         SET group_name = excluded.group_name, sample = excluded.sample, gone_at = NULL",
        acquisition,
        instrument,
        observation.path,
        observation.group,
        observation.sample
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn instrument(connection: &mut PgConnection, name: &str) -> Result<Uuid, StoreError> {
    // Most are there: what is not to be written costs no more than to be read.
    loop {
        let found = sqlx::query_scalar!("SELECT id FROM instruments WHERE name = $1", name)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(instrument) = found {
            return Ok(instrument);
        }
        sqlx::query!(
            "INSERT INTO instruments (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            Uuid::now_v7(),
            name
        )
        .execute(&mut *connection)
        .await?;
    }
}

pub(super) fn event_of(observation: &Observation) -> Option<EventBody> {
    let reason = observation.reason().to_owned();
    match observation.state {
        ObservedState::Overdue => Some(EventBody::Incomplete { reason }),
        ObservedState::Skipped => Some(EventBody::Skipped { reason }),
        ObservedState::Failed | ObservedState::Unreadable => {
            Some(EventBody::Failed { reason, attempts: 0 })
        }
        ObservedState::Incomplete | ObservedState::Ready => None,
    }
}
