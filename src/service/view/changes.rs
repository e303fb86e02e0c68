//! What a caller changes.

use tonic::Status;
use uuid::Uuid;

use super::View;
use crate::access::Secret;
use crate::service::status;
use chrono::{DateTime, Utc};
use larmor_store::{
    CredentialKind, NewCredential, NewProposal, NewReview, ProposalOutcome, Review, Role, Scope,
    Subject,
};

impl View {
    /// Proposes structures for a sample.
    pub(in crate::service) async fn propose(
        &self,
        sample: Uuid,
        new: &[NewProposal],
    ) -> Result<ProposalOutcome, Status> {
        let changing = self.changes(Subject::Sample(sample)).await?;
        let proposed = self.store.propose(sample, new).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(proposed)
    }

    /// Takes a proposal back.
    pub(in crate::service) async fn withdraw(
        &self,
        proposal: Uuid,
    ) -> Result<ProposalOutcome, Status> {
        let changing = self.changes(Subject::Proposal(proposal)).await?;
        let left = self.store.withdraw(proposal).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(left)
    }

    /// Keeps a review.
    pub(in crate::service) async fn review(&self, new: &NewReview) -> Result<Review, Status> {
        let changing = self.changes(Subject::Elucidation(new.elucidation)).await?;
        let kept = self.store.review(new).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(kept)
    }

    /// Gives a sample another name.
    pub(in crate::service) async fn rename_sample(
        &self,
        sample: Uuid,
        name: &str,
        by: &str,
    ) -> Result<(), Status> {
        let changing = self.changes(Subject::Sample(sample)).await?;
        self.store.rename_sample(sample, name, by).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(())
    }

    /// Makes a sample part of another.
    pub(in crate::service) async fn merge_samples(
        &self,
        from: Uuid,
        into: Uuid,
        by: &str,
    ) -> Result<(), Status> {
        let changing = self.changes(Subject::Sample(from)).await?;
        self.changes(Subject::Sample(into)).await?;
        self.store.merge_samples(from, into, by).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(())
    }

    /// Makes a new sample of some acquisitions of one.
    pub(in crate::service) async fn split_sample(
        &self,
        sample: Uuid,
        acquisitions: &[Uuid],
        name: &str,
        by: &str,
    ) -> Result<Uuid, Status> {
        let changing = self.changes(Subject::Sample(sample)).await?;
        let split = self.store.split_sample(sample, acquisitions, name, by).await;
        let new = split.map_err(status::of)?;
        self.changed(changing).await;
        Ok(new)
    }

    /// Deletes a sample.
    pub(in crate::service) async fn delete_sample(
        &self,
        sample: Uuid,
        by: &str,
    ) -> Result<(), Status> {
        let changing = self.changes(Subject::Sample(sample)).await?;
        self.store.delete_sample(sample, by).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(())
    }

    /// Has an acquisition processed again.
    pub(in crate::service) async fn reprocess(&self, acquisition: Uuid) -> Result<(), Status> {
        let changing = self.changes(Subject::Acquisition(acquisition)).await?;
        self.store.reprocess(acquisition).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(())
    }

    /// Stops or goes on with older data.
    pub(in crate::service) async fn pause_backfill(
        &self,
        paused: bool,
        by: &str,
    ) -> Result<(), Status> {
        self.store.pause_backfill(paused, by).await.map_err(status::of)?;
        let entry = self.caller.entry("backfill".to_owned(), String::new(), false);
        self.audit.changed(entry).await;
        Ok(())
    }

    /// Makes a link to a sample; its identity.
    pub(in crate::service) async fn share_sample(
        &self,
        sample: Uuid,
        secret: &Secret,
        expires_at: DateTime<Utc>,
    ) -> Result<Uuid, Status> {
        let changing = self.changes(Subject::Sample(sample)).await?;
        let (id, group) = (sample, changing.group.clone());
        let new = NewCredential {
            kind: CredentialKind::Link,
            holder: format!("link of {}", self.caller.holder),
            digest: secret.digest(),
            role: Role::Reader,
            scope: Scope::Sample { id, group },
            parent: None,
            created_by: self.caller.holder.clone(),
            expires_at: Some(expires_at),
        };
        let id = self.store.add_credential(&new).await.map_err(status::of)?;
        self.changed(changing).await;
        Ok(id)
    }
}
