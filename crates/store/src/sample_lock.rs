//! The lock that orders what is written of a sample.

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

/// Locks the row of a spectrum's sample, as a commit does first: a later spectrum of it is then here or
/// waits.
pub(super) async fn lock_sample(
    connection: &mut PgConnection,
    spectrum: Uuid,
) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT id FROM samples WHERE id = (SELECT sample_id FROM spectra WHERE id = $1)
             FOR UPDATE",
        spectrum
    )
    .fetch_optional(connection)
    .await?;
    Ok(())
}
