//! Samples and instruments as a board shows them.

use larmor_nmr::elucidation::Verdict;
use larmor_store::{Finished, ObservedState, Page, SampleFilter, StoreError};
use uuid::Uuid;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, observation, proton_spectrum};

const PAGE: Page = Page { after: None, size: 10 };

#[tokio::test]
async fn a_sample_is_shown_with_what_stands_of_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    let lease = leased(store, "g/a/2").await;
    let proton = Finished { spectrum: proton_spectrum(), ..finished() };
    store.commit(&lease, &proton).await.unwrap();
    store.observe(&observation("g/a/3")).await.unwrap();
    let sample = store.sample(lease.sample).await.unwrap();
    assert_eq!((sample.group.as_str(), sample.name.as_str()), ("g", "a"));
    assert_eq!(sample.instrument, "av500");
    assert_eq!(sample.spectra, ["13C 1D", "1H 1D"]);
    assert_eq!((sample.waiting, sample.failed), (1, 0));
    let judgement = sample.judgement.unwrap();
    assert_eq!((judgement.revision, judgement.verdict), (2, Verdict::Consistent));
    assert_eq!(judgement.best.unwrap().smiles, "CCO");
    assert_eq!(sample.decision, None);
    let nobody = store.sample(Uuid::now_v7()).await.unwrap_err();
    assert!(matches!(nobody, StoreError::NotFound { .. }));
}

#[tokio::test]
async fn samples_are_listed_newest_first_and_by_what_is_asked() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for sample in ["Aspirin-1", "aspirin-2", "caffeine"] {
        let lease = leased(store, &format!("g/{sample}/1")).await;
        store.commit(&lease, &finished()).await.unwrap();
    }
    store.observe(&observation("other/aspirin-3/1")).await.unwrap();
    let names = async |filter: SampleFilter, page: Page| -> Vec<String> {
        let found = store.samples(&filter, &page).await.unwrap();
        found.into_iter().map(|sample| sample.name).collect()
    };
    let all = SampleFilter::default;
    assert_eq!(names(all(), PAGE).await, ["aspirin-3", "caffeine", "aspirin-2", "Aspirin-1"]);
    let first = store.samples(&all(), &Page { after: None, size: 2 }).await.unwrap();
    let rest = Page { after: Some(first[1].id), size: 2 };
    assert_eq!(names(all(), rest).await, ["aspirin-2", "Aspirin-1"]);
    let called = SampleFilter { name_contains: Some("ASPIRIN".to_owned()), ..all() };
    assert_eq!(names(called.clone(), PAGE).await, ["aspirin-3", "aspirin-2", "Aspirin-1"]);
    let mine = SampleFilter { group: Some("g".to_owned()), ..called };
    assert_eq!(names(mine, PAGE).await, ["aspirin-2", "Aspirin-1"]);
    let consistent = SampleFilter { verdict: Some(Verdict::Consistent), ..all() };
    assert_eq!(names(consistent, PAGE).await.len(), 3);
    let elsewhere = SampleFilter { instrument: Some("av600".to_owned()), ..all() };
    assert!(names(elsewhere, PAGE).await.is_empty());
    // What stands for anything elsewhere stands for itself in a name.
    let percent = SampleFilter { name_contains: Some("%".to_owned()), ..all() };
    assert!(names(percent, PAGE).await.is_empty());
}

#[tokio::test]
async fn an_instrument_tells_what_waits_and_what_it_did_today() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    assert!(store.instruments().await.unwrap().is_empty());
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    store.observe(&observation("g/b/1")).await.unwrap();
    let mut skipped = observation("g/c/1");
    skipped.state = ObservedState::Skipped;
    skipped.reason = Some("a 2D experiment".to_owned());
    store.observe(&skipped).await.unwrap();
    let [instrument] = &store.instruments().await.unwrap()[..] else { panic!() };
    assert_eq!(instrument.name, "av500");
    let counts = [
        instrument.writing,
        instrument.waiting,
        instrument.done_today,
        instrument.failed_today,
        instrument.skipped_today,
    ];
    assert_eq!(counts, [0, 1, 1, 0, 1]);
}
