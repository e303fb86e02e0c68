//! Credentials and samples to be held against each other.

use chrono::{TimeDelta, Utc};
use larmor::access::Secret;
use larmor_fixtures::acquisition::{any_work, finished, observation};
use larmor_nmr::structure::{ProposedStructure, StructureFormat};
use larmor_store::{CredentialKind, NewCredential, NewProposal, Role, Scope, Store};
use uuid::Uuid;

use super::calls::Judged;

pub struct Shown {
    pub id: Uuid,
    pub secret: String,
}

/// Makes a token.
pub async fn token(store: &Store, holder: &str, role: Role, scope: Scope) -> Shown {
    credential(store, holder, role, scope, CredentialKind::Token, 1).await
}

/// Makes a credential that ends in so many days.
pub async fn credential(
    store: &Store,
    holder: &str,
    role: Role,
    scope: Scope,
    kind: CredentialKind,
    days: i64,
) -> Shown {
    let secret = Secret::new().unwrap();
    let new = NewCredential {
        kind,
        holder: holder.to_owned(),
        digest: secret.digest(),
        role,
        scope,
        parent: None,
        created_by: "test".to_owned(),
        expires_at: Some(Utc::now() + TimeDelta::days(days)),
    };
    let id = store.add_credential(&new).await.unwrap();
    Shown { id, secret: secret.reveal().to_owned() }
}

pub fn group(name: &str) -> Scope {
    Scope::Groups(vec![name.to_owned()])
}

/// A sample of a group with everything that a sample can have.
pub async fn judged(store: &Store, group: &str, name: &str) -> Judged {
    let seen = store.observe(&observation(&format!("{group}/{name}/1"))).await.unwrap();
    // What calls have put up for a worker in the meantime comes first.
    let lease = loop {
        let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
        if lease.acquisition == seen.acquisition {
            break lease;
        }
    };
    store.commit(&lease, &finished()).await.unwrap();
    let summary = store.sample(lease.sample).await.unwrap();
    let text = "CCC".to_owned();
    let proposal = NewProposal {
        structure: ProposedStructure { text, format: StructureFormat::Smiles, name: None },
        inchikey: String::new(),
        formula: "C3H8".to_owned(),
        proposed_by: "test".to_owned(),
    };
    let proposed = store.propose(lease.sample, &[proposal]).await.unwrap();
    let spectra = store.sample_spectra(lease.sample).await.unwrap();
    Judged {
        group: summary.group,
        name: summary.name,
        sample: lease.sample,
        acquisition: lease.acquisition,
        spectrum: spectra[0].id,
        elucidation: summary.judgement.unwrap().elucidation,
        proposal: proposed.proposals[0].id,
    }
}
