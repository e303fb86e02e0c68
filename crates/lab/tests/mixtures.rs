//! Mixtures and searches: what is added is named, what is there is found, and what is not there is
//! said not to be.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use larmor_chemistry::Molecule;
use larmor_elucidation::library::{ImportOptions, Library, directory, import};
use larmor_elucidation::{Elucidator, ObservedMultiplet, ObservedPeak, Parameters, Query, Ranked};
use larmor_lab::evaluation::{Nuclei, Report};
use larmor_lab::protocols::{System, mixtures, search};
use larmor_lab::shift::ShiftSystem;
use larmor_lab::verification::{
    CaseSet, SearchSetting, VerificationCase, search as search_for, train_none,
};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/fold0/shift");

fn system() -> System {
    System::open(Path::new(MODEL), "cpu", Parameters::default()).unwrap().0
}

fn shift(system: &System) -> &ShiftSystem {
    let System::Shift(shift) = system else {
        unreachable!("models/fold0/shift holds a shift network")
    };
    shift
}

/// What the network expects of each structure, as its printed lists.
fn cases(system: &System, smiles: &[&str]) -> CaseSet {
    let mut list = Vec::new();
    for right in smiles.iter().map(|text| Molecule::from_smiles(text).unwrap()) {
        let shifts = shift(system).predictor().predict_shifts(vec![right.graph.clone()]).unwrap();
        let ppm = |shift: &larmor_networks::AtomShift| f64::from(shift.ppm);
        let mut c13: Vec<f64> = shifts[0].c13.iter().flatten().map(ppm).collect();
        c13.sort_by(f64::total_cmp);
        c13.dedup_by(|a, b| *a - *b < 0.01);
        let hydrogens = right.graph.hydrogens.iter().zip(&shifts[0].h1);
        let h1 = hydrogens.filter_map(|(hydrogens, shift)| {
            let multiplet = ObservedMultiplet::new(Some(f64::from(*hydrogens)));
            Some(ObservedPeak::of_multiplet(ppm(shift.as_ref()?), multiplet))
        });
        let query = Query {
            c13: c13.into_iter().map(|ppm| ObservedPeak::carbon(ppm, None)).collect(),
            h1: h1.filter(|peak| peak.as_multiplet().unwrap().hydrogens > Some(0.0)).collect(),
            ..Query::default()
        };
        list.push(VerificationCase { name: right.inchikey.clone(), right, query });
    }
    CaseSet { source: "what the network expects".to_owned(), list, ..CaseSet::default() }
}

/// The number at the beginning of a cell.
fn number(report: &Report, table: usize, row: usize, column: usize) -> f64 {
    let cell = &report.tables[table].rows[row][column];
    cell.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn added_impurities_are_named_and_both_compounds_of_a_mixture() {
    let system = system();
    let cases = cases(&system, &["COc1ccc(Br)cc1CC(=O)NCCC", "CC(C)CCOC(=O)c1ccc(C#N)cc1"]);
    let report = mixtures(shift(&system), &cases, 7).unwrap();
    let all = report.tables[0].rows.iter().position(|row| row[1] == "all").unwrap();
    assert!(number(&report, 0, all, 4) > 80.0, "{}", report.text());
    assert!(number(&report, 0, all, 6) > 80.0, "{}", report.text());
    assert!(number(&report, 0, all, 8) < 1.0, "nothing is named that is not there");
    let equal = report.tables[1].rows.iter().position(|row| row[1] == "1:1").unwrap();
    assert!(number(&report, 1, equal, 4) > 99.0, "{}", report.text());
}

#[test]
fn what_is_in_a_library_is_found_and_what_is_not_is_said_not_to_be() {
    let system = system();
    let folder = tempfile::tempdir().unwrap();
    let chains = (0..120).map(|n: usize| {
        format!("{}C(=O)N{}c1ccccc1\n", "C".repeat(n % 12), "C".repeat(1 + n / 12))
    });
    let input = folder.path().join("in.smi");
    std::fs::write(&input, chains.collect::<String>()).unwrap();
    let predictor = shift(&system).predictor();
    let place = directory(folder.path(), "chains").unwrap();
    import(&place, "chains", &input, predictor, &ImportOptions::default(), &mut |_| {}).unwrap();
    let library = Arc::new(Library::open(&place, predictor.model_digest()).unwrap());
    let elucidator = Elucidator::new(predictor.clone(), vec![library]);
    let cases = cases(&system, &["COc1ccc(Br)cc1CC(=O)NCCC", "CC(C)CCOC(=O)c1ccc(C#N)cc1"]);
    for case in &cases.list {
        let outcome = |present| {
            let setting = SearchSetting { nuclei: Nuclei::Both, present, formula: false };
            search_for(&elucidator, case, setting).unwrap().unwrap()
        };
        let (there, absent) = (outcome(true), outcome(false));
        assert_eq!((there.rank, absent.rank), (Some(1), None));
        assert!(there.none < 0.2 && absent.none > 0.8, "{there:?} {absent:?}");
    }
    let report = search(&elucidator, &cases).unwrap();
    assert!((0..6).all(|row| number(&report, 0, row, 3) > 99.0), "{}", report.text());
    let fitted = train_none(&elucidator, &cases).unwrap();
    let likely = |odds, lead| fitted.both.probability(&Ranked { share: 0.5, odds, lead });
    assert!(likely(-8.0, 0.0) > likely(4.0, 15.0), "{fitted:?}");
}
