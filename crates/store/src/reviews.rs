//! What chemists decided of judgements.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::{read_name, read_nucleus, storable};
use super::{Store, StoreError};
use larmor_nmr::review::{Decision, ReviewedAssignment};

/// A review to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReview {
    /// The judgement that was looked at.
    pub elucidation: Uuid,
    /// Who decided.
    pub reviewed_by: String,
    /// What was decided.
    pub decision: Decision,
    /// The structure that it is on.
    pub structure: Option<ReviewedStructure>,
    /// Words.
    pub note: String,
    /// Assignments, of which the atoms are those of the structure.
    pub assignments: Vec<ReviewedAssignment>,
}

/// The structure that a review is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedStructure {
    /// SMILES, as it was given.
    pub smiles: String,
    /// Its full InChIKey.
    pub inchikey: String,
    /// Its molecular formula, in Hill order; empty where an earlier version kept none.
    pub formula: String,
}

/// A review as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Identity.
    pub id: Uuid,
    /// The sample.
    pub sample: Uuid,
    /// What was kept.
    pub review: NewReview,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Keeps a review for good.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such judgement.
    pub async fn review(&self, new: &NewReview) -> Result<Review, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let id = Uuid::now_v7();
        let of = |text: fn(&ReviewedStructure) -> &str| {
            new.structure.as_ref().map(|structure| storable(text(structure)))
        };
        let kept = sqlx::query!(
            "INSERT INTO reviews (id, sample_id, elucidation_id, reviewed_by, decision, smiles,
                                  inchikey, formula, note)
             SELECT $1, e.sample_id, e.id, $3, $4, $5, $6, $7, $8 FROM elucidations e WHERE e.id = $2
             RETURNING sample_id, created_at",
            id,
            new.elucidation,
            storable(&new.reviewed_by),
            new.decision.name(),
            of(|structure| &structure.smiles),
            of(|structure| &structure.inchikey),
            of(|structure| &structure.formula),
            storable(&new.note)
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| StoreError::NotFound {
            what: "elucidation",
            id: new.elucidation.to_string(),
        })?;
        for one in &new.assignments {
            sqlx::query!(
                "INSERT INTO review_assignments (review_id, nucleus, atom, ppm)
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                id,
                one.nucleus.to_string(),
                one.atom.map(|atom| i32::try_from(atom).unwrap_or(i32::MAX)),
                one.ppm
            )
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(Review { id, sample: kept.sample_id, review: new.clone(), created_at: kept.created_at })
    }

    /// Every review of a sample, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn reviews(&self, sample: Uuid) -> Result<Vec<Review>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let rows = sqlx::query!(
            "SELECT id, sample_id, elucidation_id, reviewed_by, decision, smiles, inchikey,
                    formula, note, created_at
             FROM reviews WHERE sample_id = $1 ORDER BY id",
            sample
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut assignments = assignments(&mut connection, sample).await?;
        let mut reviews = Vec::with_capacity(rows.len());
        for row in rows {
            let review = NewReview {
                elucidation: row.elucidation_id,
                reviewed_by: row.reviewed_by,
                decision: read_name("a decision", row.decision)?,
                structure: row.smiles.zip(row.inchikey).map(|(smiles, inchikey)| {
                    let formula = row.formula.unwrap_or_default();
                    ReviewedStructure { smiles, inchikey, formula }
                }),
                note: row.note,
                assignments: assignments.remove(&row.id).unwrap_or_default(),
            };
            reviews.push(Review {
                id: row.id,
                sample: row.sample_id,
                review,
                created_at: row.created_at,
            });
        }
        Ok(reviews)
    }
}

/// Those of every review of a sample, by review.
async fn assignments(
    connection: &mut PgConnection,
    sample: Uuid,
) -> Result<HashMap<Uuid, Vec<ReviewedAssignment>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT a.review_id, a.nucleus, a.atom, a.ppm
         FROM review_assignments a JOIN reviews r ON r.id = a.review_id
         WHERE r.sample_id = $1 ORDER BY a.nucleus, a.atom NULLS LAST, a.ppm",
        sample
    )
    .fetch_all(connection)
    .await?;
    let mut by_review: HashMap<Uuid, Vec<ReviewedAssignment>> = HashMap::new();
    for row in rows {
        by_review.entry(row.review_id).or_default().push(ReviewedAssignment {
            nucleus: read_nucleus(&row.nucleus),
            atom: row.atom.map(|atom| u32::try_from(atom).unwrap_or(0)),
            ppm: row.ppm,
        });
    }
    Ok(by_review)
}
