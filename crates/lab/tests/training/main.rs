//! What training promises: exact resume, and that nothing held out is trained on.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod kmaid;

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kmaid::kmaid_run;
use larmor_chemistry::Molecule;
use larmor_lab::data::{HeldOut, ListedFiles, PredictedFiles, key_hash};
use larmor_lab::kmaid::{KmaidTraining, train_kmaid};
use larmor_lab::shift::{ShiftCombination, ShiftTraining, combine_shift, train_shift};
use larmor_networks::{ModelCard, ShiftConfig, ShiftEnsemble, WEIGHTS_FILE};

/// Dropout draws from torch's one generator: runs in one process take turns.
fn alone() -> MutexGuard<'static, ()> {
    static GENERATOR: Mutex<()> = Mutex::new(());
    GENERATOR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A small data set whose shifts follow a rule: chains, with CH3 at 14, CH2 at 30 and CHx-O at 62 ppm.
fn write_data(path: &Path) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = String::new();
    for length in 1..=40_usize {
        for (suffix, fold) in [("", length % 5), ("O", (length + 2) % 5)] {
            let smiles = format!("{}{suffix}", "C".repeat(length));
            let molecule = Molecule::from_smiles(&smiles).unwrap();
            let peaks: Vec<String> = (0..length)
                .map(|atom| {
                    let last = atom + 1 == length;
                    let ppm = if last && suffix == "O" {
                        62.0
                    } else if atom == 0 || last {
                        14.0
                    } else {
                        30.0
                    };
                    format!("[{ppm},\"\",{atom}]")
                })
                .collect();
            lines += &format!(
                "{{\"inchikey\":\"{}\",\"smiles\":\"{smiles}\",\"map13C\":\"exact_graph\",\"km3aid_fold\":{fold},\"c13\":[{{\"peaks\":[{}]}}]}}\n",
                molecule.inchikey,
                peaks.join(",")
            );
            if fold != 0 {
                blocks.push(molecule.inchikey_block().to_owned());
            }
        }
    }
    fs::write(path, lines).unwrap();
    blocks
}

fn run(folder: &Path, out: &str) -> ShiftTraining {
    ShiftTraining {
        data: folder.join("data.jsonl"),
        out: folder.join(out),
        test_fold: Some(0),
        held_out: HeldOut::default(),
        network: ShiftConfig {
            layers: 2,
            width: 16,
            dropout: 0.1,
            attention_every: 2,
            solvent: true,
            geminal: true,
        },
        predicted: PredictedFiles::default(),
        listed: ListedFiles::default(),
        pretraining_epochs: 0,
        epochs: 6,
        batch: 8,
        learning_rate: 3e-3,
        weight_decay: 0.01,
        seed: 3,
        start_from: None,
        resume: false,
        stop_after: None,
        device: tch::Device::Cpu,
    }
}

#[test]
fn an_interrupted_run_ends_with_the_same_weights_as_one_that_was_not() {
    tch::set_num_threads(1);
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let whole = train_shift(&run(folder.path(), "whole"), &mut |_| {}).unwrap().unwrap();
    let halves = run(folder.path(), "halves");
    train_shift(&ShiftTraining { stop_after: Some(3), ..halves.clone() }, &mut |_| {}).unwrap();
    let resumed =
        train_shift(&ShiftTraining { resume: true, ..halves }, &mut |_| {}).unwrap().unwrap();
    assert_eq!(whole.weights_sha256, resumed.weights_sha256);
    assert!(whole.metrics["test_mae_ppm"]["13C"].as_f64().unwrap() < 60.0);
}

#[test]
fn what_weights_were_taught_before_is_known_of_those_that_start_from_them() {
    tch::set_num_threads(1);
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let first = ShiftTraining { test_fold: None, epochs: 1, ..run(folder.path(), "first") };
    train_shift(&first, &mut |_| {}).unwrap();
    let start_from = Some(first.out.join("weights.safetensors"));
    let second = ShiftTraining { start_from, epochs: 1, ..run(folder.path(), "second") };
    let card = train_shift(&second, &mut |_| {}).unwrap().unwrap();
    let known = |run: &ShiftTraining| fs::read(run.out.join("trained_on.bin")).unwrap();
    assert_eq!(known(&second), known(&first), "the fold that tests the second taught the first");
    assert_eq!(card.training["before"]["epochs"], 1);
}

#[test]
fn nothing_held_out_or_of_the_test_fold_is_trained_on() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let blocks = write_data(&folder.path().join("data.jsonl"));
    let kept_out = &blocks[5];
    let list = folder.path().join("held_out.txt");
    fs::write(&list, format!("# comment\n{kept_out}  a compound\n")).unwrap();
    let held_out = HeldOut::read(&list).unwrap();
    let run = ShiftTraining { held_out, epochs: 1, ..run(folder.path(), "out") };
    train_shift(&run, &mut |_| {}).unwrap();
    let bytes = fs::read(run.out.join("trained_on.bin")).unwrap();
    let mut keys: Vec<u64> =
        bytes.chunks_exact(8).map(|c| u64::from_be_bytes(c.try_into().unwrap())).collect();
    let mut expected: Vec<u64> =
        blocks.iter().filter(|b| *b != kept_out).map(|b| key_hash(b)).collect();
    expected.sort_unstable();
    expected.dedup();
    keys.sort_unstable();
    assert_eq!(keys, expected);
}

/// Chains with predicted shifts, those of test molecules among them.
fn write_predicted(path: &Path, carbons: std::ops::Range<usize>, solvents: &[&str]) {
    let mut lines = String::new();
    for carbons in carbons {
        for solvent in solvents {
            let c13 = (0..carbons).map(|atom| format!("[{atom},{}]", 14 + atom.min(16)));
            let h1 = (0..carbons).map(|atom| match atom == 0 || atom + 1 == carbons {
                true => format!("[{atom},[0.9,0.9,0.9]]"),
                false => format!("[{atom},[1.2,1.3]]"),
            });
            lines += &format!(
                "{{\"smiles\":\"{}\",\"solvent\":\"{solvent}\",\"c13\":[{}],\"h1\":[{}]}}\n",
                "C".repeat(carbons),
                c13.collect::<Vec<_>>().join(","),
                h1.collect::<Vec<_>>().join(",")
            );
        }
    }
    fs::write(path, lines).unwrap();
}

#[test]
fn predicted_shifts_come_first_and_are_resumed_as_exactly() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let path = folder.path().join("predicted.jsonl");
    write_predicted(&path, 30..50, &["CDCl3", "DMSO-d6"]);
    let taught = |out| ShiftTraining {
        predicted: PredictedFiles { paths: vec![path.clone()], ..PredictedFiles::default() },
        pretraining_epochs: 3,
        epochs: 3,
        ..run(folder.path(), out)
    };
    let mut said = String::new();
    let whole = train_shift(&taught("whole"), &mut |line| said += line).unwrap().unwrap();
    assert!(said.contains("34 predicted; left out: 6 tested on"), "both solvents of each: {said}");
    let halves = taught("halves");
    let first = ShiftTraining { stop_after: Some(2), ..halves.clone() };
    assert!(train_shift(&first, &mut |_| {}).unwrap().is_none(), "no network after one stage");
    let resumed = train_shift(&ShiftTraining { resume: true, ..halves }, &mut |_| {});
    assert_eq!(whole.weights_sha256, resumed.unwrap().unwrap().weights_sha256);
    assert!(whole.metrics["test_mae_ppm"]["13C"].is_f64());
    // What was seen in either stage is known.
    let keys = fs::read(folder.path().join("whole/trained_on.bin")).unwrap();
    let only_measured = run(folder.path(), "measured");
    train_shift(&only_measured, &mut |_| {}).unwrap();
    let fewer = fs::read(only_measured.out.join("trained_on.bin")).unwrap();
    assert!(keys.len() >= fewer.len() + 8 * 5, "{} and {}", keys.len(), fewer.len());
}

#[test]
fn members_of_an_ensemble_answer_with_their_mean_and_a_wider_spread() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let members: Vec<_> = [3, 4]
        .map(|seed| {
            let run = ShiftTraining { seed, epochs: 2, ..run(folder.path(), &format!("m{seed}")) };
            train_shift(&run, &mut |_| {}).unwrap();
            run.out
        })
        .into();
    let combination = ShiftCombination {
        members: members.clone(),
        half_precision: false,
        out: folder.path().join("both"),
        data: folder.path().join("data.jsonl"),
        test_fold: Some(0),
        held_out: HeldOut::default(),
        device: tch::Device::Cpu,
    };
    combine_shift(&combination).unwrap();
    let butanol = [Molecule::from_smiles("CCCCO").unwrap().graph];
    let first_carbon = |folder: &Path| {
        let (model, _) = ShiftEnsemble::open(folder, tch::Device::Cpu).unwrap();
        model.predict(&butanol).unwrap()[0].c13[0].unwrap()
    };
    let [a, b] = [&members[0], &members[1]].map(|member| first_carbon(member));
    let both = first_carbon(&combination.out);
    assert!((both.ppm - (a.ppm + b.ppm) / 2.0).abs() < 1e-3);
    let apart = (a.ppm - b.ppm).abs() / 2.0;
    assert!((both.spread - (a.spread + b.spread) / 2.0 - apart).abs() < 1e-2 * both.spread);
    assert_eq!(
        fs::read(combination.out.join("trained_on.bin")).unwrap(),
        fs::read(members[0].join("trained_on.bin")).unwrap()
    );
}

#[test]
fn a_run_can_start_from_the_weights_of_another_on_all_folds() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let first = ShiftTraining { epochs: 4, ..run(folder.path(), "first") };
    train_shift(&first, &mut |_| {}).unwrap();
    let second = ShiftTraining {
        epochs: 1,
        learning_rate: 1e-6,
        test_fold: None,
        start_from: Some(first.out.join(WEIGHTS_FILE)),
        ..run(folder.path(), "second")
    };
    let mut told = String::new();
    let card = train_shift(&second, &mut |line| told += line).unwrap().unwrap();
    assert!(card.metrics["test_mae_ppm"].is_null());
    assert!(told.contains(" 0 test"), "{told}");
    let [before, after] = [&first, &second].map(|run| {
        let (model, _) = ShiftEnsemble::open(&run.out, tch::Device::Cpu).unwrap();
        let ethanol = [Molecule::from_smiles("CCO").unwrap().graph];
        model.predict(&ethanol).unwrap()[0].c13[0].unwrap().ppm
    });
    assert!((before - after).abs() < 0.5, "{before} {after}");
}

#[test]
fn damaged_weights_are_refused_with_a_reason() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let run = ShiftTraining { epochs: 1, ..run(folder.path(), "out") };
    train_shift(&run, &mut |_| {}).unwrap();
    assert!(ShiftEnsemble::open(&run.out, tch::Device::Cpu).is_ok());
    let weights = run.out.join(WEIGHTS_FILE);
    let mut bytes = fs::read(&weights).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&weights, bytes).unwrap();
    let error = ShiftEnsemble::open(&run.out, tch::Device::Cpu).err().expect("refused").to_string();
    assert!(error.contains("digest differs"), "{error}");
    fs::remove_file(&weights).unwrap();
    assert!(ModelCard::open(&run.out).is_err());
}

/// Data that leave nothing to train on or to stop by make no model.
#[test]
fn an_empty_part_is_refused_with_the_file_and_what_was_left_out_of_it() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let ethanol = r#"{"inchikey":"LFQSCWFLJHTTHZ-UHFFFAOYSA-N","smiles":"CCO","km3aid_fold":1,"c13":[{"peaks":[[18.1,"Q",0],[57.9,"T",1]]}]}"#;
    let lines = [ethanol, &ethanol.replace("CCO", "nonsense"), &ethanol.replace("18.1", "999")];
    let data = folder.path().join("data.jsonl");
    fs::write(&data, lines[..2].join("\n")).unwrap();
    let refused = |error: larmor_lab::TrainingError, out: &Path| {
        assert!(!out.join(WEIGHTS_FILE).exists() && !out.join("card.json").exists());
        error.to_string()
    };
    let run = run(folder.path(), "shift");
    let error = refused(train_shift(&run, &mut |_| {}).unwrap_err(), &run.out);
    let expected = "data.jsonl: no molecule to validate: 1 to train on, 0 to validate, 0 to test; \
                    left out: 1 with a structure that is not understood";
    assert!(error.ends_with(expected), "{error}");
    let mut held_out = HeldOut::default();
    held_out.insert("LFQSCWFLJHTTHZ");
    let kmaid = KmaidTraining { held_out, ..kmaid_run(folder.path(), "kmaid") };
    let error = refused(train_kmaid(&kmaid, &mut |_| {}).unwrap_err(), &kmaid.out);
    assert!(error.contains("no molecule to train on: 0 to train on"), "{error}");
    assert!(error.ends_with("1 with a structure that is not understood, 1 held out"), "{error}");
    // What is left out is also said when there is enough to train on.
    write_data(&data);
    let usable = fs::read_to_string(&data).unwrap();
    fs::write(&data, format!("{usable}{}\n", lines[1])).unwrap();
    let mut reported = String::new();
    let run = ShiftTraining { epochs: 1, ..run };
    train_shift(&run, &mut |line| reported += line).unwrap();
    assert!(reported.contains("data.jsonl: 1 with a structure that is not"), "{reported}");
}
