//! The record of what happens to samples as such.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::names::SampleName;
use crate::text::read_name;
use crate::{Store, StoreError};

/// What happened to a sample as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleChangeKind {
    /// Its data, or some, lie in another directory.
    Moved,
    /// Somebody gave it another name.
    Renamed,
    /// Somebody made it part of another.
    Merged,
    /// Somebody made another of some of its acquisitions.
    Split,
    /// Somebody deleted it.
    Deleted,
}

impl SampleChangeKind {
    const ALL: [Self; 5] = [Self::Moved, Self::Renamed, Self::Merged, Self::Split, Self::Deleted];

    /// The word that stands in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Renamed => "renamed",
            Self::Merged => "merged",
            Self::Split => "split",
            Self::Deleted => "deleted",
        }
    }
}

impl std::str::FromStr for SampleChangeKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// A change of a sample, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleChange {
    /// Identity.
    pub id: Uuid,
    /// The sample.
    pub sample: Uuid,
    /// What was done.
    pub kind: SampleChangeKind,
    /// Who did it; none where Larmor followed the data on disk.
    pub by: Option<String>,
    /// Group before.
    pub group: String,
    /// Name before.
    pub name: String,
    /// Group and name of the sample it is now, or that acquisitions went to.
    pub into: Option<(String, String)>,
    /// That sample, where it is another.
    pub into_sample: Option<Uuid>,
    /// The acquisitions that went; empty where all did.
    pub acquisitions: Vec<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A change to be kept.
pub(super) struct Record<'a> {
    pub(super) sample: Uuid,
    pub(super) kind: SampleChangeKind,
    pub(super) by: Option<&'a str>,
    pub(super) before: &'a SampleName,
    pub(super) into: Option<(&'a SampleName, Uuid)>,
    pub(super) acquisitions: &'a [Uuid],
}

/// Keeps a change.
pub(super) async fn record(
    connection: &mut PgConnection,
    change: &Record<'_>,
) -> Result<(), StoreError> {
    let other = change.into.map(|(_, sample)| sample).filter(|other| *other != change.sample);
    sqlx::query!(
        "INSERT INTO sample_changes (id, sample_id, change, changed_by, group_name, name,
                                     into_group, into_name, into_sample, acquisitions)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        Uuid::now_v7(),
        change.sample,
        change.kind.word(),
        change.by,
        change.before.group,
        change.before.name,
        change.into.map(|(name, _)| name.group.as_str()),
        change.into.map(|(name, _)| name.name.as_str()),
        other,
        change.acquisitions
    )
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// What happened to a sample as such, and to those that were merged into it, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn sample_changes(&self, sample: Uuid) -> Result<Vec<SampleChange>, StoreError> {
        sqlx::query!(
            "SELECT c.* FROM sample_changes c JOIN samples s ON s.id = c.sample_id
             WHERE c.sample_id = $1 OR c.into_sample = $1 OR s.merged_into = $1 ORDER BY c.id",
            sample
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(|row| {
            Ok(SampleChange {
                id: row.id,
                sample: row.sample_id,
                kind: read_name("a change of a sample", row.change)?,
                by: row.changed_by,
                group: row.group_name,
                name: row.name,
                into: row.into_group.zip(row.into_name),
                into_sample: row.into_sample,
                acquisitions: row.acquisitions,
                created_at: row.created_at,
            })
        })
        .collect()
    }
}
