//! Candidates out of a library.

use super::*;

#[test]
fn a_library_is_searched_and_narrowed_by_the_formula() {
    let (_place, library) = library(700);
    let size = u64::from(library.len());
    let elucidator = Elucidator::new(rules(0.0), vec![library]);
    let mut query = observed(ASPIRIN, 0.4, false);
    let options = ElucidationOptions::default();
    let open = elucidator.elucidate(&query, &[], &options).unwrap();
    assert_eq!(open.candidates[0].name.as_deref(), Some("aspirin"));
    assert_eq!(open.candidates[0].source, "library:test");
    assert_eq!((open.considered, open.candidates.len()), (size, 10));

    query.formula = Some("C9H8O4".parse().unwrap());
    let narrowed = elucidator.elucidate(&query, &[], &options).unwrap();
    assert_eq!((narrowed.considered, narrowed.candidates.len()), (1, 1));
    assert!((narrowed.candidates[0].score - open.candidates[0].score).abs() < 1e-9);

    let near = ElucidationOptions { mass_window_da: Some(5.0), ..ElucidationOptions::default() };
    let window = elucidator.elucidate(&query, &[], &near).unwrap();
    assert!(window.considered > 1 && window.considered < size);
}

#[test]
fn a_proposed_structure_is_not_counted_again_from_the_library() {
    let (_place, library) = library(50);
    let size = u64::from(library.len());
    let elucidator = Elucidator::new(rules(0.0), vec![library]);
    let query = observed(ASPIRIN, 0.4, false);
    let proposed = proposals(&["OC(=O)c1ccccc1OC(C)=O"]);
    let elucidation =
        elucidator.elucidate(&query, &proposed, &ElucidationOptions::default()).unwrap();
    assert_eq!(elucidation.considered, size);
    let best = &elucidation.candidates[0];
    assert_eq!((best.source.as_str(), best.smiles.as_str()), ("proposed", "OC(=O)c1ccccc1OC(C)=O"));
    let same = elucidation.candidates.iter().filter(|c| c.inchikey == best.inchikey).count();
    assert_eq!(same, 1);
}

#[test]
fn a_candidate_scores_the_same_from_a_library_and_from_its_smiles() {
    let (_place, library) = library(10);
    let query = observed(ASPIRIN, 0.7, true);
    let from_library = Elucidator::new(rules(0.0), vec![library])
        .elucidate(&query, &[], &ElucidationOptions::default())
        .unwrap();
    let given = among(&query, &[ASPIRIN]);
    let found = &from_library.candidates[0];
    assert_eq!(found.smiles, given.candidates[0].smiles);
    assert!((found.score - given.candidates[0].score).abs() < 1e-9);
    assert_eq!(found.assignments, given.candidates[0].assignments);
}
