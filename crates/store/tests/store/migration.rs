//! A database of the release before is brought up to this one with everything in it.

use larmor_nmr::elucidation::Verdict;
use larmor_nmr::fid::Nucleus::Carbon;
use larmor_nmr::fid::{Beside, Origin};
use larmor_store::{
    AcquisitionFilter, AcquisitionState, ElucidationFilter, EventBody, EventFilter, Page, Store,
};
use sqlx::{Connection, Executor, PgConnection, Row};
use uuid::Uuid;

use larmor_fixtures::acquisition::{any_work, finished, observation};
use larmor_fixtures::{TestDatabase, empty_database};

/// The last migration of the release before.
const BEFORE: i64 = 4;

const ACQUISITION: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003);

/// Ethanol as that release left it: processed, judged, and put up again for a proposal.
const ETHANOL: &str = r#"
    INSERT INTO instruments (id, name) VALUES ('01900000-0000-7000-8000-000000000001', 'av500');
    INSERT INTO samples (id, group_name, name, proposal_count)
    VALUES ('01900000-0000-7000-8000-000000000002', 'g', 'ethanol', 1);
    INSERT INTO acquisitions (id, instrument_id, sample_id, group_name, experiment_number, path,
                              vendor, digest, nucleus, experiment, state, reason)
    VALUES ('01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000001',
            '01900000-0000-7000-8000-000000000002', 'g', '1', '/data/g/ethanol/1', 'bruker',
            'digest of g/ethanol/1', '13C', '1D', 'ready', 'a structure was proposed');
    INSERT INTO acquisition_locations (acquisition_id, instrument_id, path)
    VALUES ('01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000001',
            '/data/g/ethanol/1');
    INSERT INTO proposals (id, sample_id, structure, format, proposed_by)
    VALUES ('01900000-0000-7000-8000-000000000004', '01900000-0000-7000-8000-000000000002', 'CCO',
            'smiles', 'client');
    INSERT INTO spectra (id, acquisition_id, sample_id, nucleus, experiment, frequency_mhz, noise,
                         referencing, processing, read_ms, process_ms)
    VALUES ('01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000003',
            '01900000-0000-7000-8000-000000000002', '13C', '1D', 125.76, 0.002, '{}',
            '{"version": 1, "steps": []}', 1, 8);
    INSERT INTO peaks (spectrum_id, position, ppm, intensity, width_hz, area, signal_to_noise,
                       class, multiplicity)
    VALUES ('01900000-0000-7000-8000-000000000005', 0, 18.2, 1, 1.2, 0.5, 100, 'compound', 'Q'),
           ('01900000-0000-7000-8000-000000000005', 1, 58.3, 1, 1.2, 0.5, 100, 'satellite', NULL);
    INSERT INTO elucidations (id, sample_id, acquisition_id, revision, model_digest,
                              library_versions, parameters, verdict, reasons, considered,
                              elucidate_ms)
    VALUES ('01900000-0000-7000-8000-000000000006', '01900000-0000-7000-8000-000000000002',
            '01900000-0000-7000-8000-000000000003', 1, 'abab', '{}', '{}', 'inconclusive', '{}',
            1, 40);
    INSERT INTO elucidation_spectra VALUES ('01900000-0000-7000-8000-000000000006',
                                            '01900000-0000-7000-8000-000000000005');
    INSERT INTO candidates (elucidation_id, rank, smiles, inchikey, formula, source, score,
                            probability)
    VALUES ('01900000-0000-7000-8000-000000000006', 1, 'CCO', 'LFQSCWFLJHTTHZ-UHFFFAOYSA-N',
            'C2H6O', 'proposed', -1, 0.5);
    INSERT INTO peak_assignments (candidate_id, atom, nucleus, peak_id, observed_ppm,
                                  predicted_ppm, probability)
    SELECT c.id, 0, '13C', p.id, 18.2, 17.9, 0.9 FROM candidates c, peaks p WHERE p.position = 0;
    INSERT INTO events (kind, group_name, instrument, sample_id, sample, acquisition_id, path, body)
    VALUES ('processed', 'g', 'av500', '01900000-0000-7000-8000-000000000002', 'ethanol',
            '01900000-0000-7000-8000-000000000003', '/data/g/ethanol/1',
            '{"kind": "processed", "spectrum": "01900000-0000-7000-8000-000000000005",
              "nucleus": "13C", "experiment": "1D", "frequency_mhz": 125.76, "solvent": null,
              "peaks": {"compound": 1, "solvent": 0, "impurity": 0, "satellite": 1, "artifact": 0},
              "timings": {"read_ms": 1, "process_ms": 8, "elucidate_ms": 40}}'),
           ('elucidated', 'g', 'av500', '01900000-0000-7000-8000-000000000002', 'ethanol',
            '01900000-0000-7000-8000-000000000003', '/data/g/ethanol/1',
            '{"kind": "elucidated", "elucidation": "01900000-0000-7000-8000-000000000006",
              "revision": 1, "verdict": "inconclusive", "reasons": [], "considered": 1,
              "candidates": [], "model_digest": "abab",
              "timings": {"read_ms": 1, "process_ms": 8, "elucidate_ms": 40}}')"#;

async fn of_the_release_before() -> String {
    let url = empty_database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::migrate!("../../migrations").run_to(BEFORE, &mut connection).await.unwrap();
    connection.execute(ETHANOL).await.unwrap();
    url
}

#[tokio::test]
async fn what_the_release_before_knew_is_still_known() {
    let store = Store::connect(&of_the_release_before().await).await.unwrap();
    let sample = store.sample_named("g", "ethanol").await.unwrap();
    let spectra = store.sample_spectra(sample).await.unwrap();
    assert_eq!(spectra.len(), 1);
    assert_eq!((spectra[0].origin, &spectra[0].quality), (Origin::Acquired, &None));
    assert_eq!((spectra[0].peaks.len(), spectra[0].multiplets.len()), (2, 0));
    assert_eq!((&spectra[0].peaks[0].errors, &spectra[0].peaks[0].splitting), (&None, &None));
    let page = Page { after: None, size: 10 };
    let judged = store.list_elucidations(&ElucidationFilter::default(), &page).await.unwrap();
    let judged = store.elucidation(judged[0].id).await.unwrap();
    assert_eq!(judged.elucidation.candidates[0].assignments[0].ppm, 18.2);
    assert_eq!(judged.elucidation.verdict, Verdict::Inconclusive);
    assert_eq!(judged.elucidation.verdict_probability, None);
    assert!(judged.elucidation.components.is_empty() && judged.elucidation.unexplained.is_empty());
    let models: Vec<_> = judged.models.iter().map(|(name, digest)| (&**name, digest)).collect();
    assert_eq!(models, [("shift", &judged.model_digest)]);
    let events = store.events_after(0, &EventFilter::default(), 10).await.unwrap().events;
    let [processed, elucidated] = events.as_slice() else { panic!("{events:?}") };
    assert!(matches!(processed.body, EventBody::Processed { multiplets: 0, .. }), "{processed:?}");
    assert_eq!((&processed.nucleus, &elucidated.nucleus), (&Some(Carbon), &Some(Carbon)));
    let EventBody::Elucidated { verdict, verdict_probability, components, .. } = &elucidated.body
    else {
        panic!("{elucidated:?}")
    };
    assert_eq!((*verdict, *verdict_probability), (Verdict::Inconclusive, None));
    assert!(components.is_empty());
}

#[tokio::test]
async fn work_goes_on_where_the_release_before_left_it() {
    let store = Store::connect(&of_the_release_before().await).await.unwrap();
    let seen = store.observe(&observation("g/ethanol/1")).await.unwrap();
    assert_eq!((seen.acquisition, seen.state), (ACQUISITION, AcquisitionState::Ready));
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    assert_eq!((lease.acquisition, lease.elucidate_only), (ACQUISITION, false));
    store.commit(&lease, &finished()).await.unwrap();
    let spectra = store.sample_spectra(lease.sample).await.unwrap();
    assert_eq!(spectra[0].peaks, finished().spectrum.peaks);
}

#[tokio::test]
async fn it_ends_up_with_the_tables_of_a_new_database() {
    const COLUMNS: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' '
                                  || is_nullable || ' ' || coalesce(column_default, '') AS it
                           FROM information_schema.columns WHERE table_schema = 'public'
                           ORDER BY it";
    let columns = async |url: &str| -> Vec<String> {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let rows = connection.fetch_all(COLUMNS).await.unwrap();
        rows.iter().map(|row| row.get("it")).collect()
    };
    let url = of_the_release_before().await;
    Store::connect(&url).await.unwrap();
    let old = columns(&url).await;
    assert!(old.iter().any(|column| column.starts_with("multiplets.couplings_hz")));
    assert_eq!(old, columns(&TestDatabase::new().await.url).await);
}

#[tokio::test]
async fn what_vanished_or_was_overwritten_under_earlier_versions_is_told_by_its_state() {
    let url = empty_database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::migrate!("../../migrations").run_to(15, &mut connection).await.unwrap();
    let cases = [
        ("incomplete", true, "it vanished before it was complete", AcquisitionState::Vanished),
        ("incomplete", true, "stuck: no fid yet", AcquisitionState::Incomplete),
        (
            "failed",
            false,
            "/data/1 no longer holds what was seen there; its new content is an acquisition of its \
             own",
            AcquisitionState::Superseded,
        ),
        ("failed", false, "no peaks", AcquisitionState::Failed),
    ];
    for (state, overdue, reason, _) in cases {
        sqlx::query(
            "WITH i AS (INSERT INTO instruments (id, name) VALUES ($1, $1::text) RETURNING id),
                  s AS (INSERT INTO samples (id, group_name, name) VALUES ($1, 'g', $1::text)
                        RETURNING id)
             INSERT INTO acquisitions (id, instrument_id, sample_id, group_name, path, vendor,
                                       state, overdue, reason)
             SELECT $1, i.id, s.id, 'g', $1::text, 'bruker', $2, $3, $4 FROM i, s",
        )
        .bind(Uuid::now_v7())
        .bind(state)
        .bind(overdue)
        .bind(reason)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    let store = Store::connect(&url).await.unwrap();
    let page = Page { after: None, size: 100 };
    let rows = store.acquisitions(&AcquisitionFilter::default(), &page).await.unwrap();
    for (_, _, reason, expected) in cases {
        let row = rows.iter().find(|row| row.reason == reason).unwrap();
        assert_eq!(row.state, expected, "{reason}");
    }
}

#[tokio::test]
async fn directories_around_older_datasets_are_told_from_their_paths() {
    let url = empty_database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::migrate!("../../migrations").run_to(7, &mut connection).await.unwrap();
    // What the path rule says of these: see the tests of that.
    let cases = [
        ("/data/rossi/nmr/AB-17/10", "AB-17", Some("10"), true),
        ("/data/AB-17/run 1", "AB-17", None, true),
        ("/data/AB-17/nmr/10", "AB-17", Some("10"), true),
        ("/data/10/10", "10", Some("10"), true),
        ("/data/rossi/AB-17/13c.fid.dx", "AB-17", Some("13c"), true),
        ("/data/AB-17/AB-17.jdf", "AB-17", Some("AB-17"), true),
        ("/data/AB-17/AB-17.JDX.gz", "AB-17", Some("AB-17"), true),
        ("/data/rossi/AB-17.jdf", "AB-17", None, false),
        ("/data/rossi/AB-17.fid", "AB-17", None, false),
        ("/data/AB-17/AB-17.fid.dx.gz", "AB-17", None, false),
        ("/data/2026/AB-17", "AB-17", None, false),
        ("/data/AB-17/AB-17", "AB-17", None, false),
        ("/data/10/AB-17", "AB-17", Some("10"), false),
        ("/archive/AB-17_10", "AB-17", Some("10"), false),
    ];
    let instrument = Uuid::now_v7();
    sqlx::query("INSERT INTO instruments (id, name) VALUES ($1, 'av500')")
        .bind(instrument)
        .execute(&mut connection)
        .await
        .unwrap();
    for (path, sample, experiment, _) in cases {
        sqlx::query(
            "WITH s AS (INSERT INTO samples (id, group_name, name) VALUES ($1, $3, $4)
                        RETURNING id)
             INSERT INTO acquisitions (id, instrument_id, sample_id, group_name,
                                       experiment_number, path, vendor, digest, state, reason)
             SELECT $1, $2, s.id, $3, $5, $3, 'bruker', $3, 'done', '' FROM s",
        )
        .bind(Uuid::now_v7())
        .bind(instrument)
        .bind(path)
        .bind(sample)
        .bind(experiment)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    let store = Store::connect(&url).await.unwrap();
    let page = Page { after: None, size: 100 };
    let rows = store.acquisitions(&AcquisitionFilter::default(), &page).await.unwrap();
    assert_eq!(rows.len(), cases.len());
    for (path, _, _, around) in cases {
        let row = rows.iter().find(|row| row.path == path).unwrap();
        assert_eq!(row.beside == Beside::DatasetAndSample, around, "{path}");
    }
}
