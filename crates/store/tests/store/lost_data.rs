//! Datasets that are gone, or overwritten, before they were processed.

use larmor_store::{AcquisitionState, EventKind, Observation, StoreError};

use crate::told::reported;
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{any_work, finished, incomplete, leased, observation};

#[tokio::test]
async fn a_dataset_that_vanished_before_it_was_complete_goes_on_when_it_comes_back() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let begun = store.observe(&incomplete("g/a/1")).await.unwrap().acquisition;
    assert_eq!(store.vanished("other", "/data/g/a/1").await.unwrap(), None);
    assert_eq!(store.vanished("av500", "/data/g/a/1").await.unwrap(), Some(begun));
    assert_eq!(store.vanished("av500", "/data/g/a/1").await.unwrap(), None, "told once");
    let row = store.acquisition(begun).await.unwrap();
    assert_eq!((row.state, row.title.as_str()), (AcquisitionState::Vanished, "a title"));
    assert_eq!(reported(store).await, [EventKind::Discovered, EventKind::Vanished]);

    let back = store.observe(&incomplete("g/a/1")).await.unwrap();
    assert_eq!((back.acquisition, back.state), (begun, AcquisitionState::Incomplete));
    store.vanished("av500", "/data/g/a/1").await.unwrap();
    let whole = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!((whole.acquisition, whole.state), (begun, AcquisitionState::Ready));
    assert_eq!(store.vanished("av500", "/data/g/a/1").await.unwrap(), None, "it may be archived");
}

/// As `observation`, acquired anew.
fn acquired_anew(path: &str) -> Observation {
    Observation { digest: Some(format!("another digest of {path}")), ..observation(path) }
}

#[tokio::test]
async fn what_is_overwritten_before_it_was_processed_is_superseded() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let first = store.observe(&observation("g/a/1")).await.unwrap().acquisition;
    let second = store.observe(&acquired_anew("g/a/1")).await.unwrap().acquisition;
    let row = store.acquisition(first).await.unwrap();
    assert_eq!(row.state, AcquisitionState::Superseded);
    assert!(row.reason.contains(&second.to_string()), "{}", row.reason);
    use EventKind::{Discovered, Superseded};
    assert_eq!(reported(store).await, [Discovered, Discovered, Superseded]);
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!(lease.acquisition, second);

    // A copy of it turns up.
    let copy = Observation { path: "/archive/a/1".to_owned(), ..observation("g/a/1") };
    let seen = store.observe(&copy).await.unwrap();
    assert_eq!((seen.acquisition, seen.state), (first, AcquisitionState::Ready));
}

#[tokio::test]
async fn what_was_processed_or_lies_elsewhere_too_is_not_superseded() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    store.observe(&acquired_anew("g/a/1")).await.unwrap();
    assert_eq!(store.acquisition(lease.acquisition).await.unwrap().state, AcquisitionState::Done);

    let copied = store.observe(&observation("g/b/1")).await.unwrap().acquisition;
    let copy = Observation { path: "/archive/b/1".to_owned(), ..observation("g/b/1") };
    store.observe(&copy).await.unwrap();
    store.observe(&observation("g/b/1")).await.unwrap();
    store.observe(&acquired_anew("g/b/1")).await.unwrap();
    assert_eq!(store.acquisition(copied).await.unwrap().state, AcquisitionState::Ready);
}

#[tokio::test]
async fn a_worker_that_finds_other_data_supersedes() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.supersede(&lease, "it holds other data").await.unwrap();
    let row = store.acquisition(lease.acquisition).await.unwrap();
    assert_eq!(
        (row.state, row.reason.as_str()),
        (AcquisitionState::Superseded, "it holds other data")
    );
    assert_eq!(reported(store).await, [EventKind::Discovered, EventKind::Superseded]);
    assert!(matches!(store.supersede(&lease, "again").await, Err(StoreError::LeaseLost { .. })));
}
