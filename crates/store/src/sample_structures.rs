//! The structures that samples are found by.

use uuid::Uuid;

use super::{Store, StoreError};
use larmor_nmr::structure::StructureFormat;

/// A structure of a sample: the best candidate of the judgement that stands, one proposed and not
/// withdrawn, or one that a chemist confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleStructure {
    /// The sample.
    pub sample: Uuid,
    /// The structure, as it was given.
    pub text: String,
    /// What the text is.
    pub format: StructureFormat,
}

impl Store {
    /// The structures of some samples, each once. A sample without one is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn sample_structures(
        &self,
        samples: &[Uuid],
    ) -> Result<Vec<SampleStructure>, StoreError> {
        sqlx::query!(
            r#"SELECT DISTINCT sample_id AS "sample_id!", structure AS "structure!",
                      format AS "format!"
               FROM sample_structures WHERE sample_id = ANY($1) ORDER BY 1, 2"#,
            samples
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(|row| {
            let Ok(format) = row.format.parse() else {
                return Err(StoreError::Foreign { what: "a structure format", found: row.format });
            };
            Ok(SampleStructure { sample: row.sample_id, text: row.structure, format })
        })
        .collect()
    }
}
