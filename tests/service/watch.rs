//! Streams: ordered, unique, complete, resumable, bookmarked, bounded.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::Utc;
use larmor::conditions::{Conditions, Subject};
use larmor::service::Limits;
use larmor_client::EndReason;
use larmor_client::proto::event::Body;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{EventKind, WatchResultsRequest};
use larmor_store::Store;
use larmor_store::cluster::{ClusterOptions, PrivateCluster};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tonic::Code;
use tonic::transport::Channel;
use tonic_types::StatusExt;

use crate::support::server::{PATIENCE, TestServer, Watch, after, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, observation};

#[tokio::test]
async fn what_was_and_what_comes_is_sent_once_and_in_order() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    let server = TestServer::start(&database.store, quick()).await;
    let mut watch = server.watch(after(0)).await;
    assert_eq!(watch.event().await.cursor, 1);
    assert_eq!(watch.bookmark().await, 1, "caught up");
    database.store.commit(&lease, &finished()).await.unwrap();
    let (processed, elucidated) = (watch.event().await, watch.event().await);
    assert!(matches!(processed.body, Some(Body::Processed(_))));
    let Some(Body::Elucidated(judged)) = elucidated.body else { panic!("{elucidated:?}") };
    assert_eq!((processed.cursor, elucidated.cursor), (2, 3));
    assert_eq!(judged.candidates[0].smiles, "CCO");
    assert_eq!(judged.candidates[0].assignments.len(), 2);
    assert_eq!((judged.verdict_probability, judged.components.len()), (Some(0.97), 3));
    server.stop().await;
}

#[tokio::test]
async fn resuming_at_any_cursor_misses_and_repeats_nothing() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let writer = tokio::spawn({
        let store = database.store.clone();
        async move {
            for number in 0..60 {
                store.observe(&observation(&format!("g/s/{number}"))).await.unwrap();
            }
        }
    });
    let (mut cursor, mut seen) = (0, Vec::new());
    // A client that hangs up after every few events while they are written.
    while seen.len() < 60 {
        let mut watch = server.watch(after(cursor)).await;
        for _ in 0..(seen.len() % 7 + 1).min(60 - seen.len()) {
            cursor = watch.event().await.cursor;
            seen.push(cursor);
        }
    }
    writer.await.unwrap();
    assert_eq!(seen, (1..=60).collect::<Vec<_>>());
    server.stop().await;
}

#[tokio::test]
async fn cursors_that_cannot_be_resumed_from_end_the_stream_with_a_reason() {
    let database = TestDatabase::new().await;
    for number in 0..5 {
        database.store.observe(&observation(&format!("g/s/{number}"))).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let future = server.watch(after(6)).await.end().await;
    assert_eq!(future.code(), Code::OutOfRange);
    let info = future.get_details_error_info().unwrap();
    assert_eq!(
        (info.reason.as_str(), info.metadata["newest"].as_str()),
        ("CURSOR_FROM_FUTURE", "5")
    );

    database.store.forget_events(Utc::now()).await.unwrap();
    let old = server.watch(after(2)).await.end().await;
    assert_eq!(old.code(), Code::OutOfRange);
    let info = old.get_details_error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.metadata["oldest"].as_str()), ("CURSOR_TOO_OLD", "5"));
    assert_eq!(server.watch(after(5)).await.bookmark().await, 5);
    server.stop().await;
}

#[tokio::test]
async fn an_idle_stream_carries_bookmarks_past_what_the_filter_left_out() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let filter = WatchResultsRequest {
        group: "mine".to_owned(),
        kinds: vec![EventKind::Discovered.into()],
        ..after(0)
    };
    let mut watch = server.watch(filter.clone()).await;
    assert_eq!(watch.bookmark().await, 0);
    for number in 0..9 {
        database.store.observe(&observation(&format!("theirs/s/{number}"))).await.unwrap();
    }
    let mut cursor = 0;
    for _ in 0..100 {
        cursor = watch.bookmark().await;
        if cursor == 9 {
            break;
        }
    }
    assert_eq!(cursor, 9);
    database.store.observe(&observation("mine/s/1")).await.unwrap();
    let resumed = WatchResultsRequest { cursor, ..filter };
    assert_eq!(server.watch(resumed).await.event().await.cursor, 10);
    assert_eq!(watch.event().await.cursor, 10);
    server.stop().await;
}

#[tokio::test]
async fn a_stream_may_start_at_the_newest_event() {
    let database = TestDatabase::new().await;
    database.store.observe(&observation("g/s/1")).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let newest = WatchResultsRequest { from_newest: true, ..WatchResultsRequest::default() };
    let mut watch = server.watch(newest.clone()).await;
    assert_eq!(watch.bookmark().await, 1);
    database.store.observe(&observation("g/s/2")).await.unwrap();
    assert_eq!(watch.event().await.cursor, 2);
    let both = WatchResultsRequest { cursor: 1, ..newest };
    let refused = server.results().watch_results(both).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    server.stop().await;
}

/// Asks again and again until it is so.
async fn until(mut so: impl AsyncFnMut() -> bool) {
    let waited = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await.unwrap();
}

/// A stream that is opened as soon as there is a slot for it.
async fn admitted(server: &TestServer, request: WatchResultsRequest) -> Watch {
    let mut open = None;
    until(async || {
        open = server.results().watch_results(request.clone()).await.ok();
        open.is_some()
    })
    .await;
    Watch { stream: open.unwrap().into_inner() }
}

/// Bytes of a stream that a client of [`counted`] takes without reading them.
const WINDOW: u32 = 65_535;

/// A connection of its own to a server, and how many bytes have come over it.
async fn counted(server: &TestServer) -> (Channel, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (came, place) = (Arc::new(AtomicUsize::new(0)), server.address.clone());
    let counter = Arc::clone(&came);
    tokio::spawn(async move {
        let (mut from_client, mut to_client) = listener.accept().await.unwrap().0.into_split();
        let place = place.trim_start_matches("http://");
        let (mut from_server, mut to_server) =
            TcpStream::connect(place).await.unwrap().into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
            counter.fetch_add(count, Ordering::Relaxed);
            to_client.write_all(&bytes[..count]).await.unwrap();
        }
    });
    let endpoint = Channel::from_shared(address).unwrap().initial_stream_window_size(WINDOW);
    (endpoint.connect().await.unwrap(), came)
}

/// Events large enough that the connection's own buffers hold few of them.
async fn write_much(store: &Store, events: usize) {
    for number in 0..events {
        let lease = leased(store, &format!("g/s/{number}")).await;
        let mut large = finished();
        large.elucidation = None;
        large.unjudged = Some("x".repeat(100_000));
        store.commit(&lease, &large).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_ended_and_told_where_to_resume() {
    let database = TestDatabase::new().await;
    write_much(&database.store, 60).await;
    let newest = database.store.cursor_bounds().await.unwrap().newest;
    let server = TestServer::start(&database.store, Limits { streams: 1, ..quick() }).await;
    let mut watch = server.watch(after(0)).await;
    let mut cursor = watch.event().await.cursor;
    // Its slot is given back: the server has ended it, although it has not read so.
    drop(admitted(&server, after(newest)).await);
    let ended = loop {
        match watch.message().await {
            Ok(Message::Event(event)) => {
                assert_eq!(event.cursor, cursor + 1);
                cursor = event.cursor;
            }
            Ok(Message::Bookmark(_) | Message::Conditions(_)) => {}
            Err(status) => break status,
        }
    };
    assert_eq!(ended.code(), Code::ResourceExhausted, "{ended:?}");
    assert_eq!(ended.get_details_error_info().unwrap().reason, "SLOW_CONSUMER");
    assert!(cursor < newest, "it was ended before everything was buffered for it");
    let mut resumed = admitted(&server, after(cursor)).await;
    while cursor < newest {
        let event = resumed.event().await;
        assert_eq!(event.cursor, cursor + 1);
        cursor = event.cursor;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_shuts_down_says_so() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let mut watch = server.watch(after(0)).await;
    watch.bookmark().await;
    let stopping = tokio::spawn(server.stop());
    let ended = watch.end().await;
    assert_eq!(ended.code(), Code::Unavailable);
    assert_eq!(EndReason::of(&ended), Some(EndReason::ShuttingDown));
    drop(watch);
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_hold_up_the_shutdown() {
    let database = TestDatabase::new().await;
    write_much(&database.store, 60).await;
    let limits = Limits { slow_consumer: Duration::from_secs(600), ..quick() };
    let server = TestServer::start(&database.store, limits).await;
    let (channel, came) = counted(&server).await;
    let mut client = ResultServiceClient::new(channel);
    let _stuck = client.watch_results(after(0)).await.unwrap();
    // It takes no more than fits its window, and nobody makes room there.
    until(async || came.load(Ordering::Relaxed) >= WINDOW as usize).await;
    server.stop().await;
}

#[tokio::test]
async fn more_streams_than_the_limit_are_refused_until_one_ends() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits { streams: 1, ..quick() }).await;
    let mut first = server.watch(after(0)).await;
    first.bookmark().await;
    let refused = server.results().watch_results(after(0)).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(refused.get_details_error_info().unwrap().reason, "TOO_MANY_STREAMS");
    drop(first);
    drop(admitted(&server, after(0)).await);
    server.stop().await;
}

#[tokio::test]
async fn a_stream_outlives_the_database() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let options = ClusterOptions::default();
    let cluster = PrivateCluster::start(dir.path(), &options).await.unwrap();
    let store = Store::connect(cluster.url()).await.unwrap();
    let server = TestServer::start(&store, quick()).await;
    store.observe(&observation("g/s/1")).await.unwrap();
    let mut watch = server.watch(after(0)).await;
    assert_eq!(watch.event().await.cursor, 1);

    cluster.stop().await.unwrap();
    let call = larmor_client::proto::GetResultRequest { id: uuid::Uuid::now_v7().to_string() };
    let away = server.results().get_result(call).await.unwrap_err();
    assert_eq!(away.code(), Code::Unavailable, "{away:?}");
    assert_eq!(EndReason::of(&away), Some(EndReason::DatabaseAway));

    let cluster = PrivateCluster::start(dir.path(), &options).await.unwrap();
    // A writer of its own: the server's connections are its own matter.
    let writer = Store::connect(cluster.url()).await.unwrap();
    writer.observe(&observation("g/s/2")).await.unwrap();
    assert_eq!(watch.event().await.cursor, 2);
    drop(watch);
    server.stop().await;
    writer.close().await;
    store.close().await;
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn what_keeps_the_server_from_working_is_told_to_streams_that_ask() {
    let database = TestDatabase::new().await;
    let conditions = Conditions::default();
    let share = || Subject::Instrument("av500".to_owned());
    conditions.begin(share(), "the root is empty");
    let server = TestServer::under_conditions(&database.store, &conditions).await;
    let mut asks = server
        .watch(WatchResultsRequest { conditions: true, ..WatchResultsRequest::default() })
        .await;
    let mut others = server.watch(after(0)).await;
    let mut told = async || loop {
        if let Message::Conditions(all) = asks.message().await.unwrap() {
            break all
                .conditions
                .into_iter()
                .map(|one| (one.subject, one.reason))
                .collect::<Vec<_>>();
        }
    };
    let empty = ("the data of av500".to_owned(), "the root is empty".to_owned());
    assert_eq!(told().await, std::slice::from_ref(&empty));
    conditions.begin(Subject::Database, "the disk is full");
    assert_eq!(told().await, [("the database".to_owned(), "the disk is full".to_owned()), empty]);
    conditions.end(&share());
    conditions.end(&Subject::Database);
    while !told().await.is_empty() {}
    for _ in 0..3 {
        others.bookmark().await;
    }
    server.stop().await;
}
