use super::examination::Examination;
use super::hydrogen_group::{DoubleBond, groups};
use super::observed::Observed;
use super::signal::Signals;
use super::*;
use crate::library::Profile;
use crate::query::{ObservedPeak, Query};
use crate::{ObservedMultiplet, Parameters};
use larmor_chemistry::Molecule;
use larmor_networks::{AtomShift, PredictedShifts};

/// Shifts of the atoms of a SMILES, 13C and 1H, as exact as predictions get.
fn held(smiles: &str, c13: &[Option<f32>], h1: &[Option<f32>], query: &Query) -> Option<Evidence> {
    let molecule = Molecule::from_smiles(smiles).unwrap();
    let of = |ppm: &[Option<f32>], spread: f32| {
        ppm.iter().map(|ppm| ppm.map(|ppm| AtomShift { ppm, spread })).collect()
    };
    let shifts =
        PredictedShifts { c13: of(c13, 1.0), h1: of(h1, 0.1), ..PredictedShifts::default() };
    let profile = Profile::new(&molecule, &shifts);
    let observed = Observed::of(query).unwrap();
    let found = Examination::of(&molecule, &profile, &observed, &Parameters::default());
    found.map(|found| found.evidence)
}

fn signal(ppm: f64, pattern: &str, couplings: &[f64], hydrogens: f64) -> ObservedPeak {
    ObservedPeak::of_multiplet(
        ppm,
        ObservedMultiplet::new(Some(hydrogens)).split(pattern, couplings),
    )
}

/// Ethyl acetate as a paper prints it.
fn ethyl_acetate() -> Query {
    Query {
        h1: vec![
            signal(4.12, "q", &[7.1], 2.0),
            signal(2.04, "s", &[], 3.0),
            signal(1.26, "t", &[7.1], 3.0),
        ],
        c13: [171.1, 60.4, 21.0, 14.2].map(|ppm| ObservedPeak::carbon(ppm, None)).to_vec(),
        ..Query::default()
    }
}

const ETHYL: ([Option<f32>; 6], [Option<f32>; 6]) = (
    [Some(14.2), Some(60.4), None, Some(171.1), None, Some(21.0)],
    [Some(1.26), Some(4.12), None, None, None, Some(2.04)],
);

fn value(evidence: &Evidence, name: &str) -> f64 {
    let at = FEATURES.iter().position(|feature| feature.name == name).unwrap();
    evidence.values[at]
}

#[test]
fn nothing_speaks_against_the_right_structure() {
    let found = held("CCOC(=O)C", &ETHYL.0, &ETHYL.1, &ethyl_acetate()).unwrap();
    assert_eq!(found.nuclei, JudgedNuclei::BothCounted);
    for (value, feature) in found.values.iter().zip(&FEATURES) {
        // What a missing line would cost stays a cost.
        assert!(*value < 0.2 || feature.name.contains("cost"), "{}: {value}", feature.name);
    }
}

#[test]
fn a_methyl_too_few_and_one_too_many_are_counted_in_both_nuclei() {
    // Methyl acetate: no ethyl group.
    let methyl = (
        [Some(51.5), None, Some(171.1), None, Some(21.0)],
        [Some(3.67), None, None, None, Some(2.04)],
    );
    let found = held("COC(=O)C", &methyl.0, &methyl.1, &ethyl_acetate()).unwrap();
    assert!(value(&found, "1H hydrogens too many in all") > 1.5, "{found:?}");
    assert!(value(&found, "13C lines beyond the carbons") >= 1.0);
    assert!(value(&found, "1H hydrogens without signal") >= 2.0, "{found:?}");
    assert!(!found.is_of_another());
    // The other way round: the ethyl ester with the spectra of the methyl ester.
    let query = Query {
        h1: vec![signal(3.67, "s", &[], 3.0), signal(2.04, "s", &[], 3.0)],
        c13: [171.1, 51.5, 21.0].map(|ppm| ObservedPeak::carbon(ppm, None)).to_vec(),
        ..Query::default()
    };
    let found = held("CCOC(=O)C", &ETHYL.0, &ETHYL.1, &query).unwrap();
    assert!(value(&found, "1H hydrogens lacking in all") > 1.5, "{found:?}");
    assert!(value(&found, "13C methyls without line") >= 1.0);
}

#[test]
fn a_structure_that_has_nothing_to_do_with_its_spectra_is_another() {
    // Nonane.
    let chain = [Some(14.1), Some(22.8), Some(32.0), Some(29.4), Some(29.7)];
    let shifts: Vec<Option<f32>> =
        chain.into_iter().chain([29.4, 32.0, 22.8, 14.1].map(Some)).collect();
    let query = Query {
        c13: [170.2, 169.8, 151.3, 134.9, 132.5, 126.2, 124.0, 122.3]
            .map(|ppm| ObservedPeak::carbon(ppm, None))
            .to_vec(),
        ..Query::default()
    };
    assert!(held("CCCCCCCCC", &shifts, &[None; 9], &query).unwrap().is_of_another());
}

#[test]
fn areas_on_any_scale_are_hydrogens_of_the_structure() {
    let mut query = ethyl_acetate();
    for (peak, area) in query.h1.iter_mut().zip([0.26, 0.37, 0.37]) {
        let multiplet = peak.as_multiplet().unwrap().of_area(area);
        *peak = ObservedPeak::of_multiplet(
            peak.ppm,
            ObservedMultiplet { hydrogens: None, ..multiplet },
        );
    }
    let found = held("CCOC(=O)C", &ETHYL.0, &ETHYL.1, &query).unwrap();
    assert_eq!(found.nuclei, JudgedNuclei::BothMeasured);
    assert!(value(&found, "1H hydrogens without signal") < 0.5, "{found:?}");
    let alone = found.seen_by(JudgedNuclei::Carbon).unwrap();
    assert!(value(&alone, "1H cost").abs() < 1e-12 && alone.sizes[1].abs() < 1e-12);
    assert_eq!(found.seen_by(JudgedNuclei::ProtonCounted), None);
}

#[test]
fn hydrogens_are_given_to_the_signals_that_hold_them() {
    // A trace beside the methyl is nearer to what is expected, and holds next to nothing.
    let query = Query {
        h1: vec![
            signal(4.12, "q", &[7.1], 2.0),
            signal(2.06, "s", &[], 3.0),
            signal(1.255, "t", &[], 0.06),
            signal(1.22, "t", &[7.1], 3.0),
        ],
        ..Query::default()
    };
    let molecule = Molecule::from_smiles("CCOC(=O)C").unwrap();
    let of = |ppm: &[Option<f32>; 6], spread: f32| {
        ppm.iter().map(|ppm| ppm.map(|ppm| AtomShift { ppm, spread })).collect()
    };
    let shifts = PredictedShifts {
        c13: of(&ETHYL.0, 1.0),
        h1: of(&ETHYL.1, 0.1),
        ..PredictedShifts::default()
    };
    let profile = Profile::new(&molecule, &shifts);
    let observed = Observed::of(&query).unwrap();
    let held = Examination::of(&molecule, &profile, &observed, &Parameters::default()).unwrap();
    let found = proton_assignment::assignments(&held.proton.unwrap(), &query);
    let shifts: Vec<(u32, f64)> = found.iter().map(|one| (one.atom, one.ppm)).collect();
    assert_eq!(shifts, [(0, 1.22), (1, 4.12), (5, 2.06)]);
    assert!(found.iter().all(|one| one.probability > 0.5 && one.probability <= 1.0), "{found:?}");
}

#[test]
fn without_integrals_nothing_is_said_of_hydrogens() {
    let bare = Query { h1: vec![ObservedPeak::proton_line(1.2)], ..Query::default() };
    assert_eq!(Signals::of(&bare), None);
    assert_eq!(held("CCOC(=O)C", &ETHYL.0, &ETHYL.1, &bare), None);
}

#[test]
fn groups_know_what_stands_beside_them() {
    let molecule = Molecule::from_smiles("C/C=C/C(=O)O").unwrap();
    let shift = |z: u8| (z > 0).then_some(AtomShift { ppm: 2.0, spread: 0.1 });
    let shifts = PredictedShifts {
        c13: molecule
            .graph
            .element
            .iter()
            .map(|&z| (z == 6).then_some(AtomShift { ppm: 20.0, spread: 1.0 }))
            .collect(),
        h1: molecule.graph.hydrogens.iter().map(|&h| shift(h)).collect(),
        ..PredictedShifts::default()
    };
    let found = groups(&molecule, &Profile::new(&molecule, &shifts));
    let of = |atom: u16| found.iter().find(|group| group.atom == atom).unwrap();
    assert!(of(0).is_methyl() && of(0).neighbours == 1);
    assert_eq!((of(1).double_bond, of(1).neighbours), (Some(DoubleBond::E), 4));
    assert!(!of(5).stays() && of(1).flat);
}

#[test]
fn shipped_weights_count_against_only_and_cover_every_choice_of_spectra() {
    let weights = Weights::shipped();
    assert_eq!(weights.by_nuclei.len(), 5);
    for regression in weights.by_nuclei.values() {
        let named = |name: &String| FEATURES.iter().any(|feature| feature.name == name);
        assert!(regression.against.keys().all(named));
        assert!(regression.against.values().flatten().all(|weight| *weight <= 0.0));
        assert!(regression.probability(-8.0, Some(-20.0)) < 0.06, "first among the poor");
        let sure = regression.probability(4.0, Some(-4.0));
        assert!(sure > 0.8 && regression.probability(-4.0, Some(4.0)) < 0.1, "{sure}");
    }
}
