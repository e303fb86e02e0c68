//! Streams while rights change.

use larmor_client::proto::WatchResultsRequest;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::{ClientError, EndReason, ResultStream, Server, ServerOptions, Update};
use larmor_fixtures::TestDatabase;
use larmor_store::{CredentialKind, Role, Scope};

use super::credentials::{Shown, credential, group, judged, token};
use crate::support::server::{PATIENCE, TestServer, Watch};

fn server(test: &TestServer, token: &str) -> Server {
    let options = ServerOptions { token: Some(token.to_owned()), ..ServerOptions::default() };
    Server::new(&test.address, &options).unwrap()
}

async fn watch(test: &TestServer, shown: &Shown) -> Watch {
    let mut client = ResultServiceClient::new(server(test, &shown.secret).connect_lazy());
    let opened = client.watch_results(WatchResultsRequest::default()).await.unwrap();
    Watch { stream: opened.into_inner() }
}

async fn caught_up(watch: &mut Watch) {
    while !matches!(watch.message().await.unwrap(), Message::Bookmark(_)) {}
}

#[tokio::test]
async fn a_stream_has_the_events_of_its_groups_alone() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let rossi = token(store, "anna", Role::Reader, group("rossi")).await;
    let all = token(store, "eva", Role::Reader, Scope::Everything).await;
    let test = TestServer::asking(store, None).await;
    judged(store, "weber", "before").await;
    let (mut own, mut every) = (watch(&test, &rossi).await, watch(&test, &all).await);
    caught_up(&mut own).await;
    judged(store, "weber", "theirs").await;
    judged(store, "rossi", "ours").await;
    loop {
        let event = own.event().await;
        assert_eq!(event.group, "rossi");
        if event.sample == "ours" {
            break;
        }
    }
    let mut samples = Vec::new();
    while samples.last().is_none_or(|last| last != "ours") {
        samples.push(every.event().await.sample);
    }
    for sample in ["before", "theirs", "ours"] {
        assert!(samples.iter().any(|seen| seen == sample), "{samples:?}");
    }
    test.stop().await;
}

#[tokio::test]
async fn a_stream_ends_when_its_credential_is_revoked_or_its_time_is_over() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let revoked = token(store, "anna", Role::Reader, Scope::Everything).await;
    let ends = chrono::Utc::now() + chrono::TimeDelta::milliseconds(1500);
    let secret = larmor::access::Secret::new().unwrap();
    let short = larmor_store::NewCredential {
        kind: CredentialKind::Token,
        holder: "bert".to_owned(),
        digest: secret.digest(),
        role: Role::Reader,
        scope: Scope::Everything,
        parent: None,
        created_by: "test".to_owned(),
        expires_at: Some(ends),
    };
    let id = store.add_credential(&short).await.unwrap();
    let test = TestServer::asking(store, None).await;
    let short = Shown { id, secret: secret.reveal().to_owned() };
    let (mut first, mut second) = (watch(&test, &revoked).await, watch(&test, &short).await);
    caught_up(&mut first).await;
    assert!(store.revoke_credential(revoked.id, "test").await.unwrap());
    for stream in [&mut first, &mut second] {
        let status = tokio::time::timeout(PATIENCE, stream.end()).await.unwrap();
        assert_eq!(EndReason::of(&status), Some(EndReason::AccessEnded), "{status}");
    }
    test.stop().await;
}

#[tokio::test]
async fn a_client_that_is_shut_out_is_told_and_does_not_try_for_ever() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let shown = token(store, "anna", Role::Reader, Scope::Everything).await;
    let test = TestServer::asking(store, None).await;
    let request = WatchResultsRequest::default();
    let mut results = ResultStream::new(server(&test, &shown.secret), request);
    assert!(matches!(results.next().await.unwrap(), Update::Bookmark(_)));
    store.revoke_credential(shown.id, "test").await.unwrap();
    let ended = loop {
        match tokio::time::timeout(PATIENCE, results.next()).await.unwrap() {
            Ok(Update::Bookmark(_)) => {}
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(ended, ClientError::Refused(_)), "{ended:?}");
    test.stop().await;
}

#[tokio::test]
async fn shares_are_counted_by_credential() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (one, other) = (
        token(store, "anna", Role::Reader, Scope::Everything).await,
        credential(store, "bert", Role::Reader, group("g"), CredentialKind::Token, 1).await,
    );
    let test = TestServer::asking(store, None).await;
    let mut open = Vec::new();
    let mut client = ResultServiceClient::new(server(&test, &one.secret).connect_lazy());
    let most = larmor::service::Limits::default().streams_per_client;
    let refused = loop {
        match client.watch_results(WatchResultsRequest::default()).await {
            Ok(stream) => open.push(stream),
            Err(status) => break status,
        }
        assert!(open.len() <= most);
    };
    assert_eq!(EndReason::of(&refused), Some(EndReason::TooManyStreamsOfClient), "{refused}");
    // From the same address, somebody else.
    caught_up(&mut watch(&test, &other).await).await;
    test.stop().await;
}
