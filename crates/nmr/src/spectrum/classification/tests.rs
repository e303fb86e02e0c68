//! Classes of drawn peak lists.

use super::*;

fn peak(ppm: f64, height: f64) -> RawPeak {
    RawPeak { ppm, height, width_hz: 1.5, area: height }
}

fn classes(peaks: &[RawPeak], edited: bool) -> Vec<PeakClass> {
    let context = ClassificationContext {
        nucleus: &Nucleus::Carbon,
        experiment: if edited { Experiment::Dept(135) } else { Experiment::Plain },
        solvent: None,
        reference_mhz: 100.6,
        carrier_ppm: 100.0,
        axis: 0.9,
        noise: 0.001,
        least_share: 0.005,
    };
    classify(peaks, &context).into_iter().map(|one| one.class).collect()
}

/// Six carbons of one compound, of usual heights.
fn compound() -> Vec<RawPeak> {
    [(14.0, 6.0), (22.7, 8.0), (31.6, 10.0), (60.2, 7.0), (128.4, 9.0), (166.5, 2.0)]
        .map(|(ppm, height)| peak(ppm, height))
        .to_vec()
}

#[test]
fn one_or_two_lines_far_below_all_others_are_of_something_else() {
    for strays in [vec![(40.3, 0.2)], vec![(40.3, 0.2), (45.8, 0.22)]] {
        let mut peaks = compound();
        peaks.extend(strays.iter().map(|&(ppm, height)| peak(ppm, height)));
        let found = classes(&peaks, false);
        assert!(found[..6].iter().all(|&class| class == PeakClass::Compound), "{found:?}");
        assert!(found[6..].iter().all(|&class| class == PeakClass::Impurity), "{found:?}");
    }
}

#[test]
fn carbons_that_relax_badly_and_short_lists_are_left_alone() {
    // Unsaturated carbons without hydrogen count for longer.
    let mut peaks = compound();
    peaks.push(peak(139.0, 0.4));
    assert!(classes(&peaks, false).iter().all(|&class| class == PeakClass::Compound));
    // Three of a kind are no strays, and among four lines none is.
    let mut peaks = compound();
    peaks.extend([peak(40.3, 0.2), peak(41.9, 0.21), peak(45.8, 0.22)]);
    assert!(classes(&peaks, false).iter().all(|&class| class == PeakClass::Compound));
    let few = [peak(14.0, 6.0), peak(31.6, 10.0), peak(60.2, 7.0), peak(40.3, 0.2)];
    assert!(classes(&few, false).iter().all(|&class| class == PeakClass::Compound));
}

#[test]
fn the_far_side_of_an_edited_line_is_no_carbon() {
    let mut peaks = compound();
    let beside = 31.6 + 3.0 / 100.6;
    peaks.push(peak(beside, -1.2));
    assert_eq!(classes(&peaks, true)[6], PeakClass::Artifact);
    // Farther off, or as tall as a methylene beside a methine, it is one.
    for (ppm, height) in [(31.6 + 6.0 / 100.6, -1.2), (beside, -4.0)] {
        peaks[6] = peak(ppm, height);
        assert_eq!(classes(&peaks, true)[6], PeakClass::Compound, "{ppm} {height}");
    }
}

/// Classes and names in a 1H spectrum in CDCl3 at 400 MHz.
fn protons(lines: &[(f64, f64)], solvent: Option<Solvent>) -> Vec<(f64, Classed)> {
    let peaks: Vec<RawPeak> = lines.iter().map(|&(ppm, height)| peak(ppm, height)).collect();
    let context = ClassificationContext {
        nucleus: &Nucleus::Proton,
        experiment: Experiment::Plain,
        solvent,
        reference_mhz: 400.0,
        carrier_ppm: 5.0,
        axis: 0.9,
        noise: 0.01,
        least_share: 0.005,
    };
    peaks.iter().map(|peak| peak.ppm).zip(classify(&peaks, &context)).collect()
}

#[test]
fn a_solvent_with_its_hydrogens_is_no_compound_and_its_name_is_told() {
    let solute: [(f64, f64); 6] =
        [(1.05, 1.0), (2.02, 0.7), (3.90, 0.9), (6.8, 1.2), (7.1, 1.1), (8.0, 0.5)];
    let mut lines: Vec<(f64, f64)> = solute.to_vec();
    lines.push((2.61, 900.0));
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (ppm, one) in protons(&lines, None) {
        if (ppm - 2.61).abs() < 1e-9 {
            assert_eq!(one.class, PeakClass::Solvent);
            assert_eq!(one.claim.map(|claim| claim.name), Some("DMSO"));
        } else {
            assert_eq!(one.class, PeakClass::Compound, "{ppm}");
        }
    }
    // Nine hydrogens in one line beside single ones are no solvent.
    let mut lines = solute.to_vec();
    lines.push((1.45, 12.0));
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(protons(&lines, None).iter().all(|(_, one)| one.class == PeakClass::Compound));
}

#[test]
fn a_solvent_takes_no_more_lines_than_it_has() {
    let quintet = [(2.490, 1.0), (2.495, 2.0), (2.500, 3.0), (2.505, 2.0), (2.510, 1.0)];
    let mut lines = quintet.to_vec();
    // A strong line of the compound on the solvent's flank.
    lines.push((2.516, 30.0));
    lines.extend([(3.9, 40.0), (6.8, 20.0)]);
    let found = protons(&lines, Some(Solvent::DimethylSulfoxide));
    let solvent = found.iter().filter(|(_, one)| one.class == PeakClass::Solvent).count();
    assert_eq!((solvent, found[5].1.class), (5, PeakClass::Compound), "{found:?}");
    // In toluene-d8 nothing without its methyl.
    let lines = [(3.9, 40.0), (6.97, 10.0), (7.01, 9.0), (7.09, 10.0)];
    let found = protons(&lines, Some(Solvent::Toluene));
    assert!(found.iter().all(|(_, one)| one.class == PeakClass::Compound), "{found:?}");
}

#[test]
fn a_silyl_group_near_zero_is_the_compounds_and_the_standard_in_water_is_tsp() {
    let lines = [(-0.07, 90.0), (3.5, 20.0), (4.6, 10.0), (6.8, 10.0)];
    let found = protons(&lines, Some(Solvent::Chloroform));
    assert_eq!(found[0].1.class, PeakClass::Compound);
    let lines = [(0.0, 9.0), (2.3, 20.0), (3.0, 10.0), (4.72, 500.0)];
    let found = protons(&lines, Some(Solvent::Water));
    let names: Vec<_> = found.iter().map(|(_, one)| one.claim.map(|claim| claim.name)).collect();
    assert_eq!(names, [Some("TSP"), None, None, Some("HDO")]);
    assert_eq!(found[0].1.class, PeakClass::Impurity);
    assert_eq!(found[3].1.class, PeakClass::Solvent);
}

#[test]
fn much_of_a_compound_is_no_solvent_where_the_solvent_shows() {
    let proton = |ppm: f64, height: f64| RawPeak { ppm, height, width_hz: 1.0, area: height };
    let solvent = |with: Option<RawPeak>| {
        // One giant where MTBE or tert-butanol has its methyls, and traces.
        let mut peaks = vec![proton(1.20, 2000.0)];
        peaks.extend([2.31, 3.44, 4.02, 5.87, 6.15].map(|ppm| proton(ppm, 2.0)));
        peaks.extend(with);
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        let context = ClassificationContext {
            nucleus: &Nucleus::Proton,
            experiment: Experiment::Plain,
            solvent: Some(Solvent::Chloroform),
            reference_mhz: 400.1,
            carrier_ppm: 6.0,
            axis: 0.9,
            noise: 0.001,
            least_share: 0.0,
        };
        classify(&peaks, &context)[0].class
    };
    assert_eq!(solvent(None), PeakClass::Solvent, "nothing else is there");
    // Chloroform, moved by what is dissolved in it.
    assert_eq!(solvent(Some(proton(7.30, 5.0))), PeakClass::Compound);
}
