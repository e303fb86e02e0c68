//! What a sample is judged by, and when.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use larmor_client::proto::ProposeCandidatesRequest;
use larmor_client::proto::candidate_service_client::CandidateServiceClient;
use larmor_client::proto::proposed_structure::Structure;
use larmor_nmr::fid::Nucleus;
use larmor_store::{Event, EventBody, EventKind};
use uuid::Uuid;

use crate::bruker::{acquire, arborinine, variant};
use crate::events::{count, kinds, until};
use crate::running::TestDaemon;

pub async fn propose(daemon: &TestDaemon, sample: &str, smiles: &str) {
    let structure = larmor_client::proto::ProposedStructure {
        structure: Some(Structure::Smiles(smiles.to_owned())),
        name: String::new(),
    };
    let request = ProposeCandidatesRequest {
        group: "rossi".to_owned(),
        sample: sample.to_owned(),
        structures: vec![structure],
        proposed_by: "a chemist".to_owned(),
    };
    let mut client = CandidateServiceClient::connect(daemon.address()).await.unwrap();
    client.propose_candidates(request).await.unwrap();
}

fn judgements(events: &[Event]) -> Vec<Uuid> {
    let judgement = |event: &Event| match &event.body {
        EventBody::Elucidated { elucidation, .. } => Some(*elucidation),
        _ => None,
    };
    events.iter().filter_map(judgement).collect()
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_proposal_is_judged_after_the_data_have_been_archived() {
    let daemon = TestDaemon::start().await;
    variant(1, &daemon.experiment("rossi/S1/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    fs::rename(daemon.experiment("rossi/S1"), daemon.home().join("archive")).unwrap();
    propose(&daemon, "S1", "CCO").await;
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    assert_eq!(count(&events, EventKind::Processed), 1, "{:?}", kinds(&events));
    let store = daemon.store().await;
    let ids = judgements(&events);
    let (first, second) =
        (store.elucidation(ids[0]).await.unwrap(), store.elucidation(ids[1]).await.unwrap());
    assert_eq!(first.spectra, second.spectra, "by the spectrum that is stored");
    assert!(second.elucidation.candidates.iter().any(|one| one.smiles == "CCO"));
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_proposal_that_cannot_be_judged_says_so() {
    let daemon = TestDaemon::start().await;
    // A DEPT135 leaves out the carbons without hydrogen.
    acquire(arborinine("12"), daemon.experiment("rossi/EN4/12"));
    until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
    propose(&daemon, "EN4", "CCO").await;
    let events = until(&daemon, |events| count(events, EventKind::Processed) == 2).await;
    let told = |place: usize| match &events[place].body {
        EventBody::Processed { spectrum, unjudged, .. } => (*spectrum, unjudged.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(1).0, told(2).0, "the spectrum that there is");
    assert!(told(2).1.unwrap().contains("every carbon"));
}

/// Dates a dataset's files.
fn date(dataset: &Path, time: SystemTime) {
    for file in ["acqus", "fid", "audita.txt"] {
        let file = fs::File::options().write(true).open(dataset.join(file)).unwrap();
        file.set_modified(time).unwrap();
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn processing_an_older_spectrum_again_does_not_displace_a_newer_one() {
    let daemon = TestDaemon::start().await;
    let hours_ago = |hours: u64| SystemTime::now() - Duration::from_secs(3600 * hours);
    let mut acquisitions = Vec::new();
    for (number, hours) in [(1, 5), (2, 1)] {
        let made = daemon.home().join(format!("made-{number}"));
        variant(number, &made);
        date(&made, hours_ago(hours));
        fs::create_dir_all(daemon.experiment("rossi/S1")).unwrap();
        fs::rename(&made, daemon.experiment(&format!("rossi/S1/1{number}"))).unwrap();
        let wanted = usize::from(number);
        let events = until(&daemon, |events| count(events, EventKind::Elucidated) == wanted).await;
        acquisitions.push(events.last().unwrap().acquisition);
    }
    let store = daemon.store().await;
    store.reprocess(acquisitions[0]).await.unwrap();
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 3).await;
    let judged = store.elucidation(judgements(&events)[2]).await.unwrap();
    assert_eq!(judged.acquisition, acquisitions[0]);
    assert_eq!(judged.spectra.len(), 1);
    let by = store.spectrum(judged.spectra[0]).await.unwrap();
    assert_eq!(by.acquisition, acquisitions[1], "the one acquired later");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_revision_tells_what_the_second_nucleus_changed() {
    let daemon = TestDaemon::start().await;
    propose_beside(&daemon);
    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let EventBody::Elucidated { elucidation: first, verdict, reasons, spectra, change, .. } =
        &events.last().unwrap().body
    else {
        panic!("{:?}", kinds(&events))
    };
    assert_eq!(spectra.iter().map(|used| &used.nucleus).collect::<Vec<_>>(), [&Nucleus::Carbon]);
    assert!(reasons.iter().any(|reason| reason.contains("13C alone")), "{reasons:?}");
    assert_eq!(*change, None);

    // Hours later, in real life.
    acquire(arborinine("10"), daemon.experiment("rossi/EN4/10"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    let EventBody::Elucidated { revision, reasons, spectra, change, candidates, .. } =
        &events.last().unwrap().body
    else {
        panic!("{:?}", kinds(&events))
    };
    assert_eq!((*revision, spectra.len()), (2, 2));
    assert!(reasons.iter().all(|reason| !reason.contains("13C alone")), "{reasons:?}");
    let change = change.as_ref().unwrap();
    assert_eq!((change.supersedes, change.verdict), (*first, *verdict));
    assert_eq!(change.added.len(), 1);
    assert_eq!(change.added[0].nucleus, Nucleus::Proton);
    assert!(change.left_out.is_empty());
    let before = change.best.as_ref().unwrap();
    assert_eq!(change.best_changed, before.inchikey != candidates[0].inchikey);
    assert!(candidates[0].assignments.iter().any(|assigned| assigned.nucleus == Nucleus::Proton));
}

/// The structure of arborinine, in a file beside the data.
fn propose_beside(daemon: &TestDaemon) {
    fs::create_dir_all(daemon.experiment("rossi/EN4")).unwrap();
    let structure = arborinine("11").join("../../compound1.nmredata.sdf");
    fs::copy(structure, daemon.experiment("rossi/EN4/structure.sdf")).unwrap();
}
