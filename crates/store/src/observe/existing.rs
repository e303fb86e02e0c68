//! The acquisition an observation belongs to, and what the observation changes of it.

use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{event_of, fill_in, locate, place};
use crate::events::{self, EventBody};
use crate::{AcquisitionState, Change, Observation, ObservationOutcome, ObservedState, StoreError};

/// The acquisition an observation belongs to, as it stood.
pub(super) struct ExistingAcquisition {
    id: Uuid,
    sample: Uuid,
    pub(super) state: AcquisitionState,
    reason: String,
    overdue: bool,
    attempts: i32,
    failure_passes: bool,
    path: String,
    sample_name: String,
    in_sample_directory: bool,
    /// It was seen at this place before.
    located: bool,
    /// An acquisition without content begun at this place.
    begun_here: Option<Uuid>,
}

impl ExistingAcquisition {
    /// Content is known by group and digest, a dataset without by its place.
    pub(super) async fn find(
        connection: &mut PgConnection,
        observation: &Observation,
    ) -> Result<Option<Self>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT a.id, a.sample_id, a.state AS "state: AcquisitionState", a.reason, a.overdue, a.attempts,
                      a.failure_passes, a.path, s.name AS sample_name, a.in_sample_directory,
                      ($3::text IS NULL OR EXISTS (
                          SELECT FROM acquisition_locations l JOIN instruments i
                          ON i.id = l.instrument_id
                          WHERE l.acquisition_id = a.id AND i.name = $1 AND l.path = $2))
                      AS "located!",
                      (SELECT b.id FROM acquisitions b JOIN instruments i ON i.id = b.instrument_id
                       WHERE $3::text IS NOT NULL AND i.name = $1 AND b.path = $2
                       AND b.digest IS NULL AND (b.state IN ('discovered', 'incomplete', 'vanished')
                            OR b.state = 'failed' AND b.attempts = 0))
                      AS begun_here
               FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
               JOIN samples s ON s.id = a.sample_id
               WHERE CASE WHEN $3::text IS NULL
                     THEN a.digest IS NULL AND i.name = $1 AND a.path = $2
                     ELSE a.digest = $3 AND a.group_name = $4 END"#,
            observation.instrument,
            observation.path,
            observation.digest,
            observation.group
        )
        .fetch_optional(connection)
        .await?;
        Ok(row.map(|row| Self {
            id: row.id,
            sample: row.sample_id,
            state: row.state,
            reason: row.reason,
            overdue: row.overdue,
            attempts: row.attempts,
            failure_passes: row.failure_passes,
            path: row.path,
            sample_name: row.sample_name,
            in_sample_directory: row.in_sample_directory,
            located: row.located,
            begun_here: row.begun_here,
        }))
    }

    pub(super) fn outcome(&self, state: AcquisitionState, change: Change) -> ObservationOutcome {
        ObservationOutcome { acquisition: self.id, state, change }
    }

    /// Once a worker has touched it, what the watcher sees no longer decides; except that data
    /// which could not be reached, and now can, are to be processed after all.
    fn decided(&self, observation: &Observation) -> bool {
        match self.state {
            AcquisitionState::Processing | AcquisitionState::Done => true,
            AcquisitionState::Ready => self.attempts > 0,
            AcquisitionState::Failed => {
                let reachable_again =
                    self.failure_passes && observation.state == ObservedState::Ready;
                self.attempts > 0 && !reachable_again
            }
            _ => false,
        }
    }

    /// Whether the directory around it, where it lies now, is its sample's. It keeps its sample:
    /// where it was moved to, another sample's directory may be around it.
    fn now_in_sample_directory(&self, observation: &Observation) -> bool {
        observation.in_sample_directory() && self.sample_name == observation.sample
    }

    pub(super) fn says_the_same(&self, observation: &Observation) -> bool {
        self.located
            && self.begun_here.is_none()
            && (self.decided(observation)
                || (self.state == observation.target()
                    && self.reason == observation.reason()
                    && self.overdue == observation.overdue()))
            // Whatever its state, it must lead to where it was seen last.
            && self.path == observation.path
            && self.in_sample_directory == self.now_in_sample_directory(observation)
    }

    pub(super) async fn update(
        self,
        connection: &mut PgConnection,
        observation: &Observation,
    ) -> Result<ObservationOutcome, StoreError> {
        if self.says_the_same(observation) {
            return Ok(self.outcome(self.state, Change::Nothing));
        }
        let mut change = Change::Nothing;
        if !self.located {
            locate(connection, self.id, observation).await?;
            change = Change::Location;
        }
        let in_sample_directory = self.now_in_sample_directory(observation);
        place(connection, self.id, &observation.path, in_sample_directory).await?;
        let mut events = Vec::new();
        let mut state = self.state;
        if !self.decided(observation) {
            state = observation.target();
            fill_in(connection, self.id, self.sample, observation).await?;
            if state != self.state || observation.overdue() != self.overdue {
                change = Change::State;
                events.extend(event_of(observation));
            }
        }
        if let Some(begun) = self.begun_here {
            let reason = format!("the same data as acquisition {}", self.id);
            sqlx::query!(
                "UPDATE acquisitions SET state = 'skipped', reason = $2, overdue = false,
                 updated_at = now(), finished_at = now() WHERE id = $1",
                begun,
                reason
            )
            .execute(&mut *connection)
            .await?;
            events::append(connection, begun, &EventBody::Skipped { reason }).await?;
        }
        for event in events {
            events::append(connection, self.id, &event).await?;
        }
        Ok(self.outcome(state, change))
    }
}
