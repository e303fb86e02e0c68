//! What callers show to be let in.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Role, Scope};
use crate::text::storable;
use crate::{Store, StoreError, Wakeups};

/// Where it is told that credentials have changed.
const CHANNEL: &str = "larmor_access";

/// What a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// Of a program or a person.
    Token,
    /// Of a browser that signed in with a token.
    Session,
    /// Shows one sample.
    Link,
}

/// A credential to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// What it is.
    pub kind: CredentialKind,
    /// Who has it.
    pub holder: String,
    /// SHA-256 of its secret.
    pub digest: [u8; 32],
    /// What may be done with it.
    pub role: Role,
    /// Whose data it opens.
    pub scope: Scope,
    /// The token that a session is begun with.
    pub parent: Option<Uuid>,
    /// Who makes it.
    pub created_by: String,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A credential that nobody revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingCredential {
    /// Identity.
    pub id: Uuid,
    /// SHA-256 of its secret.
    pub digest: [u8; 32],
    /// Who has it.
    pub holder: String,
    /// What may be done with it.
    pub role: Role,
    /// Whose data it opens.
    pub scope: Scope,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A credential as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Identity.
    pub id: Uuid,
    /// What it is.
    pub kind: CredentialKind,
    /// Who has it.
    pub holder: String,
    /// What may be done with it.
    pub role: Role,
    /// Whose data it opens.
    pub scope: Scope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: String,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was used last, to within an hour.
    pub used_at: Option<DateTime<Utc>>,
}

impl CredentialKind {
    /// The word that stands in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Session => "session",
            Self::Link => "link",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        let all = [Self::Token, Self::Session, Self::Link];
        let found = all.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| foreign("a kind of credential", word))
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Store {
    /// Makes a credential.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn add_credential(&self, new: &NewCredential) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let (groups, sample) = match &new.scope {
            Scope::Everything => (None, None),
            Scope::Groups(groups) => (Some(groups.as_slice()), None),
            Scope::Sample { id, group } => (Some(std::slice::from_ref(group)), Some(*id)),
        };
        sqlx::query!(
            "INSERT INTO access.credentials (id, kind, holder, digest, role, groups, sample_id,
                                             parent_id, created_by, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            id,
            new.kind.word(),
            storable(&new.holder),
            &new.digest[..],
            new.role.word(),
            groups,
            sample,
            new.parent,
            storable(&new.created_by),
            new.expires_at
        )
        .execute(&self.pool)
        .await?;
        self.tell_of_access().await?;
        Ok(id)
    }

    /// Revokes a credential, and the sessions begun with it; false where there is none that stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn revoke_credential(&self, id: Uuid, by: &str) -> Result<bool, StoreError> {
        let revoked = sqlx::query!(
            "UPDATE access.credentials SET revoked_at = now(), revoked_by = $2
             WHERE (id = $1 OR parent_id = $1) AND revoked_at IS NULL",
            id,
            storable(by)
        )
        .execute(&self.pool)
        .await?;
        self.tell_of_access().await?;
        Ok(revoked.rows_affected() > 0)
    }

    /// Ends a session; nothing else is ended so.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn end_session(&self, id: Uuid) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM access.credentials WHERE id = $1 AND kind = 'session'", id)
            .execute(&self.pool)
            .await?;
        self.tell_of_access().await
    }

    /// Every credential that nobody revoked, those whose time is over among them.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn standing_credentials(&self) -> Result<Vec<StandingCredential>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT c.id, c.digest, c.holder, coalesce(p.sample_id, c.sample_id) AS sample_id,
                      coalesce(p.role, c.role) AS "role!",
                      CASE WHEN p.id IS NULL THEN c.groups ELSE p.groups END AS groups,
                      least(c.expires_at, p.expires_at) AS expires_at
               FROM access.credentials c LEFT JOIN access.credentials p ON p.id = c.parent_id
               WHERE c.revoked_at IS NULL AND p.revoked_at IS NULL"#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let digest = row.digest.try_into();
                Ok(StandingCredential {
                    id: row.id,
                    digest: digest.map_err(|_| foreign("a digest", "of another length"))?,
                    holder: row.holder,
                    role: role(&row.role)?,
                    scope: scope(row.groups, row.sample_id),
                    expires_at: row.expires_at,
                })
            })
            .collect()
    }

    /// Tokens and links, those that were revoked among them, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn credentials(&self) -> Result<Vec<Credential>, StoreError> {
        let rows = sqlx::query!(
            "SELECT id, kind, holder, role, groups, sample_id, created_at, created_by, expires_at,
                    revoked_at, used_at
             FROM access.credentials WHERE kind <> 'session' ORDER BY id DESC"
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Credential {
                    id: row.id,
                    kind: CredentialKind::read(&row.kind)?,
                    holder: row.holder,
                    role: role(&row.role)?,
                    scope: scope(row.groups, row.sample_id),
                    created_at: row.created_at,
                    created_by: row.created_by,
                    expires_at: row.expires_at,
                    revoked_at: row.revoked_at,
                    used_at: row.used_at,
                })
            })
            .collect()
    }

    /// Keeps that credentials were used just now.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn credentials_used(&self, ids: &[Uuid]) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE access.credentials SET used_at = now() WHERE id = ANY($1)
             AND (used_at IS NULL OR used_at < now() - interval '1 hour')",
            ids
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Removes sessions whose time has been over for a day.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn forget_sessions(&self) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM access.credentials
             WHERE kind = 'session' AND least(expires_at, revoked_at) < now() - interval '1 day'"
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Wakes when credentials have changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away.
    pub async fn access_wakeups(&self) -> Result<Wakeups, StoreError> {
        self.listen(CHANNEL).await
    }

    async fn tell_of_access(&self) -> Result<(), StoreError> {
        sqlx::query!("SELECT pg_notify($1, '')", CHANNEL).execute(&self.pool).await?;
        Ok(())
    }
}

fn scope(groups: Option<Vec<String>>, sample: Option<Uuid>) -> Scope {
    match (sample, groups) {
        (Some(id), groups) => {
            let group = groups.into_iter().flatten().next().unwrap_or_default();
            Scope::Sample { id, group }
        }
        (None, Some(groups)) => Scope::Groups(groups),
        (None, None) => Scope::Everything,
    }
}

fn role(word: &str) -> Result<Role, StoreError> {
    word.parse().map_err(|_| foreign("a role", word))
}

fn foreign(what: &'static str, found: &str) -> StoreError {
    StoreError::Foreign { what, found: found.to_owned() }
}
