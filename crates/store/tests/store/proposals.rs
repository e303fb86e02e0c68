//! A proposed structure is judged, whenever it comes.

use larmor_nmr::structure::ProposedStructure;
use larmor_store::{AcquisitionState, NewProposal, StoreError};

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{any_work, finished, leased};

fn ethanol() -> NewProposal {
    NewProposal {
        structure: ProposedStructure {
            name: Some("ethanol".to_owned()),
            ..ProposedStructure::smiles("CCO")
        },
        inchikey: "LFQSCWFLJHTTHZ-UHFFFAOYSA-N".to_owned(),
        formula: "C2H6O".to_owned(),
        proposed_by: "client".to_owned(),
    }
}

#[tokio::test]
async fn proposing_for_a_judged_sample_judges_it_again() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    let proposed = store.propose(lease.sample, &[ethanol()]).await.unwrap();
    assert_eq!(proposed.requeued, Some(lease.acquisition));
    assert_eq!(proposed.proposals.len(), 1);
    assert_eq!(store.proposals(lease.sample).await.unwrap(), proposed.proposals);
    let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!(again.acquisition, lease.acquisition);
    store.commit(&again, &finished()).await.unwrap();

    let same = store.propose(lease.sample, &[ethanol()]).await.unwrap();
    assert_eq!((same.requeued, same.proposals.len()), (None, 1), "nothing new, nothing to judge");
}

#[tokio::test]
async fn a_proposal_that_comes_while_the_sample_is_judged_is_not_missed() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    let proposed = store.propose(lease.sample, &[ethanol()]).await.unwrap();
    assert_eq!(proposed.requeued, None);
    store.commit(&lease, &finished()).await.unwrap();
    let row = store.acquisition(lease.acquisition).await.unwrap();
    assert_eq!(row.state, AcquisitionState::Ready, "{}", row.reason);
    let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
    store.commit(&again, &finished()).await.unwrap();
    let row = store.acquisition(lease.acquisition).await.unwrap();
    assert_eq!(row.state, AcquisitionState::Done);
}

#[tokio::test]
async fn there_is_nothing_to_propose_for_an_unknown_sample() {
    let database = TestDatabase::new().await;
    let refused = database.store.propose(uuid::Uuid::now_v7(), &[ethanol()]).await;
    assert!(matches!(refused, Err(StoreError::NotFound { what: "sample", .. })));
}
