//! A dataset that was not observed before.

use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{event_of, fill_in, instrument, locate, place, vendor_name};
use crate::events::{self, EventBody};
use crate::{AcquisitionState, Change, Observation, ObservationOutcome, Recorded, StoreError};

/// Content that was not there before: it ends an acquisition begun at this place, or is a new one.
pub(super) async fn adopt_or_insert(
    connection: &mut PgConnection,
    observation: &Observation,
) -> Result<ObservationOutcome, StoreError> {
    if let Some(overtaken) = overtaken_by(connection, observation).await? {
        return Ok(overtaken);
    }
    let instrument = instrument(connection, &observation.instrument).await?;
    let sample = observation.named().sample_or_new(connection).await?;
    let begun = sqlx::query_scalar!(
        "SELECT id FROM acquisitions WHERE instrument_id = $1 AND path = $2 AND digest IS NULL",
        instrument,
        observation.path
    )
    .fetch_optional(&mut *connection)
    .await?;
    let mut events = Vec::new();
    let acquisition = match begun {
        Some(id) => id,
        None => {
            events.push(EventBody::Discovered {
                state: observation.target(),
                reason: observation.reason().to_owned(),
                nucleus: observation.nucleus.clone(),
                experiment: observation.experiment.map(Recorded::Known),
                title: observation.title.clone(),
            });
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
            .execute(&mut *connection)
            .await?;
            id
        }
    };
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
    let change = if begun.is_some() { Change::State } else { Change::New };
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
