use super::*;
use crate::spectrum::solvent_lines;

const CARBON_MHZ: f64 = 100.6;
const PROTON_MHZ: f64 = 400.1;

fn peak(ppm: f64, height: f64) -> RawPeak {
    RawPeak { ppm, height, width_hz: 1.2, area: height * 1.2 * std::f64::consts::FRAC_PI_2 }
}

/// A multiplet of a solvent about `centre`, so many of its outermost lines left out.
fn multiplet_of(
    solvent: Solvent,
    nucleus: &Nucleus,
    centre: f64,
    drowned: usize,
    height: f64,
) -> Vec<RawPeak> {
    let mhz = if *nucleus == Nucleus::Carbon { CARBON_MHZ } else { PROTON_MHZ };
    let line = &solvent_lines::lines(solvent, nucleus)[0];
    let pattern = line.pattern();
    pattern[drowned..pattern.len() - drowned]
        .iter()
        .map(|(offset, share)| peak(centre + offset * line.coupling_hz / mhz, share * height))
        .collect()
}

fn measured<'a>(
    peaks: &'a mut Vec<RawPeak>,
    nucleus: &'a Nucleus,
    header: Option<Solvent>,
) -> Unreferenced<'a> {
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    Unreferenced {
        peaks,
        nucleus,
        experiment: Experiment::Plain,
        origin: Origin::Acquired,
        header,
        reference_mhz: if *nucleus == Nucleus::Carbon { CARBON_MHZ } else { PROTON_MHZ },
        calibrated_mhz: None,
        water_suppressed: false,
        temperature_k: None,
        sample_axis: None,
    }
}

fn carbon(mut peaks: Vec<RawPeak>, header: Option<Solvent>) -> (Referencing, Option<Solvent>) {
    find(&measured(&mut peaks, &Nucleus::Carbon, header))
}

fn proton(mut peaks: Vec<RawPeak>, header: Option<Solvent>) -> (Referencing, Option<Solvent>) {
    find(&measured(&mut peaks, &Nucleus::Proton, header))
}

/// Carbons of a compound, `offset` off their places.
fn carbons(offset: f64) -> Vec<RawPeak> {
    [(15.2, 5.0), (38.4, 4.0), (55.1, 6.0), (128.3, 8.0), (171.0, 2.0)]
        .map(|(ppm, height)| peak(ppm + offset, height))
        .to_vec()
}

/// Hydrogens of a compound: an ethyl group and an aromatic doublet.
fn hydrogens(offset: f64) -> Vec<RawPeak> {
    let lines = [(1.18, 10.0), (1.20, 20.0), (1.22, 10.0), (4.10, 8.0), (4.12, 8.0)];
    let aromatic = [(6.81, 30.0), (6.83, 30.0), (7.61, 30.0), (7.63, 30.0)];
    lines.into_iter().chain(aromatic).map(|(ppm, height)| peak(ppm + offset, height)).collect()
}

#[test]
fn a_deuterated_carbon_is_known_by_its_multiplet_wherever_the_axis_lies() {
    for (solvent, place) in
        [(Solvent::Chloroform, 77.04), (Solvent::Methanol, 49.0), (Solvent::Acetone, 29.84)]
    {
        for offset in [-2.5, 0.0, 2.5] {
            // The header says nothing, or the wrong thing.
            for header in [None, Some(Solvent::Benzene), Some(solvent)] {
                let mut peaks = carbons(offset);
                peaks.extend(multiplet_of(solvent, &Nucleus::Carbon, place + offset, 0, 3.0));
                let (found, seen) = carbon(peaks, header);
                assert_eq!(seen, Some(solvent), "{header:?} {offset} {found:?}");
                assert!((found.shift_ppm + offset).abs() < 0.01, "{found:?}");
                assert_eq!(found.method, ReferenceMethod::Solvent);
            }
        }
    }
}

#[test]
fn a_tube_locked_on_the_wrong_solvent_is_found_by_its_own_solvents_pattern() {
    // Chloroform locked as DMSO: every line is off by what the two deuterons differ in.
    let apart = 7.26 - 2.50;
    let mut peaks = carbons(apart);
    peaks.extend(multiplet_of(Solvent::Chloroform, &Nucleus::Carbon, 77.04 + apart, 0, 3.0));
    let (found, seen) = carbon(peaks, Some(Solvent::DimethylSulfoxide));
    assert_eq!(seen, Some(Solvent::Chloroform));
    assert!((found.shift_ppm + apart).abs() < 0.02 && found.confidence > 0.9, "{found:?}");
}

#[test]
fn the_outermost_lines_of_a_septet_may_drown_in_noise() {
    for (drowned, seen) in [(1, true), (2, false)] {
        let mut peaks = carbons(0.0);
        let septet = multiplet_of(Solvent::Methanol, &Nucleus::Carbon, 49.3, drowned, 3.0);
        peaks.extend(septet);
        let (found, solvent) = carbon(peaks, None);
        assert_eq!(solvent == Some(Solvent::Methanol), seen, "{drowned}: {found:?}");
    }
}

#[test]
fn without_a_witness_the_axis_stays_and_says_that_it_is_not_sure() {
    for (found, nucleus) in [
        (carbon(carbons(0.0), Some(Solvent::Chloroform)).0, Nucleus::Carbon),
        (proton(hydrogens(0.0), Some(Solvent::Water)).0, Nucleus::Proton),
    ] {
        assert_eq!(found.method, ReferenceMethod::Carrier, "{found:?}");
        assert!(found.shift_ppm.abs() < 1e-9 && !found.is_sure(&nucleus), "{found:?}");
    }
    // Three lines at the right distances, of heights no deuterium gives.
    let mut uneven = carbons(0.0);
    uneven.extend([(76.42, 1.0), (76.74, 9.0), (77.06, 1.0)].map(|(ppm, h)| peak(ppm, h)));
    assert_eq!(carbon(uneven, Some(Solvent::Chloroform)).0.method, ReferenceMethod::Carrier);
}

#[test]
fn a_silyl_ethers_methyls_are_no_standard_beside_the_solvent() {
    // 1H: chloroform where it belongs, and SiMe3 at -0.07.
    let mut peaks = hydrogens(0.0);
    peaks.extend([peak(7.26, 12.0), peak(-0.07, 90.0)]);
    let (found, _) = proton(peaks, Some(Solvent::Chloroform));
    assert_eq!(found.method, ReferenceMethod::Solvent, "{found:?}");
    assert!(found.shift_ppm.abs() < 1e-9, "{found:?}");
    // 13C: the same beside the triplet.
    let mut peaks = carbons(0.0);
    peaks.extend(multiplet_of(Solvent::Chloroform, &Nucleus::Carbon, 77.04, 0, 3.0));
    peaks.push(peak(-1.29, 20.0));
    let (found, _) = carbon(peaks, Some(Solvent::Chloroform));
    assert!(found.shift_ppm.abs() < 1e-9, "{found:?}");
}

#[test]
fn an_edited_spectrum_without_solvent_follows_the_other_spectra_of_its_tube() {
    let mut peaks = carbons(0.0);
    peaks.push(peak(-1.29, 20.0));
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    let nucleus = Nucleus::Carbon;
    let alone = Unreferenced {
        experiment: Experiment::Dept(135),
        ..measured(&mut peaks, &nucleus, Some(Solvent::Chloroform))
    };
    assert!(!find(&alone).0.is_sure(&nucleus), "SiMe3 may be TMS off its place");
    // By 13C of the same tube the axis is off by 0.02 ppm.
    let sure = Referencing {
        method: ReferenceMethod::Solvent,
        shift_ppm: 0.02,
        line_ppm: Some(77.04),
        confidence: 1.0,
        standard_error_ppm: 0.03,
        zero_mhz: CARBON_MHZ * (1.0 - 0.02e-6),
        rivals: Vec::new(),
    };
    let sample_axis = SampleAxis::of(&sure, &nucleus, Some(Solvent::Chloroform));
    let (found, _) = find(&Unreferenced { sample_axis, ..alone });
    assert_eq!(found.method, ReferenceMethod::Sample);
    assert!((found.shift_ppm - 0.02).abs() < 0.001 && found.is_sure(&nucleus), "{found:?}");
}

#[test]
fn a_13c_standard_in_water_is_found_where_the_ratio_for_tms_puts_it() {
    // The axis is tied to TMS by the ratio of frequencies; DSS stands 2.7 ppm below its zero.
    let mut peaks = carbons(-2.8);
    peaks.push(peak(-2.8, 4.0));
    let (found, _) = carbon(peaks, Some(Solvent::Water));
    assert_eq!(found.method, ReferenceMethod::Tms, "{found:?}");
    assert!((found.shift_ppm - 2.8).abs() < 1e-9, "{found:?}");
}

#[test]
fn silicone_grease_is_not_taken_for_tms() {
    // An operator set grease to zero: chloroform stands at 7.19.
    let mut peaks = hydrogens(-0.069);
    peaks.extend([peak(0.0, 10.0), peak(7.191, 12.0)]);
    let (found, _) = proton(peaks, Some(Solvent::Chloroform));
    assert_eq!(found.method, ReferenceMethod::Solvent);
    assert!((found.shift_ppm - 0.069).abs() < 1e-9, "{found:?}");
}

#[test]
fn tms_stays_the_reference_beside_an_aromatic_line_near_the_solvents_place() {
    let mut peaks = hydrogens(0.0);
    peaks.extend([peak(0.0, 10.0), peak(7.191, 60.0), peak(7.26, 12.0)]);
    let (found, _) = proton(peaks, Some(Solvent::Chloroform));
    assert_eq!(found.method, ReferenceMethod::Tms);
    assert!(found.shift_ppm.abs() < 1e-9, "{found:?}");
}

#[test]
fn residual_protons_need_the_header_unless_their_multiplet_is_resolved() {
    let mut single = hydrogens(0.0);
    single.push(peak(7.26, 3.0));
    assert_eq!(proton(single.clone(), Some(Solvent::Chloroform)).1, Some(Solvent::Chloroform));
    assert_ne!(proton(single, Some(Solvent::Acetone)).1, Some(Solvent::Chloroform));
    let mut quintet = hydrogens(0.0);
    quintet.extend(multiplet_of(Solvent::Methanol, &Nucleus::Proton, 3.31, 0, 3.0));
    assert_eq!(proton(quintet, None).1, Some(Solvent::Methanol));
}

#[test]
fn the_operators_calibration_counts_where_no_line_speaks() {
    let mut peaks = hydrogens(0.1);
    let nucleus = Nucleus::Proton;
    let with = Unreferenced {
        calibrated_mhz: Some(PROTON_MHZ * (1.0 + 0.1e-6)),
        ..measured(&mut peaks, &nucleus, Some(Solvent::Water))
    };
    let (found, _) = find(&with);
    assert_eq!(found.method, ReferenceMethod::Calibration, "{found:?}");
    assert!((found.shift_ppm + 0.1).abs() < 1e-3, "{found:?}");
}

#[test]
fn witnesses_that_disagree_are_both_named() {
    // By TMS the axis is off by 0.03 ppm, by chloroform it is not.
    let mut peaks = hydrogens(0.0);
    peaks.extend([peak(0.03, 90.0), peak(7.26, 12.0)]);
    let (found, _) = proton(peaks, Some(Solvent::Chloroform));
    assert!(!found.rivals.is_empty() && !found.is_sure(&Nucleus::Proton), "{found:?}");
}

#[test]
fn water_moves_with_temperature() {
    for (kelvin, place) in [(298.15, 4.768), (310.15, 4.637), (278.15, 5.0)] {
        let mut peaks = hydrogens(0.05);
        peaks.push(peak(place + 0.05, 500.0));
        let nucleus = Nucleus::Proton;
        let hot = Unreferenced {
            temperature_k: Some(kelvin),
            ..measured(&mut peaks, &nucleus, Some(Solvent::Water))
        };
        let (found, _) = find(&hot);
        assert!((found.shift_ppm + 0.05).abs() < 0.02, "{kelvin}: {found:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_lines_give_a_finite_axis_and_a_probability(
        lines in proptest::collection::vec((-20.0f64..230.0, -1e6f64..1e6, 0.01f64..500.0), 0..60),
        header in proptest::option::of(proptest::sample::select(Solvent::ALL)),
        carbon_observed in proptest::bool::ANY,
    ) {
        let mut peaks: Vec<RawPeak> = lines
            .into_iter()
            .map(|(ppm, height, width_hz)| RawPeak { ppm, height, width_hz, area: height })
            .collect();
        let nucleus = if carbon_observed { Nucleus::Carbon } else { Nucleus::Proton };
        let (found, _) = find(&measured(&mut peaks, &nucleus, header));
        proptest::prop_assert!(found.shift_ppm.abs() < 20.0);
        proptest::prop_assert!((0.0..=1.0).contains(&found.confidence), "{:?}", found);
        proptest::prop_assert!(found.standard_error_ppm.is_finite());
    }
}

#[test]
fn a_standard_of_two_tips_among_picked_noise_is_one_line() {
    // Noise that was picked is narrower than any line.
    let mut peaks: Vec<RawPeak> = (0..400)
        .map(|k| RawPeak { width_hz: 0.4, ..peak(0.6 + 0.02 * f64::from(k), 0.01) })
        .collect();
    peaks.extend(hydrogens(0.0).into_iter().map(|line| RawPeak { width_hz: 2.2, ..line }));
    let apart = 0.8 / PROTON_MHZ;
    peaks.extend(
        [(0.1, 3.0), (0.1 + apart, 2.8)]
            .map(|(ppm, height)| RawPeak { width_hz: 2.0, ..peak(ppm, height) }),
    );
    let (found, _) = proton(peaks, Some(Solvent::Water));
    assert_eq!(found.method, ReferenceMethod::Tms, "{found:?}");
    assert!((found.shift_ppm + 0.1).abs() < 2.0 * apart, "{found:?}");
}

#[test]
fn neither_a_satellite_nor_a_spike_is_the_standard() {
    let mut peaks = hydrogens(0.0);
    let apart = 3.3 / PROTON_MHZ;
    peaks.push(peak(7.26, 2.0));
    peaks.extend([(0.0, 8.0), (apart, 0.2), (-apart, 0.2)].map(|(ppm, h)| peak(ppm, h)));
    let (found, _) = proton(peaks, Some(Solvent::Chloroform));
    assert!(found.shift_ppm.abs() < 0.5 * apart, "{found:?}");
    let mut peaks = hydrogens(0.0);
    peaks.iter_mut().for_each(|line| line.width_hz = 2.5);
    peaks.push(RawPeak { width_hz: 0.4, ..peak(0.12, 3.0) });
    let (found, _) = proton(peaks, Some(Solvent::Water));
    assert_ne!(found.method, ReferenceMethod::Tms, "{found:?}");
}

#[test]
fn a_triplet_of_chloroform_is_believed_under_another_solvents_name() {
    let mut peaks = carbons(9.2);
    peaks.extend(multiplet_of(Solvent::Chloroform, &Nucleus::Carbon, 77.04 + 9.2, 0, 3.0));
    let (found, seen) = carbon(peaks, Some(Solvent::Methanol));
    assert_eq!(seen, Some(Solvent::Chloroform), "{found:?}");
    assert!((found.shift_ppm + 9.2).abs() < 0.02, "{found:?}");
}

#[test]
fn little_solvent_beside_much_solute_is_no_sure_reference() {
    let of = |height: f64| {
        let mut peaks = carbons(0.0);
        peaks.extend(multiplet_of(Solvent::Chloroform, &Nucleus::Carbon, 77.04, 0, height));
        carbon(peaks, Some(Solvent::Chloroform)).0
    };
    assert!(of(3.0).is_sure(&Nucleus::Carbon));
    let little = of(0.5);
    assert_eq!(little.method, ReferenceMethod::Solvent);
    assert!(!little.is_sure(&Nucleus::Carbon), "{little:?}");
}
