//! What ACML promises: exact resume in either stage, an encoder that has seen no spectrum of the
//! test fold, and the same protocols as every other model.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use larmor_chemistry::Molecule;
use larmor_elucidation::Parameters;
use larmor_lab::acml::{AcmlTraining, train_acml};
use larmor_lab::data::{HeldOut, PredictedFiles};
use larmor_lab::evaluation::{EvaluationSet, Nuclei, Selection};
use larmor_lab::protocols::{System, assignment, isomers, probe};
use larmor_networks::{Acml, AcmlConfig, AcmlNucleus, AcmlSpectrum};
use serde_json::Value;

const NUCLEI: [AcmlNucleus; 2] = [AcmlNucleus::Carbon, AcmlNucleus::Proton];

/// Dropout draws from torch's one generator: runs in one process take turns.
fn alone() -> MutexGuard<'static, ()> {
    static GENERATOR: Mutex<()> = Mutex::new(());
    tch::set_num_threads(1);
    GENERATOR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Alkanols and dialkyl ethers of 3 to 12 carbons, those of 12 in fold 0; shifts go by the bonds
/// between an atom and the oxygen, and next to it by where in the chain it stands.
fn write_data(path: &Path) {
    let mut lines = String::new();
    for carbons in 3..=12_usize {
        let fold = if carbons == 12 { 0 } else { 1 + carbons % 4 };
        for place in 1..=carbons / 2 {
            let at = place as f64;
            let (left, right) = ("C".repeat(place), "C".repeat(carbons - place));
            let alcohol = format!("{}C(O){}", &left[1..], right);
            let ether = format!("{left}O{right}");
            for (ether, smiles) in [(0.0, alcohol), (1.0, ether)] {
                let molecule = Molecule::from_smiles(&smiles).unwrap();
                let graph = &molecule.graph;
                let oxygen = graph.element.iter().position(|&z| z == 8).unwrap();
                let mut away = vec![usize::MAX; graph.len()];
                away[oxygen] = 0;
                for step in 0..graph.len() {
                    for bond in &graph.bonds {
                        let ends = [bond.begin as usize, bond.end as usize];
                        for (a, b) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                            if away[a] == step {
                                away[b] = away[b].min(step + 1);
                            }
                        }
                    }
                }
                let (mut c13, mut h1) = (Vec::new(), Vec::new());
                for atom in (0..graph.len()).filter(|&atom| graph.element[atom] == 6) {
                    let end = graph.hydrogens[atom] == 3;
                    let (carbon, proton) = match away[atom] {
                        1 => (70.0 - 0.9 * at - 4.0 * ether, 3.5 + 0.06 * at - 0.3 * ether),
                        2 => (33.0, 1.6),
                        3 => (26.0, 1.35),
                        _ => (29.5, 1.25),
                    };
                    let (carbon, proton) =
                        if end { (carbon - 14.0, proton - 0.35) } else { (carbon, proton) };
                    let source = molecule.source[atom];
                    c13.push(format!("[{carbon},\"\",{source}]"));
                    h1.push(format!("[{proton},\"\",{source}]"));
                }
                lines += &format!(
                    "{{\"inchikey\":\"{}\",\"smiles\":\"{smiles}\",\"map13C\":\"exact_graph\",\"km3aid_fold\":{fold},\"c13\":[{{\"peaks\":[{}]}}],\"h1\":[{{\"peaks\":[{}]}}]}}\n",
                    molecule.inchikey,
                    c13.join(","),
                    h1.join(",")
                );
            }
        }
    }
    fs::write(path, lines).unwrap();
}

/// Settings of a run, by folder, output folder and nucleus.
type Form = fn(&Path, &str, AcmlNucleus) -> AcmlTraining;

/// As published.
fn run(folder: &Path, out: &str, nucleus: AcmlNucleus) -> AcmlTraining {
    AcmlTraining {
        data: folder.join("data.jsonl"),
        folds: None,
        beyond_folds: false,
        out: folder.join(out),
        test_fold: Some(0),
        held_out: HeldOut::default(),
        network: AcmlConfig {
            width: 32,
            layers: 3,
            projection: 256,
            points: 1_024,
            ..AcmlConfig::published(nucleus)
        },
        predicted: PredictedFiles::default(),
        encoder: None,
        pretraining_epochs: 2,
        epochs: 4,
        batch: 16,
        learning_rate: 1e-3,
        constant_rate: false,
        weight_decay: 1e-3,
        seed: 5,
        half_precision: false,
        resume: false,
        stop_after: None,
        device: tch::Device::Cpu,
    }
}

/// The form that ships, small, with predicted spectra beside the measured ones.
fn soft(folder: &Path, out: &str, nucleus: AcmlNucleus) -> AcmlTraining {
    let path = folder.join("predicted.jsonl");
    let lines: String = (13..30)
        .map(|carbons| {
            let smiles = "C".repeat(carbons) + "O";
            let carbon = (0..carbons).map(|atom| format!("[{atom},{}]", 14 + atom));
            let proton =
                (0..carbons).map(|atom| format!("[{atom},[{}],0.1]", 0.9 + 0.1 * atom as f64));
            format!(
                "{{\"smiles\":\"{smiles}\",\"c13\":[{}],\"h1\":[{}]}}\n",
                carbon.collect::<Vec<_>>().join(","),
                proton.collect::<Vec<_>>().join(",")
            )
        })
        .collect();
    fs::write(&path, lines).unwrap();
    let small = AcmlConfig { width: 32, layers: 3, projection: 256, ..AcmlConfig::soft(nucleus) };
    let predicted = PredictedFiles { paths: vec![path], ..PredictedFiles::default() };
    AcmlTraining { network: small, predicted, ..run(folder, out, nucleus) }
}

fn log(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("run.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_run_goes_on_exactly_where_it_stopped_in_either_stage() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let forms: [(&str, Form); 2] = [("published", run), ("soft", soft)];
    let cases = NUCLEI.into_iter().flat_map(|nucleus| forms.map(|form| (nucleus, form)));
    for (number, (nucleus, (name, form))) in cases.enumerate() {
        let whole = form(folder.path(), &format!("{number}-whole"), nucleus);
        let card = train_acml(&whole, &mut |_| {}).unwrap().unwrap();
        let parts = form(folder.path(), &format!("{number}-parts"), nucleus);
        let first = AcmlTraining { stop_after: Some(1), ..parts.clone() };
        assert!(train_acml(&first, &mut |_| {}).unwrap().is_none(), "no network after one stage");
        let second = AcmlTraining { stop_after: Some(4), resume: true, ..parts.clone() };
        train_acml(&second, &mut |_| {}).unwrap();
        let last = AcmlTraining { resume: true, ..parts.clone() };
        let resumed = train_acml(&last, &mut |_| {}).unwrap().unwrap();
        assert_eq!(card.weights_sha256, resumed.weights_sha256, "{name}");
        let checkpoint = |run: &AcmlTraining| fs::read(run.out.join("checkpoint.safetensors"));
        assert_eq!(checkpoint(&whole).unwrap(), checkpoint(&parts).unwrap(), "{name}");
        assert_eq!(log(&parts.out).len(), 6, "a line an epoch");
    }
}

#[test]
fn the_protocols_take_what_training_leaves() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data.jsonl");
    write_data(&data);
    for (nucleus, name) in NUCLEI.into_iter().zip(["c", "h"]) {
        let run = soft(folder.path(), name, nucleus);
        train_acml(&run, &mut |_| {}).unwrap();
        let (system, card, trained_on) =
            System::open(&run.out, "cpu", Parameters::default()).unwrap();
        assert_eq!(card.model, "acml");
        let proton = nucleus == AcmlNucleus::Proton;
        assert_eq!(system.takes_protons(), proton);
        let spectra = if proton { Nuclei::Proton } else { Nuclei::Carbon };
        let selection = Selection { spectra, ..Selection::default() };
        let evaluation_set = EvaluationSet::of_fold(&data, &selection, &trained_on).unwrap();
        assert_eq!((evaluation_set.list.len(), evaluation_set.trained_on), (12, 0));
        let report = isomers(&system, &evaluation_set).unwrap();
        assert_eq!(report.tables[0].rows[0][1], "12");
        assert_eq!(report.notes.iter().any(|note| note.contains("are drawn")), proton);
        let System::Acml(encoder) = &system else { panic!("no ACML model") };
        let chain = |n: usize| ("C".repeat(n) + "O", n as f64);
        let report = probe(encoder, "carbons", (1..=50).map(chain).collect(), 1).unwrap();
        assert!(report.notes[0].starts_with("carbons") && report.notes[0].contains("10 tested"));
        let rows = &report.tables[0].rows;
        let r2 = |from: &str| -> f64 {
            rows.iter().find(|row| row[0].contains(from)).unwrap()[3].parse().unwrap()
        };
        assert_eq!(rows.len(), 6);
        assert!(r2("mean") < 0.1 && r2("composition") > 0.99 && r2("trained for it") > 0.5);
        let error = assignment(&system, &evaluation_set).err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.contains("assigns no peaks")));
    }
}

#[test]
fn an_encoder_of_another_run_is_taken_unless_it_has_seen_the_test_fold() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let carbon = AcmlNucleus::Carbon;
    let first = run(folder.path(), "first", carbon);
    train_acml(&first, &mut |_| {}).unwrap();
    let encoder = Some(first.out.join("pretraining.safetensors"));
    let second = AcmlTraining { encoder, epochs: 1, ..run(folder.path(), "second", carbon) };
    let card = train_acml(&second, &mut |_| {}).unwrap().unwrap();
    assert!(card.training["encoder_sha256"].is_string());
    assert!(log(&second.out).iter().all(|line| line["stage"] == "acml"), "no first stage");
    let spectrum = AcmlSpectrum::from_shifts([70.0, 33.0, 15.0]);
    let encoded = |run: &AcmlTraining| {
        let (net, _) = Acml::open(&run.out, tch::Device::Cpu).unwrap();
        Vec::<Vec<f32>>::try_from(net.encode(std::slice::from_ref(&spectrum)).unwrap()).unwrap()
    };
    assert_eq!(encoded(&first), encoded(&second));
    let other_fold = AcmlTraining { test_fold: Some(1), ..second.clone() };
    let error = train_acml(&other_fold, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("of the test fold"), "{error}");
    fs::remove_file(first.out.join("trained_on.bin")).unwrap();
    assert!(train_acml(&second, &mut |_| {}).is_err(), "an encoder that does not say");
}

#[test]
fn weights_in_16_bits_are_half_as_large_and_say_the_same() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let proton = AcmlNucleus::Proton;
    let full = AcmlTraining { epochs: 1, ..run(folder.path(), "full", proton) };
    let half = AcmlTraining {
        half_precision: true,
        ..AcmlTraining { out: folder.path().join("half"), ..full.clone() }
    };
    let ethanol = [Molecule::from_smiles("CCO").unwrap().graph];
    let [one, other] = [&full, &half].map(|run| {
        train_acml(run, &mut |_| {}).unwrap();
        let size = fs::metadata(run.out.join("weights.safetensors")).unwrap().len();
        let (net, _) = Acml::open(&run.out, tch::Device::Cpu).unwrap();
        (size, net.embed_molecules(&ethanol).unwrap().remove(0))
    });
    assert!(other.0 < one.0 * 7 / 10, "{} and {} bytes", one.0, other.0);
    assert!(one.1.iter().zip(&other.1).all(|(a, b)| (a - b).abs() < 0.02));
}

#[test]
fn a_data_set_without_spectra_of_the_nucleus_is_refused() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let line = r#"{"inchikey":"LFQSCWFLJHTTHZ-UHFFFAOYSA-N","smiles":"CCO","km3aid_fold":1}"#;
    fs::write(folder.path().join("data.jsonl"), line).unwrap();
    for (nucleus, left_out) in NUCLEI
        .into_iter()
        .zip(["1 without a 13C peak", "1 without a 1H spectrum of most hydrogens"])
    {
        let run = run(folder.path(), "out", nucleus);
        let error = train_acml(&run, &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains("no molecule to train on") && error.ends_with(left_out), "{error}");
        assert!(!run.out.join("pretraining.safetensors").exists());
    }
}
