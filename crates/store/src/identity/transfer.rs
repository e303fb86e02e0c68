//! Acquisitions and whole samples that become another sample's.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;
use crate::proposals::requeue;

/// Locks the rows of samples, as a commit does first.
pub(super) async fn lock_samples(
    connection: &mut PgConnection,
    samples: &[Uuid],
) -> Result<(), StoreError> {
    sqlx::query!("SELECT id FROM samples WHERE id = ANY($1) ORDER BY id FOR UPDATE", samples)
        .fetch_all(connection)
        .await?;
    Ok(())
}

/// Makes acquisitions another sample's, with their spectra. A worker that has one of them loses it, and
/// both samples are judged anew by what they have now; judgements that were made stay where they were.
pub(super) async fn transfer(
    connection: &mut PgConnection,
    acquisitions: &[Uuid],
    from: Uuid,
    into: Uuid,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE acquisitions SET sample_id = $2,
                group_name = (SELECT group_name FROM samples WHERE id = $2),
                state = CASE state WHEN 'processing' THEN 'ready' ELSE state END,
                attempts = CASE state WHEN 'processing' THEN attempts - 1 ELSE attempts END,
                lease_token = NULL
         WHERE id = ANY($1)",
        acquisitions,
        into
    )
    .execute(&mut *connection)
    .await?;
    let spectra = sqlx::query!(
        "UPDATE spectra SET sample_id = $2 WHERE acquisition_id = ANY($1)",
        acquisitions,
        into
    )
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if spectra == 0 {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE spectrum_embeddings SET sample_id = $2 WHERE acquisition_id = ANY($1)",
        acquisitions,
        into
    )
    .execute(&mut *connection)
    .await?;
    for sample in [from, into] {
        requeue(&mut *connection, sample, 1, "other spectra belong to its sample now").await?;
    }
    Ok(())
}

/// Makes everything of a sample another's, but for the judgements that were made of it. Proposals that
/// stood for both stand once.
pub(super) async fn absorb(
    connection: &mut PgConnection,
    from: Uuid,
    into: Uuid,
) -> Result<(), StoreError> {
    let acquisitions =
        sqlx::query_scalar!("SELECT id FROM acquisitions WHERE sample_id = $1", from)
            .fetch_all(&mut *connection)
            .await?;
    if !acquisitions.is_empty() {
        transfer(&mut *connection, &acquisitions, from, into).await?;
    }
    sqlx::query!(
        "DELETE FROM proposals p USING proposals o
         WHERE p.sample_id = $1 AND o.sample_id = $2 AND md5(o.structure) = md5(p.structure)",
        from,
        into
    )
    .execute(&mut *connection)
    .await?;
    let proposed =
        sqlx::query!("UPDATE proposals SET sample_id = $2 WHERE sample_id = $1", from, into)
            .execute(&mut *connection)
            .await?
            .rows_affected();
    sqlx::query!("UPDATE reviews SET sample_id = $2 WHERE sample_id = $1", from, into)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("UPDATE sample_names SET sample_id = $2 WHERE sample_id = $1", from, into)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "UPDATE samples SET merged_into = $2 WHERE id = $1 OR merged_into = $1",
        from,
        into
    )
    .execute(&mut *connection)
    .await?;
    if proposed > 0 {
        requeue(connection, into, proposed, "a structure was proposed").await?;
    }
    Ok(())
}
