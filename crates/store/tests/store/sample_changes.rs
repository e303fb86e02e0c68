//! Samples that people rename, merge, split and delete.

use larmor_nmr::structure::ProposedStructure;
use larmor_store::{
    AcquisitionFilter, AcquisitionState, Change, NewProposal, Observation, Page, SampleChangeKind,
    SampleFilter, Store, StoreError,
};
use uuid::Uuid;

use crate::told::judged;
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{any_work, observation};

async fn sample_of(store: &Store, path: &str) -> Uuid {
    let seen = store.observe(&observation(path)).await.unwrap();
    store.acquisition(seen.acquisition).await.unwrap().sample
}

async fn names(store: &Store) -> Vec<String> {
    let page = Page { after: None, size: 10 };
    let samples = store.samples(&SampleFilter::default(), &page).await.unwrap();
    let mut names: Vec<String> = samples.into_iter().map(|sample| sample.name).collect();
    names.sort();
    names
}

fn proposed(smiles: &str) -> NewProposal {
    NewProposal {
        structure: ProposedStructure::smiles(smiles),
        inchikey: String::new(),
        formula: String::new(),
        proposed_by: "client".to_owned(),
    }
}

#[tokio::test]
async fn a_renamed_sample_is_found_by_both_names() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (_, sample) = judged(store, "g/a/1").await;
    let (_, other) = judged(store, "g/b/1").await;
    store.rename_sample(sample, "EN4-crude", "ada").await.unwrap();
    assert_eq!(names(store).await, ["EN4-crude", "b"]);
    assert_eq!(sample_of(store, "g/a/2").await, sample, "its directory is called as before");
    assert_eq!(store.sample_named("g", "EN4-crude").await.unwrap(), sample);
    let refused = store.rename_sample(sample, "b", "ada").await;
    assert!(matches!(refused, Err(StoreError::NameTaken { .. })), "{refused:?}");

    // Its directory is renamed, too: it keeps the name that somebody gave it.
    store.gone("av500", &["/data/g/a/1".to_owned(), "/data/g/a/2".to_owned()]).await.unwrap();
    let seen = Observation { digest: observation("g/a/1").digest, ..observation("g/c/1") };
    store.observe(&seen).await.unwrap();
    assert_eq!(names(store).await, ["EN4-crude", "b"]);
    assert_eq!(sample_of(store, "g/c/3").await, sample);
    assert_ne!(sample_of(store, "g/a/9").await, sample);
    assert_ne!(sample, other);
    let kinds: Vec<_> =
        store.sample_changes(sample).await.unwrap().into_iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [SampleChangeKind::Renamed, SampleChangeKind::Moved]);
}

#[tokio::test]
async fn merged_samples_are_judged_together() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (_, from) = judged(store, "g/a/1").await;
    let (_, into) = judged(store, "g/b/1").await;
    store.propose(from, &[proposed("CCO"), proposed("COC")]).await.unwrap();
    store.propose(into, &[proposed("CCO")]).await.unwrap();
    store.merge_samples(from, into, "ada").await.unwrap();
    assert_eq!(names(store).await, ["b"]);
    let filter = AcquisitionFilter { sample: Some("b".to_owned()), ..Default::default() };
    let page = Page { after: None, size: 10 };
    assert_eq!(store.acquisitions(&filter, &page).await.unwrap().len(), 2);
    assert_eq!(store.proposals(into).await.unwrap().len(), 2, "the same one stands once");
    assert_eq!(store.sample(from).await.unwrap().id, into);
    assert_eq!(sample_of(store, "g/a/2").await, into, "its directory is the other's");
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!(lease.sample, into);
    let changes = store.sample_changes(into).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].kind, changes[0].by.as_deref(), changes[0].name.as_str()),
        (SampleChangeKind::Merged, Some("ada"), "a")
    );
    let gone = store.merge_samples(from, into, "ada").await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    let (_, theirs) = judged(store, "h/a/1").await;
    let refused = store.merge_samples(theirs, into, "ada").await;
    assert!(matches!(refused, Err(StoreError::NotOneGroup { .. })), "{refused:?}");
}

#[tokio::test]
async fn what_is_split_off_stays_with_its_new_sample() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (first, sample) = judged(store, "g/a/1").await;
    let (second, _) = judged(store, "g/a/2").await;
    let foreign = store.split_sample(sample, &[Uuid::now_v7()], "a-crude", "ada").await;
    assert!(matches!(foreign, Err(StoreError::NotFound { .. })), "{foreign:?}");
    let other = store.split_sample(sample, &[second], "a-crude", "ada").await.unwrap();
    assert_eq!(names(store).await, ["a", "a-crude"]);
    assert_eq!(store.sample_spectra(other).await.unwrap().len(), 1);
    // Seen again where it lies, and moved with its directory.
    assert_eq!(store.observe(&observation("g/a/2")).await.unwrap().change, Change::Nothing);
    store.gone("av500", &["/data/g/a/1".to_owned(), "/data/g/a/2".to_owned()]).await.unwrap();
    for number in ["2", "1"] {
        let digest = observation(&format!("g/a/{number}")).digest;
        let seen = Observation { digest, ..observation(&format!("g/b/{number}")) };
        store.observe(&seen).await.unwrap();
    }
    let of = async |id| store.acquisition(id).await.unwrap();
    assert_eq!((of(first).await.sample, of(second).await.sample), (sample, other));
    assert_eq!(of(first).await.sample_name, "b");
    assert_eq!(of(second).await.sample_name, "a-crude");
}

#[tokio::test]
async fn a_deleted_sample_leaves_nothing_but_the_word_that_it_was_deleted() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (acquisition, sample) = judged(store, "g/a/1").await;
    let (kept, other) = judged(store, "g/b/1").await;
    store.delete_sample(sample, "ada").await.unwrap();
    assert_eq!(names(store).await, ["b"]);
    let gone = store.sample(sample).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    let row = store.acquisition(acquisition).await.unwrap();
    assert_eq!(
        (row.state, row.reason.as_str()),
        (AcquisitionState::Skipped, "its sample was deleted by ada")
    );
    let mut connection = database.connection().await;
    for table in ["spectra", "elucidations", "proposals", "reviews"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT count(*) FROM {table} WHERE sample_id = '{sample}'"
        )))
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    // The data are still there: they are not processed again, and what is new under the name is another's.
    assert_eq!(store.observe(&observation("g/a/1")).await.unwrap().change, Change::Nothing);
    assert_ne!(sample_of(store, "g/a/2").await, sample);
    assert_eq!(store.acquisition(kept).await.unwrap().sample, other);
    assert_eq!(store.sample_spectra(other).await.unwrap().len(), 1);
    let changes = store.sample_changes(sample).await.unwrap();
    assert_eq!(changes[0].kind, SampleChangeKind::Deleted);
}

#[tokio::test]
async fn what_another_sample_was_judged_by_can_be_deleted() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (_, sample) = judged(store, "g/a/1").await;
    let (second, _) = judged(store, "g/a/2").await;
    let other = store.split_sample(sample, &[second], "b", "ada").await.unwrap();
    store.delete_sample(other, "ada").await.unwrap();
    let stands = store.sample(sample).await.unwrap().judgement.unwrap();
    assert_eq!(stands.revision, 2);
    assert_eq!(store.sample_spectra(sample).await.unwrap().len(), 1);
}
