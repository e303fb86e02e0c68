//! Streams that have caught up live on one reader's memory of the log, and promise what they did.

use std::collections::HashSet;
use std::time::Duration;

use larmor::service::Limits;
use larmor_client::EndReason;
use larmor_client::proto::{AcquisitionState, EventKind, WatchResultsRequest};
use larmor_store::{Observation, ObservedState, Store};
use sqlx::{Connection, Executor};
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::support::server::{TestServer, Watch, after, quick};
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, observation};
use larmor_nmr::fid::Nucleus;

/// Nothing but what happens sends a message.
fn without_heartbeats() -> Limits {
    Limits { bookmark: Duration::from_secs(3600), ..quick() }
}

async fn observe(store: &Store, groups: &str, numbers: std::ops::Range<usize>) {
    for number in numbers {
        store.observe(&observation(&format!("{groups}/s/{number}"))).await.unwrap();
    }
}

#[tokio::test]
async fn caught_up_streams_ask_the_database_nothing() {
    const STREAMS: usize = 50;
    const EVENTS: usize = 20;
    let database = TestDatabase::new().await;
    // The server's own connections: what they did is counted for certain once they have ended.
    let store = Store::connect(&database.url).await.unwrap();
    let server = TestServer::start(&store, without_heartbeats()).await;
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let mut watch = server.watch(after(0)).await;
        assert_eq!(watch.bookmark().await, 0);
        streams.push(watch);
    }
    for number in 0..EVENTS {
        observe(&database.store, "g", number..number + 1).await;
        for watch in &mut streams {
            assert_eq!(watch.event().await.cursor, i64::try_from(number).unwrap() + 1);
        }
    }
    server.stop().await;
    store.close().await;
    const READS: &str = "SELECT (seq_scan + coalesce(idx_scan, 0))::bigint
                         FROM pg_stat_user_tables WHERE relname = 'event_log'";
    let reads: i64 =
        sqlx::query_scalar(READS).fetch_one(&mut database.connection().await).await.unwrap();
    let asked_by_each = i64::try_from(STREAMS * EVENTS).unwrap();
    assert!(reads >= i64::try_from(STREAMS).unwrap(), "each asked once, at its start: {reads}");
    assert!(reads < asked_by_each / 4, "{reads} reads of the log's head");
}

#[tokio::test]
async fn two_thousand_streams_get_every_event() {
    const STREAMS: usize = 2_000;
    let database = TestDatabase::new().await;
    let limits = Limits { streams: STREAMS, streams_per_client: STREAMS, ..without_heartbeats() };
    let server = TestServer::start(&database.store, limits).await;
    let mut streams = JoinSet::new();
    let (ready, mut all_ready) = tokio::sync::mpsc::channel(STREAMS);
    for _ in 0..8 {
        let endpoint = Channel::from_shared(server.address.clone()).unwrap();
        let channel = endpoint.connect().await.unwrap();
        for _ in 0..STREAMS / 8 {
            let (mut client, ready) = (ResultServiceClient::new(channel.clone()), ready.clone());
            streams.spawn(async move {
                let stream = client.watch_results(after(0)).await.unwrap().into_inner();
                let mut watch = Watch { stream };
                assert_eq!(watch.bookmark().await, 0);
                ready.send(()).await.unwrap();
                let mut cursors = Vec::new();
                while cursors.len() < 6 {
                    cursors.push(watch.event().await.cursor);
                }
                cursors
            });
        }
    }
    for _ in 0..STREAMS {
        all_ready.recv().await.unwrap();
    }
    for sample in ["g/s/1", "g/s/2"] {
        let lease = leased(&database.store, sample).await;
        database.store.commit(&lease, &finished()).await.unwrap();
    }
    for cursors in streams.join_all().await {
        assert_eq!(cursors, [1, 2, 3, 4, 5, 6]);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_stream_learns_at_once_that_it_has_caught_up() {
    let database = TestDatabase::new().await;
    observe(&database.store, "theirs", 0..70).await;
    let server = TestServer::start(&database.store, without_heartbeats()).await;
    let mut all = server.watch(after(0)).await;
    for cursor in 1..=70 {
        assert_eq!(all.event().await.cursor, cursor);
    }
    assert_eq!(all.bookmark().await, 70, "behind the last event");
    let mine = WatchResultsRequest { groups: vec!["mine".to_owned()], ..after(0) };
    assert_eq!(server.watch(mine).await.bookmark().await, 70, "nothing matches");
    let newest = WatchResultsRequest { from_newest: true, ..WatchResultsRequest::default() };
    assert_eq!(server.watch(newest).await.bookmark().await, 70);
    server.stop().await;
}

/// Events of every kind, of several groups, samples, instruments, nuclei and states.
async fn write_mixed(store: &Store) {
    let states = [
        ObservedState::Ready,
        ObservedState::Skipped,
        ObservedState::Failed,
        ObservedState::Overdue,
        ObservedState::Incomplete,
    ];
    let nuclei = [Some(Nucleus::Carbon), Some(Nucleus::Proton), None];
    for (number, (state, nucleus)) in states
        .iter()
        .flat_map(|state| nuclei.iter().map(move |nucleus| (state, nucleus)))
        .enumerate()
    {
        let complete = !matches!(state, ObservedState::Overdue | ObservedState::Incomplete);
        let path = format!("{}/s{}/{number}", ["a", "b", "c"][number / 2 % 3], number % 4);
        let seen = observation(&path);
        let one = Observation {
            state: *state,
            nucleus: nucleus.clone(),
            instrument: ["av500", "av600"][number % 2].to_owned(),
            digest: seen.digest.clone().filter(|_| complete),
            ..seen
        };
        store.observe(&one).await.unwrap();
    }
    let any = larmor_store::WorkFilter::default();
    while let Some(lease) = store.lease("worker", &any).await.unwrap() {
        store.commit(&lease, &finished()).await.unwrap();
    }
}

#[tokio::test]
async fn a_filter_takes_the_same_from_memory_as_from_the_database() {
    let names = |all: &[&str]| all.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let any = WatchResultsRequest::default();
    let filters = [
        any.clone(),
        WatchResultsRequest { groups: names(&["a"]), ..any.clone() },
        WatchResultsRequest { group: "a".to_owned(), groups: names(&["b"]), ..any.clone() },
        WatchResultsRequest { instruments: names(&["av600", "none"]), ..any.clone() },
        WatchResultsRequest { samples: names(&["s0", "s2"]), groups: names(&["b"]), ..any.clone() },
        WatchResultsRequest { nuclei: names(&["13C"]), ..any.clone() },
        WatchResultsRequest { nuclei: names(&["H1", "13C"]), ..any.clone() },
        WatchResultsRequest { kinds: vec![EventKind::Elucidated.into()], ..any.clone() },
        WatchResultsRequest { states: vec![AcquisitionState::Done.into()], ..any.clone() },
        WatchResultsRequest {
            states: vec![AcquisitionState::Failed.into(), AcquisitionState::Ready.into()],
            nuclei: names(&["1H"]),
            ..any.clone()
        },
        WatchResultsRequest { states: vec![AcquisitionState::Incomplete.into()], ..any.clone() },
    ];
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, without_heartbeats()).await;
    let mut in_memory = Vec::new();
    for filter in &filters {
        let mut watch = server.watch(filter.clone()).await;
        watch.bookmark().await;
        in_memory.push(watch);
    }
    write_mixed(&database.store).await;
    let mut different = HashSet::new();
    for (filter, mut live) in filters.into_iter().zip(in_memory) {
        // All that there is, then the bookmark at its end.
        let mut stored = server.watch(filter.clone()).await;
        let mut cursors = Vec::new();
        while let larmor_client::proto::watch_results_response::Message::Event(event) =
            stored.message().await.unwrap()
        {
            cursors.push(event.cursor);
        }
        assert!(!cursors.is_empty(), "{filter:?} takes nothing");
        for cursor in &cursors {
            assert_eq!(live.event().await.cursor, *cursor, "{filter:?}");
        }
        different.insert(cursors);
    }
    assert_eq!(different.len(), 11, "every filter takes something else");
    server.stop().await;
}

/// The log as a backup of it was after `newest` events; `then` events of another history follow in
/// the same moment.
async fn restored(database: &TestDatabase, newest: i64, then: usize) {
    let mut connection = database.connection().await;
    let mut transaction = connection.begin().await.unwrap();
    let back = format!(
        "DELETE FROM events WHERE cursor > {newest}; UPDATE event_log SET newest = {newest};"
    );
    transaction.execute(sqlx::AssertSqlSafe(back)).await.unwrap();
    for _ in 0..then {
        transaction
            .execute(
                "INSERT INTO events (kind, group_name, instrument, sample_id, sample,
                                     acquisition_id, path, body)
                 SELECT 'skipped', 'other', 'av500', sample_id, 'other', acquisition_id, path,
                        '{\"kind\": \"skipped\", \"reason\": \"of another history\"}'
                 FROM events WHERE cursor = 1",
            )
            .await
            .unwrap();
    }
    transaction.execute("NOTIFY larmor_events").await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_stream_whose_cursor_a_restored_database_does_not_have_is_ended() {
    for then in [0, 1, 2, 5] {
        let database = TestDatabase::new().await;
        observe(&database.store, "g", 0..5).await;
        let server = TestServer::start(&database.store, without_heartbeats()).await;
        let mut watch = server.watch(after(0)).await;
        let mine = WatchResultsRequest { groups: vec!["mine".to_owned()], ..after(0) };
        let mut filtered = server.watch(mine).await;
        while watch.event().await.cursor < 5 {}
        assert_eq!((watch.bookmark().await, filtered.bookmark().await), (5, 5));
        restored(&database, 3, then).await;
        for watch in [&mut watch, &mut filtered] {
            let ended = watch.end().await;
            assert_eq!(EndReason::of(&ended), Some(EndReason::CursorFromFuture), "{then}: {ended}");
        }
        // Whoever comes now gets what there is.
        let mut anew = server.watch(after(3)).await;
        for cursor in 4..4 + i64::try_from(then).unwrap() {
            let event = anew.event().await;
            assert_eq!((event.cursor, event.group.as_str()), (cursor, "other"));
        }
        observe(&database.store, "g", 100..101).await;
        assert_eq!(anew.event().await.group, "g");
        server.stop().await;
    }
}

#[tokio::test]
async fn removing_old_events_does_not_touch_streams_that_have_caught_up() {
    let database = TestDatabase::new().await;
    observe(&database.store, "g", 0..5).await;
    let server = TestServer::start(&database.store, without_heartbeats()).await;
    let mut watch = server.watch(after(4)).await;
    assert_eq!((watch.event().await.cursor, watch.bookmark().await), (5, 5));
    database.store.forget_events(chrono::Utc::now()).await.unwrap();
    observe(&database.store, "g", 5..7).await;
    assert_eq!((watch.event().await.cursor, watch.event().await.cursor), (6, 7));
    database.store.forget_events(chrono::Utc::now()).await.unwrap();
    let mut everything = server.watch(after(0)).await;
    assert_eq!(everything.bookmark().await, 7, "nothing is kept");
    observe(&database.store, "g", 7..8).await;
    assert_eq!((watch.event().await.cursor, everything.event().await.cursor), (8, 8));
    server.stop().await;
}
