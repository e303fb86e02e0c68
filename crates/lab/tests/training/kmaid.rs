//! Training of K-M3AID.

use super::*;
use larmor_networks::{Kmaid, KmaidConfig};

pub fn kmaid_run(folder: &Path, out: &str) -> KmaidTraining {
    KmaidTraining {
        data: folder.join("data.jsonl"),
        folds: None,
        beyond_folds: false,
        out: folder.join(out),
        test_fold: Some(0),
        held_out: HeldOut::default(),
        network: KmaidConfig { width: 16, layers: 2, projection: 16, ..KmaidConfig::default() },
        predicted: PredictedFiles::default(),
        start_from: None,
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

/// The form that ships, small, with predicted spectra before measured ones.
fn soft_kmaid_run(folder: &Path, out: &str) -> KmaidTraining {
    let path = folder.join("predicted.jsonl");
    write_predicted(&path, 20..40, &["CDCl3"]);
    let soft = KmaidConfig::named("soft").unwrap();
    KmaidTraining {
        network: KmaidConfig { width: 16, layers: 2, projection: 16, nodes_sampled: 20, ..soft },
        predicted: PredictedFiles { paths: vec![path], most: Some(12), by: None },
        ..kmaid_run(folder, out)
    }
}

#[test]
fn kmaid_goes_on_exactly_where_it_stopped_in_either_stage() {
    tch::set_num_threads(1);
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let forms: [fn(&Path, &str) -> KmaidTraining; 2] = [kmaid_run, soft_kmaid_run];
    for (form, name) in forms.into_iter().zip(["paper", "soft"]) {
        let [whole, parts] =
            ["whole", "parts"].map(|out| form(folder.path(), &format!("{name}-{out}")));
        let at_once = train_kmaid(&whole, &mut |_| {}).unwrap().unwrap();
        let first = KmaidTraining { stop_after: Some(1), ..parts.clone() };
        assert!(train_kmaid(&first, &mut |_| {}).unwrap().is_none(), "no network after one stage");
        let second = KmaidTraining { stop_after: Some(4), resume: true, ..parts.clone() };
        train_kmaid(&second, &mut |_| {}).unwrap();
        let last = KmaidTraining { resume: true, ..parts.clone() };
        let resumed = train_kmaid(&last, &mut |_| {}).unwrap().unwrap();
        assert_eq!(at_once.weights_sha256, resumed.weights_sha256, "{name}");
        let checkpoint = |run: &KmaidTraining| fs::read(run.out.join("checkpoint.safetensors"));
        assert_eq!(checkpoint(&whole).unwrap(), checkpoint(&parts).unwrap(), "{name}");
        let log = fs::read_to_string(parts.out.join("run.jsonl")).unwrap();
        assert_eq!(log.lines().count(), 6, "a line an epoch");
        assert!(Kmaid::open(&parts.out, tch::Device::Cpu).is_ok());
    }
}

#[test]
fn weights_of_another_run_are_gone_on_from_unless_they_know_the_test_fold() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    write_data(&folder.path().join("data.jsonl"));
    let first = soft_kmaid_run(folder.path(), "first");
    let mut said = String::new();
    let card = train_kmaid(&first, &mut |line| said += line).unwrap().unwrap();
    assert!(said.contains("12 predicted spectra; left out: 4 tested on, 4 beyond"), "{said}");
    assert_eq!(card.training["predicted_most"], 12);
    let start_from = Some(first.out.join("weights.safetensors"));
    let second = KmaidTraining { start_from, epochs: 1, ..soft_kmaid_run(folder.path(), "second") };
    train_kmaid(&second, &mut |_| {}).unwrap();
    let keys = |run: &KmaidTraining| fs::read(run.out.join("trained_on.bin")).unwrap();
    assert_eq!(keys(&first), keys(&second), "what the first run saw is known to the second");
    let log = fs::read_to_string(second.out.join("run.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 1, "no first stage");
    let other_fold = KmaidTraining { test_fold: Some(1), ..second };
    let error = train_kmaid(&other_fold, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("of the test fold"), "{error}");
}

#[test]
fn kmaid_is_trained_on_nothing_held_out_or_of_the_test_fold() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let blocks = write_data(&folder.path().join("data.jsonl"));
    let kept_out = &blocks[5];
    let mut held_out = HeldOut::default();
    held_out.insert(kept_out);
    let run = KmaidTraining { held_out, epochs: 1, ..kmaid_run(folder.path(), "out") };
    train_kmaid(&run, &mut |_| {}).unwrap();
    let bytes = fs::read(run.out.join("trained_on.bin")).unwrap();
    let keys: Vec<u64> =
        bytes.chunks_exact(8).map(|c| u64::from_be_bytes(c.try_into().unwrap())).collect();
    let mut expected: Vec<u64> =
        blocks.iter().filter(|b| *b != kept_out).map(|b| key_hash(b)).collect();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(keys, expected);
}
