//! What cleaning promises: an exchanged pair is found and marked, a shift of nothing loses its atom,
//! and everything else stays as it was.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use larmor_chemistry::Molecule;
use larmor_lab::cleaning::clean;
use larmor_networks::ShiftEnsemble;
use serde_json::{Value, json};

const SHIFT_MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/fold0/shift");

/// 13C of an unbranched 1-alkanol, from the carbon at the oxygen on (Pretsch).
fn alkanol(carbons: usize) -> Vec<f64> {
    let mut ppm = vec![29.5; carbons];
    ppm[..3].copy_from_slice(&[62.9, 32.8, 25.8]);
    ppm[carbons - 3..].copy_from_slice(&[31.9, 22.7, 14.1]);
    ppm
}

fn record(carbons: usize, ppm: &[f64]) -> Value {
    let smiles = "O".to_owned() + &"C".repeat(carbons);
    let inchikey = Molecule::from_smiles(&smiles).unwrap().inchikey;
    let peaks: Vec<Value> =
        ppm.iter().enumerate().map(|(atom, ppm)| json!([ppm, "", atom + 1])).collect();
    json!({"id": carbons.to_string(), "inchikey": inchikey, "smiles": smiles,
        "map13C": "exact_graph", "c13": [{"solvent": "Unreported", "peaks": peaks}]})
}

fn lines(path: &Path) -> Vec<Value> {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_is_wrong_is_marked_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (folder.path().join("data.jsonl"), folder.path().join("clean.jsonl.gz"));
    let mut records: Vec<Value> = (8..=16).map(|n| record(n, &alkanol(n))).collect();
    let mut exchanged = alkanol(10);
    exchanged.swap(1, 8);
    records[2] = record(10, &exchanged);
    let mut foreign = alkanol(12);
    foreign[11] = 128.0;
    records[4] = record(12, &foreign);
    records.push(json!({"inchikey": "X", "smiles": "nonsense", "c13": []}));
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    fs::write(&data, text).unwrap();

    let (net, _) = ShiftEnsemble::open(Path::new(SHIFT_MODEL), tch::Device::Cpu).unwrap();
    let found = clean(&data, &net, &out).unwrap().to_string();
    assert_eq!(
        found,
        "exact_graph: 2 exchanged and 1 foreign of 108 assignments, in 2 of 9 records\n"
    );
    let cleaned = lines(&out);
    assert_eq!(cleaned.len(), records.len(), "every record is there");
    for (number, (before, after)) in records.iter().zip(&cleaned).enumerate() {
        assert_eq!(before == after, number != 2 && number != 4, "record {number}");
    }
    let peaks = |record: usize| cleaned[record]["c13"][0]["peaks"].as_array().unwrap();
    let uncertain: Vec<usize> =
        (0..10).filter(|&i| peaks(2)[i].get(4) == Some(&json!(1))).collect();
    assert_eq!(uncertain, [1, 8]);
    assert_eq!(peaks(4)[11], json!([128.0, "", null]), "in the spectrum, of no atom");
}
