//! Candidate libraries that judgements name.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::text::storable;
use super::{Store, StoreError};

/// A version of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredLibrary {
    /// Name.
    pub name: String,
    /// Digest of its content.
    pub version: String,
    /// Molecules in it.
    pub size: i64,
    /// When this version was first used.
    pub registered_at: DateTime<Utc>,
}

impl Store {
    /// Records that a version of a library is in use; doing so again only makes it the newest.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn register_library(
        &self,
        name: &str,
        version: &str,
        size: i64,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO libraries (id, name, version, size) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name, version) DO UPDATE SET last_used_at = now()",
            Uuid::now_v7(),
            storable(name),
            storable(version),
            size
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest version of each library.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn libraries(&self) -> Result<Vec<RegisteredLibrary>, StoreError> {
        Ok(sqlx::query_as!(
            RegisteredLibrary,
            "SELECT DISTINCT ON (name) name, version, size, registered_at FROM libraries
             ORDER BY name, last_used_at DESC"
        )
        .fetch_all(&self.pool)
        .await?)
    }
}
