//! What a judgement promises, whatever the network.

mod libraries;
mod mixtures;
mod networks;

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::library::test_predictor::rules;
use crate::library::{ImportOptions, Library, directory, import};
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_networks::inference::InferenceError;
use larmor_nmr::fid::{Nucleus, Solvent};
use larmor_nmr::spectrum::{Multiplicity, Peak, PeakClass};
use larmor_nmr::structure::{ProposedStructure, StructureFormat};

const ASPIRIN: &str = "CC(=O)Oc1ccccc1C(=O)O";
const POOL: [&str; 6] = [
    ASPIRIN,
    "COC(=O)c1ccccc1OC=O",
    "O=C(O)c1ccc(OC(C)=O)cc1",
    "CC(=O)c1cc(O)c(O)cc1C=O",
    "OC(=O)CCc1ccc2OCOc2c1",
    "COc1cc(C=CC(=O)O)ccc1O",
];

/// The list the rules let expect for a structure, a little off.
fn observed(smiles: &str, noise: f64, edited: bool) -> Query {
    let molecule = Molecule::graph_only(smiles).unwrap();
    let shifts = rules(0.0).predict_shifts(vec![molecule.graph.clone()]).unwrap().remove(0);
    let mut seen = Vec::new();
    let mut c13 = Vec::new();
    for atom in 0..molecule.graph.len() {
        let Some(shift) = shifts.c13[atom] else { continue };
        if seen.contains(&molecule.symmetry[atom]) {
            continue;
        }
        seen.push(molecule.symmetry[atom]);
        let off = noise * if atom % 2 == 0 { 1.0 } else { -1.0 };
        let multiplicity = Multiplicity::from_hydrogens(molecule.graph.hydrogens[atom]);
        let ppm = f64::from(shift.ppm) + off;
        c13.push(ObservedPeak::carbon(ppm, multiplicity.filter(|_| edited)));
    }
    Query { c13, ..Query::default() }
}

fn proposals(texts: &[&str]) -> Vec<ProposedStructure> {
    texts.iter().map(|text| ProposedStructure::smiles(text)).collect()
}

fn among(query: &Query, texts: &[&str]) -> Elucidation {
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let candidates = proposals(texts);
    let pool = CandidatePool { candidates: &candidates, ..CandidatePool::default() };
    elucidator.elucidate_among(query, &pool, &ElucidationOptions::default()).unwrap()
}

#[test]
fn the_right_structure_comes_first_with_its_lines_on_its_atoms() {
    let elucidation = among(&observed(ASPIRIN, 0.4, true), &POOL);
    let best = &elucidation.candidates[0];
    assert_eq!(best.smiles, ASPIRIN);
    assert_eq!(best.inchikey, "BSYNRYMUTXBXSQ-UHFFFAOYSA-N");
    assert_eq!((best.rank, best.formula.as_str()), (1, "C9H8O4"));
    assert_eq!(best.source, "candidates");
    assert_eq!(elucidation.considered, 6);
    assert_eq!(best.assignments.len(), 9, "every carbon has a line");
    for assignment in &best.assignments {
        assert!((assignment.ppm - assignment.predicted_ppm).abs() < 0.5, "{assignment:?}");
        assert!((0.0..=1.0).contains(&assignment.probability));
    }
    assert_eq!(elucidation.verdict, Verdict::BestMatch, "{:?}", elucidation.reasons);
    let total: f64 = elucidation.candidates.iter().map(|c| c.probability).sum();
    assert!((total + elucidation.none_of_these.unwrap() - 1.0).abs() < 1e-9);
}

#[test]
fn hydrogen_isotopes_are_hydrogen_to_the_network() {
    let query = observed("CCO", 0.0, false);
    let ppm = |smiles: &str| {
        let found = among(&query, &[smiles]);
        let of = found.candidates[0].assignments.iter().map(|a| a.predicted_ppm);
        of.collect::<Vec<_>>()
    };
    assert_eq!(ppm("[2H]C([2H])([2H])CO"), ppm("CCO"));
}

#[test]
fn a_wrong_proposal_is_contradicted_even_without_a_rival() {
    let query = observed(ASPIRIN, 0.4, true);
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let wrong = proposals(&["CCCCCCCCC"]);
    let elucidation = elucidator.elucidate(&query, &wrong, &ElucidationOptions::default()).unwrap();
    assert_eq!(elucidation.verdict, Verdict::Inconsistent);
    assert!(!elucidation.reasons.is_empty());
}

#[test]
fn a_proposal_is_reported_whatever_its_rank() {
    let query = observed(ASPIRIN, 0.4, true);
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let (proposed, candidates) = (proposals(&["CCCCCCCCC"]), proposals(&POOL));
    let pool = CandidatePool { proposed: &proposed, candidates: &candidates, libraries: false };
    let options = ElucidationOptions { top: 2, ..ElucidationOptions::default() };
    let elucidation = elucidator.elucidate_among(&query, &pool, &options).unwrap();
    let ranks: Vec<u32> = elucidation.candidates.iter().map(|c| c.rank).collect();
    assert_eq!(ranks, [1, 2, 7]);
    let judged: Vec<bool> = elucidation.candidates.iter().map(|c| c.judged).collect();
    assert_eq!(judged, [false, false, true]);
    assert_eq!(elucidation.candidates[2].source, "proposed");
    assert_eq!(elucidation.verdict, Verdict::Inconsistent);
}

#[test]
fn atoms_that_share_a_line_each_have_their_entry() {
    let elucidation = among(&observed("Oc1ccccc1", 0.0, false), &["Oc1ccccc1"]);
    let best = &elucidation.candidates[0];
    let ppm = |atom| best.assignments.iter().find(|a| a.atom == atom).unwrap().ppm;
    assert_eq!(best.assignments.len(), 6);
    assert_eq!(ppm(2), ppm(6));
    assert_eq!(ppm(3), ppm(5));
    assert_ne!(ppm(2), ppm(3));
}

#[test]
fn atoms_are_counted_as_the_structure_was_given() {
    let block = "\n\n\n  5  4  0  0  0  0            999 V2000\n\
    \x20   0.0000    0.0000    0.0000 H   0  0\n    1.0000    0.0000    0.0000 O   0  0\n\
    \x20   2.0000    0.0000    0.0000 C   0  0\n    3.0000    0.0000    0.0000 H   0  0\n\
    \x20   4.0000    0.0000    0.0000 C   0  0\n  1  2  1  0\n  2  3  1  0\n  3  4  1  0\n\
    \x20 3  5  1  0\nM  END\n";
    let proposed = [ProposedStructure {
        text: block.to_owned(),
        format: StructureFormat::Molblock,
        name: Some("ethanol".to_owned()),
    }];
    let query = observed("CCO", 0.0, true);
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let elucidation =
        elucidator.elucidate(&query, &proposed, &ElucidationOptions::default()).unwrap();
    let best = &elucidation.candidates[0];
    assert_eq!((best.smiles.as_str(), best.name.as_deref()), ("CCO", Some("ethanol")));
    let mut atoms: Vec<u32> = best.assignments.iter().map(|a| a.atom).collect();
    atoms.sort_unstable();
    assert_eq!(atoms, [2, 4]);
    // Written as CCO: the methyl carbon is atom 4 of the block, the methylene 2, the oxygen 1.
    assert_eq!(best.smiles_places, Some(vec![None, Some(2), Some(1), None, Some(0)]));
    assert!(among(&query, &["OCC"]).candidates[0].smiles_places.is_none());
}

#[test]
fn lines_of_another_compound_are_none_of_the_candidates() {
    let right = observed(ASPIRIN, 0.4, true);
    let share = |query: &Query| among(query, &POOL).none_of_these.unwrap();
    let strange = observed("CC(C)CC1CCN(C)CC1OCC(F)(F)CC#N", 0.4, true);
    assert!(share(&right) < 0.2 && share(&strange) > 0.8, "{} {}", share(&right), share(&strange));
}

#[test]
fn sites_that_look_alike_are_marked_as_doubtful() {
    // Two ether carbons in like surroundings, lines between them.
    let query = observed("CCOCCCOCCC", 0.0, false);
    let elucidation = among(&query, &["CCOCCCOCCC"]);
    let least = elucidation.candidates[0]
        .assignments
        .iter()
        .map(|a| a.probability)
        .fold(f64::INFINITY, f64::min);
    assert!(least < 0.7, "{:?}", elucidation.candidates[0].assignments);
}

#[test]
fn a_stated_formula_outweighs_shifts() {
    let mut query = observed(ASPIRIN, 0.4, false);
    query.formula = Some("C10H10O4".parse().unwrap());
    let elucidation = among(&query, &POOL);
    let best = &elucidation.candidates[0];
    assert_eq!(best.formula, "C10H10O4", "{}", best.smiles);
}

#[test]
fn one_compound_written_twice_is_one_candidate() {
    let elucidation = among(&observed("CCO", 0.1, true), &["CCO", "OCC", "COC"]);
    let smiles: Vec<&str> = elucidation.candidates.iter().map(|c| c.smiles.as_str()).collect();
    assert_eq!(smiles, ["CCO", "COC"]);
    assert_eq!(elucidation.considered, 2);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_judged() {
    let elucidation = among(&observed("CCO", 0.1, true), &["CCO", "nonsense", "C1CC"]);
    assert_eq!(elucidation.candidates.len(), 1);
    let named = elucidation.reasons.iter().filter(|r| r.contains("left out")).count();
    assert_eq!(named, 2, "{:?}", elucidation.reasons);
}

#[test]
fn without_candidates_the_verdict_is_open() {
    let elucidation = among(&observed("CCO", 0.1, true), &[]);
    assert_eq!(elucidation.verdict, Verdict::Inconclusive);
    assert!(elucidation.candidates.is_empty() && !elucidation.reasons.is_empty());
}

#[test]
fn what_led_to_nothing_is_said_as_it_is() {
    let query = observed("CCO", 0.1, true);
    assert_eq!(among(&query, &[]).reasons, ["no candidates were given"]);
    let (_place, library) = library(3);
    let elucidator = Elucidator::new(rules(0.0), vec![library]);
    let proposed = proposals(&["nonsense"]);
    let pool = CandidatePool { proposed: &proposed, ..CandidatePool::default() };
    let reasons =
        elucidator.elucidate_among(&query, &pool, &ElucidationOptions::default()).unwrap().reasons;
    assert_eq!(reasons[0], "the structure given cannot be read");
    assert!(reasons[1].starts_with("proposed structure 'nonsense' was left out"), "{reasons:?}");
    let query = Query { formula: Some("C2H6O".parse().unwrap()), ..query };
    let reasons =
        elucidator.elucidate(&query, &[], &ElucidationOptions::default()).unwrap().reasons;
    assert_eq!(reasons, ["no library holds a molecule of formula C2H6O"]);
}

#[test]
fn protons_alone_leave_the_verdict_open() {
    let h1 = [1.2, 3.7].map(ObservedPeak::proton_line).to_vec();
    let query = Query { h1, ..Query::default() };
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let elucidation = elucidator
        .elucidate(&query, &proposals(&[ASPIRIN]), &ElucidationOptions::default())
        .unwrap();
    assert_eq!(elucidation.verdict, Verdict::Inconclusive, "{:?}", elucidation.reasons);
    let told = elucidation.reasons.join("; ");
    assert!(told.contains("no 13C lines") && !told.contains("no line for carbons"), "{told}");
}

#[test]
fn stereoisomers_and_isotopologues_are_no_rivals() {
    let query = observed("C[C@H](O)C(=O)O", 0.4, true);
    let kin = ["C[C@H](O)C(=O)O", "C[C@@H](O)C(=O)O", "CC(O)C(=O)O", "[13CH3]C(O)C(=O)O"];
    let with_rival: Vec<&str> = kin.into_iter().chain(["OCCC(=O)O"]).collect();
    for pool in [&kin[..], &with_rival] {
        let elucidation = among(&query, pool);
        assert_eq!(elucidation.candidates.len(), pool.len());
        assert!(elucidation.candidates[0].probability < 0.5);
        assert_eq!(elucidation.verdict, Verdict::BestMatch, "{:?}", elucidation.reasons);
        assert!(elucidation.reasons.iter().any(|reason| reason.contains("stereoisomers")));
    }
}

fn library(molecules: usize) -> (tempfile::TempDir, Arc<Library>) {
    let place = tempfile::tempdir().unwrap();
    let input = place.path().join("in.smi");
    let mut text: String = (0..molecules)
        .map(|n| {
            let (a, b, c) = (n % 9, n / 9 % 9, n / 81 % 9);
            format!("{}C(=O)N{}c1ccc({})cc1\n", "C".repeat(a), "C".repeat(b), "C".repeat(c + 1))
        })
        .collect();
    text.push_str(&format!("{ASPIRIN} aspirin\n"));
    std::fs::write(&input, text).unwrap();
    let folder = directory(place.path(), "test").unwrap();
    let predictor = rules(0.0);
    import(&folder, "test", &input, &predictor, &ImportOptions::default(), &mut |_| {}).unwrap();
    let library = Library::open(&folder, predictor.model_digest()).unwrap();
    (place, Arc::new(library))
}

/// Aspirin with its atoms in other orders.
const RENUMBERED: [&str; 4] = [
    "OC(=O)c1ccccc1OC(C)=O",
    "c1ccc(OC(=O)C)c(C(O)=O)c1",
    "O=C(C)Oc1c(C(=O)O)cccc1",
    "c1(C(=O)O)ccccc1OC(=O)C",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn neither_atom_order_nor_peak_order_matters(
        which in 0usize..4, order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
        edited in any::<bool>(),
    ) {
        let query = observed(ASPIRIN, 0.5, edited);
        let shuffled = Query {
            c13: order.iter().map(|&i| query.c13[i]).collect(),
            ..query.clone()
        };
        let plain = among(&query, &[ASPIRIN]);
        let other = among(&shuffled, &[RENUMBERED[which]]);
        let (plain, other) = (&plain.candidates[0], &other.candidates[0]);
        prop_assert!((plain.score - other.score).abs() < 1e-6);
        let ppm = |c: &Candidate| {
            let mut found: Vec<i64> =
                c.assignments.iter().map(|a| (a.ppm * 1e4).round() as i64).collect();
            found.sort_unstable();
            found
        };
        prop_assert_eq!(ppm(plain), ppm(other));
    }

    #[test]
    fn no_list_of_peaks_panics(
        peaks in prop::collection::vec((any::<f64>(), 0u8..6), 0..40),
        protons in prop::collection::vec(-20.0f64..40.0, 0..40),
    ) {
        let query = Query {
            c13: peaks
                .iter()
                .map(|&(ppm, h)| ObservedPeak::carbon(ppm, Multiplicity::from_hydrogens(h)))
                .collect(),
            h1: protons.iter().map(|&ppm| ObservedPeak::proton_line(ppm)).collect(),
            ..Query::default()
        };
        let elucidator = Elucidator::new(rules(0.0), Vec::new());
        let judged = elucidator.elucidate(&query, &proposals(&POOL), &ElucidationOptions::default());
        if let Ok(elucidation) = judged {
            for candidate in &elucidation.candidates {
                prop_assert!(candidate.score.is_finite() && candidate.probability.is_finite());
            }
        }
    }
}
