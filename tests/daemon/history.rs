//! Spectra that resemble earlier ones are found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use larmor_client::proto::find_similar_spectra_request::Query;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::{
    FindSimilarSpectraRequest, GivenPeaks, GivenSignal, SampleName, SimilarSpectrum,
};
use larmor_store::EventKind;
use sqlx::{Connection, PgConnection};
use tonic::{Code, Status};

use crate::events::{count, until};
use crate::model;
use crate::running::TestDaemon;
use larmor_fixtures::TestDatabase;
use larmor_fixtures::instruments::{stored_line, varian};

/// Lines of two compounds, in cycles a point.
const ONE: [f64; 3] = [-0.21, 0.05, 0.17];
const OTHER: [f64; 3] = [-0.11, -0.02, 0.26];

/// A 1H or 13C spectrum with these lines, of some height.
fn measure(folder: PathBuf, nucleus: &str, lines: &[f64], height: f64) {
    let changes: &[(&str, &str)] = match nucleus {
        "13C" => &[
            ("tn", "\"C13\""),
            ("sfrq", "100.530"),
            ("reffrq", "100.520"),
            ("sw", "25000"),
            ("rfl", "2500"),
            ("pslabel", "\"CARBON\""),
        ],
        _ => &[],
    };
    let mut values = vec![0.0; 2 * varian::POINTS];
    for &turns in lines {
        let line = stored_line(turns, varian::POINTS, height);
        values.iter_mut().zip(line).for_each(|(sum, value)| *sum += value);
    }
    let dataset = varian::Dataset { values, ..varian::Dataset::with(changes) };
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("procpar"), dataset.procpar()).unwrap();
    fs::write(folder.join("fid"), dataset.fid()).unwrap();
    fs::write(folder.join("log"), dataset.log.unwrap()).unwrap();
}

/// Two samples of one compound and a sample of another, 1H and 13C of each.
async fn measure_three(daemon: &TestDaemon) {
    for (sample, lines, height) in [("A", ONE, 1e4), ("B", ONE, 1.1e4), ("C", OTHER, 1e4)] {
        for nucleus in ["1H", "13C"] {
            let folder = daemon.experiment(&format!("rossi/{sample}/{nucleus}.fid"));
            measure(folder, nucleus, &lines, height);
        }
    }
    until(daemon, |events| count(events, EventKind::Processed) == 6).await;
}

async fn daemon(url: &str, models: &Path) -> TestDaemon {
    let models = models.to_str().unwrap();
    let settings = [("LARMOR_WATCH__SETTLE", "300ms"), ("LARMOR_MODELS__DIRECTORY", models)];
    TestDaemon::with(Some(url.to_owned()), &settings).await
}

async fn similar(daemon: &TestDaemon, query: Query) -> Result<Vec<SimilarSpectrum>, Status> {
    let channel = larmor_client::connect(&daemon.address()).await.unwrap();
    let request = FindSimilarSpectraRequest { query: Some(query), ..Default::default() };
    let answer = ResultServiceClient::new(channel).find_similar_spectra(request).await?;
    Ok(answer.into_inner().spectra)
}

fn sample(name: &str) -> Query {
    Query::Sample(SampleName { group: String::new(), name: name.to_owned() })
}

/// Nucleus and sample of each.
fn told(found: &[SimilarSpectrum]) -> Vec<(&str, &str)> {
    found.iter().map(|one| (one.nucleus.as_str(), one.sample.as_str())).collect()
}

fn command(daemon: &TestDaemon, arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larmor"));
    let output =
        command.arg("similar").args(arguments).args(["--address", &daemon.address()]).output();
    let output = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_same_compound_is_found_first_and_again_after_the_weights_changed() {
    let database = TestDatabase::new().await;
    let home = tempfile::tempdir().unwrap();
    let models = home.path().join("models");
    model::make(&models);
    model::make_embedders(&models, 1);
    let mut daemon = daemon(&database.url, &models).await;
    measure_three(&daemon).await;

    let expected = [("13C", "B"), ("13C", "C"), ("1H", "B"), ("1H", "C")];
    let found = similar(&daemon, sample("A")).await.unwrap();
    assert_eq!(told(&found), expected, "{found:?}");
    for pair in found.chunks(2) {
        assert!(pair[0].similarity > 0.995 && pair[1].similarity < 0.99, "{pair:?}");
    }
    // By an acquisition, its nucleus alone.
    let by = Query::AcquisitionId(found[0].acquisition_id.clone());
    assert_eq!(told(&similar(&daemon, by).await.unwrap()), [("13C", "A"), ("13C", "C")]);
    // By peaks; nothing is left out then.
    let stored = database.store.spectrum(found[1].spectrum_id.parse().unwrap()).await.unwrap();
    let carbon_ppm = stored.peaks.iter().map(|peak| peak.ppm).collect();
    let peaks = GivenPeaks { carbon_ppm, ..Default::default() };
    let by_peaks = similar(&daemon, Query::Peaks(peaks)).await.unwrap();
    assert_eq!((by_peaks.len(), by_peaks[0].sample.as_str()), (3, "C"));
    let signal = GivenSignal {
        ppm: 3.7,
        pattern: "q".to_owned(),
        couplings_hz: vec![7.1],
        ..Default::default()
    };
    let peaks = GivenPeaks { proton: vec![signal], ..Default::default() };
    assert_eq!(similar(&daemon, Query::Peaks(peaks)).await.unwrap().len(), 3);
    let nobody = similar(&daemon, sample("Z")).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);

    let (ok, shown, err) = command(&daemon, &["rossi/A", "--nucleus", "1H", "--limit", "1"]);
    assert!(ok && shown.lines().count() == 1 && shown.contains("rossi/B"), "{shown}{err}");
    let (ok, shown, _) = command(&daemon, &["A", "--json"]);
    let line: serde_json::Value = serde_json::from_str(shown.lines().next().unwrap()).unwrap();
    assert!(ok && line["sample"] == "B" && line["nucleus"] == "13C", "{shown}");

    // Other weights: what the earlier ones made cannot be compared, and is made anew.
    daemon.terminate();
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let digests = "SELECT DISTINCT model_digest FROM spectrum_embeddings ORDER BY 1";
    let before: Vec<String> = sqlx::query_scalar(digests).fetch_all(&mut connection).await.unwrap();
    model::make_embedders(&models, 2);
    daemon.begin().await;
    daemon.logged("what=\"acml-1h\" made=3").await;
    let after: Vec<String> = sqlx::query_scalar(digests).fetch_all(&mut connection).await.unwrap();
    assert_eq!((before.len(), after.len()), (2, 2));
    assert!(before.iter().all(|digest| !after.contains(digest)));
    assert_eq!(told(&similar(&daemon, sample("A")).await.unwrap()), expected);

    // Nothing is lacking any more.
    daemon.terminate();
    daemon.begin().await;
    daemon.logged_times("what=\"acml-1h\" made=", 3).await;
    assert_eq!(daemon.log().matches("what=\"acml-1h\" made=3").count(), 1);
}

#[tokio::test]
async fn without_a_network_results_are_as_ever_and_a_search_says_which_folder_is_missing() {
    let database = TestDatabase::new().await;
    let home = tempfile::tempdir().unwrap();
    let models = home.path().join("models");
    model::make(&models);
    let mut daemon = daemon(&database.url, &models).await;
    measure_three(&daemon).await;
    let refused = similar(&daemon, sample("A")).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    for folder in ["kmaid", "acml-13c", "acml-1h"] {
        assert!(refused.message().contains(folder), "{}", refused.message());
    }
    let (ok, _, err) = command(&daemon, &["A"]);
    assert!(!ok && err.contains("no folder kmaid or acml-13c or acml-1h"), "{err}");
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let rows = "SELECT count(*) FROM spectrum_embeddings";
    let count: i64 = sqlx::query_scalar(rows).fetch_one(&mut connection).await.unwrap();
    assert_eq!(count, 0);

    // The networks come later: what was measured before is found by them.
    daemon.terminate();
    model::make_embedders(&models, 1);
    daemon.begin().await;
    daemon.logged("what=\"acml-1h\" made=3").await;
    let found = similar(&daemon, sample("A")).await.unwrap();
    assert_eq!(told(&found)[0], ("13C", "B"));
}

#[tokio::test]
async fn points_that_were_not_kept_are_made_again_where_the_data_are_still_there() {
    let database = TestDatabase::new().await;
    let home = tempfile::tempdir().unwrap();
    let models = home.path().join("models");
    model::make(&models);
    let mut daemon = daemon(&database.url, &models).await;
    measure_three(&daemon).await;
    daemon.terminate();
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let all = "SELECT first_ppm, unit, packed FROM spectrum_traces ORDER BY acquisition_id";
    let before: Vec<(f64, f64, Vec<u8>)> =
        sqlx::query_as(all).fetch_all(&mut connection).await.unwrap();
    assert_eq!(before.len(), 6);
    sqlx::query("DELETE FROM spectrum_traces").execute(&mut connection).await.unwrap();
    fs::remove_dir_all(daemon.experiment("rossi/C/1H.fid")).unwrap();
    daemon.begin().await;
    daemon.logged("what=\"traces\" made=5").await;
    let after: Vec<(f64, f64, Vec<u8>)> =
        sqlx::query_as(all).fetch_all(&mut connection).await.unwrap();
    assert_eq!(after.len(), 5);
    for (first_ppm, unit, packed) in &after {
        let same = before
            .iter()
            .any(|(first, u, p)| (first - first_ppm).abs() < 1e-6 && u == unit && p == packed);
        assert!(same, "points made again are others");
    }
}
