//! What was committed can be read again, whole, and revisions supersede each other.

use larmor::store::{ElucidationFilter, Page};
use sqlx::Row;

use crate::support::TestDatabase;
use crate::support::given::{MINUTE, finished, leased, sighting};

const FIRST: Page = Page { after: None, size: 10 };

#[tokio::test]
async fn a_judgement_reads_back_as_it_was_written() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/ethanol/10").await;
    let finished = finished();
    store.commit(&lease, &finished).await.unwrap();
    let listed = store.list_elucidations(&ElucidationFilter::default(), &FIRST).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].best.as_ref().unwrap().smiles, "CCO");
    let read = store.elucidation(listed[0].id).await.unwrap();
    let given = finished.elucidation.unwrap();
    assert_eq!(read.elucidation, given.elucidation);
    assert_eq!(read.parameters, given.parameters);
    assert_eq!((read.sample_name.as_str(), read.revision, read.supersedes), ("ethanol", 1, None));
    let spectra = store.sample_spectra(lease.sample).await.unwrap();
    assert_eq!(spectra.len(), 1);
    assert_eq!(read.spectra, [spectra[0].id]);
    assert_eq!(spectra[0].peaks, finished.spectrum.peaks);
    assert_eq!(spectra[0].processing, finished.spectrum.processing);
}

#[tokio::test]
async fn a_revision_supersedes_the_one_before() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for number in 1..=3 {
        let lease = leased(store, &format!("g/a/{number}")).await;
        store.commit(&lease, &finished()).await.unwrap();
    }
    let all = store.list_elucidations(&ElucidationFilter::default(), &FIRST).await.unwrap();
    let revisions: Vec<i32> = all.iter().map(|one| one.revision).collect();
    assert_eq!(revisions, [3, 2, 1]);
    assert_eq!(store.elucidation(all[0].id).await.unwrap().supersedes, Some(all[1].id));
    let latest = ElucidationFilter { latest_only: true, ..ElucidationFilter::default() };
    let latest = store.list_elucidations(&latest, &FIRST).await.unwrap();
    assert_eq!(latest, all[..1]);
}

#[tokio::test]
async fn assignments_lead_to_the_peaks_they_were_read_from() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let rows = sqlx::query(
        "SELECT p.ppm, h.observed_ppm, p.multiplicity FROM assignment_history h
         JOIN peaks p ON p.id = h.peak_id WHERE h.rank = 1 ORDER BY h.atom",
    )
    .fetch_all(&mut database.connection().await)
    .await
    .unwrap();
    let read: Vec<(f64, f64, &str)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert_eq!(read, [(18.2, 18.2, "Q"), (58.3, 58.3, "T")]);
}

#[tokio::test]
async fn the_latest_spectrum_of_each_kind_stands_for_the_sample() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for (number, experiment, ppm) in [(1, "1D", 10.0), (2, "DEPT135", 20.0), (3, "1D", 30.0)] {
        let lease = leased(store, &format!("g/a/{number}")).await;
        let mut finished = finished();
        finished.spectrum.experiment = experiment.to_owned();
        finished.spectrum.peaks[0].ppm = ppm;
        finished.elucidation = None;
        store.commit(&lease, &finished).await.unwrap();
    }
    let sample = store.sample_named("g", "a").await.unwrap();
    let spectra = store.sample_spectra(sample).await.unwrap();
    let read: Vec<(&str, f64)> =
        spectra.iter().map(|one| (one.experiment.as_str(), one.peaks[0].ppm)).collect();
    assert_eq!(read, [("1D", 30.0), ("DEPT135", 20.0)]);
}

#[tokio::test]
async fn pages_cover_a_list_once() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for number in 0..7 {
        store.sight(&sighting(&format!("g/s{number}/1"))).await.unwrap();
        let lease = store.lease("worker", MINUTE).await.unwrap().unwrap();
        store.commit(&lease, &finished()).await.unwrap();
    }
    let (mut page, mut seen) = (Page { after: None, size: 3 }, Vec::new());
    loop {
        let part = store.list_elucidations(&ElucidationFilter::default(), &page).await.unwrap();
        let Some(last) = part.last() else { break };
        page.after = Some(last.id);
        seen.extend(part.iter().map(|one| one.sample_name.clone()));
    }
    assert_eq!(seen, ["s6", "s5", "s4", "s3", "s2", "s1", "s0"]);
}

#[tokio::test]
async fn the_newest_version_of_a_library_is_listed() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for version in ["one", "two", "one"] {
        store.register_library("moses", version, 100).await.unwrap();
    }
    let listed = store.libraries().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].version, "one", "the one a server last started with");
}
