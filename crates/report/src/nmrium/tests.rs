#![allow(clippy::unwrap_used)]

use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass};

use super::*;
use crate::ReportedStructure;

fn peak(ppm: f64, class: PeakClass) -> Peak {
    Peak {
        ppm,
        intensity: 0.5,
        width_hz: 1.0,
        area: 0.25,
        signal_to_noise: 90.0,
        class,
        multiplicity: None,
        errors: None,
        splitting: None,
        substance: None,
    }
}

fn spectrum(nucleus: Nucleus, frequency_mhz: f64, trace: Trace) -> ReportedSpectrum {
    ReportedSpectrum {
        nucleus,
        experiment: Experiment::Plain,
        frequency_mhz,
        solvent: Some("CDCl3".to_owned()),
        peaks: Vec::new(),
        multiplets: Vec::new(),
        trace: Some(trace),
        acquired_at: None,
    }
}

/// Methanol with a line of the solvent.
fn methanol() -> SampleReport {
    let heights: Vec<f32> = (0..1_000).map(|k| 1.0 / (1.0 + (k as f32 - 350.0).powi(2))).collect();
    let multiplet = |ppm: f64, pattern: &str, hydrogens, class| Multiplet {
        ppm,
        from_ppm: ppm - 0.03,
        to_ppm: ppm + 0.03,
        area: 0.5,
        pattern: pattern.to_owned(),
        couplings_hz: if pattern == "d" { vec![5.4] } else { Vec::new() },
        class,
        peaks: Vec::new(),
        hydrogens,
    };
    let proton = ReportedSpectrum {
        multiplets: vec![
            multiplet(3.49, "d", Some(3.1), PeakClass::Compound),
            multiplet(7.26, "s", None, PeakClass::Solvent),
        ],
        ..spectrum(Nucleus::Proton, 400.13, Trace::new(-0.5, 0.012, 0.01, &heights))
    };
    let carbon = ReportedSpectrum {
        peaks: vec![peak(50.41, PeakClass::Compound), peak(77.16, PeakClass::Solvent)],
        ..spectrum(Nucleus::Carbon, 100.61, Trace::new(-10.0, 0.24, 0.01, &heights))
    };
    let given = |nucleus, ppm| PeakAssignment {
        atom: 0,
        nucleus,
        ppm,
        predicted_ppm: ppm,
        probability: 1.0,
    };
    SampleReport {
        sample: "a \"b\"\n".to_owned(),
        spectra: vec![proton, carbon],
        structure: Some(ReportedStructure {
            smiles: "CO".to_owned(),
            inchikey: "OKKJLVBELUTLKV-UHFFFAOYSA-N".to_owned(),
            formula: "CH4O".to_owned(),
            name: None,
            assignments: vec![given(Nucleus::Carbon, 50.41), given(Nucleus::Proton, 3.48)],
        }),
    }
}

fn written(report: &SampleReport) -> Value {
    serde_json::from_str(&nmrium(report).unwrap()).unwrap()
}

#[test]
fn every_point_is_there_and_evenly_spaced() {
    let report = methanol();
    let state = written(&report);
    for (spectrum, kept) in state["data"]["spectra"].as_array().unwrap().iter().zip(&report.spectra)
    {
        let numbers = |name: &str| -> Vec<f64> {
            let all = spectrum["data"][name].as_array().unwrap();
            all.iter().map(|number| number.as_f64().unwrap()).collect()
        };
        let (x, re, trace) = (numbers("x"), numbers("re"), kept.trace.as_ref().unwrap());
        assert_eq!((x.len(), re.len()), (trace.len(), trace.len()));
        assert!(spectrum["data"]["im"].is_null());
        for (place, shift) in x.iter().enumerate() {
            let right = trace.first_ppm() + place as f64 * trace.step_ppm();
            assert!((shift - right).abs() < 0.01 * trace.step_ppm(), "{shift} {right}");
        }
        for (height, right) in re.iter().zip(trace.heights()) {
            assert!((height - f64::from(right)).abs() < trace.unit(), "{height} {right}");
        }
    }
}

#[test]
fn signals_have_their_kind_pattern_integral_and_atoms() {
    let state = written(&methanol());
    assert_eq!(state["version"], 15);
    let [proton, carbon] = [0, 1].map(|place| &state["data"]["spectra"][place]);
    assert_eq!(proton["info"]["nucleus"], "1H");
    assert_eq!(proton["info"]["originFrequency"], 400.13);
    let ranges = &proton["ranges"];
    assert_eq!(ranges["options"]["sum"], 3.1);
    let signal = &ranges["values"][0]["signals"][0];
    assert_eq!(signal["js"], json!([{"coupling": 5.4, "multiplicity": "d"}]));
    assert_eq!((&signal["delta"], &signal["assignment"]), (&json!(3.49), &json!("H1")));
    assert_eq!(ranges["values"][0]["integration"], 3.1);
    assert_eq!(ranges["values"][1]["signals"][0]["kind"], "residualSolvent");
    assert_eq!(ranges["values"][1]["integration"], 3.1, "on the scale of the compound");
    assert!(ranges["values"][1]["signals"][0]["assignment"].is_null());
    let lines = carbon["ranges"]["values"].as_array().unwrap();
    assert_eq!(lines[0]["signals"][0]["assignment"], "C1");
    assert_eq!(lines[0]["integration"], 1.0);
    assert_eq!(lines[1]["signals"][0]["kind"], "nmrSolvent");
    assert_eq!(carbon["peaks"]["values"][0]["shape"], json!({"kind": "lorentzian", "fwhm": 1.0}));
}

#[test]
fn the_structure_is_a_mol_block() {
    let state = written(&methanol());
    let molecule = &state["data"]["molecules"][0];
    assert_eq!(molecule["label"], "CH4O");
    assert!(molecule["molfile"].as_str().unwrap().contains("V2000"));
    let none = SampleReport { structure: None, ..methanol() };
    assert_eq!(written(&none)["data"]["molecules"], json!([]));
}

#[test]
fn spectra_without_points_are_left_out_and_without_any_there_is_no_file() {
    let mut report = methanol();
    report.spectra[0].trace = None;
    assert_eq!(written(&report)["data"]["spectra"].as_array().unwrap().len(), 1);
    report.spectra[1].trace = Some(Trace::new(0.0, f64::NAN, 1.0, &[1.0]));
    assert!(matches!(nmrium(&report), Err(NmriumError::NoPoints)));
    let mut wrong = methanol();
    wrong.structure.as_mut().unwrap().smiles = "nonsense".to_owned();
    assert!(matches!(nmrium(&wrong), Err(NmriumError::Structure(_))));
}

#[test]
fn what_is_no_number_becomes_one_and_the_file_stays_json() {
    let mut report = methanol();
    report.spectra[1].peaks[0].width_hz = f64::NAN;
    report.spectra[1].frequency_mhz = 0.0;
    let state = written(&report);
    assert_eq!(state["data"]["spectra"][1]["peaks"]["values"][0]["width"], 0.0);
}
