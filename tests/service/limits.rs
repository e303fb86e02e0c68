//! How much one client may take, and what it is told.

use std::net::IpAddr;

use larmor::service::Limits;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::{
    EventKind, GetInfoRequest, ProposeCandidatesRequest, WatchResultsRequest,
};
use larmor_client::{ClientError, EndReason};
use sqlx::Executor;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::server::{TestServer, after, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::observation;

/// Calls from another address of this machine.
async fn from(server: &TestServer, address: &str) -> ResultServiceClient<Channel> {
    let endpoint = Channel::from_shared(server.address.clone()).unwrap();
    let endpoint = endpoint.local_address(Some(address.parse::<IpAddr>().unwrap()));
    ResultServiceClient::new(endpoint.connect().await.unwrap())
}

#[tokio::test]
async fn a_client_over_its_share_locks_nobody_else_out() {
    let database = TestDatabase::new().await;
    let limits = Limits { streams: 3, streams_per_client: 2, ..quick() };
    let server = TestServer::start(&database.store, limits).await;
    let mut greedy = from(&server, "127.0.0.2").await;
    let _first = greedy.watch_results(after(0)).await.unwrap();
    // Another connection of the same client.
    let _second = from(&server, "127.0.0.2").await.watch_results(after(0)).await.unwrap();
    let refused = greedy.watch_results(after(0)).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(EndReason::of(&refused), Some(EndReason::TooManyStreamsOfClient));
    assert_eq!(refused.get_details_error_info().unwrap().metadata["limit"], "2");
    assert!(refused.message().contains("end some"), "{refused}");

    let mut other = from(&server, "127.0.0.3").await;
    let _third = other.watch_results(after(0)).await.unwrap();
    let full = other.watch_results(after(0)).await.unwrap_err();
    assert_eq!(full.get_details_error_info().unwrap().metadata["limit"], "3");
    let full = ClientError::from(full);
    assert_eq!(full.reason(), Some(EndReason::TooManyStreams));
    assert!(matches!(full, ClientError::Exhausted(_)), "it may succeed later: {full:?}");
    server.stop().await;
}

#[tokio::test]
async fn the_limits_are_told() {
    let database = TestDatabase::new().await;
    let limits =
        Limits { streams: 7, streams_per_client: 3, request_bytes: 70_000, ..Limits::default() };
    let server = TestServer::start(&database.store, limits).await;
    let info = server.info().get_info(GetInfoRequest {}).await.unwrap().into_inner();
    let told = info.limits.unwrap();
    assert_eq!((told.streams, told.streams_per_client, told.request_bytes), (7, 3, 70_000));
    let large = ProposeCandidatesRequest { sample: "x".repeat(71_000), ..Default::default() };
    let refused = server.candidates().propose_candidates(large).await.unwrap_err();
    assert_eq!(refused.code(), Code::OutOfRange, "{refused}");
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_request_is_told_as_one() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let any = WatchResultsRequest::default();
    for (wrong, word) in [
        (WatchResultsRequest { from_newest: true, ..after(1) }, "from_newest"),
        (WatchResultsRequest { kinds: vec![99], ..any.clone() }, "kinds"),
        (WatchResultsRequest { kinds: vec![0], ..any.clone() }, "kinds"),
        (WatchResultsRequest { states: vec![0], ..any.clone() }, "states"),
        (WatchResultsRequest { nuclei: vec![String::new()], ..any.clone() }, "nuclei"),
        (WatchResultsRequest { groups: vec!["g".to_owned(); 101], ..any.clone() }, "groups"),
    ] {
        let refused: Status = server.results().watch_results(wrong).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().contains(word), "{word}: {refused}");
        let error = ClientError::from(refused);
        assert_eq!(error.reason(), Some(EndReason::InvalidRequest));
        assert!(matches!(error, ClientError::Refused(_)), "{error:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_event_that_this_version_cannot_read_ends_those_it_is_for_and_no_other() {
    let database = TestDatabase::new().await;
    database.store.observe(&observation("g/s/1")).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let mut all = server.watch(after(1)).await;
    let processed = WatchResultsRequest { kinds: vec![EventKind::Discovered.into()], ..after(1) };
    let mut discovered = server.watch(processed).await;
    assert_eq!((all.bookmark().await, discovered.bookmark().await), (1, 1));
    database
        .connection()
        .await
        .execute(
            "INSERT INTO events (kind, group_name, instrument, sample_id, sample, acquisition_id,
                                 path, body)
             SELECT 'moved', group_name, instrument, sample_id, sample, acquisition_id, path,
                    '{\"kind\": \"of a later version\"}' FROM events",
        )
        .await
        .unwrap();
    let ended = all.end().await;
    assert_eq!(
        (ended.code(), EndReason::of(&ended)),
        (Code::Internal, Some(EndReason::ServerFault))
    );
    database.store.observe(&observation("g/s/2")).await.unwrap();
    assert_eq!(discovered.event().await.cursor, 3);
    assert_eq!(server.watch(after(2)).await.event().await.cursor, 3);
    server.stop().await;
}

#[test]
fn every_reason_is_documented() {
    let documentation = include_str!("../../docs/api.md");
    for reason in EndReason::ALL {
        let name = format!("`{}`", reason.name());
        assert!(documentation.contains(&name), "{name} is not documented");
    }
}
