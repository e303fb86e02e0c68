use super::*;

const MHZ: f64 = 400.0;

fn line(ppm: f64, height: f64) -> RawPeak {
    RawPeak { ppm, height, width_hz: 1.0, area: height * std::f64::consts::FRAC_PI_2 }
}

/// A first-order multiplet: hydrogens of an amount, split by so many with one coupling.
fn multiplet(ppm: f64, area: f64, shares: &[f64], coupling_hz: f64) -> Vec<RawPeak> {
    let whole: f64 = shares.iter().sum();
    let middle = (shares.len() - 1) as f64 / 2.0;
    shares
        .iter()
        .enumerate()
        .map(|(k, share)| line(ppm + (k as f64 - middle) * coupling_hz / MHZ, area * share / whole))
        .collect()
}

/// A compound with one hydrogen to a signal and a methyl.
fn compound() -> Vec<RawPeak> {
    let mut peaks = multiplet(7.82, 100.0, &[1.0, 1.0], 8.0);
    peaks.extend(multiplet(7.41, 100.0, &[1.0, 2.0, 1.0], 7.8));
    peaks.extend(multiplet(6.93, 100.0, &[1.0, 1.0], 8.2));
    peaks.extend(multiplet(3.86, 300.0, &[1.0], 0.0));
    peaks
}

fn ethyl_acetate(amount: f64) -> Vec<RawPeak> {
    let mut peaks = multiplet(2.045, 3.0 * amount, &[1.0], 0.0);
    peaks.extend(multiplet(4.12, 2.0 * amount, &[1.0, 3.0, 3.0, 1.0], 7.1));
    peaks.extend(multiplet(1.255, 3.0 * amount, &[1.0, 2.0, 1.0], 7.1));
    peaks
}

fn claims(mut peaks: Vec<RawPeak>, carbon: bool) -> Vec<(f64, Claim)> {
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    let free = vec![true; peaks.len()];
    let claims = find(&peaks, &free, Some(Solvent::Chloroform), carbon, MHZ);
    peaks.iter().zip(claims).filter_map(|(peak, claim)| Some((peak.ppm, claim?))).collect()
}

#[test]
fn an_impurity_is_named_by_all_its_lines() {
    let found = claims([compound(), ethyl_acetate(10.0)].concat(), false);
    assert_eq!(found.len(), 8, "{found:?}");
    assert!(found.iter().all(|(_, claim)| claim.name == "ethyl acetate" && claim.confidence > 0.8));
}

#[test]
fn without_one_of_its_signals_or_in_another_ratio_it_is_not() {
    let named = |peaks| claims(peaks, false).iter().any(|(_, claim)| claim.name == "ethyl acetate");
    for missing in [2.045, 4.12, 1.255] {
        let mut peaks = ethyl_acetate(10.0);
        peaks.retain(|peak| (peak.ppm - missing).abs() > 0.05);
        assert!(!named([compound(), peaks].concat()), "{missing}");
    }
    let mut peaks = ethyl_acetate(10.0);
    peaks.iter_mut().filter(|peak| peak.ppm < 1.5).for_each(|peak| {
        peak.height *= 3.0;
        peak.area *= 3.0;
    });
    assert!(!named([compound(), peaks].concat()));
}

#[test]
fn as_much_of_it_as_of_the_compound_is_a_hint_and_no_more() {
    let found = claims([compound(), ethyl_acetate(100.0)].concat(), false);
    assert!(!found.is_empty() && found.iter().all(|(_, claim)| claim.confidence < 0.5));
}

#[test]
fn one_line_is_an_impurity_where_it_is_less_than_half_a_hydrogen() {
    let with = |area: f64| claims([compound(), vec![line(5.301, area)]].concat(), false);
    let found = with(20.0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1.name, "dichloromethane");
    assert!(found[0].1.confidence > 0.5);
    // A hydrogen of the compound, a methyl at acetone's place, a line beside another.
    assert!(with(100.0).iter().all(|(_, claim)| claim.confidence < 0.5));
    let methyl = claims([compound(), vec![line(2.17, 300.0)]].concat(), false);
    assert!(methyl.iter().all(|(_, claim)| claim.confidence < 0.5), "{methyl:?}");
    let doublet = vec![line(5.301, 20.0), line(5.316, 18.0)];
    assert!(claims([compound(), doublet].concat(), false).is_empty());
}

#[test]
fn in_13c_all_lines_count_and_the_compounds_stay() {
    let own: Vec<RawPeak> = [14.0, 22.7, 55.4, 114.2, 128.9, 131.0, 159.3]
        .iter()
        .map(|&ppm| line(ppm, 100.0))
        .collect();
    let other = |height: f64| {
        [14.2, 21.05, 60.45, 171.3].iter().map(|&ppm| line(ppm, height)).collect::<Vec<_>>()
    };
    let found = claims([own.clone(), other(8.0)].concat(), true);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.iter().all(|(_, claim)| claim.name == "ethyl acetate" && claim.confidence > 0.5));
    let found = claims([own.clone(), other(90.0)].concat(), true);
    assert!(found.iter().all(|(_, claim)| claim.confidence < 0.5), "{found:?}");
    assert!(claims(own, true).is_empty());
}

#[test]
fn signals_of_a_solvent_are_known_in_any_of_the_solvents() {
    assert_eq!(named_solvent(&[1.18, 3.6], false, 0.1), Some("ethanol"));
    assert_eq!(named_solvent(&[40.5], true, 0.5), Some("DMSO"));
    assert_eq!(named_solvent(&[12.9], false, 0.1), None);
}
