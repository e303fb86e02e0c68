//! Credentials, whose something is, and the record of what was done.

use chrono::{TimeDelta, Utc};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased};
use larmor_store::{
    AuditEntry, AuditOutcome, CredentialKind, NewCredential, Role, Scope, StandingCredential,
    Store, StoreError, Subject,
};
use uuid::Uuid;

fn new(kind: CredentialKind, mark: u8, role: Role, scope: Scope) -> NewCredential {
    NewCredential {
        kind,
        holder: format!("holder {mark}"),
        digest: [mark; 32],
        role,
        scope,
        parent: None,
        created_by: "test".to_owned(),
        expires_at: None,
    }
}

async fn standing(store: &Store, id: Uuid) -> Option<StandingCredential> {
    store.standing_credentials().await.unwrap().into_iter().find(|one| one.id == id)
}

fn groups(names: &[&str]) -> Scope {
    Scope::Groups(names.iter().map(|name| (*name).to_owned()).collect())
}

#[tokio::test]
async fn a_credential_stands_until_it_is_revoked() {
    let store = TestDatabase::new().await.store;
    let mut ids = Vec::new();
    for (mark, scope) in [(1, Scope::Everything), (2, groups(&["a", "b"])), (3, groups(&[]))] {
        let token = new(CredentialKind::Token, mark, Role::Chemist, scope.clone());
        let id = store.add_credential(&token).await.unwrap();
        let found = standing(&store, id).await.unwrap();
        assert_eq!((found.digest, found.role, found.scope), ([mark; 32], Role::Chemist, scope));
        ids.push(id);
    }
    let same = new(CredentialKind::Token, 1, Role::Reader, Scope::Everything);
    assert!(store.add_credential(&same).await.is_err(), "two credentials with one secret");
    assert!(store.revoke_credential(ids[0], "test").await.unwrap());
    assert!(!store.revoke_credential(ids[0], "test").await.unwrap(), "revoked twice");
    assert!(!store.revoke_credential(Uuid::now_v7(), "test").await.unwrap());
    assert_eq!(standing(&store, ids[0]).await, None);
    let listed = store.credentials().await.unwrap();
    let revoked: Vec<bool> = listed.iter().map(|one| one.revoked_at.is_some()).collect();
    assert_eq!(revoked, [false, false, true], "the newest first");
    store.credentials_used(&ids).await.unwrap();
    assert!(store.credentials().await.unwrap()[0].used_at.is_some());
}

#[tokio::test]
async fn a_session_is_what_its_token_is_and_ends_with_it() {
    let store = TestDatabase::new().await.store;
    let end = Utc::now() + TimeDelta::hours(1);
    let token = NewCredential {
        expires_at: Some(end),
        ..new(CredentialKind::Token, 1, Role::Chemist, groups(&["a"]))
    };
    let token = store.add_credential(&token).await.unwrap();
    let later = Some(end + TimeDelta::hours(11));
    let session = NewCredential {
        parent: Some(token),
        expires_at: later,
        ..new(CredentialKind::Session, 2, Role::Admin, Scope::Everything)
    };
    let session = store.add_credential(&session).await.unwrap();
    let found = standing(&store, session).await.unwrap();
    assert_eq!((found.role, found.scope), (Role::Chemist, groups(&["a"])));
    assert!(
        (found.expires_at.unwrap() - end).abs() < TimeDelta::seconds(1),
        "it outlives its token"
    );
    assert!(store.credentials().await.unwrap().iter().all(|one| one.id != session));
    store.end_session(token).await.unwrap();
    assert!(standing(&store, token).await.is_some(), "a token is no session");
    assert!(store.revoke_credential(token, "test").await.unwrap());
    assert_eq!(standing(&store, session).await, None);
}

#[tokio::test]
async fn a_session_begun_with_a_link_opens_its_sample_alone() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let sample = leased(store, "g/a/1").await.sample;
    let scope = Scope::Sample { id: sample, group: "g".to_owned() };
    let link = new(CredentialKind::Link, 1, Role::Reader, scope.clone());
    let link = store.add_credential(&link).await.unwrap();
    assert_eq!(standing(store, link).await.unwrap().scope, scope);
    let session = NewCredential {
        parent: Some(link),
        ..new(CredentialKind::Session, 2, Role::Admin, Scope::Everything)
    };
    let session = store.add_credential(&session).await.unwrap();
    let found = standing(store, session).await.unwrap();
    assert_eq!((found.role, found.scope), (Role::Reader, scope));
}

#[tokio::test]
async fn whose_something_is_follows_its_sample() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (one, other) = (leased(store, "g/a/1").await, leased(store, "g/b/1").await);
    store.commit(&one, &finished()).await.unwrap();
    let spectrum = store.sample_spectra(one.sample).await.unwrap()[0].id;
    let judgement = store.sample(one.sample).await.unwrap().judgement.unwrap();
    let subjects = [
        Subject::Sample(one.sample),
        Subject::Acquisition(one.acquisition),
        Subject::Spectrum(spectrum),
        Subject::Elucidation(judgement.elucidation),
    ];
    for subject in subjects {
        let owner = store.owner(subject).await.unwrap();
        assert_eq!((owner.group.as_str(), owner.sample), ("g", one.sample), "{subject}");
    }
    store.merge_samples(one.sample, other.sample, "test").await.unwrap();
    for subject in subjects {
        assert_eq!(store.owner(subject).await.unwrap().sample, other.sample, "{subject}");
    }
    for missing in [Subject::Sample(Uuid::now_v7()), Subject::Proposal(one.sample)] {
        let error = store.owner(missing).await.unwrap_err();
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}

#[tokio::test]
async fn reads_of_a_day_are_counted_and_changes_have_a_row_each() {
    let store = TestDatabase::new().await.store;
    let entry = |outcome, subject: &str| AuditEntry {
        holder: "anna".to_owned(),
        credential: Some(Uuid::nil()),
        call: "GetSample".to_owned(),
        subject: subject.to_owned(),
        group: "g".to_owned(),
        outcome,
    };
    for _ in 0..2 {
        store.audit(&entry(AuditOutcome::Read, "sample/1"), 3).await.unwrap();
        store.audit(&entry(AuditOutcome::Changed, "sample/1"), 1).await.unwrap();
        store.audit(&entry(AuditOutcome::Refused, "sample/2"), 1).await.unwrap();
    }
    let kept = store.audit_records(Some("anna"), 10).await.unwrap();
    let mut counts: Vec<_> = kept.iter().map(|one| (one.entry.outcome.word(), one.times)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [("changed", 1), ("changed", 1), ("read", 6), ("refused", 2)]);
    assert!(store.audit_records(Some("bert"), 10).await.unwrap().is_empty());
    assert_eq!(store.audit_records(None, 2).await.unwrap().len(), 2);
}
