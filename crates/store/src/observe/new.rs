//! A dataset that was not observed before.

use sqlx::PgConnection;

use super::rows::{begin, discovered, event_of, fill_in, locate, place};
use crate::events;
use crate::{AcquisitionState, Change, Observation, ObservationOutcome, StoreError};

/// Content that was not there before: it ends an acquisition begun at this place, or is a new one.
pub(super) async fn adopt_or_insert(
    connection: &mut PgConnection,
    observation: &Observation,
) -> Result<ObservationOutcome, StoreError> {
    if let Some(overtaken) = overtaken_by(connection, observation).await? {
        return Ok(overtaken);
    }
    let sample = observation.named().sample_or_new(connection).await?;
    let (acquisition, is_new) = begin(connection, observation, sample).await?;
    let mut events = Vec::new();
    if is_new {
        events.push(discovered(observation, observation.target(), observation.reason()));
    }
    fill_in(connection, acquisition, sample, observation).await?;
    let in_sample_directory = observation.in_sample_directory();
    place(connection, acquisition, &observation.path, in_sample_directory).await?;
    if observation.digest.is_some() {
        locate(connection, acquisition, observation).await?;
    }
    events.extend(event_of(observation));
    for event in &events {
        events::append(connection, acquisition, event).await?;
    }
    let change = if is_new { Change::New } else { Change::State };
    Ok(ObservationOutcome { acquisition, state: observation.target(), change })
}

/// Of two watchers one may see a dataset complete while the other still reports how it was before: the
/// acquisition that lies there already, written no earlier.
async fn overtaken_by(
    connection: &mut PgConnection,
    observation: &Observation,
) -> Result<Option<ObservationOutcome>, StoreError> {
    if observation.digest.is_some() {
        return Ok(None);
    }
    let there = sqlx::query!(
        r#"SELECT a.id, a.state AS "state: AcquisitionState" FROM acquisition_locations l
           JOIN instruments i ON i.id = l.instrument_id
           JOIN acquisitions a ON a.id = l.acquisition_id
           WHERE i.name = $1 AND l.path = $2 AND a.digest IS NOT NULL AND a.last_written >= $3
           LIMIT 1"#,
        observation.instrument,
        observation.path,
        observation.last_written
    )
    .fetch_optional(connection)
    .await?;
    Ok(there.map(|there| ObservationOutcome {
        acquisition: there.id,
        state: there.state,
        change: Change::Nothing,
    }))
}
