//! `larmor process`, run as a user runs it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("third_party/test-data").join(path)
}

fn larmor(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_larmor")).arg("process").args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_tree_gives_one_line_a_dataset_with_reasons_for_what_was_skipped() {
    let tree = data("nmredata/arborinine_full_assignments");
    let output = larmor(&[&tree, Path::new("--json")]);
    assert!(output.status.success(), "{output:?}");
    let lines = lines(&output);
    assert_eq!(lines.len(), 6);
    let skipped: Vec<&str> = lines.iter().filter_map(|l| l["skipped"].as_str()).collect();
    assert_eq!(skipped, ["unsupported: two or more dimensions (ser)"; 3]);
    let carbon = lines.iter().find(|l| l["experiment"] == "1D" && l["nucleus"] == "13C").unwrap();
    assert_eq!(carbon["vendor"], "bruker");
    assert_eq!(carbon["solvent"], "CDCl3");
    assert_eq!(carbon["referencing"]["method"], "solvent");
    assert_eq!(carbon["processing"][0]["step"], "group_delay");
    let peaks = carbon["peaks"].as_array().unwrap();
    assert_eq!(peaks.iter().filter(|p| p["class"] == "compound").count(), 16);
    for name in ["ppm", "intensity", "width_hz", "area", "signal_to_noise"] {
        assert!(peaks[0][name].is_f64(), "{name}");
    }
    assert!(peaks[0].get("multiplicity").is_some());
}

#[test]
fn a_failure_is_reported_in_its_place_and_by_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("10");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("acqus"), "##$TD= 0\n##$NUC1= <1H>\n##END=\n").unwrap();
    fs::write(broken.join("fid"), [0; 16]).unwrap();
    let good = data("nmredata/menthol_1D_1H_assigned_J/AN-menthol/10");
    let output = larmor(&[folder.path(), &good, Path::new("--json")]);
    assert!(!output.status.success());
    let lines = lines(&output);
    assert!(lines[0]["error"].as_str().unwrap().contains("TD"), "{lines:?}");
    assert_eq!(lines[1]["nucleus"], "1H");
}

#[test]
fn nothing_to_process_is_a_failure_with_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let output = larmor(&[folder.path(), Path::new("--json")]);
    assert!(!output.status.success());
    assert!(lines(&output)[0]["error"].as_str().unwrap().contains("not a dataset"));
}

#[test]
fn without_json_a_table_is_printed() {
    let output = larmor(&[&data("bruker/aspirin-1h/1")]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("1H 1D at 300.13 MHz in CDCl3"), "{text}");
    assert!(text.contains("compound"));
}
