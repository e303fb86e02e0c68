//! Structures that someone expects a sample to be.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError};

/// How a proposed structure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProposalFormat {
    /// SMILES.
    Smiles,
    /// Mol block.
    Molblock,
}

/// A structure to be proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// The structure.
    pub text: String,
    /// How it is written.
    pub format: ProposalFormat,
    /// Its name, where it has one.
    pub name: Option<String>,
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
    pub text: String,
    /// How it is written.
    pub format: ProposalFormat,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What proposing did.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// All the sample's proposals now.
    pub proposals: Vec<Proposal>,
    /// The acquisition that was put back to `ready` for a new judgement, if there was one.
    pub requeued: Option<Uuid>,
}

impl Store {
    /// Proposes structures for a sample. Where any is new, the sample's latest done acquisition
    /// is processed again; one that is being processed is processed once more after that.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample.
    pub async fn propose(
        &self,
        sample: Uuid,
        structures: &[NewProposal],
    ) -> Result<Proposed, StoreError> {
        let _ = (sample, structures);
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }

    /// What has been proposed for a sample, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn proposals(&self, sample: Uuid) -> Result<Vec<Proposal>, StoreError> {
        let _ = sample;
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }
}
