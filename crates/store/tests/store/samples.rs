//! Samples and instruments as a board shows them.

use larmor_nmr::elucidation::{Candidate, Verdict};
use larmor_nmr::review::Decision;
use larmor_nmr::structure::{ProposedStructure, StructureFormat};
use larmor_store::{
    Finished, NewProposal, NewReview, ObservedState, Page, ReviewedStructure, SampleFilter,
    SampleStructure, Store, StoreError,
};
use uuid::Uuid;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{
    candidate, elucidation, finished, leased, observation, proton_spectrum,
};

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

/// A molecule with its formula and InChIKey.
#[derive(Clone, Copy)]
struct Known(&'static str, &'static str, &'static str);

const ETHANOL: Known = Known("CCO", "C2H6O", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N");
const ETHER: Known = Known("COC", "C2H6O", "LCGLNKUTAGEVQW-UHFFFAOYSA-N");
const BENZENE: Known = Known("c1ccccc1", "C6H6", "UHOVQNZJYSORNB-UHFFFAOYSA-N");
const ALANINE: Known = Known("C[C@H](N)C(=O)O", "C3H7NO2", "QNAYBMKLOCPYGJ-REOHCLBHSA-N");
const D_ALANINE: Known = Known("C[C@@H](N)C(=O)O", "C3H7NO2", "QNAYBMKLOCPYGJ-UWTATZPHSA-N");

impl Known {
    fn ranked(self, rank: u32, source: &str) -> Candidate {
        let Self(smiles, formula, inchikey) = self;
        Candidate {
            formula: formula.to_owned(),
            inchikey: inchikey.to_owned(),
            ..candidate(rank, smiles, source)
        }
    }

    fn proposal(self) -> NewProposal {
        NewProposal {
            structure: ProposedStructure::smiles(self.0),
            inchikey: self.2.to_owned(),
            formula: self.1.to_owned(),
            proposed_by: "Rossi".to_owned(),
        }
    }

    fn reviewed(self, elucidation: Uuid, decision: Decision) -> NewReview {
        NewReview {
            elucidation,
            reviewed_by: "Rossi".to_owned(),
            decision,
            structure: Some(ReviewedStructure {
                smiles: self.0.to_owned(),
                inchikey: self.2.to_owned(),
                formula: self.1.to_owned(),
            }),
            note: String::new(),
            assignments: Vec::new(),
        }
    }
}

/// Judges a sample with such a ranking; its identity.
async fn judged(store: &Store, path: &str, ranked: Vec<Candidate>) -> Uuid {
    let lease = leased(store, path).await;
    let judged = Finished { elucidation: Some(elucidation(ranked)), ..finished() };
    store.commit(&lease, &judged).await.unwrap();
    lease.sample
}

async fn with_formula(store: &Store, known: Known) -> Vec<String> {
    let filter = SampleFilter { formula: Some(known.1.to_owned()), ..SampleFilter::default() };
    let found = store.samples(&filter, &PAGE).await.unwrap();
    found.into_iter().map(|sample| sample.name).collect()
}

async fn with_key(store: &Store, key: &str) -> Vec<String> {
    let filter = SampleFilter { inchikey: Some(key.to_owned()), ..SampleFilter::default() };
    let found = store.samples(&filter, &PAGE).await.unwrap();
    found.into_iter().map(|sample| sample.name).collect()
}

#[tokio::test]
async fn samples_are_found_by_the_best_and_the_proposed_of_the_judgement_that_stands() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    judged(
        store,
        "g/a/1",
        vec![
            ETHANOL.ranked(1, "library:moses"),
            BENZENE.ranked(2, "library:moses"),
            ALANINE.ranked(3, "proposed"),
        ],
    )
    .await;
    judged(store, "g/b/1", vec![ETHER.ranked(1, "library:moses")]).await;
    judged(store, "g/c/1", vec![D_ALANINE.ranked(1, "library:moses")]).await;
    assert_eq!(with_formula(store, ETHANOL).await, ["b", "a"]);
    assert_eq!(with_formula(store, ALANINE).await, ["c", "a"]);
    assert!(with_formula(store, BENZENE).await.is_empty(), "it came second");
    assert_eq!(with_key(store, ETHANOL.2).await, ["a"]);
    assert_eq!(with_key(store, &ALANINE.2[..14]).await, ["c", "a"]);
    assert_eq!(with_key(store, D_ALANINE.2).await, ["c"]);
    assert_eq!(with_key(store, "L").await, ["b", "a"]);
    assert!(with_key(store, "QNAYBMKLOCPYGK").await.is_empty());
    let both = SampleFilter {
        formula: Some(ETHANOL.1.to_owned()),
        inchikey: Some(ETHER.2.to_owned()),
        ..SampleFilter::default()
    };
    let found = store.samples(&both, &PAGE).await.unwrap();
    assert_eq!(found.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>(), ["b"]);
    // What was thought before no longer counts.
    judged(store, "g/a/2", vec![BENZENE.ranked(1, "library:moses")]).await;
    assert_eq!(with_formula(store, BENZENE).await, ["a"]);
    assert_eq!(with_formula(store, ETHANOL).await, ["b"]);
}

#[tokio::test]
async fn samples_are_found_by_what_is_proposed_before_it_is_judged() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    store.observe(&observation("g/a/1")).await.unwrap();
    let sample = store.sample_named("g", "a").await.unwrap();
    store.propose(sample, &[ETHANOL.proposal(), BENZENE.proposal()]).await.unwrap();
    assert_eq!(with_formula(store, ETHANOL).await, ["a"]);
    assert_eq!(with_key(store, &BENZENE.2[..14]).await, ["a"]);
    let smiles = |text: &str| SampleStructure {
        sample,
        text: text.to_owned(),
        format: StructureFormat::Smiles,
    };
    let structures = store.sample_structures(&[sample, Uuid::now_v7()]).await.unwrap();
    assert_eq!(structures, [smiles(ETHANOL.0), smiles(BENZENE.0)]);
    let proposed = store.proposals(sample).await.unwrap();
    store.withdraw(proposed[0].id).await.unwrap();
    assert!(with_formula(store, ETHANOL).await.is_empty());
    assert_eq!(store.sample_structures(&[sample]).await.unwrap(), [smiles(BENZENE.0)]);
}

#[tokio::test]
async fn samples_are_found_by_what_a_chemist_confirmed_until_another_rejects_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let sample = judged(store, "g/a/1", vec![ETHANOL.ranked(1, "library:moses")]).await;
    let looked_at = store.sample(sample).await.unwrap().judgement.unwrap().elucidation;
    store.review(&ALANINE.reviewed(looked_at, Decision::Confirmed)).await.unwrap();
    store.review(&BENZENE.reviewed(looked_at, Decision::Open)).await.unwrap();
    assert_eq!(with_formula(store, ALANINE).await, ["a"]);
    assert_eq!(with_key(store, ALANINE.2).await, ["a"]);
    assert!(with_formula(store, BENZENE).await.is_empty());
    let structures = store.sample_structures(&[sample]).await.unwrap();
    let texts: Vec<&str> = structures.iter().map(|structure| structure.text.as_str()).collect();
    assert_eq!(texts, [ETHANOL.0, ALANINE.0]);
    store.review(&ALANINE.reviewed(looked_at, Decision::Rejected)).await.unwrap();
    assert!(with_key(store, ALANINE.2).await.is_empty());
    // The same judgement and what it proposed stand in the list once.
    store.propose(sample, &[ETHANOL.proposal()]).await.unwrap();
    assert_eq!(store.sample_structures(&[sample]).await.unwrap().len(), 1);
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
