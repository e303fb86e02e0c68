//! `larmor results` against a server.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader, Lines};
use tokio::process::Command;

use larmor_fixtures::TestDatabase;
use larmor_store::Finished;

use crate::support::server::{PATIENCE, TestServer, quick};
use larmor_fixtures::acquisition::{finished, leased, observation, proton_spectrum};

fn results(address: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larmor"));
    command.arg("results").args(arguments).args(["--address", address]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn said(mut command: Command) -> (bool, String, String) {
    let output = tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

async fn judged(sample: &str) -> (TestDatabase, TestServer) {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, &format!("g/{sample}/1")).await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    (database, server)
}

#[tokio::test]
async fn watching_shows_the_road_of_an_acquisition_in_words() {
    let (_database, server) = judged("ethanol").await;
    let watch = results(&server.address, &["watch", "--until-kind", "elucidated"]);
    let (ok, out, err) = said(watch).await;
    assert!(ok, "{err}");
    for line in [
        "discovered  13C 1D a title  /data/g/ethanol/1  (ready: complete)",
        "processed  13C 1D in CDCl3: 2 peaks (and 1 solvent), quality 0.90  [9 ms]",
        "ranked  2 of 2 considered, consistent (0.97): all lines within 1 ppm",
        "rank  probability     score  formula         candidate",
        "1       0.5000     -1.00  C2H6O           candidate 1 CCO",
        "assigned  candidate 1 CCO",
        "parts     13C shifts -12.50",
        "1  13C         58.30      57.90        0.970",
        "     3.5 ± 0.4   acetone",
    ] {
        assert!(out.contains(line), "no '{line}' in\n{out}");
    }
    server.stop().await;
}

#[tokio::test]
async fn json_is_one_documented_object_a_line() {
    let (_database, server) = judged("ethanol").await;
    let watch = results(&server.address, &["watch", "--json", "--until-kind", "elucidated"]);
    let (_, out, _) = said(watch).await;
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let documentation = include_str!("../../docs/api.md");
    for (line, kind) in lines.iter().zip(["discovered", "processed", "elucidated"]) {
        assert_eq!(line["kind"], kind);
        for field in line.as_object().unwrap().keys() {
            assert!(documentation.contains(&format!("`{field}`")), "{field} is not documented");
        }
    }
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["candidates"][0]["assignments"][0]["ppm"], 58.3);
    server.stop().await;
}

#[tokio::test]
async fn results_are_listed_and_shown() {
    let (_database, server) = judged("ethanol").await;
    let (_, listed, _) = said(results(&server.address, &["list", "--json"])).await;
    let summary: Value = serde_json::from_str(listed.trim()).unwrap();
    assert_eq!(summary["best_smiles"], "CCO");
    let id = summary["elucidation_id"].as_str().unwrap();
    let (_, shown, _) = said(results(&server.address, &["get", id])).await;
    for line in [
        "g/ethanol  revision 1",
        "2 considered, consistent (0.97): all lines within 1 ppm",
        "    mol-%         component\n     96.5 ± 0.4   CCO  (judged)\n",
        "        -         benzene\n",
        "    unexplained: 13C 29.7, 1H 1.26 (0.2 H)\n",
    ] {
        assert!(shown.contains(line), "no '{line}' in\n{shown}");
    }
    let (_, json, _) = said(results(&server.address, &["get", id, "--json"])).await;
    let json: Value = serde_json::from_str(json.trim()).unwrap();
    assert_eq!(json["components"][2]["mol_percent"], Value::Null);
    let documentation = include_str!("../../docs/api.md");
    for field in fields(&json["components"]).into_iter().chain(fields(&json["unexplained"])) {
        assert!(documentation.contains(&format!("`{field}`")), "{field} is not documented");
    }
    let (_, listed, _) = said(results(&server.address, &["list", "--verdict", "consistent"])).await;
    assert!(listed.contains(id) && listed.contains("candidate 1 CCO"), "{listed}");
    assert!(listed.contains("consistent (0.97)"), "{listed}");
    let (ok, listed, _) =
        said(results(&server.address, &["list", "--verdict", "best_match"])).await;
    assert!(ok && listed.is_empty(), "{listed}");
    let (ok, _, err) = said(results(&server.address, &["get", &"0".repeat(32)])).await;
    assert!(!ok && err.contains("there is no elucidation"), "{err}");
    server.stop().await;
}

/// Every field of an object, and of the objects in it.
fn fields(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields_of) => fields_of
            .iter()
            .flat_map(|(name, value)| [vec![name.clone()], fields(value)].concat())
            .collect(),
        Value::Array(values) => values.iter().flat_map(fields).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_result_shows_how_far_its_spectra_can_be_trusted_and_the_multiplets() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/ethanol/1").await;
    let given = Finished { spectrum: proton_spectrum(), ..finished() };
    database.store.commit(&lease, &given).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let (_, listed, _) = said(results(&server.address, &["list", "--json"])).await;
    let summary: Value = serde_json::from_str(listed.trim()).unwrap();
    let id = summary["elucidation_id"].as_str().unwrap();

    let (_, shown, _) = said(results(&server.address, &["get", id])).await;
    for line in [
        "    spectrum  1H 1D in CDCl3, quality 0.90: few scans",
        "         ppm  pattern  area   J (Hz)",
        "       1.240  t        0.50   7.1",
        "       3.710  q        0.50   7.1",
        "       7.260  s        0.50     solvent",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "no '{line}' in\n{shown}");
    }
    let (_, shown, _) = said(results(&server.address, &["get", id, "--json"])).await;
    let shown: Value = serde_json::from_str(shown.trim()).unwrap();
    let spectrum = &shown["spectra"][0];
    assert_eq!(spectrum["quality_reasons"][0], "few scans");
    assert_eq!(spectrum["multiplets"][0]["couplings_hz"][0], 7.1);
    let documentation = include_str!("../../docs/api.md");
    for field in fields(spectrum) {
        assert!(documentation.contains(&format!("`{field}`")), "{field} is not documented");
    }
    let (_, told, _) =
        said(results(&server.address, &["watch", "--until-kind", "processed"])).await;
    assert!(
        told.contains("7 peaks (and 1 solvent, 1 sideband), 2 multiplets, quality 0.90"),
        "{told}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let (ok, _, err) = said(results("http://127.0.0.1:9", &["list"])).await;
    assert!(!ok && err.contains("is larmor serve running?"), "{err}");
    let (ok, _, err) = said(results("not an address", &["list"])).await;
    assert!(!ok && err.contains("is not an address"), "{err}");
}

async fn line(lines: &mut Lines<impl AsyncBufRead + Unpin>) -> String {
    tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap()
}

async fn cursor(lines: &mut Lines<impl AsyncBufRead + Unpin>) -> i64 {
    let event: Value = serde_json::from_str(&line(lines).await).unwrap();
    event["cursor"].as_i64().unwrap()
}

#[tokio::test]
async fn watching_goes_on_where_it_was_when_the_server_restarts() {
    let database = TestDatabase::new().await;
    database.store.observe(&observation("g/s/1")).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let address = server.address.clone();
    let mut watch = results(&address, &["watch", "--json"]).spawn().unwrap();
    let mut shown = BufReader::new(watch.stdout.take().unwrap()).lines();
    assert_eq!(cursor(&mut shown).await, 1);
    server.stop().await;
    let mut errors = BufReader::new(watch.stderr.take().unwrap()).lines();
    let told = line(&mut errors).await;
    assert!(told.contains("waiting for the server"), "{told}");
    database.store.observe(&observation("g/s/2")).await.unwrap();
    let place = address.trim_start_matches("http://");
    let server = TestServer::start_at(&database.store, quick(), place).await;
    assert_eq!(cursor(&mut shown).await, 2);
    database.store.observe(&observation("g/s/3")).await.unwrap();
    assert_eq!(cursor(&mut shown).await, 3);
    watch.kill().await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_from_the_future_ends_watching_with_the_reason() {
    let (_database, server) = judged("a").await;
    let (ok, _, err) = said(results(&server.address, &["watch", "--from", "99"])).await;
    assert!(!ok && err.contains("from the future"), "{err}");
    let (ok, _, err) = said(results(&server.address, &["watch", "--from", "x"])).await;
    assert!(!ok && err.contains("a cursor is a number"), "{err}");
    server.stop().await;
}
