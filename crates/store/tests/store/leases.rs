//! Work is done once, by one worker at a time, whatever workers do.

use std::time::Duration;

use larmor_store::{AcquisitionState, NextTry, StoreError};
use sqlx::Executor;
use tokio::task::JoinSet;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{MINUTE, finished, leased, observation};

async fn expire(database: &TestDatabase) {
    let expire = "UPDATE acquisitions SET lease_expires_at = now() - interval '1 second'
                  WHERE state = 'processing'";
    database.connection().await.execute(expire).await.unwrap();
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
        workers.spawn(async move { store.lease("worker", MINUTE).await.unwrap() });
    }
    let leases: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    let mut samples: Vec<_> = leases.iter().map(|lease| lease.sample).collect();
    samples.sort();
    samples.dedup();
    assert_eq!(samples.len(), leases.len(), "two leases on one sample");
    assert_eq!(leases.len(), 6, "every sample has a worker");
    assert!(database.store.lease("worker", MINUTE).await.unwrap().is_none());
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
                match store.lease("worker", MINUTE).await.unwrap() {
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
    store.renew_lease(&lost, MINUTE).await.unwrap();
    assert!(store.lease("other", MINUTE).await.unwrap().is_none(), "still held");
    expire(&database).await;
    let taken = store.lease("other", MINUTE).await.unwrap().unwrap();
    assert_eq!(taken.acquisition, lost.acquisition);
    assert_eq!(taken.attempts, 2);
    assert!(taken.token > lost.token);

    let before = store.cursor_bounds().await.unwrap();
    for refused in [
        store.renew_lease(&lost, MINUTE).await,
        store.commit(&lost, &finished()).await.map(drop),
        store.fail(&lost, "late", NextTry::Never).await,
        store.release(&lost).await,
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
async fn a_slow_worker_whose_lease_nobody_took_may_still_commit() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    expire(&database).await;
    database.store.commit(&lease, &finished()).await.unwrap();
}

#[tokio::test]
async fn a_failure_waits_before_it_is_tried_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.fail(&lease, "share is away", NextTry::After(MINUTE)).await.unwrap();
    let row = store.acquisition(lease.acquisition).await.unwrap();
    assert_eq!((row.state, row.reason.as_str()), (AcquisitionState::Ready, "share is away"));
    assert!(store.lease("worker", MINUTE).await.unwrap().is_none(), "not due yet");
    database.connection().await.execute("UPDATE acquisitions SET due_at = now()").await.unwrap();
    let again = store.lease("worker", MINUTE).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
    store.fail(&again, "not a FID", NextTry::Never).await.unwrap();
    assert_eq!(store.acquisition(lease.acquisition).await.unwrap().state, AcquisitionState::Failed);
    assert!(store.lease("worker", MINUTE).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_given_back_at_shutdown_is_ready_and_not_counted() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.release(&lease).await.unwrap();
    let again = database.store.lease("worker", MINUTE).await.unwrap().unwrap();
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
    let again = store.lease("worker", MINUTE).await.unwrap().unwrap();
    assert_eq!((again.acquisition, again.attempts), (lease.acquisition, 1));
    assert!(matches!(
        store.reprocess(uuid::Uuid::now_v7()).await,
        Err(StoreError::NotFound { .. })
    ));
}
