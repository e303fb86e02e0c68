//! What is remembered of the datasets below a root from one start of the watcher to the next.

use uuid::Uuid;

use super::text::storable;
use super::{Store, StoreError};

/// A dataset whose files are remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedFiles {
    /// Where it lies.
    pub path: String,
    /// What it was recorded as.
    pub acquisition: Uuid,
    /// Its files as they were then, in the watcher's words.
    pub stamps: String,
}

/// A dataset that the watcher need not discover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedDataset {
    /// Where it lies.
    pub path: String,
    /// How it was recorded.
    pub state: RecordedState,
}

/// How a dataset was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedState {
    /// As ready, skipped or bad, with its files as they were then.
    Final {
        /// In the watcher's words.
        stamps: String,
    },
    /// As incomplete.
    Incomplete,
    /// As nothing that may be read.
    Unreadable {
        /// Why not.
        reason: String,
    },
}

impl Store {
    /// Remembers what the files of an instrument's datasets look like.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn remember_files(
        &self,
        instrument: &str,
        observed: &[ObservedFiles],
    ) -> Result<(), StoreError> {
        let paths: Vec<String> = observed.iter().map(|one| storable(&one.path)).collect();
        let acquisitions: Vec<Uuid> = observed.iter().map(|one| one.acquisition).collect();
        let stamps: Vec<String> = observed.iter().map(|one| one.stamps.clone()).collect();
        sqlx::query!(
            "INSERT INTO observed_files (instrument_id, path, acquisition_id, stamps)
             SELECT DISTINCT ON (o.path) i.id, o.path, o.acquisition, o.stamps
             FROM unnest($2::text[], $3::uuid[], $4::text[])
                  WITH ORDINALITY AS o (path, acquisition, stamps, number)
             JOIN instruments i ON i.name = $1
             JOIN acquisitions a ON a.id = o.acquisition
             ORDER BY o.path, o.number DESC
             ON CONFLICT (instrument_id, path) DO UPDATE
             SET acquisition_id = excluded.acquisition_id, stamps = excluded.stamps,
                 observed_at = now()",
            storable(instrument),
            &paths,
            &acquisitions,
            &stamps
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The datasets of an instrument below a root of which something is remembered.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn recorded_datasets(
        &self,
        instrument: &str,
        root: &str,
    ) -> Result<Vec<RecordedDataset>, StoreError> {
        let below = format!("{}/", root.trim_end_matches('/'));
        let rows = sqlx::query!(
            r#"SELECT f.path AS "path!", f.stamps AS "stamps?", NULL AS "reason?"
               FROM observed_files f JOIN instruments i ON i.id = f.instrument_id
               WHERE i.name = $1 AND starts_with(f.path, $2)
               UNION ALL
               SELECT a.path, NULL, CASE WHEN a.state = 'failed' THEN a.reason END
               FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
               WHERE i.name = $1 AND starts_with(a.path, $2) AND a.digest IS NULL
                 AND (a.state IN ('discovered', 'incomplete')
                      OR a.state = 'failed' AND a.failure_passes)"#,
            storable(instrument),
            storable(&below)
        )
        .fetch_all(&self.pool)
        .await?;
        let dataset = |path, stamps, reason| {
            let state = match (stamps, reason) {
                (Some(stamps), _) => RecordedState::Final { stamps },
                (None, Some(reason)) => RecordedState::Unreadable { reason },
                (None, None) => RecordedState::Incomplete,
            };
            RecordedDataset { path, state }
        };
        Ok(rows.into_iter().map(|row| dataset(row.path, row.stamps, row.reason)).collect())
    }
}
