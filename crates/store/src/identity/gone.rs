//! Places at which data lie no more.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::MOVING;
use super::follow::{Followed, follow};
use super::names::{SampleName, lock_groups};
use crate::text::storable;
use crate::{Observation, Store, StoreError};

impl Store {
    /// Where, under the same instrument, data of the sample that this content belongs to are thought
    /// to lie, unless the content is known to lie where it was observed: whoever observed it looks
    /// whether they are still there, and tells which are [`gone`](Self::gone), before it is recorded.
    /// So what was moved is told from what was copied.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn places_to_check(
        &self,
        observation: &Observation,
    ) -> Result<Vec<String>, StoreError> {
        let Some(digest) = &observation.digest else { return Ok(Vec::new()) };
        Ok(sqlx::query_scalar!(
            "SELECT DISTINCT l.path FROM acquisitions a
             JOIN acquisitions o ON o.sample_id = a.sample_id
             JOIN acquisition_locations l ON l.acquisition_id = o.id AND l.gone_at IS NULL
             JOIN instruments i ON i.id = l.instrument_id AND i.name = $2
             WHERE a.digest = $1 AND l.path <> $3
               AND NOT EXISTS (SELECT FROM acquisition_locations h
                               WHERE h.acquisition_id = a.id AND h.instrument_id = i.id
                                 AND h.path = $3 AND h.gone_at IS NULL)
             LIMIT 1000",
            storable(digest),
            storable(&observation.instrument),
            storable(&observation.path)
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Data lie no more at these places of an instrument, which were moved, archived or removed. An
    /// acquisition whose data turned up elsewhere shortly before follows them.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn gone(&self, instrument: &str, paths: &[String]) -> Result<(), StoreError> {
        let instrument = storable(instrument);
        let paths: Vec<String> = paths.iter().map(|path| storable(path)).collect();
        let mut transaction = self.pool.begin().await?;
        sqlx::query!(
            "DELETE FROM observed_files f USING instruments i
             WHERE i.id = f.instrument_id AND i.name = $1 AND f.path = ANY ($2)",
            instrument,
            &paths
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "UPDATE acquisition_locations l SET gone_at = now() FROM instruments i
             WHERE i.id = l.instrument_id AND i.name = $1 AND l.path = ANY ($2)
               AND l.gone_at IS NULL",
            instrument,
            &paths
        )
        .execute(&mut *transaction)
        .await?;
        let stray = strays(&mut transaction, &paths).await?;
        let groups = stray.iter().flat_map(|one| [one.from.group.clone(), one.to.group.clone()]);
        lock_groups(&mut transaction, groups.collect::<BTreeSet<_>>()).await?;
        for one in stray {
            one.go_on(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// An acquisition that is gone from where it leads to and lies elsewhere too.
struct Stray {
    acquisition: Uuid,
    from: SampleName,
    from_path: String,
    to: SampleName,
    to_path: String,
    /// It came there shortly before.
    is_new: bool,
}

/// Those that lead to one of these paths; of several other places the one of the same name, else the
/// newest.
async fn strays(connection: &mut PgConnection, paths: &[String]) -> Result<Vec<Stray>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (a.id) a.id, a.path AS from_path, l.path AS to_path,
                  coalesce(h.group_name, a.group_name) AS "from_group!",
                  coalesce(h.sample, s.name) AS "from_sample!",
                  coalesce(l.group_name, a.group_name) AS "to_group!",
                  coalesce(l.sample, s.name) AS "to_sample!",
                  l.first_seen > now() - $2::float8 * interval '1 second' AS "is_new!"
           FROM acquisition_locations h
           JOIN acquisitions a ON a.id = h.acquisition_id AND a.path = h.path
           JOIN samples s ON s.id = a.sample_id AND s.deleted_at IS NULL
           JOIN acquisition_locations l ON l.acquisition_id = a.id AND l.gone_at IS NULL
           WHERE h.path = ANY ($1) AND h.gone_at IS NOT NULL
             AND NOT EXISTS (SELECT FROM acquisition_locations o WHERE o.acquisition_id = a.id
                             AND o.path = a.path AND o.gone_at IS NULL)
           ORDER BY a.id, (coalesce(l.group_name, a.group_name), coalesce(l.sample, s.name))
                        = (coalesce(h.group_name, a.group_name), coalesce(h.sample, s.name)) DESC,
                    l.first_seen DESC"#,
        paths,
        MOVING.as_secs_f64()
    )
    .fetch_all(connection)
    .await?;
    let stray = rows.into_iter().map(|row| Stray {
        acquisition: row.id,
        from: SampleName::new(&row.from_group, &row.from_sample),
        from_path: row.from_path,
        to: SampleName::new(&row.to_group, &row.to_sample),
        to_path: row.to_path,
        is_new: row.is_new,
    });
    Ok(stray.collect())
}

impl Stray {
    async fn go_on(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        if self.from == self.to || !self.is_new {
            sqlx::query!(
                "UPDATE acquisitions SET path = $2, in_sample_directory = in_sample_directory AND $3
                 WHERE id = $1",
                self.acquisition,
                self.to_path,
                self.from == self.to
            )
            .execute(connection)
            .await?;
            return Ok(());
        }
        sqlx::query!(
            "UPDATE acquisitions SET reason = $3
             WHERE copy_of = $1 AND path = $2 AND state = 'skipped'",
            self.acquisition,
            self.to_path,
            format!("the same data as acquisition {}, which were moved here", self.acquisition)
        )
        .execute(&mut *connection)
        .await?;
        let moved = Followed {
            acquisition: self.acquisition,
            from: &self.from,
            from_path: &self.from_path,
            to: &self.to,
            to_path: &self.to_path,
        };
        follow(connection, &moved).await
    }
}
