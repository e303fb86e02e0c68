//! Whose something is.

use std::fmt;

use uuid::Uuid;

use crate::{Store, StoreError};

/// Something that belongs to a sample, or a sample itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A sample.
    Sample(Uuid),
    /// An acquisition.
    Acquisition(Uuid),
    /// A spectrum.
    Spectrum(Uuid),
    /// A judgement.
    Elucidation(Uuid),
    /// A structure proposed.
    Proposal(Uuid),
}

/// Whose something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The group.
    pub group: String,
    /// The sample; of one that was merged into another, that.
    pub sample: Uuid,
}

impl Subject {
    /// Its identity.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Self::Sample(id)
            | Self::Acquisition(id)
            | Self::Spectrum(id)
            | Self::Elucidation(id)
            | Self::Proposal(id) => id,
        }
    }

    /// What it is, in a word.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Sample(_) => "sample",
            Self::Acquisition(_) => "acquisition",
            Self::Spectrum(_) => "spectrum",
            Self::Elucidation(_) => "elucidation",
            Self::Proposal(_) => "proposal",
        }
    }

    /// What is said where there is none.
    #[must_use]
    pub fn missing(self) -> StoreError {
        StoreError::NotFound { what: self.kind(), id: self.id().to_string() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind(), self.id())
    }
}

impl Store {
    /// Whose something is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such thing.
    pub async fn owner(&self, subject: Subject) -> Result<Owner, StoreError> {
        let found = sqlx::query!(
            r#"SELECT coalesce(m.id, s.id) AS "sample!",
                      coalesce(m.group_name, s.group_name) AS "group!"
               FROM samples s LEFT JOIN samples m ON m.id = s.merged_into
               WHERE s.id = CASE $1
                   WHEN 'sample' THEN $2
                   WHEN 'acquisition' THEN (SELECT sample_id FROM acquisitions WHERE id = $2)
                   WHEN 'spectrum' THEN (SELECT sample_id FROM spectra WHERE id = $2)
                   WHEN 'elucidation' THEN (SELECT sample_id FROM elucidations WHERE id = $2)
                   WHEN 'proposal' THEN (SELECT sample_id FROM proposals WHERE id = $2) END"#,
            subject.kind(),
            subject.id()
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or_else(|| subject.missing())?;
        Ok(Owner { group: found.group, sample: found.sample })
    }
}
