//! Structures proposed alone: what is expected of the right one makes it consistent, and the judgements
//! are those of the elucidator.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use larmor_chemistry::Molecule;
use larmor_elucidation::Parameters;
use larmor_lab::data::TrainedOn;
use larmor_lab::evaluation::{Nuclei, Selection};
use larmor_lab::protocols::{System, verification};
use larmor_lab::shift::ShiftSystem;
use larmor_lab::verification::{CaseSet, Half, write_outcomes};
use serde_json::{Value, json};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/fold0/shift");

fn open() -> (System, TrainedOn) {
    let (system, _, trained_on) =
        System::open(Path::new(MODEL), "cpu", Parameters::default()).unwrap();
    (system, trained_on)
}

fn shift(system: &System) -> &ShiftSystem {
    let System::Shift(shift) = system else {
        unreachable!("models/fold0/shift holds a shift network")
    };
    shift
}

/// A file of printed lists: of each molecule the shifts that the network expects.
fn write_lists(path: &Path, system: &System) {
    let smiles = [
        "COc1ccc(Br)cc1CC(=O)N(C)CCC",
        "CCOC(=O)c1ccc(Cl)cc1OCC(C)C",
        "CC(=O)Nc1ccc(OCCCC#N)cc1F",
        "CC(C)[C@@H]1CC[C@@H](C)C[C@H]1OC(=O)CCl",
        "CCCC(=O)/C=C/c1ccc(OC)c(Br)c1",
        "O=[N+]([O-])c1ccc(NCCCO)cc1C",
    ];
    let mut lines = String::new();
    for molecule in smiles.map(|text| Molecule::from_smiles(text).unwrap()) {
        let shifts = shift(system).predictor().predict_shifts(vec![molecule.graph.clone()]);
        let shifts = &shifts.unwrap()[0];
        let c13: Vec<f64> = shifts.c13.iter().flatten().map(|s| f64::from(s.ppm)).collect();
        let hydrogens = &molecule.graph.hydrogens;
        let h1: Vec<Value> = (0..molecule.graph.len())
            .filter_map(|atom| Some(json!([shifts.h1[atom]?.ppm, "m", [], hydrogens[atom]])))
            .collect();
        let line = json!({"inchikey": molecule.inchikey, "smiles": molecule.smiles,
                          "c13": c13, "h1": h1, "in_nmrshiftdb2": false});
        lines += &format!("{line}\n");
    }
    fs::write(path, lines).unwrap();
}

#[test]
fn what_is_expected_of_a_structure_is_consistent_with_it() {
    let (system, trained_on) = open();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lists.jsonl");
    write_lists(&path, &system);
    let mut names = HashSet::new();
    for half in [Half::Fit, Half::Test] {
        let selection = Selection::default();
        let Ok(cases) = CaseSet::of_lists(&path, half, &HashSet::new(), &selection, &trained_on)
        else {
            continue;
        };
        let (report, judged) = verification(shift(&system), &cases, 2, 42, true).unwrap();
        for molecule in &judged {
            names.insert(molecule.name.clone());
            for nuclei in [Nuclei::Carbon, Nuclei::Both] {
                let right = molecule.of_right(nuclei).unwrap();
                assert_eq!(right.verdict.name(), "consistent", "{right:?}");
                let wrong = molecule.by(nuclei).filter(|judgement| judgement.kind.is_some());
                let scores: Vec<f64> = wrong.map(|judgement| judgement.score).collect();
                let below = scores.iter().filter(|score| **score <= right.score).count();
                assert!(scores.len() >= 10 && 10 * below >= 9 * scores.len(), "{scores:?}");
            }
            let protons = molecule.of_right(Nuclei::Proton).unwrap();
            assert_eq!(protons.verdict.name(), "consistent", "1H alone decides, too");
        }
        let rows = &report.tables[0].rows;
        let right: Vec<_> = rows.iter().filter(|row| row[1] == "right").collect();
        assert_eq!(right.len(), 3, "{}", report.text());
        assert!(right.iter().all(|row| row[3] == judged.len().to_string()), "{right:?}");
        let outcomes = folder.path().join("outcomes.jsonl");
        write_outcomes(&outcomes, &cases.source, &judged).unwrap();
        let lines = fs::read_to_string(&outcomes).unwrap();
        let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!((&first["kind"], &first["nuclei"]), (&Value::Null, &json!("13C")));
        assert_eq!((&first["verdict"], &first["smiles"]), (&json!("consistent"), &first["right"]));
        let all: usize = judged.iter().map(|molecule| molecule.judgements.len()).sum();
        assert_eq!(lines.lines().count(), all);
    }
    assert_eq!(names.len(), 6);
}

#[test]
fn molecules_of_a_fold_and_lists_of_the_literature_are_read() {
    let (_, trained_on) = open();
    let folder = tempfile::tempdir().unwrap();
    let of_fold = folder.path().join("fold.jsonl");
    let record = |smiles: &str, how: &str| {
        let key = Molecule::from_smiles(smiles).unwrap().inchikey;
        json!({"inchikey": key, "smiles": smiles, "map13C": how, "km3aid_fold": 0,
               "c13": [{"peaks": [[18.2, "Q", 0], [58.0, "T", 1]]}],
               "h1": [{"peaks": [[1.2, "", 0], [3.7, "", 1]]}]})
    };
    let records = [record("CC[Si](C)(C)CCF", "exact_graph"), record("CC[Si](C)(C)CCBr", "hose")];
    fs::write(&of_fold, records.map(|record| format!("{record}\n")).concat()).unwrap();
    let selection = Selection { spectra: Nuclei::Both, ..Selection::default() };
    let cases = CaseSet::of_fold(&of_fold, &selection, &trained_on).unwrap();
    assert_eq!(cases.list.len(), 1);
    assert_eq!(cases.dropped.of("without an original assignment"), 1);
    let query = cases.list[0].shown(Nuclei::Both).unwrap();
    assert!(query.c13.len() == 2 && query.h1.len() == 2 && query.formula.is_none());
    assert!(query.c13.iter().all(|peak| peak.multiplicity.is_none()), "a plain spectrum");

    let literature = folder.path().join("literature.jsonl");
    let line = |smiles: &str, h1: &str| {
        let key = Molecule::from_smiles(smiles).unwrap().inchikey;
        json!({"inchikey": key, "smiles": smiles, "c13": [18.2, 58.0], "h1": h1}).to_string()
    };
    let lines = [
        line("CC[Si](C)(C)CCF", "1.20 (t, J = 7 Hz, 3H), 3.72–3.68 (m, 2H)"),
        line("CC[Si](C)(C)CCBr", "1.20 and more"),
    ];
    fs::write(&literature, lines.join("\n")).unwrap();
    let cases = CaseSet::of_literature(&literature, &selection, &trained_on).unwrap();
    let both = cases.list.iter().filter(|case| case.shown(Nuclei::Both).is_some());
    assert_eq!((cases.list.len(), both.count()), (2, 1));
}

/// Data that are not part of the project: `LARMOR_REFERENCE_DATA` names their folder.
#[test]
#[cfg_attr(not(reference_data), ignore = "needs LARMOR_REFERENCE_DATA")]
fn printed_lists_and_acquisitions_are_judged() {
    let Some(folder) = std::env::var_os("LARMOR_REFERENCE_DATA").map(PathBuf::from) else {
        println!("skipped: LARMOR_REFERENCE_DATA does not name a folder with reference data");
        return;
    };
    let (system, trained_on) = open();
    let selection = Selection { most: Some(20), spectra: Nuclei::Both, ..Selection::default() };
    let lists = folder.join("lists_1h13c.jsonl.gz");
    let literature = folder.join("literature.jsonl");
    let fold = folder.join("nmrshiftdb2.jsonl.gz");
    let compounds = larmor_lab::evaluation::known_compounds(&folder.join("fid")).unwrap();
    let sets = [
        CaseSet::of_lists(&lists, Half::Test, &HashSet::new(), &selection, &trained_on),
        CaseSet::of_literature(&literature, &selection, &trained_on),
        CaseSet::of_fold(&fold, &selection, &trained_on),
        CaseSet::of_compounds(&compounds, &selection, &trained_on),
    ];
    for set in sets {
        let (report, judged) = verification(shift(&system), &set.unwrap(), 1, 42, false).unwrap();
        println!("{}", report.text());
        let right = report.tables[0].rows.iter().find(|row| row[1] == "right").unwrap();
        let consistent: f64 = right[4].split(' ').next().unwrap().parse().unwrap();
        assert!(judged.len() >= 8 && consistent >= 60.0, "{right:?}");
    }
}
