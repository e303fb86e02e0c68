use super::*;
use crate::query::{ObservedPeak, Query};
use crate::{ObservedMultiplet, SplittingPattern};

fn signal(ppm: f64, pattern: &str, hydrogens: f64) -> ObservedPeak {
    ObservedPeak::of_multiplet(ppm, ObservedMultiplet::new(Some(hydrogens)).split(pattern, &[]))
}

/// A compound with a methyl ester and an aromatic ring, and a fifth of ethyl acetate.
fn with_ethyl_acetate() -> Query {
    let c13 = [166.9, 132.8, 130.1, 129.5, 128.3, 52.0, 171.3, 60.5, 21.1, 14.3];
    Query {
        c13: c13.map(|ppm| ObservedPeak::carbon(ppm, None)).to_vec(),
        h1: vec![
            signal(8.04, "d", 2.0),
            signal(7.55, "t", 1.0),
            signal(7.43, "t", 2.0),
            signal(3.92, "s", 3.0),
            signal(4.12, "q", 0.4),
            signal(2.04, "s", 0.6),
            signal(1.26, "t", 0.6),
        ],
        ..Query::default()
    }
}

#[test]
fn an_impurity_is_found_by_all_its_lines_and_taken_out_with_them() {
    let query = with_ethyl_acetate();
    let found = impurities_in(&query);
    let ester = &found[0];
    assert_eq!(ester.name, "ethyl acetate", "{found:?}");
    assert!((ester.area_of_hydrogen.unwrap() - 0.2).abs() < 1e-9);
    assert_eq!((ester.carbons.len(), ester.protons.len()), (4, 3));
    let left = ester.taken_from(&query);
    assert_eq!((left.c13.len(), left.h1.len()), (6, 4));
    assert!(impurities_in(&left).iter().all(|other| other.name != "ethyl acetate"));
}

#[test]
fn part_of_the_lines_is_no_impurity() {
    let mut query = with_ethyl_acetate();
    query.c13.retain(|peak| (peak.ppm - 60.5).abs() > 0.1);
    assert!(impurities_in(&query).iter().all(|found| found.name != "ethyl acetate"));
    let mut query = with_ethyl_acetate();
    query.h1.retain(|peak| (peak.ppm - 1.26).abs() > 0.01);
    let by_lines = |query: &Query| impurities_in(query).into_iter().map(|found| found.name);
    assert!(by_lines(&query).all(|name| name != "ethyl acetate"), "nothing it could hide under");
    // A quartet where the singlet should be.
    let mut query = with_ethyl_acetate();
    query.h1[5] = signal(2.04, "q", 0.6);
    assert!(by_lines(&query).all(|name| name != "ethyl acetate"));
    // Integrals that do not go together.
    let mut query = with_ethyl_acetate();
    (query.h1[5], query.h1[4]) = (signal(2.04, "s", 3.0), signal(4.12, "q", 2.0));
    query.h1[6] = signal(1.26, "t", 0.3);
    assert!(by_lines(&query).all(|name| name != "ethyl acetate"));
}

#[test]
fn a_signal_that_holds_more_stays_with_the_rest() {
    let mut query = with_ethyl_acetate();
    query.h1[5] = signal(2.04, "m", 3.6);
    let ester = impurities_in(&query).into_iter().find(|one| one.name == "ethyl acetate").unwrap();
    let left = ester.taken_from(&query);
    let rest = left.h1.iter().find(|peak| (peak.ppm - 2.04).abs() < 1e-9).unwrap();
    let multiplet = rest.as_multiplet().unwrap();
    assert!((multiplet.hydrogens.unwrap() - 3.0).abs() < 0.01, "{multiplet:?}");
    assert_eq!(multiplet.splitting, SplittingPattern::Unread);
}

#[test]
fn a_single_line_has_more_to_make_up_for_than_many() {
    let query = Query { h1: vec![signal(2.17, "s", 0.3)], ..Query::default() };
    let acetone = impurities_in(&query).into_iter().find(|one| one.name == "acetone").unwrap();
    let ester = &impurities_in(&with_ethyl_acetate())[0];
    assert!(acetone.costs.foreign > ester.costs.foreign);
    assert!(acetone.costs.shared > acetone.costs.foreign);
}

#[test]
fn a_tall_line_is_not_that_of_a_little_impurity() {
    let mut query = Query {
        c13: [150.7, 128.0, 50.5, 21.0].map(|ppm| ObservedPeak::carbon(ppm, None)).to_vec(),
        h1: vec![signal(7.2, "m", 4.0), signal(3.49, "s", 0.03), signal(2.3, "s", 3.0)],
        ..Query::default()
    };
    let lines = |query: &Query| {
        let found = impurities_in(query).into_iter().find(|one| one.name == "methanol");
        found.map(|one| one.carbons.len())
    };
    assert_eq!(lines(&query), Some(1));
    query.c13 = query.c13.iter().map(|peak| peak.of_height(0.9)).collect();
    assert_eq!(lines(&query), Some(0), "13C does not show it");
}

#[test]
fn multiplets_of_no_first_order_are_told_by_being_two() {
    let of = |h1: Vec<ObservedPeak>| {
        let found = impurities_in(&Query { h1, ..Query::default() });
        found.iter().any(|one| one.name == "THF")
    };
    let ring = || vec![signal(7.3, "m", 5.0), signal(3.75, "m", 0.8)];
    assert!(!of(ring()), "one alone is nothing");
    assert!(of(ring().into_iter().chain([signal(1.85, "m", 0.8)]).collect()));
}
