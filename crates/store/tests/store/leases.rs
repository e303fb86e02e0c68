//! Work is done once, by one worker at a time, whatever workers do.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use larmor_store::{
    AcquisitionState, EventFilter, EventKind, NextTry, Observation, StoreError, WorkFilter,
    WorkKind, WorkRange,
};
use sqlx::Executor;
use tokio::task::JoinSet;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{MINUTE, any_work, finished, leased, observation};

/// Its worker went without a word.
async fn abandon(database: &TestDatabase) {
    for held in database.store.held_leases().await.unwrap() {
        assert!(database.store.take_back(&held).await.unwrap());
    }
}

#[tokio::test]
async fn many_workers_get_each_acquisition_once_and_never_two_of_a_sample() {
    let database = TestDatabase::new().await;
    for number in 0..24 {
        let path = format!("g/sample{}/{number}", number % 6);
        database.store.observe(&observation(&path)).await.unwrap();
    }
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let store = database.store.clone();
        workers.spawn(async move { store.lease("worker", &any_work()).await.unwrap() });
    }
    let leases: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    let mut samples: Vec<_> = leases.iter().map(|lease| lease.sample).collect();
    samples.sort();
    samples.dedup();
    assert_eq!(samples.len(), leases.len(), "two leases on one sample");
    assert_eq!(leases.len(), 6, "every sample has a worker");
    assert!(database.store.lease("worker", &any_work()).await.unwrap().is_none());
}

#[tokio::test]
async fn all_work_gets_done_exactly_once_under_contention() {
    let database = TestDatabase::new().await;
    for number in 0..30 {
        let path = format!("g/sample{}/{number}", number % 4);
        database.store.observe(&observation(&path)).await.unwrap();
    }
    let mut workers = JoinSet::new();
    for _ in 0..6 {
        let store = database.store.clone();
        workers.spawn(async move {
            let (mut done, mut idle) = (Vec::new(), 0);
            while idle < 20 {
                match store.lease("worker", &any_work()).await.unwrap() {
                    Some(lease) => {
                        store.commit(&lease, &finished()).await.unwrap();
                        done.push(lease.acquisition);
                        idle = 0;
                    }
                    None => {
                        idle += 1;
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                }
            }
            done
        });
    }
    let mut done: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    assert_eq!(done.len(), 30);
    done.sort();
    done.dedup();
    assert_eq!(done.len(), 30);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_can_write_nothing() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lost = leased(store, "g/a/1").await;
    store.renew_lease(&lost).await.unwrap();
    assert!(store.lease("other", &any_work()).await.unwrap().is_none(), "still held");
    abandon(&database).await;
    let taken = store.lease("other", &any_work()).await.unwrap().unwrap();
    assert_eq!(taken.acquisition, lost.acquisition);
    assert_eq!(taken.attempts, 2);
    assert!(taken.token > lost.token);

    let before = store.cursor_bounds().await.unwrap();
    for refused in [
        store.renew_lease(&lost).await,
        store.commit(&lost, &finished()).await.map(drop),
        store.fail(&lost, "late", NextTry::Never).await,
        store.release(&lost, "late").await,
    ] {
        assert!(matches!(refused, Err(StoreError::LeaseLost { .. })), "{refused:?}");
    }
    assert!(store.sample_spectra(lost.sample).await.unwrap().is_empty());
    assert_eq!(store.cursor_bounds().await.unwrap(), before);
    store.commit(&taken, &finished()).await.unwrap();
    let late = store.commit(&taken, &finished()).await;
    assert!(matches!(late, Err(StoreError::LeaseLost { .. })), "a commit ends the lease");
}

#[tokio::test]
async fn a_worker_that_told_something_meanwhile_keeps_its_lease() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    let held = store.held_leases().await.unwrap();
    assert_eq!(held.len(), 1);
    store.renew_lease(&lease).await.unwrap();
    assert!(!store.take_back(&held[0]).await.unwrap());
    store.commit(&lease, &finished()).await.unwrap();
    assert!(store.held_leases().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_ended_its_worker_twice_waits_for_everything_else_and_fails_in_the_end() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let bad = leased(store, "g/bad/1").await;
    abandon(&database).await;
    assert_eq!(
        store.lease("worker", &any_work()).await.unwrap().unwrap().acquisition,
        bad.acquisition
    );
    abandon(&database).await;
    let other = leased(store, "g/good/1").await;
    assert_ne!(other.acquisition, bad.acquisition);
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none(), "not with others");
    let isolated = WorkFilter { range: WorkRange::Isolated, ..any_work() };
    store.commit(&other, &finished()).await.unwrap();
    for _ in 0..2 {
        let alone = store.lease("worker", &isolated).await.unwrap().unwrap();
        assert_eq!(alone.acquisition, bad.acquisition);
        abandon(&database).await;
    }
    let row = store.acquisition(bad.acquisition).await.unwrap();
    assert_eq!(row.state, AcquisitionState::Failed);
    assert!(row.reason.contains("abruptly"), "{}", row.reason);
    let events = store.events_after(0, &EventFilter::default(), 100).await.unwrap().events;
    let failed = events.iter().filter(|event| event.body.kind() == EventKind::Failed);
    assert_eq!(failed.count(), 1);
    // Somebody asks for it: the count begins anew.
    store.reprocess(bad.acquisition).await.unwrap();
    assert_eq!(
        store.lease("worker", &any_work()).await.unwrap().unwrap().acquisition,
        bad.acquisition
    );
}

#[tokio::test]
async fn live_data_come_before_what_was_asked_for_failed_before_or_is_old() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let days_ago = |days, path| Observation {
        last_written: Some(Utc::now() - TimeDelta::days(days)),
        ..observation(path)
    };
    for (days, path) in [(800, "g/old/1"), (40, "g/recent/1"), (400, "g/older/1")] {
        store.observe(&days_ago(days, path)).await.unwrap();
    }
    let failing = leased(store, "g/failing/1").await;
    assert_eq!(failing.work, WorkKind::Live);
    store.fail(&failing, "away", NextTry::After(Duration::ZERO)).await.unwrap();
    let asked = leased(store, "g/asked/1").await;
    store.commit(&asked, &finished()).await.unwrap();
    store.reprocess(asked.acquisition).await.unwrap();
    store.observe(&days_ago(0, "g/live/1")).await.unwrap();

    let without = WorkFilter { range: WorkRange::WithoutBackfill, ..any_work() };
    let mut taken = Vec::new();
    while let Some(lease) = store.lease("worker", &without).await.unwrap() {
        taken.push((lease.sample_name, lease.work));
    }
    let expected =
        [("live", WorkKind::Live), ("asked", WorkKind::Requested), ("failing", WorkKind::Retry)];
    assert_eq!(taken, expected.map(|(name, work)| (name.to_owned(), work)));

    let day = Utc::now() - TimeDelta::days(500);
    let since = WorkFilter { range: WorkRange::BackfillSince(day), ..any_work() };
    store.pause_backfill(true, "manager").await.unwrap();
    assert!(store.lease("worker", &since).await.unwrap().is_none(), "paused");
    let status = store.backfill(Some(day)).await.unwrap();
    assert_eq!((status.waiting, status.held, status.paused), (3, 1, true));
    assert_eq!(status.changed_by, "manager");
    store.pause_backfill(false, "manager").await.unwrap();
    let mut taken = Vec::new();
    while let Some(lease) = store.lease("worker", &since).await.unwrap() {
        assert_eq!(lease.work, WorkKind::Backfill);
        taken.push(lease.sample_name);
    }
    assert_eq!(taken, ["recent", "older"], "the newest first, nothing from before that day");
    assert_eq!(store.lease("worker", &any_work()).await.unwrap().unwrap().sample_name, "old");
}

#[tokio::test]
async fn seeing_it_again_does_not_undo_what_a_person_asked_for() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let last_written = Some(Utc::now() - TimeDelta::days(400));
    let old = Observation { last_written, ..observation("g/old/1") };
    let seen = store.observe(&old).await.unwrap();
    store.reprocess(seen.acquisition).await.unwrap();
    store.observe(&old).await.unwrap();
    let without = WorkFilter { range: WorkRange::WithoutBackfill, ..any_work() };
    let lease = store.lease("worker", &without).await.unwrap().unwrap();
    assert_eq!((lease.acquisition, lease.work), (seen.acquisition, WorkKind::Requested));
}

#[tokio::test]
async fn nothing_is_taken_from_an_instrument_that_is_away() {
    let database = TestDatabase::new().await;
    database.store.observe(&observation("g/a/1")).await.unwrap();
    let without = WorkFilter { away: vec!["av500".to_owned()], ..any_work() };
    assert!(database.store.lease("worker", &without).await.unwrap().is_none());
    assert!(database.store.lease("worker", &any_work()).await.unwrap().is_some());
}

#[tokio::test]
async fn work_that_is_due_needs_no_clock() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.fail(&lease, "away", NextTry::After(MINUTE)).await.unwrap();
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none());
    // The clock was set back an hour after that was written.
    let back = "UPDATE acquisitions SET due_at = due_at + interval '1 hour',
                                        updated_at = updated_at + interval '1 hour'";
    database.connection().await.execute(back).await.unwrap();
    assert!(store.lease("worker", &any_work()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_failure_waits_before_it_is_tried_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.fail(&lease, "share is away", NextTry::After(MINUTE)).await.unwrap();
    let row = store.acquisition(lease.acquisition).await.unwrap();
    assert_eq!((row.state, row.reason.as_str()), (AcquisitionState::Ready, "share is away"));
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none(), "not due yet");
    database.connection().await.execute("UPDATE acquisitions SET due_at = now()").await.unwrap();
    let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
    store.fail(&again, "not a FID", NextTry::Never).await.unwrap();
    assert_eq!(store.acquisition(lease.acquisition).await.unwrap().state, AcquisitionState::Failed);
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_given_back_at_shutdown_is_ready_and_not_counted() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.release(&lease, "given back").await.unwrap();
    let again = database.store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!((again.acquisition, again.attempts), (lease.acquisition, 1));
}

#[tokio::test]
async fn only_what_is_at_an_end_can_be_reprocessed() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    assert!(matches!(
        store.reprocess(lease.acquisition).await,
        Err(StoreError::NotReprocessable { state: AcquisitionState::Processing, .. })
    ));
    store.commit(&lease, &finished()).await.unwrap();
    store.reprocess(lease.acquisition).await.unwrap();
    let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!((again.acquisition, again.attempts), (lease.acquisition, 1));
    assert!(matches!(
        store.reprocess(uuid::Uuid::now_v7()).await,
        Err(StoreError::NotFound { .. })
    ));
}
