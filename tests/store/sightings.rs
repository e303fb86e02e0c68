//! Datasets are known by content: moved, copied, acquired anew, half written.

use larmor::store::{
    AcquisitionFilter, AcquisitionState, Change, EventFilter, EventKind, Page, SightedState,
    Sighting, Store,
};

use crate::support::TestDatabase;
use crate::support::given::{MINUTE, finished, incomplete, sighting};

async fn told(store: &Store) -> Vec<EventKind> {
    let page = store.events_after(0, &EventFilter::default(), 1000).await.unwrap();
    page.events.iter().map(|event| event.body.kind()).collect()
}

#[tokio::test]
async fn seeing_the_same_again_changes_nothing() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for one in [sighting("g/a/1"), incomplete("g/a/2")] {
        let first = store.sight(&one).await.unwrap();
        assert_eq!(first.change, Change::New);
        let again = store.sight(&one).await.unwrap();
        assert_eq!((again.acquisition, again.change), (first.acquisition, Change::Nothing));
    }
    assert_eq!(told(store).await, [EventKind::Discovered, EventKind::Discovered]);
}

#[tokio::test]
async fn an_incomplete_dataset_becomes_ready_as_the_same_acquisition() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let begun = store.sight(&incomplete("g/a/1")).await.unwrap();
    assert_eq!(begun.state, AcquisitionState::Incomplete);
    assert!(store.lease("worker", MINUTE).await.unwrap().is_none());
    let complete = store.sight(&sighting("g/a/1")).await.unwrap();
    assert_eq!(complete.acquisition, begun.acquisition);
    assert_eq!((complete.state, complete.change), (AcquisitionState::Ready, Change::State));
    assert_eq!(told(store).await, [EventKind::Discovered]);
    assert!(store.lease("worker", MINUTE).await.unwrap().is_some());
}

#[tokio::test]
async fn moved_and_copied_data_are_not_processed_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let original = store.sight(&sighting("g/a/1")).await.unwrap();
    let lease = store.lease("worker", MINUTE).await.unwrap().unwrap();
    store.commit(&lease, &finished()).await.unwrap();
    let copy = Sighting { path: "/archive/a/1".to_owned(), ..sighting("g/a/1") };
    let seen = store.sight(&copy).await.unwrap();
    assert_eq!(seen.acquisition, original.acquisition);
    assert_eq!((seen.state, seen.change), (AcquisitionState::Done, Change::Location));
    assert_eq!(store.sight(&copy).await.unwrap().change, Change::Nothing);
    assert!(store.lease("worker", MINUTE).await.unwrap().is_none());
    assert_eq!(store.acquisition(original.acquisition).await.unwrap().path, "/archive/a/1");
}

#[tokio::test]
async fn a_copy_first_seen_half_written_ends_as_the_same_data() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let original = store.sight(&sighting("g/a/1")).await.unwrap();
    let place = "/data/g/a/copy".to_owned();
    let begun =
        store.sight(&Sighting { path: place.clone(), ..incomplete("g/a/1") }).await.unwrap();
    assert_ne!(begun.acquisition, original.acquisition);
    let ended = store.sight(&Sighting { path: place, ..sighting("g/a/1") }).await.unwrap();
    assert_eq!(ended.acquisition, original.acquisition);
    let folded = store.acquisition(begun.acquisition).await.unwrap();
    assert_eq!(folded.state, AcquisitionState::Skipped);
    assert!(folded.reason.contains(&original.acquisition.to_string()), "{}", folded.reason);
    assert_eq!(
        told(store).await,
        [EventKind::Discovered, EventKind::Discovered, EventKind::Skipped]
    );
}

#[tokio::test]
async fn new_content_under_an_old_path_is_a_new_acquisition() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let first = store.sight(&sighting("g/a/1")).await.unwrap();
    let again = Sighting { digest: Some("other".to_owned()), ..sighting("g/a/1") };
    let second = store.sight(&again).await.unwrap();
    assert_ne!(first.acquisition, second.acquisition);
    assert_eq!(second.change, Change::New);
}

#[tokio::test]
async fn groups_do_not_share_acquisitions() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let mine = store.sight(&sighting("mine/a/1")).await.unwrap();
    let theirs =
        Sighting { digest: Some("digest of mine/a/1".to_owned()), ..sighting("theirs/a/1") };
    assert_ne!(mine.acquisition, store.sight(&theirs).await.unwrap().acquisition);
}

#[tokio::test]
async fn what_is_skipped_failed_or_overdue_is_told_once_with_its_reason() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let reason = Some("two-dimensional".to_owned());
    let skipped = Sighting { state: SightedState::Skipped, reason, ..sighting("g/a/1") };
    let failed = Sighting { state: SightedState::Failed, ..incomplete("g/a/2") };
    let overdue = Sighting { state: SightedState::Overdue, ..incomplete("g/a/3") };
    for one in [&skipped, &failed, &incomplete("g/a/3"), &overdue] {
        store.sight(one).await.unwrap();
        store.sight(one).await.unwrap();
    }
    use EventKind::{Discovered, Failed, Incomplete, Skipped};
    assert_eq!(
        told(store).await,
        [Discovered, Skipped, Discovered, Failed, Discovered, Incomplete]
    );
    let filter = AcquisitionFilter {
        state: Some(AcquisitionState::Skipped),
        ..AcquisitionFilter::default()
    };
    let listed = store.acquisitions(&filter, &Page { after: None, size: 10 }).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].reason, "two-dimensional");
}

#[tokio::test]
async fn the_watcher_does_not_undo_what_a_worker_decided() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    store.sight(&sighting("g/a/1")).await.unwrap();
    let lease = store.lease("worker", MINUTE).await.unwrap().unwrap();
    store.fail(&lease, "no peaks", None).await.unwrap();
    let seen = store.sight(&sighting("g/a/1")).await.unwrap();
    assert_eq!((seen.state, seen.change), (AcquisitionState::Failed, Change::Nothing));
}

#[tokio::test]
async fn what_was_skipped_is_taken_up_when_the_rules_change() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let skipped = Sighting { state: SightedState::Skipped, ..sighting("g/a/1") };
    store.sight(&skipped).await.unwrap();
    assert_eq!(store.sight(&sighting("g/a/1")).await.unwrap().state, AcquisitionState::Ready);
    assert!(store.lease("worker", MINUTE).await.unwrap().is_some());
}

#[tokio::test]
async fn watchers_that_see_the_same_at_once_make_one_acquisition() {
    let database = TestDatabase::new().await;
    let mut watchers = tokio::task::JoinSet::new();
    for watcher in 0..8 {
        let store = database.store.clone();
        watchers.spawn(async move {
            let one = Sighting { path: format!("/mount{watcher}/g/a/1"), ..sighting("g/a/1") };
            store.sight(&one).await.unwrap().acquisition
        });
    }
    let mut seen = watchers.join_all().await;
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(told(&database.store).await, [EventKind::Discovered]);
}

#[tokio::test]
async fn hostile_header_text_is_kept_as_far_as_text_goes() {
    let database = TestDatabase::new().await;
    let title = "a\0b'; DROP TABLE events; -- \u{1F600}".to_owned();
    let seen = database.store.sight(&Sighting { title, ..sighting("g/a/1") }).await.unwrap();
    let kept = database.store.acquisition(seen.acquisition).await.unwrap().title;
    assert_eq!(kept, "a\u{FFFD}b'; DROP TABLE events; -- \u{1F600}");
}
