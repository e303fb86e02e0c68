//! What SpecMol's training and evaluation promise: exact resume, and that nothing trained on is
//! tested on.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use larmor_chemistry::Molecule;
use larmor_lab::EvaluationError;
use larmor_lab::data::{HeldOut, TrainedOn, key_hash};
use larmor_lab::drawing::SpectrumForm;
use larmor_lab::evaluation::Selection;
use larmor_lab::protocols::specmol;
use larmor_lab::specmol::{NegativeKind, SpecmolEvaluationSet, SpecmolTraining, train_specmol};
use larmor_networks::{Acml, AcmlConfig, AcmlNucleus, PEAK_ENCODERS, Parameters};
use larmor_networks::{SpecMol, SpecMolConfig, WEIGHTS_FILE};

const SHIFT_MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/fold0/shift");

/// Dropout draws from torch's one generator: runs in one process take turns.
fn alone() -> MutexGuard<'static, ()> {
    static GENERATOR: Mutex<()> = Mutex::new(());
    GENERATOR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A published list in small: what is shown with its own spectrum has label 1.
fn write_list(path: &Path, molecules: &[String]) {
    let mut text = "smiles,NMR,label\n".to_owned();
    for (number, smiles) in molecules.iter().enumerate() {
        text += &format!("{smiles},{number}.png,1\n{smiles},other.png,0\n");
    }
    fs::write(path, text).unwrap();
}

/// Chains with a group at one end: acids, amines, alcohols, phenyls.
fn molecules(lengths: std::ops::Range<usize>) -> Vec<String> {
    lengths
        .flat_map(|n| ["C(=O)O", "N", "O", "c1ccccc1"].map(|end| format!("{}{end}", "C".repeat(n))))
        .collect()
}

fn run(data: PathBuf, out: PathBuf) -> SpecmolTraining {
    let trace = SpecMolConfig::named("trace").unwrap();
    SpecmolTraining {
        data,
        out,
        held_out: HeldOut::default(),
        network: SpecMolConfig { atom_width: 16, ..trace },
        shift_model: SHIFT_MODEL.into(),
        backbone: None,
        encoders: Vec::new(),
        cache: None,
        molecules: None,
        shift_noise: 1.0,
        epochs: 2,
        batch: 16,
        learning_rate: 1e-3,
        one_cycle: false,
        weight_decay: 0.0,
        seed: 5,
        resume: false,
        stop_after: None,
        device: tch::Device::Cpu,
    }
}

#[test]
fn a_resumed_run_ends_as_one_that_was_not_stopped_and_its_molecules_are_not_tested_on() {
    tch::set_num_threads(1);
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write_list(&at("train.csv"), &molecules(1..9));
    let held_out = Molecule::from_smiles("CCO").unwrap();
    let mut kept = HeldOut::default();
    kept.insert(held_out.inchikey_block());

    let whole = SpecmolTraining { held_out: kept.clone(), ..run(at("train.csv"), at("whole")) };
    let whole = train_specmol(&whole, &mut |_| {}).unwrap().unwrap();
    let parts = SpecmolTraining { held_out: kept, ..run(at("train.csv"), at("parts")) };
    train_specmol(&SpecmolTraining { stop_after: Some(1), ..parts.clone() }, &mut |_| {}).unwrap();
    let resumed =
        train_specmol(&SpecmolTraining { resume: true, ..parts }, &mut |_| {}).unwrap().unwrap();
    assert_eq!(whole.weights_sha256, resumed.weights_sha256);
    let checkpoint = |name: &str| fs::read(at(name).join("checkpoint.safetensors")).unwrap();
    assert_eq!(checkpoint("whole"), checkpoint("parts"));
    let lines = fs::read_to_string(at("parts/run.jsonl")).unwrap().lines().count();
    assert_eq!(lines, 2, "a line an epoch");

    let trained_on = TrainedOn::read(&at("whole")).unwrap();
    assert!(!trained_on.contains(held_out.inchikey_block()));
    let selection = Selection::default();
    let subjects = |list: &Path| {
        let (model, form) = (Path::new(SHIFT_MODEL), SpectrumForm::Traces);
        SpecmolEvaluationSet::drawn(list, model, 0.0, form, &selection, &trained_on)
    };
    // Everything but the compound held out was trained on.
    assert_eq!(subjects(&at("train.csv")).unwrap().list.len(), 1);
    write_list(&at("trained.csv"), &molecules(3..5));
    assert!(matches!(subjects(&at("trained.csv")), Err(EvaluationError::Nothing(_))));
    write_list(&at("test.csv"), &molecules(7..12));
    let subjects = subjects(&at("test.csv")).unwrap();
    assert_eq!((subjects.list.len(), subjects.trained_on), (12, 8));

    let (net, card) = SpecMol::open(&at("whole"), tch::Device::Cpu).unwrap();
    assert_eq!((card.model.as_str(), net.config().atom_width), ("specmol", 16));
    let pool: Vec<_> = subjects.list.iter().map(|s| s.molecule.clone()).collect();
    let report = specmol(&net, &subjects, &pool, &NegativeKind::ALL, 1).unwrap();
    let counts: Vec<&str> = report.tables[0].rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(counts[0], "12", "every one has another: {counts:?}");
    assert_eq!(counts[3], "0", "no two of one formula: {counts:?}");
    assert!(report.notes[0].contains("8 left out because the model was trained on them"));
}

/// Encoders as ACML leaves them, which know one molecule.
fn write_encoders(folder: &Path) -> Vec<PathBuf> {
    let known = key_hash("LFQSCWFLJHTTHZ").to_be_bytes();
    let write = |nucleus, name: &str| {
        let out = folder.join(name);
        fs::create_dir_all(&out).unwrap();
        let mut p = Parameters::random(7, tch::Device::Cpu);
        Acml::build(&mut p, &AcmlConfig::soft(nucleus), tch::Device::Cpu).unwrap();
        let path = out.join(WEIGHTS_FILE);
        tch::Tensor::write_safetensors(&p.finish(&path).unwrap(), &path).unwrap();
        fs::write(out.join("trained_on.bin"), known).unwrap();
        path
    };
    vec![write(AcmlNucleus::Proton, "1h"), write(AcmlNucleus::Carbon, "13c")]
}

#[test]
fn on_peaks_the_encoders_stay_as_they_came_and_what_they_know_is_not_tested() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write_list(&at("train.csv"), &molecules(1..7));
    let peaks = SpecmolTraining {
        network: SpecMolConfig::named("peaks").unwrap(),
        ..run(at("train.csv"), at("out"))
    };
    let error = train_specmol(&peaks, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("needs the encoders of ACML"), "{error}");
    let encoders = write_encoders(folder.path());
    let crossed = encoders.iter().rev().cloned().collect();
    let crossed = SpecmolTraining { encoders: crossed, ..peaks.clone() };
    let error = train_specmol(&crossed, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("of the"), "the wrong way round: {error}");

    let peaks = SpecmolTraining { encoders: encoders.clone(), ..peaks };
    let card = train_specmol(&peaks, &mut |_| {}).unwrap().unwrap();
    assert_eq!(card.training["encoders_sha256"].as_array().map(Vec::len), Some(2));
    let weights = |path: &Path, name: &str| {
        let tensors = tch::Tensor::read_safetensors(path).unwrap();
        let (_, tensor) = tensors.into_iter().find(|(own, _)| own == name).unwrap();
        tensor.to_kind(tch::Kind::Float)
    };
    let ours = peaks.out.join(WEIGHTS_FILE);
    for (path, own) in encoders.iter().zip(PEAK_ENCODERS) {
        let before = weights(path, "spectrum.first.weight");
        let after = weights(&ours, &format!("{own}.first.weight"));
        assert!((before - after).abs().max().double_value(&[]) < 1e-2, "{own}");
    }
    assert!(TrainedOn::read(&peaks.out).unwrap().contains("LFQSCWFLJHTTHZ"), "ethanol");

    let (net, _) = SpecMol::open(&peaks.out, tch::Device::Cpu).unwrap();
    write_list(&at("test.csv"), &molecules(8..11));
    let trained_on = TrainedOn::read(&peaks.out).unwrap();
    let subjects = SpecmolEvaluationSet::drawn(
        &at("test.csv"),
        Path::new(SHIFT_MODEL),
        0.5,
        net.config().spectra.into(),
        &Selection::default(),
        &trained_on,
    )
    .unwrap();
    let pool: Vec<_> = subjects.list.iter().map(|s| s.molecule.clone()).collect();
    let report = specmol(&net, &subjects, &pool, &[NegativeKind::Random], 1).unwrap();
    assert_eq!(report.tables[0].rows[0][1], "12");
}

#[test]
fn weights_that_are_not_the_ones_of_the_card_are_refused() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write_list(&at("train.csv"), &molecules(1..4));
    let run = SpecmolTraining { epochs: 1, ..run(at("train.csv"), at("out")) };
    train_specmol(&run, &mut |_| {}).unwrap();
    let path = at("out").join(WEIGHTS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = SpecMol::open(&at("out"), tch::Device::Cpu).err().unwrap().to_string();
    assert!(error.contains("digest differs"), "{error}");
}

#[test]
fn a_list_that_leaves_nothing_to_validate_is_refused_with_what_was_left_out() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text =
        "note,smiles,label\n\"a, b\",\"CCO\",1\n\"two\nlines\",OCC,1\nx,nonsense,1\ny,CCN,0\n";
    fs::write(at("two.csv"), text).unwrap();
    let run = run(at("two.csv"), at("out"));
    let error = train_specmol(&run, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("two.csv: no molecule to validate: 1 to train on"), "{error}");
    for left_out in ["1 with the spectrum of another", "1 of a constitution", "not understood"] {
        assert!(error.contains(left_out), "{error}");
    }
    assert!(!at("out").join(WEIGHTS_FILE).exists(), "no weights of nothing");
}
