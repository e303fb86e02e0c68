//! Names by which path rules find samples.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;

/// Group and name of a sample, as a path rule reads them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SampleName {
    pub(crate) group: String,
    pub(crate) name: String,
}

impl SampleName {
    pub(crate) fn new(group: &str, name: &str) -> Self {
        Self { group: group.to_owned(), name: name.to_owned() }
    }

    /// The sample that is meant, if there is one.
    pub(crate) async fn sample(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT sample_id FROM sample_names WHERE group_name = $1 AND name = $2",
            self.group,
            self.name
        )
        .fetch_optional(connection)
        .await?)
    }

    /// The sample that is meant, a new one where there is none. Whoever asks holds the lock of the
    /// group.
    pub(crate) async fn sample_or_new(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Uuid, StoreError> {
        if let Some(sample) = self.sample(&mut *connection).await? {
            return Ok(sample);
        }
        let sample = Uuid::now_v7();
        sqlx::query!(
            "WITH new AS (INSERT INTO samples (id, group_name, name) VALUES ($1, $2, $3)
                          RETURNING id, group_name, name)
             INSERT INTO sample_names (sample_id, group_name, name) SELECT * FROM new",
            sample,
            self.group,
            self.name
        )
        .execute(connection)
        .await?;
        Ok(sample)
    }

    /// Has the name lead to a sample from now on.
    pub(super) async fn lead_to(
        &self,
        connection: &mut PgConnection,
        sample: Uuid,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO sample_names (group_name, name, sample_id) VALUES ($1, $2, $3)
             ON CONFLICT (group_name, name) DO UPDATE SET sample_id = excluded.sample_id",
            self.group,
            self.name,
            sample
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Has the name lead to no sample.
    pub(super) async fn forget(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM sample_names WHERE group_name = $1 AND name = $2",
            self.group,
            self.name
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Holds the names of these groups until the transaction ends: two watchers may see the same content
/// at two places at once, and come one after the other.
pub(crate) async fn lock_groups(
    connection: &mut PgConnection,
    groups: BTreeSet<String>,
) -> Result<(), StoreError> {
    for group in groups {
        let lock = format!("larmor observe {group}");
        sqlx::query_scalar!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
