//! `larmor-lab evaluate nmredata`, run as a user runs it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

use larmor_fixtures::test_data;
use serde_json::{Value, json};

/// A result that gives arborinine its own shifts but for two carbons, which it mixes up.
#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_result_is_held_against_an_assigned_structure() {
    let truth = test_data("nmredata/arborinine_full_assignments/compound1.nmredata.sdf");
    let folder = tempfile::tempdir().unwrap();
    let result = folder.path().join("result.json");
    let run = |assignments: Vec<Value>| -> Value {
        let candidate = json!({
            "rank": 1, "smiles": "COc1cc2n(C)c3ccccc3c(=O)c2c(O)c1OC",
            "inchikey": "ATBZZQPALSPNMF-UHFFFAOYSA-N", "formula": "C16H15NO4", "name": null,
            "source": "proposed", "score": -1.0, "probability": 0.9, "assignments": assignments,
        });
        fs::write(&result, json!({"candidates": [candidate]}).to_string()).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_larmor-lab"))
            .args(["evaluate", "nmredata", "--json"])
            .args([&truth, &result])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let assigned = |atom: u64, ppm: f64| json!({"atom": atom, "nucleus": "13C", "ppm": ppm, "predicted_ppm": ppm, "probability": 1.0});
    // Nothing is given to any atom, so each is told what it should have been.
    let empty = run(Vec::new());
    assert_eq!((&empty["right"], &empty["total"]), (&json!(0), &json!(16)));
    let true_ppm = |atom: u64| {
        let atoms = empty["atoms"].as_array().unwrap();
        atoms.iter().find(|one| one["atom"] == atom).unwrap()["true_ppm"].as_f64().unwrap()
    };
    let atoms: Vec<u64> = empty["atoms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["atom"].as_u64().unwrap())
        .collect();
    let own: Vec<Value> = atoms.iter().map(|&atom| assigned(atom, true_ppm(atom))).collect();
    assert_eq!(run(own.clone())["right"], 16);
    let mut mixed = own;
    let (first, last) = (true_ppm(atoms[0]), true_ppm(atoms[15]));
    mixed[0] = assigned(atoms[0], last);
    mixed[15] = assigned(atoms[15], first);
    assert_eq!(run(mixed)["right"], 14);
}
