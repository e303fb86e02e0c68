//! What the protocols promise: spectra that are exactly what the network expects are found and
//! assigned, and nothing a model was trained on is ever tested on.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use larmor::evaluation::{
    Rivals, Selection, ShiftSystem, Specimens, System, TrainedOn, assignment, graph, retrieval,
};
use larmor::library::{ImportOptions, Library, import};
use larmor::molecule::Molecule;
use larmor::training::key_hash;

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/shift");

fn shift(system: &System) -> &ShiftSystem {
    let System::Shift(shift) = system else { unreachable!("models/shift holds a shift network") };
    shift
}

/// Some 200 molecules from parts.
fn molecules() -> Vec<Molecule> {
    let left = ["O", "N", "OC", "Br", "FC(F)(F)", "N#C", "C1CC1", "CC(=O)", "CS", "c1ccsc1"];
    let core = ["CCCC", "CC=CC", "CC(C)C", "c1ccc(cc1)", "CC(=O)C", "C#C", "COCC"];
    let right = ["O", "Cl", "NC(=O)C"];
    let mut found = Vec::new();
    for left in left {
        for core in core {
            found.extend(right.iter().filter_map(|right| {
                let text = if left.contains('1') {
                    format!("{}{}{right}", left.replace('1', "9"), core)
                } else {
                    format!("{left}{core}{right}")
                };
                Molecule::from_smiles(&text).ok()
            }));
        }
    }
    found.sort_by(|a, b| a.inchikey.cmp(&b.inchikey));
    found.dedup_by(|a, b| a.inchikey_block() == b.inchikey_block());
    found
}

/// A data file with each molecule's expected shifts as its spectrum, all in fold 0.
fn write_data(path: &Path, system: &System, molecules: &[Molecule]) {
    let graphs = molecules.iter().map(|m| m.graph.clone()).collect();
    let shifts = shift(system).predictor().predict_shifts(graphs).unwrap();
    let mut lines = String::new();
    for (molecule, shifts) in molecules.iter().zip(&shifts) {
        let multiplicity = |h: u8| ["S", "D", "T", "Q"][usize::from(h.min(3))];
        let peaks: Vec<String> = (0..molecule.graph.len())
            .filter_map(|atom| {
                let ppm = shifts.c13[atom]?.ppm;
                let letter = multiplicity(molecule.graph.hydrogens[atom]);
                Some(format!("[{ppm:.2},\"{letter}\",{}]", molecule.source[atom]))
            })
            .collect();
        lines += &format!(
            "{{\"inchikey\":\"{}\",\"smiles\":{:?},\"map13C\":\"exact_graph\",\"km3aid_fold\":0,\"c13\":[{{\"peaks\":[{}]}}]}}\n",
            molecule.inchikey,
            molecule.smiles,
            peaks.join(",")
        );
    }
    fs::write(path, lines).unwrap();
}

struct Bench {
    _folder: tempfile::TempDir,
    data: PathBuf,
    library: PathBuf,
    system: System,
    trained_on: TrainedOn,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let (system, _, trained_on) = System::open(Path::new(MODEL), "cpu").unwrap();
    // Peaks count the atoms of the SMILES they are written with, the canonical one.
    let molecules: Vec<Molecule> = molecules()
        .iter()
        .map(|m| Molecule::from_smiles(&m.smiles).unwrap())
        .filter(|m| !trained_on.contains(m.inchikey_block()))
        .collect();
    let data = folder.path().join("data.jsonl");
    write_data(&data, &system, &molecules);
    let list = folder.path().join("pool.smi");
    let pool: Vec<String> = molecules.iter().map(|m| m.smiles.clone()).collect();
    fs::write(&list, pool.join("\n")).unwrap();
    let library = folder.path().join("library");
    let predictor = shift(&system).predictor();
    import(&library, "pool", &list, predictor, &ImportOptions::default(), &mut |_| {}).unwrap();
    Bench { data, library, system, trained_on, _folder: folder }
}

fn percent(cell: &str) -> f64 {
    cell.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn expected_spectra_are_found_and_assigned() {
    let bench = bench();
    let specimens =
        Specimens::of_fold(&bench.data, &Selection::default(), &bench.trained_on).unwrap();
    assert!(specimens.list.len() >= 128 && specimens.trained_on == 0);
    let found = graph(&bench.system, &specimens).unwrap();
    for row in &found.tables[0].rows {
        assert!(percent(&row[2]) > 95.0, "{row:?}");
    }
    let found = assignment(&bench.system, &specimens).unwrap();
    for row in &found.tables[0].rows {
        assert!(percent(&row[3]) > 98.0, "{row:?}");
    }
    let library = Library::open_any(&bench.library).unwrap();
    let found = retrieval(&bench.system, &specimens, &Rivals::Library(&library), 1).unwrap();
    for row in &found.tables[0].rows {
        assert_eq!(row[0], "100");
        assert!(percent(&row[3]) > 90.0, "{row:?}");
    }
}

#[test]
fn trained_molecules_are_left_out_and_counted() {
    let bench = bench();
    let all = Specimens::of_fold(&bench.data, &Selection::default(), &bench.trained_on).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut keys: Vec<u64> = all.list[..5].iter().map(|s| key_hash(&s.block)).collect();
    keys.sort_unstable();
    let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_be_bytes()).collect();
    fs::write(folder.path().join("trained_on.bin"), bytes).unwrap();
    let trained_on = TrainedOn::read(folder.path()).unwrap();
    let left = Specimens::of_fold(&bench.data, &Selection::default(), &trained_on).unwrap();
    assert_eq!((left.list.len(), left.trained_on), (all.list.len() - 5, 5));
    assert!(left.list.iter().all(|s| !trained_on.contains(&s.block)));
}
