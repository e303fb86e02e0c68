//! Datasets that are pushed go the way of those that are found: to an assigned result, on one call.

use std::fs;
use std::path::Path;
use std::process::Command;

use larmor_fixtures::test_data;
use larmor_store::EventKind;
use serde_json::Value;

use crate::bruker::{acquire, arborinine};
use crate::events::{all, count, until};
use crate::running::TestDaemon;

const ASPIRIN: &str = "jcamp/aspirin-1h.fid.dx";
const RUTIN_2D: &str = "jeol/Rutin_3080ug200uL_DMSOd6_HSQC_400MHz_Jeol.jdf";

/// `larmor submit`: whether it succeeded, its lines of JSON, and what it said of what went wrong.
fn submit(daemon: &TestDaemon, dataset: &Path, more: &[&str]) -> (bool, Vec<Value>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_larmor"))
        .arg("submit")
        .arg(dataset)
        .args(["--json", "--address", &daemon.address(), "--sample", "EN4"])
        .args(more)
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.success(), lines, String::from_utf8(output.stderr).unwrap())
}

fn kinds(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["kind"].as_str().unwrap_or("submitted")).collect()
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_dataset_is_pushed_and_its_judgement_comes_back() {
    let daemon = TestDaemon::start().await;
    let (ok, lines, said) = submit(&daemon, &arborinine("11"), &["--group", "rossi"]);
    assert!(ok, "{said}");
    assert_eq!(kinds(&lines), ["submitted", "discovered", "processed", "elucidated"]);
    assert_eq!(
        (&lines[0]["acquisition"]["nucleus"], &lines[0]["known"]),
        (&"13C".into(), &false.into())
    );
    assert_eq!(lines[3]["acquisition_id"], lines[0]["acquisition"]["id"]);
    assert_eq!((&lines[3]["group"], &lines[3]["sample"]), (&"rossi".into(), &"EN4".into()));

    // Sent again, and found by the watcher, it is the same acquisition.
    let (ok, again, said) = submit(&daemon, &arborinine("11"), &["--group", "rossi"]);
    assert!(ok, "{said}");
    assert_eq!((kinds(&again), &again[0]["known"]), (vec!["submitted"], &true.into()));
    assert_eq!(again[0]["acquisition"]["id"], lines[0]["acquisition"]["id"]);
    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    daemon.scanned(2).await;
    // Beside the same sample's 1H, which another instrument pushes, it is judged anew.
    let (ok, proton, said) = submit(&daemon, &arborinine("10"), &["--group", "rossi"]);
    assert!(ok, "{said}");
    assert_eq!(proton.last().unwrap()["revision"], 2);
    let events = all(&daemon).await;
    assert_eq!(
        (count(&events, EventKind::Discovered), count(&events, EventKind::Processed)),
        (2, 2)
    );
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn files_are_pushed_and_what_is_not_processed_says_why() {
    let daemon = TestDaemon::start().await;
    let (ok, lines, said) = submit(&daemon, &test_data(ASPIRIN), &[]);
    assert!(ok, "{said}");
    assert_eq!(lines.last().unwrap()["kind"], "elucidated");
    let (ok, lines, said) = submit(&daemon, &test_data(RUTIN_2D), &[]);
    assert!(!ok && said.contains("it was not processed"), "{said}");
    assert_eq!(kinds(&lines), ["submitted", "discovered", "skipped"]);

    // In words.
    let again = Command::new(env!("CARGO_BIN_EXE_larmor"))
        .arg("submit")
        .arg(test_data(ASPIRIN))
        .args(["--address", &daemon.address(), "--sample", "EN4"])
        .output()
        .unwrap();
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(said.contains(", which was there already: done"), "{said}");

    let notes = daemon.home().join("notes.txt");
    fs::write(&notes, "no spectrum").unwrap();
    let (ok, lines, said) = submit(&daemon, &notes, &[]);
    assert!(!ok && lines.is_empty() && said.contains("notes.txt is not a dataset"), "{said}");
    let (ok, _, said) = submit(&daemon, Path::new("/no/such/file.jdf"), &[]);
    assert!(!ok && said.contains("cannot read /no/such/file.jdf"), "{said}");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn what_was_pushed_is_processed_after_a_crash() {
    let mut daemon = TestDaemon::with_settings(&[("LARMOR_ROLES", "[\"publish\"]")]).await;
    let (ok, lines, said) = submit(&daemon, &arborinine("11"), &["--no-wait"]);
    assert!(ok, "{said}");
    assert_eq!(kinds(&lines), ["submitted"]);
    daemon.kill();
    let _processing = daemon.beside(&[("LARMOR_ROLES", "[\"process\"]")]).await;
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
}
