//! A sample stays one when its data are renamed or moved on disk.

use larmor_store::{
    AcquisitionFilter, AcquisitionState, Change, Event, EventBody, EventFilter, Observation, Page,
    SampleChangeKind, Store, StoreError,
};
use sqlx::Executor;
use uuid::Uuid;

use crate::told::judged;
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{any_work, finished, incomplete, observation};

/// The data of one place, seen at another.
fn moved(from: &str, to: &str) -> Observation {
    Observation { digest: observation(from).digest, ..observation(to) }
}

fn place(path: &str) -> String {
    observation(path).path
}

async fn gone(store: &Store, paths: &[&str]) {
    let paths: Vec<String> = paths.iter().map(|path| place(path)).collect();
    store.gone("av500", &paths).await.unwrap();
}

async fn told(store: &Store) -> Vec<Event> {
    let page = store.events_after(0, &EventFilter::default(), 1000).await.unwrap();
    let moved = |event: &Event| matches!(event.body, EventBody::Moved { .. });
    page.events.into_iter().filter(moved).collect()
}

/// Group, sample and path of an acquisition.
async fn lies(store: &Store, acquisition: Uuid) -> (String, String, String) {
    let row = store.acquisition(acquisition).await.unwrap();
    (row.group, row.sample_name, row.path)
}

fn at(group: &str, sample: &str, path: &str) -> (String, String, String) {
    (group.to_owned(), sample.to_owned(), place(path))
}

/// Acquisitions of the samples of a name.
async fn measured(store: &Store, sample: &str) -> usize {
    let filter = AcquisitionFilter { sample: Some(sample.to_owned()), ..Default::default() };
    store.acquisitions(&filter, &Page { after: None, size: 10 }).await.unwrap().len()
}

async fn nothing_waits(store: &Store) {
    assert_eq!(store.lease("worker", &any_work()).await.unwrap(), None);
}

#[tokio::test]
async fn a_sample_whose_directory_is_renamed_keeps_what_is_known_of_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (first, sample) = judged(store, "g/a/1").await;
    let (second, _) = judged(store, "g/a/2").await;
    let seen = moved("g/a/1", "g/b/1");
    let mut to_check = store.places_to_check(&seen).await.unwrap();
    to_check.sort();
    assert_eq!(to_check, [place("g/a/1"), place("g/a/2")]);
    gone(store, &["g/a/1", "g/a/2"]).await;

    let outcome = store.observe(&seen).await.unwrap();
    assert_eq!((outcome.acquisition, outcome.change), (first, Change::Location));
    assert_eq!(lies(store, first).await, at("g", "b", "g/b/1"));
    assert_eq!(lies(store, second).await, at("g", "b", "g/a/2"), "not seen yet");
    assert_eq!(store.observe(&seen).await.unwrap().change, Change::Nothing);
    assert_eq!(store.places_to_check(&seen).await.unwrap(), [""; 0]);
    store.observe(&moved("g/a/2", "g/b/2")).await.unwrap();
    assert_eq!(lies(store, second).await, at("g", "b", "g/b/2"));

    nothing_waits(store).await;
    let summary = store.sample(sample).await.unwrap();
    assert_eq!((summary.name.as_str(), summary.judgement.unwrap().revision), ("b", 2));
    let events = told(store).await;
    assert_eq!(events.len(), 2);
    for (event, number) in events.iter().zip(["1", "2"]) {
        let EventBody::Moved { state, former_group, former_sample, former_path, left_group } =
            &event.body
        else {
            unreachable!()
        };
        assert_eq!((event.sample, event.sample_name.as_str()), (sample, "b"));
        assert_eq!((former_group.as_str(), former_sample.as_str()), ("g", "a"));
        assert_eq!(*former_path, place(&format!("g/a/{number}")));
        assert_eq!((*state, *left_group), (AcquisitionState::Done, false));
    }
    let changes = store.sample_changes(sample).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].kind, &changes[0].by), (SampleChangeKind::Moved, &None));

    // What is acquired there next is the sample's, and the former name is free.
    let next = store.observe(&observation("g/b/3")).await.unwrap().acquisition;
    assert_eq!(store.acquisition(next).await.unwrap().sample, sample);
    let other = store.observe(&observation("g/a/1x")).await.unwrap().acquisition;
    assert_ne!(store.acquisition(other).await.unwrap().sample, sample);
}

#[tokio::test]
async fn what_began_under_the_new_name_joins_the_sample() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (_, sample) = judged(store, "g/a/1").await;
    let begun = store.observe(&incomplete("g/b/2")).await.unwrap().acquisition;
    let other = store.acquisition(begun).await.unwrap().sample;
    gone(store, &["g/a/1"]).await;
    store.observe(&moved("g/a/1", "g/b/1")).await.unwrap();
    assert_eq!(store.acquisition(begun).await.unwrap().sample, sample);
    assert_eq!(store.sample(other).await.unwrap().id, sample, "whoever knew it finds the sample");
    nothing_waits(store).await;
}

#[tokio::test]
async fn a_copy_in_the_directory_of_another_sample_is_a_copy() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (original, sample) = judged(store, "g/a/1").await;
    let seen = moved("g/a/1", "g/b/1");
    let copy = store.observe(&seen).await.unwrap();
    assert_eq!((copy.state, copy.change), (AcquisitionState::Skipped, Change::New));
    let row = store.acquisition(copy.acquisition).await.unwrap();
    assert_eq!(row.reason, format!("a copy of acquisition {original} of sample a"));
    assert_eq!(row.sample_name, "b");
    let again = store.observe(&seen).await.unwrap();
    assert_eq!((again.acquisition, again.change), (copy.acquisition, Change::Nothing));
    assert_eq!(lies(store, original).await, at("g", "a", "g/a/1"));

    // It was no copy: the data were moved from one file system to another.
    gone(store, &["g/a/1"]).await;
    assert_eq!(lies(store, original).await, at("g", "b", "g/b/1"));
    assert_eq!(store.acquisition(original).await.unwrap().sample, sample);
    assert_eq!(store.observe(&seen).await.unwrap().change, Change::Nothing);
    assert_eq!(told(store).await.len(), 1);
    nothing_waits(store).await;
}

#[tokio::test]
async fn one_acquisition_that_is_moved_makes_another_sample_and_both_are_judged_anew() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (first, sample) = judged(store, "g/a/1").await;
    let (second, _) = judged(store, "g/a/2").await;
    gone(store, &["g/a/1"]).await;
    store.observe(&moved("g/a/1", "g/b/1")).await.unwrap();
    assert_eq!(lies(store, first).await, at("g", "b", "g/b/1"));
    assert_eq!(lies(store, second).await, at("g", "a", "g/a/2"));
    let other = store.acquisition(first).await.unwrap().sample;
    let spectra = async |of| store.sample_spectra(of).await.unwrap().len();
    assert_eq!((spectra(sample).await, spectra(other).await), (1, 1));
    let mut leased = Vec::new();
    while let Some(lease) = store.lease("worker", &any_work()).await.unwrap() {
        assert!(lease.elucidate_only);
        leased.push((lease.acquisition, lease.sample));
    }
    leased.sort_unstable();
    assert_eq!(leased, [(first, other), (second, sample)]);
}

#[tokio::test]
async fn a_sample_that_is_moved_into_the_directory_of_another_becomes_part_of_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (first, sample) = judged(store, "g/a/1").await;
    let (_, other) = judged(store, "g/b/7").await;
    gone(store, &["g/a/1"]).await;
    store.observe(&moved("g/a/1", "g/b/1")).await.unwrap();
    assert_eq!(store.acquisition(first).await.unwrap().sample, other);
    assert_eq!(store.sample(sample).await.unwrap().id, other);
    assert_eq!(measured(store, "b").await, 2);
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert!(lease.elucidate_only && lease.sample == other);
    let changes = store.sample_changes(other).await.unwrap();
    assert!(changes.iter().all(|change| change.into_sample == Some(other)), "{changes:?}");
}

#[tokio::test]
async fn what_is_moved_to_another_group_is_shown_to_that_group() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (acquisition, sample) = judged(store, "g/a/1").await;
    gone(store, &["g/a/1"]).await;
    let outcome = store.observe(&moved("g/a/1", "h/a/1")).await.unwrap();
    assert_eq!(outcome.acquisition, acquisition);
    assert_eq!(lies(store, acquisition).await, at("h", "a", "h/a/1"));
    let summary = store.sample(sample).await.unwrap();
    assert_eq!((summary.group.as_str(), summary.judgement.unwrap().revision), ("h", 1));
    let told: Vec<_> = told(store)
        .await
        .into_iter()
        .map(|event| match event.body {
            EventBody::Moved { left_group, .. } => (event.group, left_group),
            _ => unreachable!(),
        })
        .collect();
    assert_eq!(told, [("g".to_owned(), true), ("h".to_owned(), false)]);
    nothing_waits(store).await;
}

#[tokio::test]
async fn what_somebody_sends_takes_nothing_from_another_group() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (theirs, sample) = judged(store, "g/a/1").await;
    gone(store, &["g/a/1"]).await;
    let sent = store.observe_sent(&moved("g/a/1", "h/b/1")).await.unwrap();
    assert_ne!(sent.acquisition, theirs, "a copy that was sent is an acquisition of its own");
    assert_eq!(lies(store, theirs).await, at("g", "a", "g/a/1"));
    assert_eq!(store.sample(sample).await.unwrap().group, "g");
}

#[tokio::test]
async fn a_copy_in_another_group_is_an_acquisition_of_its_own() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (original, _) = judged(store, "g/a/1").await;
    let copy = store.observe(&moved("g/a/1", "h/a/1")).await.unwrap();
    assert_ne!(copy.acquisition, original);
    assert_eq!(copy.state, AcquisitionState::Ready);
    assert_eq!(lies(store, original).await, at("g", "a", "g/a/1"));
}

#[tokio::test]
async fn what_comes_back_from_an_archive_stays_with_its_sample() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (acquisition, sample) = judged(store, "g/a/1").await;
    gone(store, &["g/a/1"]).await;
    let mut connection = database.connection().await;
    let long_ago = "UPDATE acquisition_locations SET gone_at = gone_at - interval '1 day'";
    connection.execute(long_ago).await.unwrap();
    let seen = moved("g/a/1", "g/b/1");
    let outcome = store.observe(&seen).await.unwrap();
    assert_eq!((outcome.acquisition, outcome.change), (acquisition, Change::Location));
    assert_eq!(store.observe(&seen).await.unwrap().change, Change::Nothing);
    assert_eq!(lies(store, acquisition).await, at("g", "a", "g/b/1"));
    assert_eq!(store.acquisition(acquisition).await.unwrap().sample, sample);
    // Another group that has a copy of them does not get what was found out about them.
    let theirs = store.observe(&moved("g/a/1", "h/a/1")).await.unwrap();
    assert_ne!(theirs.acquisition, acquisition);
}

#[tokio::test]
async fn samples_follow_a_rule_that_names_them_otherwise() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (first, sample) = judged(store, "g/a/1").await;
    let (second, _) = judged(store, "g/a/2").await;
    for path in ["g/a/1", "g/a/2"] {
        let named =
            Observation { group: "h".to_owned(), sample: "a of g".to_owned(), ..observation(path) };
        store.observe(&named).await.unwrap();
        assert_eq!(store.observe(&named).await.unwrap().change, Change::Nothing);
    }
    assert_eq!(lies(store, first).await, at("h", "a of g", "g/a/1"));
    assert_eq!(lies(store, second).await, at("h", "a of g", "g/a/2"));
    let now = store.acquisition(first).await.unwrap().sample;
    assert_eq!(store.acquisition(second).await.unwrap().sample, now);
    assert_eq!(measured(store, "a of g").await, 2);
    assert_eq!(store.sample(sample).await.unwrap().waiting, 0);
}

#[tokio::test]
async fn a_worker_that_has_what_is_moved_loses_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    store.observe(&observation("g/a/2")).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    store.observe(&observation("g/a/1")).await.unwrap();
    gone(store, &["g/a/2"]).await;
    store.observe(&moved("g/a/2", "g/b/2")).await.unwrap();
    let late = store.commit(&lease, &finished()).await;
    assert!(matches!(late, Err(StoreError::LeaseLost { .. })), "{late:?}");
    let samples: Vec<String> = [
        store.lease("worker", &any_work()).await.unwrap().unwrap(),
        store.lease("worker", &any_work()).await.unwrap().unwrap(),
    ]
    .map(|lease| lease.sample_name)
    .into();
    assert!(samples.contains(&"b".to_owned()) && samples.contains(&"a".to_owned()), "{samples:?}");
}
