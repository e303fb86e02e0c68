//! What a library promises, from import to reading.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::test_predictor::rules;
use super::*;
use larmor_chemistry::MolecularGraph;
use larmor_networks::PredictedShifts;
use larmor_networks::inference::{InferenceError, PredictShifts, Predictor};

const SMILES: &str = "CCO ethanol\nOCC again\nCC(=O)Oc1ccccc1C(=O)O aspirin\nnonsense\nO\n\
                      C[C@H](N)C(=O)O L-alanine\nC[C@@H](N)C(=O)O D-alanine\nCC(C)=O\n";

struct ScratchLibrary {
    directory: tempfile::TempDir,
}

impl ScratchLibrary {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn library(&self) -> PathBuf {
        directory(self.directory.path(), "test").unwrap()
    }

    fn import(&self, content: &str, predictor: &Predictor) -> Result<ImportSummary, LibraryError> {
        self.import_as("input.smi", content, predictor)
    }

    fn import_as(
        &self,
        name: &str,
        content: &str,
        predictor: &Predictor,
    ) -> Result<ImportSummary, LibraryError> {
        let (input, options) = (self.directory.path().join(name), ImportOptions::default());
        fs::write(&input, content).unwrap();
        import(&self.library(), "test", &input, predictor, &options, &mut |_| {})
    }
}

fn open(place: &ScratchLibrary, predictor: &Predictor) -> Result<Library, LibraryError> {
    Library::open(&place.library(), predictor.model_digest())
}

#[test]
fn an_import_keeps_each_compound_once_and_says_what_it_left_out() {
    let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
    let summary = place.import(SMILES, &predictor).unwrap();
    assert_eq!((summary.manifest.count, summary.rejected, summary.duplicates), (5, 2, 1));
    let rejects = fs::read_to_string(&summary.rejects).unwrap();
    let lines: Vec<&str> = rejects.lines().map(|l| l.split('\t').next().unwrap()).collect();
    assert_eq!(lines, ["4", "5"]);

    let library = open(&place, &predictor).unwrap();
    let entry = library.entry(1).unwrap();
    assert_eq!(entry.smiles, "CC(=O)Oc1ccccc1C(=O)O");
    assert_eq!(entry.name.as_deref(), Some("aspirin"));
    assert_eq!(entry.inchikey, "BSYNRYMUTXBXSQ-UHFFFAOYSA-N");
    assert_eq!(entry.formula, "C9H8O4");
    assert!(library.entry(5).is_none() && library.profile(5).is_none());
    // Mirror images are two compounds.
    assert_ne!(library.entry(2).unwrap().inchikey, library.entry(3).unwrap().inchikey);
}

#[test]
fn shifts_read_back_are_those_predicted() {
    let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
    place.import(SMILES, &predictor).unwrap();
    let library = open(&place, &predictor).unwrap();
    let molecule = larmor_chemistry::Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O").unwrap();
    let shifts = predictor.predict_shifts(vec![molecule.graph.clone()]).unwrap();
    let profile = Profile::new(&molecule, &shifts[0]);
    assert_eq!(library.profile(1).unwrap(), profile);
    let scanned: Vec<f32> = library.carbons(1).map(|c| f32::from(c.centi_ppm) / 100.0).collect();
    let expected: Vec<f32> = profile.sites.iter().filter_map(|s| s.carbon).map(|c| c.ppm).collect();
    assert_eq!(scanned, expected);
}

#[test]
fn formula_and_mass_find_what_they_should() {
    let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
    place.import(SMILES, &predictor).unwrap();
    let library = open(&place, &predictor).unwrap();
    let mut alanines = library.with_formula(&"C3H7NO2".parse().unwrap());
    alanines.sort_unstable();
    assert_eq!(alanines, [2, 3]);
    assert!(library.with_formula(&"C99H2".parse().unwrap()).is_empty());
    // Ethanol 46.04, acetone 58.04, alanine 89.05, aspirin 180.04.
    assert_eq!(library.within_mass(40.0, 60.0), [0, 4]);
    assert_eq!(library.within_mass(180.0, 500.0), [1]);
    assert!(library.within_mass(500.0, 600.0).is_empty());
}

/// Fails after so many batches, as a killed process would end.
struct Failing {
    inner: Predictor,
    left: AtomicUsize,
}

impl PredictShifts for Failing {
    fn predict_shifts(
        &self,
        graphs: Vec<MolecularGraph>,
    ) -> Result<Vec<PredictedShifts>, InferenceError> {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            return Err(InferenceError::Stopped);
        }
        self.inner.predict_shifts(graphs)
    }

    fn model_digest(&self) -> &str {
        self.inner.model_digest()
    }
}

#[test]
fn an_interrupted_import_goes_on_and_gives_the_same_library() {
    let alkanols: String = (1..30)
        .flat_map(|n| (0..n).map(move |k| format!("{}C(O){}\n", "C".repeat(k), "C".repeat(n))))
        .chain((1..9_000).map(|n| format!("C1CC1.{}\n", "[He]".repeat(n % 7))))
        .collect();
    let whole = ScratchLibrary::new();
    let predictor = rules(0.0);
    let expected = whole.import(&alkanols, &predictor).unwrap();

    let broken = ScratchLibrary::new();
    let failing: Predictor = Arc::new(Failing { inner: rules(0.0), left: AtomicUsize::new(34) });
    assert!(matches!(broken.import(&alkanols, &failing), Err(LibraryError::Inference(_))));
    assert!(matches!(open(&broken, &predictor), Err(LibraryError::Missing { .. })));
    let path = broken.directory.path().join("input.smi");
    let options = ImportOptions::default();
    let summary =
        import(&broken.library(), "test", &path, &predictor, &options, &mut |_| {}).unwrap();
    assert!(summary.resumed > 0, "started from the beginning");
    assert_eq!(summary.manifest.version, expected.manifest.version);
    assert_eq!(summary.rejected, expected.rejected);
    assert_eq!(summary.duplicates, expected.duplicates);
}

#[test]
fn a_table_loses_no_molecule_and_each_row_left_out_is_listed() {
    let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
    let table = "nr,note,smiles,name\n1,\"two\nlines\",CCO,ethanol\n2,\"a \"\"q\"\", b\",CC(=O)O,acid\n\
                 3,x,c1ccccc1,benzene\n4,x,,nothing\n5,\"open,CC,ethane\n6,x,CCC,propane\n";
    let summary = place.import_as("input.csv", table, &predictor).unwrap();
    assert_eq!((summary.manifest.count, summary.rejected), (4, 2));
    let rejects = fs::read_to_string(&summary.rejects).unwrap();
    let listed: Vec<&str> = rejects.lines().collect();
    assert!(listed[0].starts_with("6\tno SMILES"), "{rejects}");
    assert!(listed[1].starts_with("7\t") && listed[1].contains("does not end"), "{rejects}");
    let library = open(&place, &predictor).unwrap();
    let names: Vec<Option<String>> = (0..4).map(|n| library.entry(n).unwrap().name).collect();
    assert_eq!(names, ["ethanol", "acid", "benzene", "propane"].map(|n| Some(n.to_owned())));
}

#[test]
fn an_interrupted_import_of_a_table_goes_on_with_its_next_row() {
    let rows: String = (1..9_000_usize)
        .map(|n| format!("\"row\n{n}\",{}N{}\n", "C".repeat(n % 97 + 1), "C".repeat(n / 97)))
        .collect();
    let (table, predictor) = (format!("note,smiles\n{rows}"), rules(0.0));
    let whole = ScratchLibrary::new();
    let expected = whole.import_as("input.csv", &table, &predictor).unwrap();

    let broken = ScratchLibrary::new();
    let failing: Predictor = Arc::new(Failing { inner: rules(0.0), left: AtomicUsize::new(34) });
    let interrupted = broken.import_as("input.csv", &table, &failing);
    assert!(matches!(interrupted, Err(LibraryError::Inference(_))));
    let path = broken.directory.path().join("input.csv");
    let options = ImportOptions::default();
    let summary =
        import(&broken.library(), "test", &path, &predictor, &options, &mut |_| {}).unwrap();
    assert!(summary.resumed > 0, "started from the beginning");
    assert_eq!(summary.manifest.version, expected.manifest.version);
    assert_eq!(summary.duplicates, expected.duplicates);
}

#[test]
fn another_model_is_refused_until_the_library_is_rebuilt() {
    let (place, old, new) = (ScratchLibrary::new(), rules(0.0), rules(3.0));
    let before = place.import(SMILES, &old).unwrap();
    let refused = open(&place, &new).unwrap_err();
    assert!(refused.to_string().contains("larmor library rebuild test"), "{refused}");
    let after = rebuild(&place.library(), &new, &mut |_| {}).unwrap();
    assert_eq!(after.manifest.count, before.manifest.count);
    assert_ne!(after.manifest.version, before.manifest.version);
    let library = open(&place, &new).unwrap();
    assert_eq!(library.entry(1).unwrap().name.as_deref(), Some("aspirin"));
}

#[test]
fn the_limit_counts_accepted_molecules() {
    let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
    let input = place.directory.path().join("input.smi");
    fs::write(&input, SMILES).unwrap();
    let options = ImportOptions { limit: Some(2) };
    let summary =
        import(&place.library(), "test", &input, &predictor, &options, &mut |_| {}).unwrap();
    assert_eq!(summary.manifest.count, 2);
    assert_eq!(open(&place, &predictor).unwrap().len(), 2);
}

#[test]
fn an_input_without_structures_is_an_error_that_names_the_rejects() {
    let place = ScratchLibrary::new();
    let error = place.import("rubbish\nmore\n", &rules(0.0)).unwrap_err();
    let LibraryError::Empty { rejects, .. } = error else { panic!("{error}") };
    assert_eq!(fs::read_to_string(rejects).unwrap().lines().count(), 2);
}

#[test]
fn names_stay_inside_the_state_directory() {
    for name in ["", ".", "..", "../x", "a/b", "a\\b", "a b", &"x".repeat(65)] {
        assert!(directory(Path::new("/state"), name).is_err(), "{name}");
    }
    assert!(directory(Path::new("/state"), "moses-2024.1").is_ok());
}

#[test]
fn a_list_names_good_and_bad() {
    let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
    place.import(SMILES, &predictor).unwrap();
    let bad = place.directory.path().join("libraries/bad");
    fs::create_dir_all(&bad).unwrap();
    fs::write(bad.join("manifest.json"), "{").unwrap();
    let found = list(place.directory.path()).unwrap();
    assert_eq!(found.len(), 2);
    assert!(found[0].1.is_err());
    assert_eq!(found[1].1.as_ref().unwrap().count, 5);
}

/// Every file of the library but the lock and the rejects.
fn files(place: &ScratchLibrary) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(place.library()).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(fs::read_dir(entry.path()).unwrap().map(|e| e.unwrap().path()));
        } else {
            found.push(entry.path());
        }
    }
    found.retain(|path| !path.ends_with("lock") && !path.ends_with("rejects.tsv"));
    found.sort();
    found
}

/// Reads everything there is, so that a lie in the files has its chance.
fn read_all(library: &Library) {
    for number in 0..library.len() + 2 {
        let _ = (library.entry(number), library.profile(number), library.carbons(number).count());
    }
    let _ = library.within_mass(0.0, 1e6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn damage_is_found_and_nothing_panics(
        file in 0usize..6, at in 0usize..4_000, change in 1u8..255, cut in any::<bool>()
    ) {
        let (place, predictor) = (ScratchLibrary::new(), rules(0.0));
        place.import(SMILES, &predictor).unwrap();
        let path = &files(&place)[file];
        let mut bytes = fs::read(path).unwrap();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = bytes[at].wrapping_add(change) }
        fs::write(path, bytes).unwrap();
        match open(&place, &predictor) {
            Ok(library) => {
                // Only words of the manifest that nothing depends on may change unnoticed.
                prop_assert!(path.ends_with("manifest.json"));
                read_all(&library);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
