//! What was committed can be read again, whole, and revisions supersede each other.

use larmor_nmr::elucidation::Verdict;
use larmor_nmr::fid::{Experiment, Nucleus, Origin};
use larmor_nmr::structure::ProposedStructure;
use larmor_store::{
    ElucidationFilter, EventBody, EventFilter, Finished, NewElucidation, NewProposal, Observation,
    Page, Reelucidated, StageTimings,
};
use sqlx::Row;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{
    any_work, candidate, elucidation, finished, leased, observation, proton_spectrum,
};

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
    assert_eq!(listed[0].verdict_probability, Some(0.97));
    let read = store.elucidation(listed[0].id).await.unwrap();
    let given = finished.elucidation.unwrap();
    assert_eq!(read.elucidation, given.elucidation);
    assert_eq!((read.elucidation.components.len(), read.elucidation.unexplained.len()), (3, 2));
    assert_eq!(read.parameters, given.parameters);
    assert_eq!((read.models.len(), &read.models), (2, &given.models));
    assert_eq!((read.sample_name.as_str(), read.revision, read.supersedes), ("ethanol", 1, None));
    let spectra = store.sample_spectra(lease.sample).await.unwrap();
    assert_eq!(spectra.len(), 1);
    assert_eq!(read.spectra, [spectra[0].id]);
    assert_eq!(spectra[0].peaks, finished.spectrum.peaks);
    assert_eq!(spectra[0].processing, finished.spectrum.processing);
    assert_eq!(spectra[0].quality, Some(finished.spectrum.quality));
    assert_eq!(store.spectrum(spectra[0].id).await.unwrap(), spectra[0]);
}

#[tokio::test]
async fn every_verdict_is_kept_and_found_by_its_name() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let verdicts = [
        Verdict::Consistent,
        Verdict::Inconsistent,
        Verdict::Inconclusive,
        Verdict::BestMatch,
        Verdict::NoneFits,
    ];
    for verdict in verdicts {
        let lease = leased(store, &format!("g/{verdict}/1")).await;
        let mut judged = elucidation(vec![candidate(1, "CCO", "library:moses")]);
        judged.elucidation.verdict = verdict;
        judged.elucidation.verdict_probability = None;
        let judged = Finished { elucidation: Some(judged), ..finished() };
        store.commit(&lease, &judged).await.unwrap();
    }
    for verdict in verdicts {
        let only = ElucidationFilter { verdict: Some(verdict), ..ElucidationFilter::default() };
        let listed = store.list_elucidations(&only, &FIRST).await.unwrap();
        let found: Vec<(&str, Option<f64>)> =
            listed.iter().map(|one| (one.sample_name.as_str(), one.verdict_probability)).collect();
        assert_eq!(found, [(verdict.name(), None)]);
    }
}

#[tokio::test]
async fn components_are_rows_of_a_view_for_the_judgement_that_stands() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for number in 1..=2 {
        let lease = leased(store, &format!("g/ethanol/{number}")).await;
        store.commit(&lease, &finished()).await.unwrap();
    }
    type Row = (i32, i32, String, bool, Option<f64>, Option<f64>, Vec<f64>, Vec<f64>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT revision, number, name, judged, mol_percent, mol_percent_error, carbon_ppm,
                proton_ppm FROM sample_components WHERE sample = 'ethanol' ORDER BY number",
    )
    .fetch_all(&mut database.connection().await)
    .await
    .unwrap();
    let none = Vec::new;
    let expected: [Row; 3] = [
        (2, 1, "CCO".to_owned(), true, Some(96.5), Some(0.4), none(), none()),
        (2, 2, "acetone".to_owned(), false, Some(3.5), Some(0.4), none(), vec![2.17]),
        (2, 3, "benzene".to_owned(), false, None, None, vec![128.4], none()),
    ];
    assert_eq!(rows, expected);
    let (probability, unexplained): (f64, i32) = sqlx::query_as(
        "SELECT verdict_probability, jsonb_array_length(unexplained) FROM latest_elucidation",
    )
    .fetch_one(&mut database.connection().await)
    .await
    .unwrap();
    assert_eq!((probability, unexplained), (0.97, 2));
}

/// A 1H spectrum judged by the centres of its multiplets.
fn protons() -> Finished {
    let mut best = candidate(1, "CCO", "library:moses");
    for (given, centre) in best.assignments.iter_mut().zip([3.71, 1.24]) {
        (given.nucleus, given.ppm) = (Nucleus::Proton, centre);
    }
    Finished {
        spectrum: proton_spectrum(),
        elucidation: Some(elucidation(vec![best])),
        ..finished()
    }
}

#[tokio::test]
async fn multiplets_read_back_as_they_were_written_and_lead_to_their_lines() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/ethanol/10").await;
    let given = protons();
    store.commit(&lease, &given).await.unwrap();
    let read = store.sample_spectra(lease.sample).await.unwrap().remove(0);
    assert_eq!(read.multiplets, given.spectrum.multiplets);
    assert_eq!(read.peaks, given.spectrum.peaks);

    let events = store.events_after(0, &EventFilter::default(), 10).await.unwrap().events;
    let EventBody::Processed { peaks, multiplets, quality, .. } = &events[1].body else {
        panic!("{events:?}")
    };
    assert_eq!((*multiplets, *quality), (2, Some(0.9)), "the solvent's is none of the compound");
    assert_eq!((peaks.compound, peaks.sideband, peaks.satellite), (7, 1, 0));

    // A triplet's centre is a multiplet, although its middle line lies there.
    let rows = sqlx::query(
        "SELECT a.atom, a.peak_id, m.pattern, cardinality(m.couplings_hz)
         FROM peak_assignments a JOIN multiplets m ON m.id = a.multiplet_id ORDER BY a.atom",
    )
    .fetch_all(&mut database.connection().await)
    .await
    .unwrap();
    let read: Vec<(i32, Option<i64>, &str, i32)> =
        rows.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect();
    assert_eq!(read, [(0, None, "t", 1), (1, None, "q", 1)]);
    let couplings: Vec<(String, String, f64, f64)> = sqlx::query_as(
        "SELECT sample, instrument, ppm, coupling_hz FROM coupling_history ORDER BY ppm",
    )
    .fetch_all(&mut database.connection().await)
    .await
    .unwrap();
    let row = |ppm| ("ethanol".to_owned(), "av500".to_owned(), ppm, 7.1);
    assert_eq!(couplings, [row(1.24), row(3.71)]);
}

#[tokio::test]
async fn a_judgement_by_stored_spectra_adds_a_revision_and_no_spectrum() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/ethanol/10").await;
    store.commit(&lease, &finished()).await.unwrap();
    let spectrum = store.acquisition_spectrum(lease.acquisition).await.unwrap().unwrap();
    let used = NewElucidation {
        spectra_used: vec![spectrum.id],
        uses_new_spectrum: false,
        ..elucidation(vec![candidate(1, "COC", "proposed")])
    };
    let rounds = [("COC", Some(used), None), ("CCO", None, Some("no carbons".to_owned()))];
    for (text, elucidation, unjudged) in rounds {
        let proposal = NewProposal {
            structure: ProposedStructure::smiles(text),
            inchikey: String::new(),
            formula: String::new(),
            proposed_by: "client".to_owned(),
        };
        store.propose(lease.sample, &[proposal]).await.unwrap();
        let again = store.lease("worker", &any_work()).await.unwrap().unwrap();
        assert!(again.elucidate_only);
        let timings = StageTimings::default();
        let judged = Reelucidated { spectrum: spectrum.clone(), elucidation, unjudged, timings };
        store.commit_elucidation(&again, &judged).await.unwrap();
    }
    assert_eq!(store.sample_spectra(lease.sample).await.unwrap()[0].id, spectrum.id);
    let all = store.list_elucidations(&ElucidationFilter::default(), &FIRST).await.unwrap();
    assert_eq!((all.len(), all[0].revision), (2, 2));
    assert_eq!(store.elucidation(all[0].id).await.unwrap().spectra, [spectrum.id]);
    let events = store.events_after(0, &EventFilter::default(), 10).await.unwrap().events;
    let [.., judged, told] = events.as_slice() else { panic!("{events:?}") };
    assert!(matches!(judged.body, EventBody::Elucidated { revision: 2, .. }), "{judged:?}");
    let EventBody::Processed { spectrum: same, unjudged, .. } = &told.body else {
        panic!("{told:?}")
    };
    assert_eq!((*same, unjudged.as_deref()), (spectrum.id, Some("no carbons")));

    // Asked to process it again, a worker does.
    store.reprocess(lease.acquisition).await.unwrap();
    assert!(!store.lease("worker", &any_work()).await.unwrap().unwrap().elucidate_only);
}

#[tokio::test]
async fn a_judgement_names_only_the_spectra_it_rests_on() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/a/1").await;
    store.commit(&lease, &finished()).await.unwrap();
    let newer = store.sample_spectra(lease.sample).await.unwrap()[0].id;
    let lease = leased(store, "g/a/2").await;
    let judged = NewElucidation {
        spectra_used: vec![newer],
        uses_new_spectrum: false,
        ..elucidation(vec![candidate(1, "CCO", "library:moses")])
    };
    let displaced = Finished { elucidation: Some(judged), ..finished() };
    store.commit(&lease, &displaced).await.unwrap();
    let all = store.list_elucidations(&ElucidationFilter::default(), &FIRST).await.unwrap();
    assert_eq!(store.elucidation(all[0].id).await.unwrap().spectra, [newer]);
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
async fn the_spectrum_of_each_kind_that_was_acquired_last_stands_for_the_sample() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let hour = |hour: i64| chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour);
    // In the order in which they are processed; the fourth is a processed spectrum's.
    let given = [
        (1, Experiment::Plain, 10.0, 1, Origin::Acquired),
        (2, Experiment::Dept(135), 20.0, 1, Origin::Acquired),
        (3, Experiment::Plain, 30.0, 3, Origin::Acquired),
        (4, Experiment::Plain, 40.0, 2, Origin::Acquired),
        (5, Experiment::Plain, 50.0, 9, Origin::Spectrum),
    ];
    let mut first = None;
    for (number, experiment, ppm, acquired, origin) in given {
        let observation = Observation {
            last_written: Some(hour(acquired)),
            ..observation(&format!("g/a/{number}"))
        };
        store.observe(&observation).await.unwrap();
        let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
        let mut finished = Finished { elucidation: None, ..finished() };
        finished.spectrum.experiment = experiment;
        finished.spectrum.peaks[0].ppm = ppm;
        finished.spectrum.origin = origin;
        store.commit(&lease, &finished).await.unwrap();
        first.get_or_insert((lease.acquisition, finished));
    }
    // The oldest is processed again.
    let (oldest, finished) = first.unwrap();
    store.reprocess(oldest).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    store.commit(&lease, &finished).await.unwrap();

    let sample = store.sample_named("g", "a").await.unwrap();
    let spectra = store.sample_spectra(sample).await.unwrap();
    let read: Vec<(Option<&Experiment>, f64)> =
        spectra.iter().map(|one| (one.experiment.known(), one.peaks[0].ppm)).collect();
    let expected = [(Some(&Experiment::Plain), 30.0), (Some(&Experiment::Dept(135)), 20.0)];
    assert_eq!(read, expected);
}

#[tokio::test]
async fn pages_cover_a_list_once() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    for number in 0..7 {
        store.observe(&observation(&format!("g/s{number}/1"))).await.unwrap();
        let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
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
