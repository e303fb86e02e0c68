//! Datasets are known by content: moved, copied, acquired anew, half written.

use std::time::Duration;

use larmor_nmr::fid::Beside;
use larmor_store::{
    AcquisitionFilter, AcquisitionState, Change, EventBody, EventFilter, EventKind, NextTry,
    Observation, ObservedState, Page, Recorded,
};
use sqlx::Executor;

use crate::told::reported;
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{MINUTE, any_work, finished, incomplete, leased, observation};

#[tokio::test]
async fn seeing_the_same_again_changes_nothing() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for one in [observation("g/a/1"), incomplete("g/a/2")] {
        let first = store.observe(&one).await.unwrap();
        assert_eq!(first.change, Change::New);
        let again = store.observe(&one).await.unwrap();
        assert_eq!((again.acquisition, again.change), (first.acquisition, Change::Nothing));
    }
    assert_eq!(reported(store).await, [EventKind::Discovered, EventKind::Discovered]);
}

#[tokio::test]
async fn an_incomplete_dataset_becomes_ready_as_the_same_acquisition() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let begun = store.observe(&incomplete("g/a/1")).await.unwrap();
    assert_eq!(begun.state, AcquisitionState::Incomplete);
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none());
    let complete = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!(complete.acquisition, begun.acquisition);
    assert_eq!((complete.state, complete.change), (AcquisitionState::Ready, Change::State));
    assert_eq!(reported(store).await, [EventKind::Discovered]);
    assert!(store.lease("worker", &any_work()).await.unwrap().is_some());
}

#[tokio::test]
async fn moved_and_copied_data_are_not_processed_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let original = store.observe(&observation("g/a/1")).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    store.commit(&lease, &finished()).await.unwrap();
    let copy = Observation { path: "/archive/a/1".to_owned(), ..observation("g/a/1") };
    let seen = store.observe(&copy).await.unwrap();
    assert_eq!(seen.acquisition, original.acquisition);
    assert_eq!((seen.state, seen.change), (AcquisitionState::Done, Change::Location));
    assert_eq!(store.observe(&copy).await.unwrap().change, Change::Nothing);
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none());
    assert_eq!(store.acquisition(original.acquisition).await.unwrap().path, "/archive/a/1");
}

#[tokio::test]
async fn a_copy_first_seen_half_written_ends_as_the_same_data() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let original = store.observe(&observation("g/a/1")).await.unwrap();
    let place = "/data/g/a/copy".to_owned();
    let begun =
        store.observe(&Observation { path: place.clone(), ..incomplete("g/a/1") }).await.unwrap();
    assert_ne!(begun.acquisition, original.acquisition);
    let ended = store.observe(&Observation { path: place, ..observation("g/a/1") }).await.unwrap();
    assert_eq!(ended.acquisition, original.acquisition);
    let folded = store.acquisition(begun.acquisition).await.unwrap();
    assert_eq!(folded.state, AcquisitionState::Skipped);
    assert!(folded.reason.contains(&original.acquisition.to_string()), "{}", folded.reason);
    assert_eq!(
        reported(store).await,
        [EventKind::Discovered, EventKind::Discovered, EventKind::Skipped]
    );
}

#[tokio::test]
async fn new_content_under_an_old_path_is_a_new_acquisition() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let first = store.observe(&observation("g/a/1")).await.unwrap();
    let again = Observation { digest: Some("other".to_owned()), ..observation("g/a/1") };
    let second = store.observe(&again).await.unwrap();
    assert_ne!(first.acquisition, second.acquisition);
    assert_eq!(second.change, Change::New);
}

#[tokio::test]
async fn groups_do_not_share_acquisitions() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let mine = store.observe(&observation("mine/a/1")).await.unwrap();
    let theirs =
        Observation { digest: Some("digest of mine/a/1".to_owned()), ..observation("theirs/a/1") };
    assert_ne!(mine.acquisition, store.observe(&theirs).await.unwrap().acquisition);
}

#[tokio::test]
async fn what_is_skipped_failed_or_overdue_is_told_once_with_its_reason() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let reason = Some("two-dimensional".to_owned());
    let skipped = Observation { state: ObservedState::Skipped, reason, ..observation("g/a/1") };
    let failed = Observation { state: ObservedState::Failed, ..incomplete("g/a/2") };
    let overdue = Observation { state: ObservedState::Overdue, ..incomplete("g/a/3") };
    for one in [&skipped, &failed, &incomplete("g/a/3"), &overdue] {
        store.observe(one).await.unwrap();
        store.observe(one).await.unwrap();
    }
    use EventKind::{Discovered, Failed, Incomplete, Skipped};
    assert_eq!(
        reported(store).await,
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
    store.observe(&observation("g/a/1")).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    store.fail(&lease, "no peaks", NextTry::Never).await.unwrap();
    let seen = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!((seen.state, seen.change), (AcquisitionState::Failed, Change::Nothing));
}

/// Off the rule a dataset is named after its directory; the rule that fits names it otherwise.
#[tokio::test]
async fn what_was_skipped_is_taken_up_when_the_rules_change() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let skipped = Observation {
        state: ObservedState::Skipped,
        digest: None,
        group: "default".to_owned(),
        sample: "nmr".to_owned(),
        ..observation("g/a/1")
    };
    let first = store.observe(&skipped).await.unwrap();
    let before = store.cursor_bounds().await.unwrap().newest;
    let taken = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!((taken.acquisition, taken.state), (first.acquisition, AcquisitionState::Ready));
    // As after a restart.
    let again = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!((again.acquisition, again.change), (first.acquisition, Change::Nothing));
    let row = store.acquisition(first.acquisition).await.unwrap();
    assert_eq!((row.group.as_str(), row.sample_name.as_str()), ("g", "a"));

    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!((lease.group.as_str(), lease.sample_name.as_str()), ("g", "a"));
    store.commit(&lease, &finished()).await.unwrap();
    let page = store.events_after(before, &EventFilter::default(), 10).await.unwrap();
    assert_eq!(page.events.len(), 2, "{:?}", page.events);
    for event in page.events {
        assert_eq!((event.group.as_str(), event.sample_name.as_str()), ("g", "a"));
    }
    assert!(store.lease("worker", &any_work()).await.unwrap().is_none());
}

#[tokio::test]
async fn data_that_could_not_be_reached_are_processed_once_they_are_seen_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.fail(&lease, "the share is away", NextTry::WhenObserved).await.unwrap();
    let places = store.retryable("av500", Duration::ZERO).await.unwrap();
    assert_eq!(places, ["/data/g/a/1"]);
    assert!(store.retryable("av500", MINUTE).await.unwrap().is_empty(), "failed just now");
    assert!(store.retryable("other", Duration::ZERO).await.unwrap().is_empty());

    let unreadable = Observation { state: ObservedState::Failed, ..observation("g/a/1") };
    assert_eq!(store.observe(&unreadable).await.unwrap().state, AcquisitionState::Failed);
    let seen = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!((seen.state, seen.change), (AcquisitionState::Ready, Change::State));
    assert!(store.retryable("av500", Duration::ZERO).await.unwrap().is_empty());
    let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!((again.acquisition, again.attempts), (lease.acquisition, 1), "all tries anew");
}

#[tokio::test]
async fn what_was_skipped_is_looked_at_again_when_somebody_asks() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let skipped = Observation {
        state: ObservedState::Skipped,
        reason: Some("a 2D experiment".to_owned()),
        digest: None,
        ..observation("g/a/1")
    };
    let acquisition = store.observe(&skipped).await.unwrap().acquisition;
    assert!(store.to_look_at("av500").await.unwrap().is_empty());
    store.reprocess(acquisition).await.unwrap();
    assert_eq!(store.acquisition(acquisition).await.unwrap().state, AcquisitionState::Skipped);
    assert!(store.to_look_at("other").await.unwrap().is_empty());
    assert_eq!(store.to_look_at("av500").await.unwrap(), ["/data/g/a/1"]);
    store.looked_at("other", "/data/g/a/1").await.unwrap();
    assert_eq!(store.to_look_at("av500").await.unwrap(), ["/data/g/a/1"], "until it was");
    store.looked_at("av500", "/data/g/a/1").await.unwrap();
    assert!(store.to_look_at("av500").await.unwrap().is_empty());
    assert_eq!(store.observe(&skipped).await.unwrap().change, Change::Nothing);
    // What is seen there now counts.
    let seen = store.observe(&observation("g/a/1")).await.unwrap();
    assert_eq!((seen.acquisition, seen.state), (acquisition, AcquisitionState::Ready));

    let unreadable = Observation { state: ObservedState::Failed, ..skipped };
    let unreadable = Observation { path: "/data/g/a/2".to_owned(), ..unreadable };
    let failed = store.observe(&unreadable).await.unwrap().acquisition;
    store.reprocess(failed).await.unwrap();
    assert_eq!(store.to_look_at("av500").await.unwrap(), ["/data/g/a/2"]);
}

#[tokio::test]
async fn data_moved_while_a_worker_has_them_are_found_where_they_are() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    let moved = Observation { path: "/archive/a/1".to_owned(), ..observation("g/a/1") };
    let seen = store.observe(&moved).await.unwrap();
    assert_eq!((seen.acquisition, seen.state), (lease.acquisition, AcquisitionState::Processing));
    store.fail(&lease, "not there", NextTry::After(Duration::ZERO)).await.unwrap();
    let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!((again.acquisition, again.path.as_str()), (lease.acquisition, "/archive/a/1"));

    // And back, to a place known already.
    store.observe(&observation("g/a/1")).await.unwrap();
    store.commit(&again, &finished()).await.unwrap();
    assert_eq!(store.acquisition(lease.acquisition).await.unwrap().path, "/data/g/a/1");
}

#[tokio::test]
async fn watchers_that_see_the_same_at_once_make_one_acquisition() {
    let database = TestDatabase::new().await;
    let mut watchers = tokio::task::JoinSet::new();
    for watcher in 0..8 {
        let store = database.store.clone();
        watchers.spawn(async move {
            let one =
                Observation { path: format!("/mount{watcher}/g/a/1"), ..observation("g/a/1") };
            store.observe(&one).await.unwrap().acquisition
        });
    }
    let mut seen = watchers.join_all().await;
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(reported(&database.store).await, [EventKind::Discovered]);
}

#[tokio::test]
async fn hostile_header_text_is_kept_as_far_as_text_goes() {
    let database = TestDatabase::new().await;
    let title = "a\0b'; DROP TABLE events; -- \u{1F600}".to_owned();
    let seen =
        database.store.observe(&Observation { title, ..observation("g/a/1") }).await.unwrap();
    let kept = database.store.acquisition(seen.acquisition).await.unwrap().title;
    assert_eq!(kept, "a\u{FFFD}b'; DROP TABLE events; -- \u{1F600}");
}

const LONG_AGO: &str = "UPDATE acquisition_locations SET gone_at = gone_at - interval '1 day'";

#[tokio::test]
async fn structures_around_a_dataset_count_only_where_its_own_samples_directory_is() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let first = store.observe(&observation("g/a/1")).await.unwrap();
    let beside = async || store.acquisition(first.acquisition).await.unwrap().beside;
    assert_eq!(beside().await, Beside::DatasetAndSample);
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!(lease.beside, Beside::DatasetAndSample);
    store.commit(&lease, &finished()).await.unwrap();

    // Moved to where the rule says nothing of samples, archived and put back into another sample's
    // directory, and back.
    let elsewhere = Observation {
        path: "/archive/a_1".to_owned(),
        beside: Beside::Dataset,
        ..observation("g/a/1")
    };
    let other = Observation {
        path: "/data/g/b/1".to_owned(),
        sample: "b".to_owned(),
        ..observation("g/a/1")
    };
    for (moved, expected) in [
        (elsewhere, Beside::Dataset),
        (other, Beside::Dataset),
        (observation("g/a/1"), Beside::DatasetAndSample),
    ] {
        let before = store.acquisition(first.acquisition).await.unwrap().path;
        store.gone("av500", &[before]).await.unwrap();
        database.connection().await.execute(LONG_AGO).await.unwrap();
        let seen = store.observe(&moved).await.unwrap();
        assert_eq!(seen.acquisition, first.acquisition);
        assert_eq!(beside().await, expected, "{}", moved.path);
        assert_eq!(store.observe(&moved).await.unwrap().change, Change::Nothing);
    }
}

#[tokio::test]
async fn names_of_another_version_are_shown_as_they_stand() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    let mut connection = database.connection().await;
    for statement in [
        "UPDATE acquisitions SET vendor = 'nanalysis', nucleus = '17O', experiment = 'INADEQUATE'",
        "UPDATE spectra SET nucleus = '17O', experiment = 'INADEQUATE', solvent = 'bromoform-d'",
        // Events are never changed: this one is to be as another version would have written it.
        "ALTER TABLE events DISABLE TRIGGER USER",
        "UPDATE events SET body = jsonb_set(body, '{experiment}', '\"INADEQUATE\"')",
    ] {
        connection.execute(statement).await.unwrap();
    }
    let row = store.acquisition(lease.acquisition).await.unwrap();
    let shown = (row.vendor.to_string(), row.nucleus.unwrap().to_string());
    assert_eq!(shown, ("nanalysis".to_owned(), "17O".to_owned()));
    assert_eq!(row.experiment, Some(Recorded::Other("INADEQUATE".to_owned())));
    let spectrum = &store.sample_spectra(lease.sample).await.unwrap()[0];
    assert_eq!(spectrum.experiment.to_string(), "INADEQUATE");
    assert_eq!(spectrum.solvent, Some(Recorded::Other("bromoform-d".to_owned())));
    let events = store.events_after(0, &EventFilter::default(), 10).await.unwrap().events;
    let EventBody::Processed { experiment, .. } = &events[1].body else { panic!("{events:?}") };
    assert_eq!((experiment.known(), experiment.to_string()), (None, "INADEQUATE".to_owned()));
}

#[tokio::test]
async fn what_another_watcher_saw_before_it_was_complete_makes_no_second_acquisition() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let at = |seconds: i64| chrono::DateTime::from_timestamp(1_700_000_000 + seconds, 0);
    let complete = Observation { last_written: at(5), ..observation("g/a/1") };
    let seen = store.observe(&complete).await.unwrap();
    let late = Observation { last_written: at(3), ..incomplete("g/a/1") };
    assert_eq!(store.observe(&late).await.unwrap().acquisition, seen.acquisition);
    assert_eq!(reported(store).await, [EventKind::Discovered]);
    // Acquired anew at the same place: another one.
    let anew = Observation { last_written: at(60), ..incomplete("g/a/1") };
    assert_ne!(store.observe(&anew).await.unwrap().acquisition, seen.acquisition);
}
