//! Credentials made in the database of a daemon.

use chrono::{TimeDelta, Utc};
use larmor::access::Secret;
use larmor_store::{CredentialKind, NewCredential, Role, Scope, Store};
use uuid::Uuid;

/// A chemist's token for a group.
pub async fn token(store: &Store, holder: &str, group: &str) -> String {
    let scope = Scope::Groups(vec![group.to_owned()]);
    add(store, holder, CredentialKind::Token, Role::Chemist, scope).await
}

/// A link to a sample.
pub async fn link(store: &Store, group: &str, id: Uuid) -> String {
    let scope = Scope::Sample { id, group: group.to_owned() };
    add(store, "link", CredentialKind::Link, Role::Reader, scope).await
}

async fn add(
    store: &Store,
    holder: &str,
    kind: CredentialKind,
    role: Role,
    scope: Scope,
) -> String {
    let secret = Secret::new().unwrap();
    let new = NewCredential {
        kind,
        holder: holder.to_owned(),
        digest: secret.digest(),
        role,
        scope,
        parent: None,
        created_by: "test".to_owned(),
        expires_at: Some(Utc::now() + TimeDelta::days(1)),
    };
    store.add_credential(&new).await.unwrap();
    secret.reveal().to_owned()
}
