//! What is known of the acquisition a sighting belongs to, and what the sighting changes of it.

use sqlx::PgConnection;
use uuid::Uuid;

use super::events::{self, EventBody};
use super::sightings::{Change, Sighted, SightedState, Sighting};
use super::text::storable;
use super::{AcquisitionState, Recorded, StoreError};
use larmor_nmr::fid::Vendor;

/// The acquisition a sighting belongs to, as it stood.
pub(super) struct Known {
    id: Uuid,
    sample: Uuid,
    pub(super) state: AcquisitionState,
    reason: String,
    overdue: bool,
    attempts: i32,
    failure_passes: bool,
    path: String,
    /// It was seen at this place before.
    located: bool,
    /// An acquisition without content begun at this place.
    begun_here: Option<Uuid>,
}

impl Known {
    /// Content is known by group and digest, a dataset without by its place.
    pub(super) async fn find(
        connection: &mut PgConnection,
        sighting: &Sighting,
    ) -> Result<Option<Self>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT a.id, a.sample_id, a.state AS "state: AcquisitionState", a.reason, a.overdue, a.attempts,
                      a.failure_passes, a.path,
                      ($3::text IS NULL OR EXISTS (
                          SELECT FROM acquisition_locations l JOIN instruments i
                          ON i.id = l.instrument_id
                          WHERE l.acquisition_id = a.id AND i.name = $1 AND l.path = $2))
                      AS "located!",
                      (SELECT b.id FROM acquisitions b JOIN instruments i ON i.id = b.instrument_id
                       WHERE $3::text IS NOT NULL AND i.name = $1 AND b.path = $2
                       AND b.digest IS NULL AND b.state IN ('discovered', 'incomplete'))
                      AS begun_here
               FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
               WHERE CASE WHEN $3::text IS NULL
                     THEN a.digest IS NULL AND i.name = $1 AND a.path = $2
                     ELSE a.digest = $3 AND a.group_name = $4 END"#,
            sighting.instrument,
            sighting.path,
            sighting.digest,
            sighting.group
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
            located: row.located,
            begun_here: row.begun_here,
        }))
    }

    pub(super) fn sighted(&self, state: AcquisitionState, change: Change) -> Sighted {
        Sighted { acquisition: self.id, state, change }
    }

    /// Once a worker has touched it, what the watcher sees no longer decides; except that data
    /// which could not be reached, and now can, are to be processed after all.
    fn decided(&self, sighting: &Sighting) -> bool {
        match self.state {
            AcquisitionState::Processing | AcquisitionState::Done => true,
            AcquisitionState::Ready => self.attempts > 0,
            AcquisitionState::Failed => {
                let reachable_again = self.failure_passes && sighting.state == SightedState::Ready;
                self.attempts > 0 && !reachable_again
            }
            _ => false,
        }
    }

    pub(super) fn says_the_same(&self, sighting: &Sighting) -> bool {
        self.located
            && self.begun_here.is_none()
            && (self.decided(sighting)
                || (self.state == sighting.target()
                    && self.reason == sighting.reason()
                    && self.overdue == sighting.overdue()))
            // Whatever its state, it must lead to where it was seen last.
            && self.path == sighting.path
    }

    pub(super) async fn update(
        self,
        connection: &mut PgConnection,
        sighting: &Sighting,
    ) -> Result<Sighted, StoreError> {
        if self.says_the_same(sighting) {
            return Ok(self.sighted(self.state, Change::Nothing));
        }
        let mut change = Change::Nothing;
        if !self.located {
            locate(connection, self.id, sighting).await?;
            change = Change::Location;
        }
        if self.path != sighting.path {
            sqlx::query!("UPDATE acquisitions SET path = $2 WHERE id = $1", self.id, sighting.path)
                .execute(&mut *connection)
                .await?;
        }
        let mut events = Vec::new();
        let mut state = self.state;
        if !self.decided(sighting) {
            state = sighting.target();
            fill_in(connection, self.id, self.sample, sighting).await?;
            if state != self.state || sighting.overdue() != self.overdue {
                change = Change::State;
                events.extend(event_of(sighting));
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
        Ok(self.sighted(state, change))
    }
}

/// Content that was not known: it ends an acquisition begun at this place, or is a new one.
pub(super) async fn adopt_or_insert(
    connection: &mut PgConnection,
    sighting: &Sighting,
) -> Result<Sighted, StoreError> {
    let instrument = instrument(connection, &sighting.instrument).await?;
    let sample = sample(connection, &sighting.group, &sighting.sample).await?;
    let begun = sqlx::query_scalar!(
        "SELECT id FROM acquisitions WHERE instrument_id = $1 AND path = $2 AND digest IS NULL",
        instrument,
        sighting.path
    )
    .fetch_optional(&mut *connection)
    .await?;
    let mut told = Vec::new();
    let acquisition = match begun {
        Some(id) => id,
        None => {
            told.push(EventBody::Discovered {
                state: sighting.target(),
                reason: sighting.reason().to_owned(),
                nucleus: sighting.nucleus.clone(),
                experiment: sighting.experiment.map(Recorded::Known),
                title: sighting.title.clone(),
            });
            let id = Uuid::now_v7();
            sqlx::query!(
                "INSERT INTO acquisitions (id, instrument_id, sample_id, group_name, path, vendor,
                                           state, reason)
                 VALUES ($1, $2, $3, $4, $5, $6, 'discovered', '')",
                id,
                instrument,
                sample,
                sighting.group,
                sighting.path,
                vendor_name(sighting)
            )
            .execute(&mut *connection)
            .await?;
            id
        }
    };
    fill_in(connection, acquisition, sample, sighting).await?;
    if sighting.digest.is_some() {
        locate(connection, acquisition, sighting).await?;
    }
    told.extend(event_of(sighting));
    for event in &told {
        events::append(connection, acquisition, event).await?;
    }
    let change = if begun.is_some() { Change::State } else { Change::New };
    Ok(Sighted { acquisition, state: sighting.target(), change })
}

/// The column allows no null.
fn vendor_name(sighting: &Sighting) -> &'static str {
    sighting.vendor.map_or("", Vendor::name)
}

async fn fill_in(
    connection: &mut PgConnection,
    acquisition: Uuid,
    sample: Uuid,
    sighting: &Sighting,
) -> Result<(), StoreError> {
    let state = sighting.target();
    sqlx::query!(
        "UPDATE acquisitions SET state = $2, reason = $3, overdue = $4, sample_id = $5,
                group_name = (SELECT group_name FROM samples WHERE id = $5), attempts = 0,
                failure_passes = false, experiment_number = $6, vendor = $7, digest = coalesce($8, digest), nucleus = $9,
                experiment = $10, title = $11, pulse_program = $12, last_written = $13,
                updated_at = CASE WHEN state = $2 THEN updated_at ELSE now() END,
                finished_at = CASE WHEN $2 IN ('failed', 'skipped') THEN now() END,
                due_at = CASE WHEN $2 = 'ready' THEN now() ELSE due_at END
         WHERE id = $1",
        acquisition,
        state.word(),
        sighting.reason(),
        sighting.overdue(),
        sample,
        sighting.experiment_number,
        vendor_name(sighting),
        sighting.digest,
        sighting.nucleus.as_ref().map(|nucleus| storable(&nucleus.to_string())),
        sighting.experiment.map(|experiment| experiment.to_string()),
        sighting.title,
        sighting.pulse_program,
        sighting.last_written
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn locate(
    connection: &mut PgConnection,
    acquisition: Uuid,
    sighting: &Sighting,
) -> Result<(), StoreError> {
    let instrument = instrument(connection, &sighting.instrument).await?;
    sqlx::query!(
        "INSERT INTO acquisition_locations (acquisition_id, instrument_id, path)
         VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        acquisition,
        instrument,
        sighting.path
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn instrument(connection: &mut PgConnection, name: &str) -> Result<Uuid, StoreError> {
    sqlx::query!(
        "INSERT INTO instruments (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        Uuid::now_v7(),
        name
    )
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar!("SELECT id FROM instruments WHERE name = $1", name)
        .fetch_one(connection)
        .await?)
}

async fn sample(
    connection: &mut PgConnection,
    group: &str,
    name: &str,
) -> Result<Uuid, StoreError> {
    sqlx::query!(
        "INSERT INTO samples (id, group_name, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        Uuid::now_v7(),
        group,
        name
    )
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar!(
        "SELECT id FROM samples WHERE group_name = $1 AND name = $2",
        group,
        name
    )
    .fetch_one(connection)
    .await?)
}

fn event_of(sighting: &Sighting) -> Option<EventBody> {
    let reason = sighting.reason().to_owned();
    match sighting.state {
        SightedState::Overdue => Some(EventBody::Incomplete { reason }),
        SightedState::Skipped => Some(EventBody::Skipped { reason }),
        SightedState::Failed => Some(EventBody::Failed { reason, attempts: 0 }),
        SightedState::Incomplete | SightedState::Ready => None,
    }
}
