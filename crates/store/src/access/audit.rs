//! Who read and changed what.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::text::storable;
use crate::{Store, StoreError};

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditOutcome {
    /// Something was shown.
    Read,
    /// Something was changed.
    Changed,
    /// It was not allowed.
    Refused,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuditEntry {
    /// Who.
    pub holder: String,
    /// The credential that was shown.
    pub credential: Option<Uuid>,
    /// Call of the protocol.
    pub call: String,
    /// What was asked for; empty of lists and streams.
    pub subject: String,
    /// Group whose data it was; empty where that is several or none.
    pub group: String,
    /// What came of it.
    pub outcome: AuditOutcome,
}

/// An entry as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// What somebody did.
    pub entry: AuditEntry,
    /// When for the first time that day.
    pub first_at: DateTime<Utc>,
    /// When for the last time.
    pub last_at: DateTime<Utc>,
    /// How often.
    pub times: i64,
}

impl AuditOutcome {
    /// The word that stands in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Changed => "changed",
            Self::Refused => "refused",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        let all = [Self::Read, Self::Changed, Self::Refused];
        all.into_iter()
            .find(|outcome| outcome.word() == word)
            .ok_or_else(|| StoreError::Foreign { what: "an outcome", found: word.to_owned() })
    }
}

impl Store {
    /// Keeps what was done so many times. What was read or refused before on the same day is counted
    /// there; changes have a row each.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn audit(&self, entry: &AuditEntry, times: i64) -> Result<(), StoreError> {
        sqlx::query!(
            "WITH earlier AS (
                 UPDATE access.audit SET times = times + $7, last_at = now()
                 WHERE id = (SELECT id FROM access.audit
                             WHERE holder = $1 AND credential_id IS NOT DISTINCT FROM $2
                               AND call = $3 AND subject = $4 AND outcome = $6
                               AND $6 <> 'changed' AND group_name = $5
                               AND last_at >= date_trunc('day', now())
                             ORDER BY id DESC LIMIT 1)
                 RETURNING id)
             INSERT INTO access.audit (holder, credential_id, call, subject, group_name, outcome,
                                       times)
             SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT FROM earlier)",
            storable(&entry.holder),
            entry.credential,
            entry.call,
            entry.subject,
            storable(&entry.group),
            entry.outcome.word(),
            times
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest entries, of one holder or of all.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn audit_records(
        &self,
        holder: Option<&str>,
        most: i64,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT holder, credential_id, call, subject, group_name, outcome, first_at, last_at,
                    times
             FROM access.audit WHERE $1::text IS NULL OR holder = $1
             ORDER BY last_at DESC, id DESC LIMIT $2",
            holder,
            most
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(AuditRecord {
                    entry: AuditEntry {
                        holder: row.holder,
                        credential: row.credential_id,
                        call: row.call,
                        subject: row.subject,
                        group: row.group_name,
                        outcome: AuditOutcome::read(&row.outcome)?,
                    },
                    first_at: row.first_at,
                    last_at: row.last_at,
                    times: row.times,
                })
            })
            .collect()
    }
}
