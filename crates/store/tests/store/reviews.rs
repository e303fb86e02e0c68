//! What chemists decide is kept beside what the program found, and proposals can be taken back.

use larmor_nmr::fid::Nucleus;
use larmor_nmr::review::{Decision, ReviewedAssignment};
use larmor_nmr::structure::ProposedStructure;
use larmor_store::{AcquisitionState, NewProposal, NewReview, ReviewedStructure, StoreError};
use uuid::Uuid;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased};

fn confirmed(elucidation: Uuid) -> NewReview {
    NewReview {
        elucidation,
        reviewed_by: "Rossi".to_owned(),
        decision: Decision::Confirmed,
        structure: Some(ReviewedStructure {
            smiles: "CCO".to_owned(),
            inchikey: "LFQSCWFLJHTTHZ-UHFFFAOYSA-N".to_owned(),
            formula: "C2H6O".to_owned(),
        }),
        note: "as expected\0".to_owned(),
        // The methylene's, and that of something else in the tube.
        assignments: vec![
            ReviewedAssignment { nucleus: Nucleus::Carbon, atom: Some(1), ppm: 58.3 },
            ReviewedAssignment { nucleus: Nucleus::Carbon, atom: None, ppm: 29.7 },
            ReviewedAssignment { nucleus: Nucleus::Carbon, atom: None, ppm: 58.3 },
        ],
    }
}

#[tokio::test]
async fn reviews_stay_whatever_is_judged_later() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    let judged = store.sample(lease.sample).await.unwrap().judgement.unwrap().elucidation;
    let kept = store.review(&confirmed(judged)).await.unwrap();
    assert_eq!(kept.sample, lease.sample);
    assert_eq!(store.sample(lease.sample).await.unwrap().decision, Some(Decision::Confirmed));
    let rejected = NewReview {
        decision: Decision::Rejected,
        structure: None,
        assignments: Vec::new(),
        ..confirmed(judged)
    };
    store.review(&rejected).await.unwrap();
    assert_eq!(store.sample(lease.sample).await.unwrap().decision, Some(Decision::Rejected));

    // A new judgement is one that nobody has looked at.
    let lease = leased(store, "g/a/2").await;
    store.commit(&lease, &finished()).await.unwrap();
    assert_eq!(store.sample(lease.sample).await.unwrap().decision, None);
    let [first, second] = &store.reviews(lease.sample).await.unwrap()[..] else { panic!() };
    assert_eq!((first.id, first.review.decision), (kept.id, Decision::Confirmed));
    assert_eq!(first.review.assignments, confirmed(judged).assignments);
    assert_eq!(first.review.structure, confirmed(judged).structure);
    assert_eq!(first.review.note, "as expected\u{fffd}");
    assert_eq!((second.review.decision, &second.review.structure), (Decision::Rejected, &None));
    let nothing = store.review(&confirmed(Uuid::now_v7())).await.unwrap_err();
    assert!(matches!(nothing, StoreError::NotFound { .. }));
}

#[tokio::test]
async fn a_proposal_taken_back_no_longer_counts_until_it_is_proposed_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    let proposal = |who: &str| NewProposal {
        structure: ProposedStructure::smiles("CCO"),
        inchikey: "LFQSCWFLJHTTHZ-UHFFFAOYSA-N".to_owned(),
        formula: "C2H6O".to_owned(),
        proposed_by: who.to_owned(),
    };
    let first = store.propose(lease.sample, &[proposal("Rossi")]).await.unwrap();
    let id = first.proposals[0].id;
    let under_way = store.withdraw(id).await.unwrap();
    assert!(under_way.proposals.is_empty());
    assert_eq!(under_way.requeued, None, "it waits for a judgement already");
    assert!(store.proposals(lease.sample).await.unwrap().is_empty());
    assert!(matches!(store.withdraw(id).await.unwrap_err(), StoreError::NotFound { .. }));
    let again = store.propose(lease.sample, &[proposal("Bianchi")]).await.unwrap();
    assert_eq!((again.proposals[0].id, again.proposals[0].proposed_by.as_str()), (id, "Bianchi"));
    let nothing = store.withdraw(Uuid::now_v7()).await.unwrap_err();
    assert!(matches!(nothing, StoreError::NotFound { .. }));

    // Judged and done: taking it back judges the sample anew.
    let judging = leased(store, "g/a/1").await;
    store.commit(&judging, &finished()).await.unwrap();
    let requeued = store.withdraw(id).await.unwrap().requeued;
    assert_eq!(requeued, Some(lease.acquisition));
    let waiting = store.acquisition(lease.acquisition).await.unwrap();
    assert_eq!(waiting.state, AcquisitionState::Ready);
    assert_eq!(waiting.reason, "a structure was withdrawn");
}
