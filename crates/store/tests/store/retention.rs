//! What is old goes where the configuration says so, and nothing else does.

use chrono::{DateTime, TimeDelta, Utc};
use larmor_nmr::review::Decision;
use larmor_store::{AcquisitionState, Finished, NewReview, StoreError, StoredElucidation};
use sqlx::Executor;
use uuid::Uuid;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{
    candidate, elucidation, finished, incomplete, leased, observation,
};

/// Makes everything that is there ten days older.
async fn age(database: &TestDatabase) {
    database
        .connection()
        .await
        .execute(
            "UPDATE spectra SET created_at = created_at - interval '10 days';
             UPDATE elucidations SET created_at = created_at - interval '10 days';
             UPDATE acquisitions SET finished_at = finished_at - interval '10 days'",
        )
        .await
        .unwrap();
}

fn a_week_ago() -> DateTime<Utc> {
    Utc::now() - TimeDelta::days(7)
}

/// Judges a sample by one more acquisition, with a proposed structure that comes last.
async fn judge(database: &TestDatabase, path: &str) -> Uuid {
    let lease = leased(&database.store, path).await;
    let candidates = vec![
        candidate(1, "CCO", "library:moses"),
        candidate(2, "COC", "library:moses"),
        candidate(3, "CCOC", "proposed"),
    ];
    let judged = Finished { elucidation: Some(elucidation(candidates)), ..finished() };
    database.store.commit(&lease, &judged).await.unwrap();
    database.store.sample(lease.sample).await.unwrap().judgement.unwrap().elucidation
}

async fn judgement(database: &TestDatabase, id: Uuid) -> StoredElucidation {
    database.store.elucidation(id).await.unwrap()
}

fn is_whole(judged: &StoredElucidation) -> bool {
    let candidates = &judged.elucidation.candidates;
    let assigned = candidates.iter().any(|candidate| !candidate.assignments.is_empty());
    judged.thinned_at.is_none() && candidates.len() == 3 && assigned
}

#[tokio::test]
async fn points_of_old_spectra_go_and_are_not_asked_for_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let old = leased(store, "g/a/1").await;
    store.commit(&old, &finished()).await.unwrap();
    age(&database).await;
    let new = leased(store, "g/b/1").await;
    store.commit(&new, &finished()).await.unwrap();
    assert_eq!(store.forget_points(a_week_ago()).await.unwrap(), 1);
    assert_eq!(store.forget_points(a_week_ago()).await.unwrap(), 0);
    let spectrum = |of| async move { store.acquisition_spectrum(of).await.unwrap().unwrap() };
    let (old, new) = (spectrum(old.acquisition).await, spectrum(new.acquisition).await);
    assert_eq!(store.trace(old.id).await.unwrap(), None);
    assert!(store.trace(new.id).await.unwrap().is_some());
    assert!(!old.peaks.is_empty(), "peaks stay");
    assert!(store.untraced_spectra(Some(a_week_ago()), None, 10).await.unwrap().is_empty());
    assert_eq!(store.untraced_spectra(None, None, 10).await.unwrap(), [old.id]);
}

#[tokio::test]
async fn of_old_superseded_judgements_stays_what_they_came_to() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let first = judge(&database, "g/a/1").await;
    let second = judge(&database, "g/a/2").await;
    let reviewed = NewReview {
        elucidation: second,
        reviewed_by: "Rossi".to_owned(),
        decision: Decision::Confirmed,
        structure: None,
        note: String::new(),
        assignments: Vec::new(),
    };
    store.review(&reviewed).await.unwrap();
    let third = judge(&database, "g/a/3").await;
    age(&database).await;
    let before = judgement(&database, first).await;
    let fourth = judge(&database, "g/a/4").await;
    let fifth = judge(&database, "g/a/5").await;

    assert_eq!(store.thin_superseded(a_week_ago()).await.unwrap(), 2);
    assert_eq!(store.thin_superseded(a_week_ago()).await.unwrap(), 0);
    for id in [first, third] {
        let thinned = judgement(&database, id).await;
        assert!(thinned.thinned_at.is_some());
        let judged = &thinned.elucidation;
        assert_eq!(
            (judged.verdict, &judged.reasons),
            (before.elucidation.verdict, &before.elucidation.reasons)
        );
        let left: Vec<&str> = judged.candidates.iter().map(|one| one.smiles.as_str()).collect();
        assert_eq!(left, ["CCO", "CCOC"]);
        assert!(judged.candidates.iter().all(|one| one.assignments.is_empty()));
    }
    for id in [second, fourth, fifth] {
        assert!(is_whole(&judgement(&database, id).await), "reviewed, young or standing");
    }
    // The one that stands stays whole however old it is.
    age(&database).await;
    assert_eq!(store.thin_superseded(a_week_ago()).await.unwrap(), 1);
    assert!(is_whole(&judgement(&database, fifth).await));
}

#[tokio::test]
async fn rows_of_what_vanished_go_where_there_is_nothing_else_of_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let gone = store.observe(&incomplete("g/a/1")).await.unwrap().acquisition;
    store.vanished("av500", "/data/g/a/1").await.unwrap();
    let processed = leased(store, "g/b/1").await;
    store.commit(&processed, &finished()).await.unwrap();
    let waiting = store.observe(&observation("g/c/1")).await.unwrap().acquisition;
    age(&database).await;
    store.observe(&incomplete("g/d/1")).await.unwrap();
    let young = store.vanished("av500", "/data/g/d/1").await.unwrap().unwrap();

    assert_eq!(store.forget_vanished(a_week_ago()).await.unwrap(), 1);
    assert!(matches!(store.acquisition(gone).await, Err(StoreError::NotFound { .. })));
    for id in [processed.acquisition, waiting, young] {
        store.acquisition(id).await.unwrap();
    }
    // Should it come back, it is a new one.
    let back = store.observe(&incomplete("g/a/1")).await.unwrap();
    assert_ne!(back.acquisition, gone);
    assert_eq!(back.state, AcquisitionState::Incomplete);
}
