//! The acquisition an observation belongs to, and what the observation changes of it.

use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::note_copy;
use super::moved::{Home, Lying};
use super::rows::{event_of, fill_in, locate, place};
use crate::events::{self, EventBody};
use crate::identity::{Followed, MOVING, SampleName, follow};
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
    sample_name: String,
    /// Its sample was deleted.
    is_deleted: bool,
    in_sample_directory: bool,
    home: Home,
    /// What was noted of this place; none where its data were not known to lie here.
    noted: Option<SampleName>,
    /// Its data are known to lie here.
    located: bool,
    /// The name of this place leads to its sample.
    leads_here: bool,
    /// The row of a copy that was noted here.
    copy_here: Option<Uuid>,
    /// An acquisition without content begun at this place.
    begun_here: Option<Uuid>,
}

impl ExistingAcquisition {
    /// Content is known by group and digest, a dataset without by its place. `group` is the group in
    /// which the content is known.
    pub(super) async fn find(
        connection: &mut PgConnection,
        observation: &Observation,
        group: &str,
    ) -> Result<Option<Self>, StoreError> {
        // Most are new: that takes one look into an index.
        let known = match &observation.digest {
            Some(digest) => {
                sqlx::query_scalar!(
                    "SELECT id FROM acquisitions WHERE digest = $1 AND group_name = $2",
                    digest,
                    group
                )
                .fetch_optional(&mut *connection)
                .await?
            }
            None => {
                sqlx::query_scalar!(
                    "SELECT a.id FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
                     WHERE a.digest IS NULL AND i.name = $1 AND a.path = $2",
                    observation.instrument,
                    observation.path
                )
                .fetch_optional(&mut *connection)
                .await?
            }
        };
        match known {
            Some(id) => Self::read(connection, observation, id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn read(
        connection: &mut PgConnection,
        observation: &Observation,
        id: Uuid,
    ) -> Result<Self, StoreError> {
        let row = sqlx::query!(
            r#"SELECT a.id, a.sample_id, a.state AS "state: AcquisitionState", a.reason, a.overdue,
                      a.attempts, a.failure_passes, a.path, s.name AS sample_name,
                      s.deleted_at IS NOT NULL AS "is_deleted!", a.in_sample_directory,
                      coalesce(h.group_name, a.group_name) AS "home_group!",
                      coalesce(h.sample, s.name) AS "home_sample!",
                      h.gone_at > now() - $6::float8 * interval '1 second' AS is_left_lately,
                      h.acquisition_id IS NOT NULL AND h.gone_at IS NULL AS "home_stands!",
                      coalesce(h.here, a.digest IS NULL) AS "home_is_here!",
                      l.acquisition_id IS NOT NULL AND l.gone_at IS NULL AS "located!",
                      l.group_name AS "noted_group?", l.sample AS "noted_sample?",
                      EXISTS (SELECT FROM sample_names n WHERE n.group_name = $4 AND n.name = $5
                              AND n.sample_id = a.sample_id) AS "leads_here!",
                      (SELECT c.id FROM acquisitions c JOIN instruments i ON i.id = c.instrument_id
                       WHERE c.copy_of = a.id AND i.name = $1 AND c.path = $2
                         AND c.digest IS NULL LIMIT 1) AS copy_here,
                      (SELECT b.id FROM acquisitions b JOIN instruments i ON i.id = b.instrument_id
                       WHERE a.digest IS NOT NULL AND i.name = $1 AND b.path = $2
                       AND b.digest IS NULL AND (b.state IN ('discovered', 'incomplete', 'vanished')
                            OR b.state = 'failed' AND b.attempts = 0))
                      AS begun_here
               FROM acquisitions a JOIN samples s ON s.id = a.sample_id
               LEFT JOIN LATERAL (
                   SELECT h.*, i.name = $1 AND h.path = $2 AS here
                   FROM acquisition_locations h JOIN instruments i ON i.id = h.instrument_id
                   WHERE h.acquisition_id = a.id AND h.path = a.path
                   ORDER BY h.gone_at IS NULL DESC, h.gone_at DESC LIMIT 1) AS h ON true
               LEFT JOIN LATERAL (
                   SELECT l.* FROM acquisition_locations l
                   JOIN instruments i ON i.id = l.instrument_id
                   WHERE l.acquisition_id = a.id AND i.name = $1 AND l.path = $2) AS l ON true
               WHERE a.id = $3"#,
            observation.instrument,
            observation.path,
            id,
            observation.group,
            observation.sample,
            MOVING.as_secs_f64()
        )
        .fetch_one(connection)
        .await?;
        let noted = row.noted_group.zip(row.noted_sample);
        let noted = noted.map(|(group, name)| SampleName { group, name });
        let located = observation.digest.is_none()
            || row.located && noted.as_ref() == Some(&observation.named());
        Ok(Self {
            id: row.id,
            sample: row.sample_id,
            state: row.state,
            reason: row.reason,
            overdue: row.overdue,
            attempts: row.attempts,
            failure_passes: row.failure_passes,
            sample_name: row.sample_name,
            is_deleted: row.is_deleted,
            in_sample_directory: row.in_sample_directory,
            home: Home {
                path: row.path,
                named: SampleName { group: row.home_group, name: row.home_sample },
                is_here: row.home_is_here,
                stands: row.home_stands && !row.home_is_here,
                is_left_lately: row.is_left_lately == Some(true),
            },
            noted,
            located,
            leads_here: row.leads_here,
            copy_here: row.copy_here,
            begun_here: row.begun_here,
        })
    }

    pub(super) fn outcome(&self, state: AcquisitionState, change: Change) -> ObservationOutcome {
        ObservationOutcome { acquisition: self.id, state, change }
    }

    /// Once a worker has touched it, what the watcher sees no longer decides; except that data
    /// which could not be reached, and now can, are to be processed after all.
    fn decided(&self, observation: &Observation) -> bool {
        if self.is_deleted {
            return true;
        }
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

    /// Whether the directory around it, where it lies now, is its sample's: where it came back to,
    /// another sample's directory may be around it.
    fn now_in_sample_directory(&self, observation: &Observation) -> bool {
        observation.in_sample_directory() && self.leads_here
    }

    fn lying(&self, observation: &Observation) -> Lying {
        if observation.digest.is_none() || self.is_deleted {
            return Lying::Here;
        }
        self.home.compare(&observation.named(), self.noted.as_ref(), self.leads_here)
    }

    /// What is recorded already, where the observation says nothing else.
    pub(super) fn recorded(&self, observation: &Observation) -> Option<ObservationOutcome> {
        match (self.lying(observation), self.copy_here) {
            (Lying::Copied, Some(copy)) if self.located => {
                let (state, change) = (AcquisitionState::Skipped, Change::Nothing);
                Some(ObservationOutcome { acquisition: copy, state, change })
            }
            (Lying::Here, _) if self.says_the_same(observation) => {
                Some(self.outcome(self.state, Change::Nothing))
            }
            _ => None,
        }
    }

    fn says_the_same(&self, observation: &Observation) -> bool {
        self.located
            && self.begun_here.is_none()
            && (self.decided(observation)
                || (self.state == observation.target()
                    && self.reason == observation.reason()
                    && self.overdue == observation.overdue()))
            // Whatever its state, it must lead to where it was seen last.
            && self.home.path == observation.path
            && self.in_sample_directory == self.now_in_sample_directory(observation)
    }

    /// Where its data were moved, it follows them; tells whether they were.
    pub(super) async fn follow(
        &self,
        connection: &mut PgConnection,
        observation: &Observation,
    ) -> Result<bool, StoreError> {
        if self.lying(observation) != Lying::Moved {
            return Ok(false);
        }
        locate(&mut *connection, self.id, observation).await?;
        let moved = Followed {
            acquisition: self.id,
            from: self.noted.as_ref().filter(|_| self.home.is_here).unwrap_or(&self.home.named),
            from_path: &self.home.path,
            to: &observation.named(),
            to_path: &observation.path,
        };
        follow(connection, &moved).await?;
        Ok(true)
    }

    pub(super) async fn update(
        self,
        connection: &mut PgConnection,
        observation: &Observation,
    ) -> Result<ObservationOutcome, StoreError> {
        if let Some(outcome) = self.recorded(observation) {
            return Ok(outcome);
        }
        if self.lying(observation) == Lying::Copied {
            return note_copy(connection, self.id, &self.sample_name, observation).await;
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
