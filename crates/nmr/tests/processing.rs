//! What processing promises, on compounds of which every carbon is known.
#![allow(clippy::unwrap_used, clippy::panic)]

use larmor_fixtures::test_data;
use larmor_nmr::fid::{self, Nucleus, Solvent};
use larmor_nmr::spectrum::{
    self, Apodization, Multiplicity, PeakClass, ProcessedSpectrum, ProcessingParameters,
    ProcessingStep, ReferenceMethod, SpectrumError,
};

const ARBORININE: &str = "arborinine_full_assignments/dj_ca_2017_ernestin_EN4";
const CARYOPHYLLENE: &str = "caryophyllene_oxide_full_assignments_hasError/MP-caryophyllene_oxide";
const ANILINE: &str = "3,5-Bis(trifluoromethyl)aniline-sym/MP-TFM-aniline";

/// Shifts of every distinct carbon, as its authors assigned them.
const ARBORININE_C: [f64; 16] = [
    121.4485, 133.9104, 114.5697, 141.8969, 120.6325, 126.4827, 140.4134, 105.6732, 180.7020,
    86.6638, 159.2546, 130.0779, 156.0749, 34.0764, 60.7954, 55.9788,
];
const CARYOPHYLLENE_C: [f64; 15] = [
    34.0319, 39.7585, 48.7390, 50.7269, 21.6342, 29.9026, 151.8220, 29.7840, 30.2092, 63.7576,
    59.8360, 39.1502, 27.2124, 17.0105, 112.7597,
];
const ANILINE_C: [f64; 5] = [132.4855, 114.1345, 147.3268, 111.5679, 123.4466];

fn processed(path: &str) -> ProcessedSpectrum {
    let fid = fid::read(&test_data(path)).unwrap();
    spectrum::process(&fid, &ProcessingParameters::default()).unwrap()
}

fn nmredata(sample: &str, number: u32) -> ProcessedSpectrum {
    processed(&format!("nmredata/{sample}/{number}"))
}

fn of_class(spectrum: &ProcessedSpectrum, class: PeakClass) -> Vec<f64> {
    spectrum.peaks.iter().filter(|p| p.class == class).map(|p| p.ppm).collect()
}

fn phase(spectrum: &ProcessedSpectrum) -> (usize, f64) {
    let found = spectrum.record.steps.iter().find_map(|step| match step {
        ProcessingStep::Phase { lines, spread_deg, .. } => Some((*lines, *spread_deg)),
        _ => None,
    });
    found.unwrap()
}

/// Every carbon found, nothing else taken for the compound, the solvent known for what it is.
fn assert_carbons(sample: &str, truth: &[f64]) {
    let spectrum = nmredata(sample, 11);
    let found = of_class(&spectrum, PeakClass::Compound);
    for carbon in truth {
        assert!(found.iter().any(|ppm| (ppm - carbon).abs() < 0.3), "{sample}: no {carbon}");
    }
    let right =
        found.iter().filter(|&ppm| truth.iter().any(|carbon| (ppm - carbon).abs() < 0.3)).count();
    let precision = right as f64 / found.len() as f64;
    assert!(precision >= 0.95, "{sample}: {found:?}");
    assert_eq!(found.len(), truth.len(), "{sample}: one peak a carbon: {found:?}");

    assert_eq!(of_class(&spectrum, PeakClass::Solvent).len(), 3);
    assert_eq!(spectrum.solvent, Some(Solvent::Chloroform));
    assert_eq!(spectrum.referencing.method, ReferenceMethod::Solvent);
    assert!(spectrum.referencing.confidence > 0.9);
    let (lines, spread) = phase(&spectrum);
    assert!(lines >= 10 && spread < 2.0, "{sample}: {lines} lines within {spread} degrees");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn every_carbon_of_arborinine_is_found() {
    assert_carbons(ARBORININE, &ARBORININE_C);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn every_carbon_of_caryophyllene_oxide_is_found() {
    assert_carbons(CARYOPHYLLENE, &CARYOPHYLLENE_C);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn every_carbon_of_the_fluorinated_aniline_is_found() {
    assert_carbons(ANILINE, &ANILINE_C);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn dept135_counts_hydrogens() {
    let mut carbons = nmredata(CARYOPHYLLENE, 11).peaks;
    let dept = nmredata(CARYOPHYLLENE, 12);
    spectrum::edit_multiplicities(&mut carbons, &[(dept.experiment, dept.peaks)]);
    let of = |multiplicity| -> Vec<u32> {
        let kept = carbons.iter().filter(|p| p.multiplicity == Some(multiplicity));
        kept.map(|p| p.ppm.round() as u32).collect()
    };
    assert_eq!(of(Multiplicity::S), [34, 60, 152]);
    assert_eq!(of(Multiplicity::T), [27, 30, 30, 39, 40, 113]);
    // CH or CH3: only where a shift excludes methyl is it said.
    assert_eq!(of(Multiplicity::DQ), [17, 22, 30, 49, 51, 64]);
    assert!(carbons.iter().all(|p| p.class != PeakClass::Compound || p.multiplicity.is_some()));

    let mut carbons = nmredata(ARBORININE, 11).peaks;
    let dept = nmredata(ARBORININE, 12);
    spectrum::edit_multiplicities(&mut carbons, &[(dept.experiment, dept.peaks)]);
    let count = |m| carbons.iter().filter(|p| p.multiplicity == m).count();
    assert_eq!(count(Some(Multiplicity::S)), 8);
    assert_eq!(count(Some(Multiplicity::D)), 5);
    assert_eq!(count(Some(Multiplicity::T)), 0);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn protons_are_referenced_and_their_solvent_known() {
    for (sample, shifts) in [
        (ARBORININE, &[3.8143, 3.9391, 4.0186, 6.2315, 7.7150, 8.4004][..]),
        (CARYOPHYLLENE, &[1.003, 1.024, 1.220, 4.876, 4.992][..]),
        (ANILINE, &[7.054, 7.237][..]),
    ] {
        let spectrum = nmredata(sample, 10);
        assert_eq!(spectrum.nucleus, Nucleus::Proton);
        assert_eq!(spectrum.referencing.method, ReferenceMethod::Solvent, "{sample}");
        assert!(spectrum.referencing.shift_ppm.abs() < 0.1);
        let found = of_class(&spectrum, PeakClass::Compound);
        assert!((2..150).contains(&found.len()), "{sample}: {}", found.len());
        for shift in shifts {
            assert!(found.iter().any(|ppm| (ppm - shift).abs() < 0.04), "{sample}: no {shift}");
        }
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn old_big_endian_data_without_a_group_delay_are_phased() {
    let aspirin = processed("bruker/aspirin-1h/1");
    let found = of_class(&aspirin, PeakClass::Compound);
    assert!(found.iter().any(|ppm| (ppm - 2.35).abs() < 0.05), "{found:?}");
    assert!(found.iter().any(|ppm| (8.0..8.2).contains(ppm)), "{found:?}");
    let deepest = aspirin.real.iter().fold(0.0f32, |a, &b| a.min(b));
    let tallest = aspirin.real.iter().fold(0.0f32, |a, &b| a.max(b));
    assert!(deepest > -0.05 * tallest, "{deepest} against {tallest}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_same_fid_gives_the_same_spectrum() {
    assert_eq!(nmredata(CARYOPHYLLENE, 11), nmredata(CARYOPHYLLENE, 11));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn parameters_written_and_read_again_give_the_same_spectrum() {
    let fid = fid::read(&test_data(&format!("nmredata/{ARBORININE}/11"))).unwrap();
    let parameters = ProcessingParameters {
        apodization: Apodization::Gaussian,
        repair_points: Some(2),
        keep_broad: true,
        ..ProcessingParameters::default()
    };
    let written = serde_json::to_string(&parameters).unwrap();
    let again: ProcessingParameters = serde_json::from_str(&written).unwrap();
    let spectrum = spectrum::process(&fid, &parameters).unwrap();
    assert_eq!(spectrum, spectrum::process(&fid, &again).unwrap());
    let record = serde_json::to_string(&spectrum.record).unwrap();
    assert_eq!(spectrum.record, serde_json::from_str(&record).unwrap());
    assert_eq!(spectrum.record.version, 6);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn couplings_to_fluorine_are_kept() {
    let carbons = nmredata(ANILINE, 11).peaks;
    let coupling = |ppm: f64| {
        let peak = carbons.iter().find(|p| (p.ppm - ppm).abs() < 0.1).unwrap();
        peak.splitting.as_ref().map(|s| (s.by.as_str(), s.lines, s.coupling_hz.round() as i32))
    };
    assert_eq!(coupling(123.44), Some(("19F", 4, 273)));
    assert_eq!(coupling(132.52), Some(("19F", 4, 33)));
    assert_eq!(coupling(147.33), None);
    assert!(nmredata(ARBORININE, 11).peaks.iter().all(|peak| peak.splitting.is_none()));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn unrecorded_delay_is_found_and_axes_are_right() {
    let path = test_data(&format!("nmredata/{ARBORININE}/11"));
    let mut fid = fid::read(&path).unwrap();
    fid.group_delay -= 2.65;
    let spectrum = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
    let (lines, spread) = phase(&spectrum);
    assert!(lines >= 10 && spread < 2.0, "{lines} lines within {spread} degrees");
    let found = of_class(&spectrum, PeakClass::Compound);
    for carbon in ARBORININE_C {
        assert!(found.iter().any(|ppm| (ppm - carbon).abs() < 0.05), "no {carbon} in {found:?}");
    }
    assert!(spectrum.quality.score > 0.5, "{:?}", spectrum.quality);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_header_may_name_the_wrong_solvent() {
    let path = test_data(&format!("nmredata/{ARBORININE}/11"));
    let mut fid = fid::read(&path).unwrap();
    fid.solvent = Some(Solvent::DimethylSulfoxide);
    let spectrum = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
    assert_eq!(spectrum.solvent, Some(Solvent::Chloroform));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_cannot_be_a_spectrum_is_refused() {
    let mut fid = fid::read(&test_data(&format!("nmredata/{ANILINE}/11"))).unwrap();
    let parameters = ProcessingParameters::default();
    let whole = fid.clone();
    fid.points.truncate(10);
    let refused = spectrum::process(&fid, &parameters).unwrap_err();
    assert!(matches!(refused, SpectrumError::TooFewPoints { .. }));
    fid = whole.clone();
    fid.sweep_width_hz = f64::NAN;
    let refused = spectrum::process(&fid, &parameters).unwrap_err();
    assert!(matches!(refused, SpectrumError::Frequency { .. }));
    fid = whole.clone();
    fid.points.fill(Default::default());
    assert_eq!(spectrum::process(&fid, &parameters).unwrap_err(), SpectrumError::NoSignal);
    fid = whole;
    fid.nucleus = Nucleus::Other("19F".into());
    let refused = spectrum::process(&fid, &parameters).unwrap_err();
    assert_eq!(refused, SpectrumError::Nucleus("19F".into()));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn pure_noise_has_no_compound() {
    let mut fid = fid::read(&test_data(&format!("nmredata/{ANILINE}/11"))).unwrap();
    let mut state = 1u64;
    let mut random = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(u32::MAX) - 0.25
    };
    for point in &mut fid.points {
        point.re = (0..6).map(|_| random()).sum();
        point.im = (0..6).map(|_| random()).sum();
    }
    let spectrum = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
    assert!(of_class(&spectrum, PeakClass::Compound).len() <= 1, "{:?}", spectrum.peaks);
    assert_eq!(spectrum.referencing.method, ReferenceMethod::Carrier);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn impulses_instead_of_a_signal_end_soon() {
    for (sample, number) in [(ANILINE, 10), (ANILINE, 11), (ANILINE, 12)] {
        let mut fid = fid::read(&test_data(&format!("nmredata/{sample}/{number}"))).unwrap();
        fid.points.fill(Default::default());
        for at in [500, 8_000, 31_000] {
            fid.points[at].re = 1e6;
        }
        let started = std::time::Instant::now();
        let spectrum = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
        assert!(spectrum.peaks.len() <= 1000);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
