//! `larmor-process --against`, run as a user runs it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use larmor_fixtures::test_data;
use serde_json::Value;

fn against(path: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_larmor-process"))
        .arg("--against")
        .arg(path)
        .args(options)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A FID of three lines at 400.13 MHz and its spectrum on an axis moved by `off` ppm.
fn write(dataset: &Path, off: f64) {
    const SHIFTS: [f64; 3] = [1.3, 2.9, 6.4];
    fs::create_dir_all(dataset.join("pdata/1")).unwrap();
    fs::write(
        dataset.join("acqus"),
        "##$TD= 32768\n##$SFO1= 400.132\n##$BF1= 400.13\n##$SW_h= 4800\n##$NUC1= <1H>\n\
         ##$AQ_mod= 1\n##END=\n",
    )
    .unwrap();
    let values = (0..16_384).flat_map(|k| {
        let seconds = f64::from(k) / 4800.0;
        let noise = |of: i32| 500.0 * ((f64::from(k + of) * 12.9898).sin() * 43_758.545_3).fract();
        let (mut re, mut im) = (noise(0), noise(99_991));
        for ppm in SHIFTS {
            let turns = std::f64::consts::TAU * (ppm * 400.13 - 2000.0) * seconds;
            re += 1e6 * (-seconds / 0.3).exp() * turns.cos();
            im += 1e6 * (-seconds / 0.3).exp() * turns.sin();
        }
        [re, im]
    });
    let bytes: Vec<u8> = values.flat_map(|value| (value as i32).to_le_bytes()).collect();
    fs::write(dataset.join("fid"), bytes).unwrap();
    fs::write(
        dataset.join("pdata/1/procs"),
        "##$SI= 32768\n##$OFFSET= 11\n##$SW_p= 4801.56\n##$SF= 400.13\n##END=\n",
    )
    .unwrap();
    let bytes: Vec<u8> = (0..32_768)
        .flat_map(|i| {
            let ppm = 11.0 - 12.0 * f64::from(i) / 32_768.0;
            let line = |at: f64| 1e6 / (1.0 + ((ppm - at - off) / 0.002).powi(2));
            (SHIFTS.into_iter().map(line).sum::<f64>() as i32).to_le_bytes()
        })
        .collect();
    fs::write(dataset.join("pdata/1/1r"), bytes).unwrap();
}

#[test]
fn axes_that_differ_are_measured_and_told_by_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("1"), 0.0);
    let shift_ppm =
        lines(&against(folder.path(), &["--json"]))[0]["referencing"]["shift_ppm"].clone();
    let shift_ppm = shift_ppm.as_f64().unwrap();
    // On the axis that the program finds, and far from it.
    write(&folder.path().join("1"), shift_ppm);
    let output = against(folder.path(), &["--json"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(lines(&output)[0]["agrees"], true);
    write(&folder.path().join("2"), shift_ppm - 0.08);
    let output = against(folder.path(), &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let two = &lines(&output)[1];
    assert!((two["difference_ppm"].as_f64().unwrap() - 0.08).abs() < 1e-3, "{two}");
    assert_eq!((&two["agrees"], &two["witnesses"][0]["kind"]), (&false.into(), &"spectrum".into()));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("1 of 2 within 0.02 ppm") && told.contains("beyond:\n  +0.08"), "{told}");
    let table = String::from_utf8(against(folder.path(), &[]).stdout).unwrap();
    assert_eq!(table.matches("<<<").count(), 1, "{table}");
}

#[test]
fn an_axis_tied_to_the_operators_calibration_has_no_vote() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 0.0);
    let procs = folder.path().join("pdata/1/procs");
    // Off by 0.4 ppm, and nothing else to tie the axis to.
    let calibrated = fs::read_to_string(&procs).unwrap().replace("400.13\n", "400.13016\n");
    fs::write(&procs, calibrated).unwrap();
    let output = against(folder.path(), &["--json"]);
    assert!(output.status.success(), "{output:?}");
    let line = &lines(&output)[0];
    assert_eq!(line["referencing"]["method"], "calibration", "{line}");
    assert!(line["agrees"].is_null() && line["difference_ppm"].is_f64(), "{line}");
}

#[test]
fn nothing_beside_a_fid_is_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 0.0);
    fs::remove_dir_all(folder.path().join("pdata")).unwrap();
    let output = against(folder.path(), &["--json"]);
    assert!(output.status.success(), "{output:?}");
    let line = &lines(&output)[0];
    assert!(line["agrees"].is_null() && line["witnesses"].as_array().unwrap().is_empty());
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn real_carbon_spectra_lie_on_the_vendors() {
    let output = against(&test_data("nmredata"), &["--json", "--nucleus", "13C"]);
    let lines = lines(&output);
    let held: Vec<&Value> = lines.iter().filter(|line| line["agrees"].is_boolean()).collect();
    assert!(held.len() >= 8, "{held:?}");
    for line in held {
        assert!(line["difference_ppm"].as_f64().is_some_and(|ppm| ppm.abs() < 0.1), "{line}");
        let witness = &line["witnesses"][0];
        assert!(witness["uncertainty_ppm"].as_f64().unwrap() < 0.02, "{line}");
        assert!(witness["phase_deg"].as_f64().is_none_or(|phase| phase.abs() < 20.0), "{line}");
    }
}
