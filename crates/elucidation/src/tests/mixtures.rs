//! More than one compound in the tube.

use super::*;

#[test]
fn an_impurity_is_named_and_does_not_spoil_the_right_structure() {
    let mut query = observed(ASPIRIN, 0.4, false);
    let ethyl_acetate = [171.36, 60.49, 21.04, 14.19];
    query.c13.extend(ethyl_acetate.map(|ppm| ObservedPeak::carbon(ppm, None)));
    query.solvent = Some(Solvent::Chloroform);
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let judged = elucidator
        .elucidate(&query, &proposals(&[ASPIRIN]), &ElucidationOptions::default())
        .unwrap();
    let names: Vec<_> = judged.components.iter().map(|c| (c.name.as_str(), c.judged)).collect();
    assert_eq!(names, [(ASPIRIN, true), ("ethyl acetate", false)], "{:?}", judged.reasons);
    assert_eq!(judged.components[1].carbon_ppm.len(), 4);
    assert!(judged.unexplained.is_empty(), "{:?}", judged.unexplained);
    assert!(judged.verdict_probability.unwrap() > 0.5, "{:?}", judged.reasons);
    assert!(judged.reasons.iter().any(|reason| reason.contains("with ethyl acetate")));
}

#[test]
fn both_compounds_of_a_mixture_are_found_among_the_candidates() {
    const OTHER: &str = "CC(C)CC1CCN(C)CC1O";
    let mut query = observed(ASPIRIN, 0.4, false);
    query.c13.extend(observed(OTHER, -0.3, false).c13);
    let pool: Vec<&str> = POOL.into_iter().chain([OTHER]).collect();
    let judged = among(&query, &pool);
    let mut names: Vec<_> = judged.components.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    let mut expected = [ASPIRIN, OTHER];
    expected.sort_unstable();
    assert_eq!(names, expected, "{:?}", judged.reasons);
}

#[test]
fn an_impurity_or_a_short_answer_costs_a_search_nothing() {
    let mut query = observed(ASPIRIN, 0.4, false);
    let ethyl_acetate = [171.36, 60.49, 21.04, 14.19];
    query.c13.extend(ethyl_acetate.map(|ppm| ObservedPeak::carbon(ppm, None)));
    let found = among(&query, &[ASPIRIN, "CCCCCCCCC", "OCCN1CCOCC1"]);
    assert_eq!(found.candidates[0].smiles, ASPIRIN);
    assert_ne!(found.verdict, Verdict::NoneFits, "{:?}", found.reasons);
    assert!(found.components.iter().any(|component| component.name == "ethyl acetate"));

    // Whom a mixture's verdict is on is reported, however little was asked for.
    query.c13.truncate(query.c13.len() - ethyl_acetate.len());
    query.c13.extend(observed("CC(C)CC1CCN(C)CC1O", -0.3, false).c13);
    let pool: Vec<&str> = POOL.into_iter().chain(["CC(C)CC1CCN(C)CC1O"]).collect();
    let candidates = proposals(&pool);
    let pool = CandidatePool { candidates: &candidates, ..CandidatePool::default() };
    let options = ElucidationOptions { top: 1, ..ElucidationOptions::default() };
    let elucidator = Elucidator::new(rules(0.0), Vec::new());
    let found = elucidator.elucidate_among(&query, &pool, &options).unwrap();
    let judged = found.components.iter().find(|component| component.judged).unwrap();
    assert_eq!(found.candidates[0].smiles, judged.name);
    assert!(found.candidates[0].judged);
}

#[test]
fn shares_of_what_was_told_apart_before_are_on_the_scale_of_the_structure() {
    // Aspirin by its 1H, counted and measured: eight hydrogens of an area of 1, and for each of them
    // half as much of a hydrogen of ethyl acetate.
    let h1 = [(2.1, "s", 3.0), (7.2, "m", 2.0), (7.6, "t", 1.0), (8.1, "d", 1.0), (11.0, "s", 1.0)];
    let counted = h1.map(|(ppm, pattern, hydrogens)| {
        let multiplet = ObservedMultiplet::new(Some(hydrogens)).split(pattern, &[]);
        ObservedPeak::of_multiplet(ppm, multiplet.of_area(hydrogens / 8.0))
    });
    let measured = counted.map(|peak| {
        let multiplet = ObservedMultiplet { hydrogens: None, ..*peak.as_multiplet().unwrap() };
        ObservedPeak::of_multiplet(peak.ppm, multiplet)
    });
    // What is expected is rough, and so is the scale where the structure has to find it.
    for (h1, error) in [(counted, 0.5), (measured, 6.0)] {
        let substance = SeparateSubstance {
            name: "ethyl acetate".to_owned(),
            nucleus: Nucleus::Proton,
            ppm: vec![4.12, 2.05, 1.26],
            area_of_hydrogen: Some(0.5 / 8.0),
        };
        let query = Query { h1: h1.to_vec(), substances: vec![substance], ..Query::default() };
        let elucidator = Elucidator::new(rules(0.0), Vec::new());
        let judged = elucidator
            .elucidate(&query, &proposals(&[ASPIRIN]), &ElucidationOptions::default())
            .unwrap();
        let ester = judged.components.iter().find(|c| c.name == "ethyl acetate").unwrap();
        let percent = ester.mol_percent.unwrap();
        assert!((percent - 33.3).abs() < error, "{percent}");
    }
}
