//! Structures that someone expects a sample to be.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::storable;
use super::{Store, StoreError};
use larmor_nmr::structure::ProposedStructure;

/// A structure to be proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// The structure.
    pub structure: ProposedStructure,
    /// Its full InChIKey; empty where InChI has none.
    pub inchikey: String,
    /// Its molecular formula, in Hill order.
    pub formula: String,
    /// Who proposes it: a file's path, or a client.
    pub proposed_by: String,
}

/// A structure proposed for a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Identity.
    pub id: Uuid,
    /// The sample.
    pub sample: Uuid,
    /// The structure.
    pub structure: ProposedStructure,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What came of proposing structures.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposalOutcome {
    /// All the sample's proposals now.
    pub proposals: Vec<Proposal>,
    /// The acquisition that was put back to `ready` for a new judgement, if there was one.
    pub requeued: Option<Uuid>,
}

impl Store {
    /// Proposes structures for a sample. Where any is new, the sample's latest done acquisition
    /// is put up for a new judgement; where one is being processed, another follows after that.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample.
    pub async fn propose(
        &self,
        sample: Uuid,
        new: &[NewProposal],
    ) -> Result<ProposalOutcome, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let existing = sqlx::query!("SELECT id FROM samples WHERE id = $1 FOR UPDATE", sample)
            .fetch_optional(&mut *transaction)
            .await?;
        if existing.is_none() {
            return Err(StoreError::NotFound { what: "sample", id: sample.to_string() });
        }
        let mut added = 0;
        for NewProposal { structure, inchikey, formula, proposed_by } in new {
            added += sqlx::query!(
                "INSERT INTO proposals (id, sample_id, structure, format, name, proposed_by,
                                        inchikey, formula)
                 VALUES ($1, $2, $3, $4, $5, $6, nullif($7, ''), $8)
                 ON CONFLICT (sample_id, md5(structure)) DO UPDATE
                 SET withdrawn_at = NULL, proposed_by = excluded.proposed_by,
                     inchikey = excluded.inchikey, formula = excluded.formula
                 WHERE proposals.withdrawn_at IS NOT NULL",
                Uuid::now_v7(),
                sample,
                storable(&structure.text),
                structure.format.name(),
                structure.name.as_deref().map(storable),
                storable(proposed_by),
                storable(inchikey),
                storable(formula)
            )
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        }
        let requeued = if added > 0 {
            requeue(&mut transaction, sample, added, "a structure was proposed").await?
        } else {
            None
        };
        let proposals = of_sample(&mut transaction, sample).await?;
        transaction.commit().await?;
        Ok(ProposalOutcome { proposals, requeued })
    }

    /// Takes a proposal back; the sample is put up for a new judgement as when one is proposed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such proposal, or it was taken back before.
    pub async fn withdraw(&self, proposal: Uuid) -> Result<ProposalOutcome, StoreError> {
        let missing = || StoreError::NotFound { what: "proposal", id: proposal.to_string() };
        let mut transaction = self.pool.begin().await?;
        let sample = sqlx::query_scalar!(
            "SELECT id FROM samples WHERE id = (SELECT sample_id FROM proposals WHERE id = $1)
             FOR UPDATE",
            proposal
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(missing)?;
        let withdrawn = sqlx::query!(
            "UPDATE proposals SET withdrawn_at = now() WHERE id = $1 AND withdrawn_at IS NULL",
            proposal
        )
        .execute(&mut *transaction)
        .await?;
        if withdrawn.rows_affected() == 0 {
            return Err(missing());
        }
        let requeued = requeue(&mut transaction, sample, 1, "a structure was withdrawn").await?;
        let proposals = of_sample(&mut transaction, sample).await?;
        transaction.commit().await?;
        Ok(ProposalOutcome { proposals, requeued })
    }

    /// What stands proposed for a sample, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn proposals(&self, sample: Uuid) -> Result<Vec<Proposal>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        of_sample(&mut connection, sample).await
    }

    /// The sample of a name in a group, or where `group` is empty in whatever group there is one; only
    /// in the groups of `visible`, where some are named.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample, [`StoreError::Ambiguous`] when
    /// several groups have one.
    pub async fn sample_called(
        &self,
        group: &str,
        name: &str,
        visible: Option<&[String]>,
    ) -> Result<Uuid, StoreError> {
        let mut found = sqlx::query!(
            r#"SELECT sample_id AS id, group_name FROM sample_names
               WHERE name = $1 AND ($2 = '' OR group_name = $2)
                 AND ($3::text[] IS NULL OR group_name = ANY($3))
               ORDER BY group_name"#,
            storable(name),
            storable(group),
            visible
        )
        .fetch_all(&self.pool)
        .await?;
        let groups = found.iter().map(|sample| sample.group_name.clone()).collect();
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only.id),
            (Some(_), false) => Err(StoreError::Ambiguous { sample: name.to_owned(), groups }),
            (None, _) => {
                let id = if group.is_empty() { name.to_owned() } else { format!("{group}/{name}") };
                Err(StoreError::NotFound { what: "sample", id })
            }
        }
    }

    /// The sample of a name in a group.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample.
    pub async fn sample_named(&self, group: &str, name: &str) -> Result<Uuid, StoreError> {
        sqlx::query_scalar!(
            "SELECT sample_id FROM sample_names WHERE group_name = $1 AND name = $2",
            storable(group),
            storable(name)
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "sample", id: format!("{group}/{name}") })
    }
}

/// Counts the changes to what a sample is judged by, so that a worker at it now sees that there were
/// some, and puts the latest done acquisition back.
pub(super) async fn requeue(
    connection: &mut PgConnection,
    sample: Uuid,
    changes: u64,
    reason: &str,
) -> Result<Option<Uuid>, StoreError> {
    sqlx::query!(
        "UPDATE samples SET proposal_count = proposal_count + $2 WHERE id = $1",
        sample,
        i32::try_from(changes).unwrap_or(1)
    )
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar!(
        "UPDATE acquisitions SET state = 'ready', reason = $2,
                work = 'requested', attempts = 0, abrupt_ends = 0, elucidate_only = true,
                due_at = NULL, updated_at = now()
         WHERE id = (SELECT id FROM acquisitions WHERE sample_id = $1 AND state = 'done'
                     ORDER BY finished_at DESC LIMIT 1)
           AND NOT EXISTS (SELECT FROM acquisitions
                           WHERE sample_id = $1 AND state IN ('ready', 'processing'))
         RETURNING id",
        sample,
        reason
    )
    .fetch_optional(connection)
    .await?)
}

async fn of_sample(
    connection: &mut PgConnection,
    sample: Uuid,
) -> Result<Vec<Proposal>, StoreError> {
    sqlx::query!(
        "SELECT id, structure, format, name, proposed_by, created_at FROM proposals
         WHERE sample_id = $1 AND withdrawn_at IS NULL ORDER BY id",
        sample
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let Ok(format) = row.format.parse() else {
            return Err(StoreError::Foreign { what: "a structure format", found: row.format });
        };
        Ok(Proposal {
            id: row.id,
            sample,
            structure: ProposedStructure { text: row.structure, format, name: row.name },
            proposed_by: row.proposed_by,
            created_at: row.created_at,
        })
    })
    .collect()
}
