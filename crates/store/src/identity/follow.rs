//! Data that were moved on disk take their sample along.

use sqlx::PgConnection;
use uuid::Uuid;

use super::changes::{Record, SampleChangeKind, record};
use super::names::SampleName;
use super::transfer::{absorb, lock_samples, transfer};
use crate::events::{self, EventBody};
use crate::{AcquisitionState, StoreError};

/// An acquisition whose data lie under another name than before.
#[derive(Debug)]
pub(crate) struct Followed<'a> {
    /// The acquisition.
    pub(crate) acquisition: Uuid,
    /// What the path rule said of the place where it lay.
    pub(crate) from: &'a SampleName,
    /// Where that was.
    pub(crate) from_path: &'a str,
    /// What the path rule says of the place where it lies.
    pub(crate) to: &'a SampleName,
    /// Where that is.
    pub(crate) to_path: &'a str,
}

/// Has an acquisition follow its data: its whole sample, when nothing of that lies under the former name
/// any more and the new name has no data of its own; else the acquisition alone. One that somebody gave
/// to another sample than its directory's stays there. Whoever asks holds the locks of both groups.
pub(crate) async fn follow(
    connection: &mut PgConnection,
    moved: &Followed<'_>,
) -> Result<(), StoreError> {
    let before = sqlx::query!(
        "SELECT sample_id, group_name FROM acquisitions WHERE id = $1 FOR UPDATE",
        moved.acquisition
    )
    .fetch_one(&mut *connection)
    .await?;
    let sample = before.sample_id;
    let owner = moved.from.sample(&mut *connection).await?;
    let is_pinned = owner.is_some_and(|owner| owner != sample);
    let there = moved.to.sample(&mut *connection).await?;
    let leaves_group = before.group_name != moved.to.group;
    if is_pinned && !leaves_group || there == Some(sample) {
        place(&mut *connection, moved).await?;
        return tell(connection, moved, false).await;
    }
    lock_samples(&mut *connection, &[sample, there.unwrap_or(sample)]).await?;
    if leaves_group {
        // The group that loses it is told while the acquisition is its own.
        tell(&mut *connection, moved, true).await?;
    }
    if !is_left_behind(&mut *connection, sample, moved, leaves_group).await?
        && is_free(&mut *connection, sample, there, &moved.to.group).await?
    {
        rename(&mut *connection, sample, there, moved).await?;
        if owner == Some(sample) {
            // Another sample may be put there.
            moved.from.forget(&mut *connection).await?;
        }
    } else {
        let into = moved.to.sample_or_new(&mut *connection).await?;
        transfer(&mut *connection, &[moved.acquisition], sample, into).await?;
        record(&mut *connection, &change(sample, into, moved)).await?;
        follow_rest(&mut *connection, sample, into, moved).await?;
    }
    place(&mut *connection, moved).await?;
    tell(connection, moved, false).await
}

fn change<'a>(sample: Uuid, into: Uuid, moved: &'a Followed<'_>) -> Record<'a> {
    Record {
        sample,
        kind: SampleChangeKind::Moved,
        by: None,
        before: moved.from,
        into: Some((moved.to, into)),
        acquisitions: std::slice::from_ref(&moved.acquisition),
    }
}

/// Whether other data of the sample still lie under the former name; when it leaves its group, whether
/// any lie under another name than the new one.
async fn is_left_behind(
    connection: &mut PgConnection,
    sample: Uuid,
    moved: &Followed<'_>,
    leaves_group: bool,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM acquisitions o JOIN samples s ON s.id = o.sample_id
               JOIN acquisition_locations l ON l.acquisition_id = o.id
               WHERE o.sample_id = $1 AND o.id <> $2 AND l.gone_at IS NULL
                 AND CASE WHEN $3 THEN
                     (coalesce(l.group_name, o.group_name), coalesce(l.sample, s.name)) <> ($6, $7)
                     ELSE (coalesce(l.group_name, o.group_name), coalesce(l.sample, s.name)) = ($4, $5)
                     END) AS "left!""#,
        sample,
        moved.acquisition,
        leaves_group,
        moved.from.group,
        moved.from.name,
        moved.to.group,
        moved.to.name
    )
    .fetch_one(connection)
    .await?)
}

/// Whether a sample may take a name: nobody has it, or one of which nothing was measured, proposed or
/// judged yet; and no data of the sample are in the group already.
async fn is_free(
    connection: &mut PgConnection,
    sample: Uuid,
    there: Option<Uuid>,
    group: &str,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (SELECT FROM spectra WHERE sample_id = $2)
              AND NOT EXISTS (SELECT FROM elucidations WHERE sample_id = $2)
              AND NOT EXISTS (SELECT FROM proposals WHERE sample_id = $2)
              AND NOT EXISTS (SELECT FROM acquisitions
                              WHERE sample_id = $2 AND (digest IS NOT NULL OR state = 'processing'))
              AND NOT EXISTS (SELECT FROM acquisitions o JOIN acquisitions t ON t.digest = o.digest
                              WHERE o.sample_id = $1 AND t.group_name = $3 AND o.group_name <> $3)
              AS "free!""#,
        sample,
        there,
        group
    )
    .fetch_one(connection)
    .await?)
}

/// Gives a sample the new name. One that a person renamed keeps the name it was given.
async fn rename(
    connection: &mut PgConnection,
    sample: Uuid,
    there: Option<Uuid>,
    moved: &Followed<'_>,
) -> Result<(), StoreError> {
    if let Some(there) = there {
        absorb(&mut *connection, there, sample).await?;
    }
    let name = sqlx::query_scalar!(
        "UPDATE samples s SET group_name = $2, name = CASE
             WHEN s.name = $3 OR EXISTS (SELECT FROM sample_names n WHERE n.group_name = $2
                                         AND n.name = s.name AND n.sample_id <> s.id) THEN $4
             ELSE s.name END
         WHERE s.id = $1 RETURNING s.name",
        sample,
        moved.to.group,
        moved.from.name,
        moved.to.name
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE acquisitions SET group_name = $2 WHERE sample_id = $1 AND group_name <> $2",
        sample,
        moved.to.group
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "DELETE FROM sample_names WHERE sample_id = $1 AND group_name <> $2",
        sample,
        moved.to.group
    )
    .execute(&mut *connection)
    .await?;
    for name in [&moved.to.name, &name] {
        SampleName::new(&moved.to.group, name).lead_to(&mut *connection, sample).await?;
    }
    record(connection, &Record { acquisitions: &[], ..change(sample, sample, moved) }).await
}

/// When the last data of a sample have gone to another, what was proposed and said of it goes too.
async fn follow_rest(
    connection: &mut PgConnection,
    sample: Uuid,
    into: Uuid,
    moved: &Followed<'_>,
) -> Result<(), StoreError> {
    let has_data = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM acquisitions WHERE sample_id = $1 AND digest IS NOT NULL)
           AS "has!""#,
        sample
    )
    .fetch_one(&mut *connection)
    .await?;
    let same_group = moved.from.group == moved.to.group;
    if has_data || !same_group {
        return Ok(());
    }
    absorb(&mut *connection, sample, into).await?;
    // Another sample may be put there.
    moved.from.forget(&mut *connection).await?;
    record(connection, &Record { acquisitions: &[], ..change(sample, into, moved) }).await
}

/// The acquisition leads to where its data lie.
async fn place(connection: &mut PgConnection, moved: &Followed<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE acquisitions SET path = $2 WHERE id = $1",
        moved.acquisition,
        moved.to_path
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn tell(
    connection: &mut PgConnection,
    moved: &Followed<'_>,
    left_group: bool,
) -> Result<(), StoreError> {
    let state = sqlx::query_scalar!(
        r#"SELECT state AS "state: AcquisitionState" FROM acquisitions WHERE id = $1"#,
        moved.acquisition
    )
    .fetch_one(&mut *connection)
    .await?;
    let event = EventBody::Moved {
        state,
        former_group: moved.from.group.clone(),
        former_sample: moved.from.name.clone(),
        former_path: moved.from_path.to_owned(),
        left_group,
    };
    events::append(connection, moved.acquisition, &event).await?;
    Ok(())
}
