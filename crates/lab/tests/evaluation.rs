//! What the protocols promise: spectra that are exactly what the network expects are found and
//! assigned, and nothing a model was trained on is ever tested on.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use larmor_chemistry::Molecule;
use larmor_elucidation::Parameters;
use larmor_elucidation::library::{ImportOptions, Library, import};
use larmor_fixtures::test_data;
use larmor_lab::data::{TrainedOn, key_hash};
use larmor_lab::evaluation::{AssignedStructure, EvaluationSet, Nuclei, Report, Selection};
use larmor_lab::protocols::{Rivals, System, assignment, calibration, fids, graph, retrieval};
use larmor_lab::shift::ShiftSystem;
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;
use larmor_report::nmredata::nmredata;
use larmor_report::{ReportedStructure, SampleReport};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/fold0/shift");

fn shift(system: &System) -> &ShiftSystem {
    let System::Shift(shift) = system else {
        unreachable!("models/fold0/shift holds a shift network")
    };
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
    let (system, _, trained_on) =
        System::open(Path::new(MODEL), "cpu", Parameters::default()).unwrap();
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
    let evaluation_set =
        EvaluationSet::of_fold(&bench.data, &Selection::default(), &bench.trained_on).unwrap();
    assert!(evaluation_set.list.len() >= 128 && evaluation_set.trained_on == 0);
    let found = graph(&bench.system, &evaluation_set).unwrap();
    for row in &found.tables[0].rows {
        assert!(percent(&row[2]) > 95.0, "{row:?}");
    }
    let found = assignment(&bench.system, &evaluation_set).unwrap();
    for row in &found.tables[0].rows {
        assert!(percent(&row[3]) > 98.0, "{row:?}");
    }
    let library = Library::open_any(&bench.library).unwrap();
    let found = calibration(
        shift(&bench.system),
        &evaluation_set,
        &Library::open_any(&bench.library).unwrap(),
    )
    .unwrap();
    let kinds = &found.tables[2].rows;
    assert_eq!(kinds.len(), 4, "no 1H: 13C with and without a formula, there and not: {kinds:?}");
    assert!(kinds.iter().all(|row| row[0].starts_with("13C, ")), "{kinds:?}");
    let rivals = Rivals::Library(&library);
    let found = retrieval(&bench.system, &evaluation_set, &rivals, 1, Nuclei::Carbon).unwrap();
    for row in &found.tables[0].rows {
        assert_eq!((row[0].as_str(), row[3].as_str()), ("100", "13C"));
        assert!(percent(&row[4]) > 90.0, "{row:?}");
    }
}

#[test]
fn trained_molecules_are_left_out_and_counted() {
    let bench = bench();
    let all =
        EvaluationSet::of_fold(&bench.data, &Selection::default(), &bench.trained_on).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut keys: Vec<u64> = all.list[..5].iter().map(|s| key_hash(&s.block)).collect();
    keys.sort_unstable();
    let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_be_bytes()).collect();
    fs::write(folder.path().join("trained_on.bin"), bytes).unwrap();
    let trained_on = TrainedOn::read(folder.path()).unwrap();
    let left = EvaluationSet::of_fold(&bench.data, &Selection::default(), &trained_on).unwrap();
    assert_eq!((left.list.len(), left.trained_on), (all.list.len() - 5, 5));
    assert!(left.list.iter().all(|s| !trained_on.contains(&s.block)));
}

/// A folder of known compounds as the protocol reads it, with one of the sets of test data.
fn known(folder: &Path) {
    let data = test_data("nmredata/arborinine_full_assignments");
    let sample = data.join("dj_ca_2017_ernestin_EN4");
    let own = folder.join("arborinine");
    fs::create_dir(&own).unwrap();
    for dataset in ["10", "11", "12"] {
        std::os::unix::fs::symlink(sample.join(dataset), own.join(dataset)).unwrap();
    }
    let text = fs::read_to_string(data.join("compound1.nmredata.sdf")).unwrap();
    let truth = AssignedStructure::parse(&text).unwrap();
    fs::write(own.join("structure.nmredata.sdf"), &text).unwrap();
    let source = &truth.molecule.source;
    let carbons: Vec<(u32, f64)> =
        (0..source.len()).filter_map(|atom| Some((source[atom], truth.c13[atom]?))).collect();
    let protons: Vec<(u32, f64)> = (0..source.len())
        .flat_map(|atom| truth.h1[atom].iter().map(move |&ppm| (source[atom], ppm)))
        .collect();
    let compound = serde_json::json!([
        {"cas": "arborinine", "atom_13C_ppm": carbons, "heavy_atom_1H_ppm": protons}
    ]);
    fs::write(folder.join("ground_truth.json"), compound.to_string()).unwrap();
}

fn in_all(report: &Report, what: &str) -> f64 {
    let row = report.tables[1].rows.iter().find(|row| row[0] == what).unwrap();
    percent(&row[3])
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn acquisitions_are_ranked_and_assigned_with_nothing_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    known(folder.path());
    let isomers = folder.path().join("isomers.smi");
    // Two isomers of arborinine, itself, and a molecule of another formula.
    let texts = "COc1cc2n(C)c3ccccc3c(=O)c2c(OC)c1O\nO=C(O)c1ccc(cc1)N(C(C)=O)c1ccc(O)cc1C\n\
                 COc1cc2n(C)c3ccccc3c(=O)c2c(O)c1OC\nCCO\n";
    fs::write(&isomers, texts).unwrap();
    let (system, _, trained_on) =
        System::open(Path::new(MODEL), "cpu", Parameters::default()).unwrap();
    let run =
        |isomers| fids(shift(&system), &trained_on, folder.path(), None, isomers, None).unwrap();
    let report = run(Some(isomers.as_path()));
    assert_eq!(report.tables[0].rows[0][3], "1 of 3", "{}", report.text());
    assert!(in_all(&report, "carbons") >= 80.0, "{}", report.text());
    assert!(in_all(&report, "1H of heavy atoms") >= 60.0, "{}", report.text());
    // Trained on, it is not tested on.
    let block = AssignedStructure::parse(
        &fs::read_to_string(folder.path().join("arborinine/structure.nmredata.sdf")).unwrap(),
    );
    let key = key_hash(block.unwrap().molecule.inchikey_block());
    fs::write(folder.path().join("trained_on.bin"), key.to_be_bytes()).unwrap();
    let seen = TrainedOn::read(folder.path()).unwrap();
    assert!(fids(shift(&system), &seen, folder.path(), None, None, None).is_err());
}

/// Data that are not part of the project: `LARMOR_REFERENCE_DATA` names their folder.
#[test]
#[cfg_attr(not(reference_data), ignore = "needs LARMOR_REFERENCE_DATA")]
fn reference_acquisitions_meet_the_bars() {
    let Some(folder) = std::env::var_os("LARMOR_REFERENCE_DATA") else {
        println!("skipped: LARMOR_REFERENCE_DATA does not name a folder with reference data");
        return;
    };
    let (system, _, trained_on) =
        System::open(Path::new(MODEL), "cpu", Parameters::default()).unwrap();
    let folder = PathBuf::from(folder);
    let pool = folder.join("pool_mixed.smi.gz");
    let report =
        fids(shift(&system), &trained_on, &folder.join("fid"), None, Some(&pool), None).unwrap();
    println!("{}", report.text());
    assert!(in_all(&report, "first with the formula") >= 80.0);
    assert!(in_all(&report, "carbons") >= 90.0);
}

/// Every atom of a structure has shifts of its own: a carbon one, its hydrogens one, two on a CH2.
fn assigned(smiles: &str) -> SampleReport {
    let molecule = Molecule::from_smiles(smiles).unwrap();
    let mut assignments = Vec::new();
    for (place, &atom) in molecule.source.iter().enumerate() {
        let mut give = |nucleus: Nucleus, ppm: f64| {
            let given = PeakAssignment { atom, nucleus, ppm, predicted_ppm: ppm, probability: 1.0 };
            assignments.push(given);
        };
        if molecule.graph.element[place] == 6 {
            give(Nucleus::Carbon, 10.0 + f64::from(atom));
        }
        match molecule.graph.hydrogens[place] {
            0 => {}
            2 => {
                give(Nucleus::Proton, 1.0 + f64::from(atom));
                give(Nucleus::Proton, 0.5 + f64::from(atom));
            }
            _ => give(Nucleus::Proton, 1.0 + f64::from(atom)),
        }
    }
    SampleReport {
        sample: "2026-114".to_owned(),
        spectra: Vec::new(),
        structure: Some(ReportedStructure {
            smiles: smiles.to_owned(),
            inchikey: molecule.inchikey,
            formula: molecule.formula.to_string(),
            name: None,
            assignments,
        }),
    }
}

#[test]
fn an_assignment_that_is_handed_in_as_nmredata_is_read_back_as_it_was() {
    // Alanine with its hydrogens written out, menthol, a salt, and an aromatic compound.
    for smiles in [
        "[H]N([H])[C@@]([H])(C)C(=O)O[H]",
        "C[C@H]1CC[C@H](C(C)C)[C@@H](O)C1",
        "[Na+].CCC(=O)[O-]",
        "COc1cc2n(C)c3ccccc3c(=O)c2c(O)c1OC",
    ] {
        let report = assigned(smiles);
        let read = AssignedStructure::parse(&nmredata(&report).unwrap()).unwrap();
        let structure = report.structure.unwrap();
        assert_eq!(read.molecule.inchikey, structure.inchikey, "{smiles}");
        let (mut carbon, mut hydrogen) = (0, 0);
        for (place, atom) in read.molecule.source.iter().enumerate() {
            let given = |nucleus: Nucleus| -> Vec<f64> {
                let own = structure.assignments.iter();
                own.filter(|one| one.atom == *atom && one.nucleus == nucleus)
                    .map(|one| one.ppm)
                    .collect()
            };
            assert_eq!(read.c13[place], given(Nucleus::Carbon).first().copied(), "{smiles} {atom}");
            assert_eq!(read.h1[place], given(Nucleus::Proton), "{smiles} {atom}");
            carbon += usize::from(read.c13[place].is_some());
            hydrogen += read.h1[place].len();
        }
        assert_eq!(carbon + hydrogen, structure.assignments.len(), "{smiles}: none is lost");
    }
}
