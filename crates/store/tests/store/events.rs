//! Events are ordered, unique, complete, resumable and bounded.

use std::time::Duration;

use chrono::Utc;
use larmor_store::{
    EventBody, EventFilter, EventKind, Observation, ObservedState, Store, StoreError,
};
use sqlx::{Connection, Executor};
use tokio::task::JoinSet;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, observation};

const ALL: i64 = 100_000;

fn everything() -> EventFilter {
    EventFilter::default()
}

async fn cursors(store: &Store) -> Vec<i64> {
    let page = store.events_after(0, &everything(), ALL).await.unwrap();
    page.events.iter().map(|event| event.cursor).collect()
}

/// Returns once some session on the database waits for another's lock.
async fn waits_for_a_lock(database: &TestDatabase) {
    const WAITING: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity
                                          WHERE datname = current_database()
                                            AND wait_event_type = 'Lock')";
    let mut connection = database.connection().await;
    for _ in 0..1000 {
        if sqlx::query_scalar(WAITING).fetch_one(&mut connection).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody waits for a lock");
}

#[tokio::test]
async fn a_reader_never_passes_an_event_that_commits_later() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let first = leased(store, "g/one/10").await;
    let before = store.cursor_bounds().await.unwrap().newest;

    // A slow writer has its event written and is not yet committed.
    let mut slow = database.connection().await;
    let mut transaction = slow.begin().await.unwrap();
    transaction
        .execute(sqlx::AssertSqlSafe(format!(
            "INSERT INTO events (kind, group_name, instrument, sample_id, sample, acquisition_id,
                                 path, body)
             VALUES ('skipped', 'g', 'av500', '{0}', 'slow', '{0}', '/slow',
                     '{{\"kind\": \"skipped\", \"reason\": \"slow\"}}')",
            first.sample
        )))
        .await
        .unwrap();
    // A fast one tries to overtake it.
    let fast = tokio::spawn({
        let (store, first) = (store.clone(), first.clone());
        async move { store.commit(&first, &finished()).await.unwrap() }
    });
    waits_for_a_lock(&database).await;
    let page = store.events_after(before, &everything(), ALL).await.unwrap();
    assert_eq!(page.events, [], "nothing is committed yet");
    assert_eq!(page.next, before, "the cursor must not move past the slow writer's event");
    transaction.commit().await.unwrap();
    fast.await.unwrap();

    let page = store.events_after(page.next, &everything(), ALL).await.unwrap();
    let told: Vec<EventKind> = page.events.iter().map(|event| event.body.kind()).collect();
    assert_eq!(told, [EventKind::Skipped, EventKind::Processed, EventKind::Elucidated]);
}

#[tokio::test]
async fn readers_that_follow_many_writers_see_every_event_once_and_in_order() {
    let database = TestDatabase::new().await;
    let store = database.store.clone();
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for number in 0..25 {
                let one = Observation {
                    // Some transactions carry two events.
                    state: if number % 3 == 0 {
                        ObservedState::Skipped
                    } else {
                        ObservedState::Ready
                    },
                    ..observation(&format!("g{writer}/sample/{number}"))
                };
                store.observe(&one).await.unwrap();
            }
        });
    }
    let expected = 8 * (25 + 9);
    let mut readers = JoinSet::new();
    for limit in [1, 7, 500] {
        let store = store.clone();
        readers.spawn(async move {
            let (mut cursor, mut seen) = (0, Vec::new());
            while seen.len() < expected {
                let page = store.events_after(cursor, &everything(), limit).await.unwrap();
                assert!(page.events.len() <= usize::try_from(limit).unwrap());
                seen.extend(page.events.iter().map(|event| event.cursor));
                cursor = page.next;
                tokio::task::yield_now().await;
            }
            seen
        });
    }
    writers.join_all().await;
    for seen in readers.join_all().await {
        assert_eq!(seen, (1..=i64::try_from(expected).unwrap()).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_is_rolled_back_leaves_no_gap() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/one/10").await;
    let mut bad = finished();
    // Refused by the database after other rows of the transaction are written.
    bad.elucidation.as_mut().unwrap().elucidation.candidates[1].probability = 2.0;
    assert!(matches!(store.commit(&lease, &bad).await, Err(StoreError::Database(_))));
    assert!(store.sample_spectra(lease.sample).await.unwrap().is_empty(), "all or nothing");
    let last = store.commit(&lease, &finished()).await.unwrap();
    assert_eq!(cursors(store).await, (1..=last).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_filtered_reader_resumes_past_what_it_left_out() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for number in 0..5 {
        store.observe(&observation(&format!("mine/a/{number}"))).await.unwrap();
        store.observe(&observation(&format!("theirs/b/{number}"))).await.unwrap();
    }
    let mine = EventFilter { groups: vec!["mine".to_owned()], ..everything() };
    let page = store.events_after(0, &mine, 3).await.unwrap();
    assert_eq!(page.events.len(), 3);
    let rest = store.events_after(page.next, &mine, 3).await.unwrap();
    assert_eq!(rest.events.len(), 2);
    assert_eq!(rest.next, rest.newest, "a full read ends at the newest cursor");
    assert!(page.events.iter().chain(&rest.events).all(|event| event.group == "mine"));

    let sample = EventFilter { samples: vec!["b".to_owned()], ..everything() };
    assert_eq!(store.events_after(0, &sample, ALL).await.unwrap().events.len(), 5);
    let instrument = EventFilter { instruments: vec!["other".to_owned()], ..everything() };
    assert!(store.events_after(0, &instrument, ALL).await.unwrap().events.is_empty());
    let kinds = EventFilter { kinds: vec![EventKind::Elucidated], ..everything() };
    assert!(store.events_after(0, &kinds, ALL).await.unwrap().events.is_empty());
}

#[tokio::test]
async fn cursors_that_cannot_be_resumed_from_are_told_so() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for number in 0..6 {
        store.observe(&observation(&format!("g/s/{number}"))).await.unwrap();
    }
    let newest = store.cursor_bounds().await.unwrap().newest;
    for cursor in [newest + 1, i64::MAX, -1] {
        assert!(matches!(
            store.events_after(cursor, &everything(), 1).await,
            Err(StoreError::CursorFromFuture { newest: told, .. }) if told == newest
        ));
    }
    assert_eq!(store.forget_events(Utc::now()).await.unwrap(), 6);
    store.observe(&observation("g/s/after")).await.unwrap();
    assert!(matches!(
        store.events_after(3, &everything(), 1).await,
        Err(StoreError::CursorTooOld { cursor: 3, oldest: 6 })
    ));
    assert_eq!(cursors(store).await, [7], "0 takes everything that is kept");
    assert_eq!(store.events_after(6, &everything(), 1).await.unwrap().events[0].cursor, 7);
}

#[tokio::test]
async fn an_empty_log_can_be_followed_from_the_start() {
    let database = TestDatabase::new().await;
    let page = database.store.events_after(0, &everything(), 10).await.unwrap();
    assert_eq!((page.events.len(), page.next, page.newest), (0, 0, 0));
}

#[tokio::test]
async fn waiting_ends_when_an_event_is_committed() {
    let database = TestDatabase::new().await;
    let store = database.store.clone();
    let mut wakeups = store.wakeups().await.unwrap();
    let mut work = store.work_wakeups().await.unwrap();
    store.observe(&observation("g/s/1")).await.unwrap();
    let patience = Duration::from_secs(10);
    tokio::time::timeout(patience, wakeups.next()).await.unwrap().unwrap();
    tokio::time::timeout(patience, work.next()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_lost_connection_wakes_and_listens_again() {
    let database = TestDatabase::new().await;
    let store = database.store.clone();
    let mut wakeups = store.wakeups().await.unwrap();
    database
        .connection()
        .await
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    let patience = Duration::from_secs(10);
    // It wakes because something may have been missed, then for the event.
    tokio::time::timeout(patience, wakeups.next()).await.unwrap().unwrap();
    store.observe(&observation("g/s/1")).await.unwrap();
    tokio::time::timeout(patience, wakeups.next()).await.unwrap().unwrap();
}

#[tokio::test]
async fn events_cannot_be_changed() {
    let database = TestDatabase::new().await;
    database.store.observe(&observation("g/s/1")).await.unwrap();
    let refused = database.connection().await.execute("UPDATE events SET sample = 'other'").await;
    assert!(refused.unwrap_err().to_string().contains("never changed"));
}

#[tokio::test]
async fn an_event_says_what_was_judged() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/one/10").await;
    store.commit(&lease, &finished()).await.unwrap();
    let page = store.events_after(0, &everything(), ALL).await.unwrap();
    let [discovered, processed, elucidated] = page.events.as_slice() else { panic!("{page:?}") };
    assert!(matches!(discovered.body, EventBody::Discovered { .. }));
    let EventBody::Processed { peaks, .. } = &processed.body else { panic!("{processed:?}") };
    assert_eq!((peaks.compound, peaks.solvent), (2, 1));
    let EventBody::Elucidated { candidates, revision, verdict_probability, components, .. } =
        &elucidated.body
    else {
        panic!("{elucidated:?}")
    };
    assert_eq!((*revision, *verdict_probability), (1, Some(0.97)));
    let judged = finished().elucidation.unwrap().elucidation;
    assert_eq!(components, &judged.components);
    assert_eq!(candidates[0].assignments.len(), 2, "the best comes with its assignments");
    assert!(candidates[1].assignments.is_empty());
    assert_eq!(elucidated.path, "/data/g/one/10");
}
