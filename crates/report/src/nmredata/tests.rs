#![allow(clippy::unwrap_used)]

use larmor_chemistry::Molecule;
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::{Experiment, Nucleus};
use larmor_nmr::spectrum::{Multiplet, Multiplicity, Peak, PeakClass, Splitting};

use super::*;
use crate::ReportedSpectrum;

fn peak(ppm: f64) -> Peak {
    Peak {
        ppm,
        intensity: 0.5,
        width_hz: 1.25,
        area: 0.25,
        signal_to_noise: 90.0,
        class: PeakClass::Compound,
        multiplicity: None,
        errors: None,
        splitting: None,
        substance: None,
    }
}

fn multiplet(ppm: f64, pattern: &str, couplings_hz: &[f64], hydrogens: f64) -> Multiplet {
    Multiplet {
        ppm,
        from_ppm: ppm - 0.03,
        to_ppm: ppm + 0.03,
        area: 0.5,
        pattern: pattern.to_owned(),
        couplings_hz: couplings_hz.to_vec(),
        class: PeakClass::Compound,
        peaks: Vec::new(),
        hydrogens: Some(hydrogens),
    }
}

fn given(atom: u32, nucleus: Nucleus, ppm: f64) -> PeakAssignment {
    PeakAssignment { atom, nucleus, ppm, predicted_ppm: ppm, probability: 0.95 }
}

fn spectrum(nucleus: Nucleus, experiment: Experiment, frequency_mhz: f64) -> ReportedSpectrum {
    ReportedSpectrum {
        nucleus,
        experiment,
        frequency_mhz,
        solvent: Some("CDCl3".to_owned()),
        peaks: Vec::new(),
        multiplets: Vec::new(),
        trace: None,
        acquired_at: None,
    }
}

/// Ethyl acetate, with a DEPT135 and an assignment of everything.
fn ethyl_acetate() -> SampleReport {
    let solvent = Peak { class: PeakClass::Solvent, ..peak(77.16) };
    let carbon = ReportedSpectrum {
        peaks: vec![peak(14.19), peak(21.04), peak(60.38), solvent, peak(171.13)],
        ..spectrum(Nucleus::Carbon, Experiment::Plain, 125.77)
    };
    let inverted = Peak { intensity: -0.4, multiplicity: Some(Multiplicity::T), ..peak(60.37) };
    let dept = ReportedSpectrum {
        peaks: vec![peak(14.2), inverted],
        ..spectrum(Nucleus::Carbon, Experiment::Dept(135), 125.77)
    };
    let proton = ReportedSpectrum {
        multiplets: vec![
            multiplet(1.26, "t", &[7.13], 3.04),
            multiplet(2.04, "s", &[], 2.96),
            multiplet(4.12, "q", &[7.13], 2.0),
            Multiplet { class: PeakClass::Solvent, ..multiplet(7.26, "s", &[], 1.0) },
        ],
        ..spectrum(Nucleus::Proton, Experiment::Plain, 500.13)
    };
    let assignments = vec![
        given(0, Nucleus::Carbon, 14.19),
        given(0, Nucleus::Proton, 1.26),
        given(1, Nucleus::Carbon, 60.38),
        given(1, Nucleus::Proton, 4.12),
        given(3, Nucleus::Carbon, 171.13),
        given(5, Nucleus::Carbon, 21.04),
        given(5, Nucleus::Proton, 2.04),
    ];
    SampleReport {
        sample: "2026-114".to_owned(),
        spectra: vec![proton, carbon, dept],
        structure: Some(ReportedStructure {
            smiles: "CCOC(=O)C".to_owned(),
            inchikey: "XEKOWRVHYACXOJ-UHFFFAOYSA-N".to_owned(),
            formula: "C4H8O2".to_owned(),
            name: Some("ethyl acetate".to_owned()),
            assignments,
        }),
    }
}

/// Lines of a field, the backslashes behind them taken off.
fn field<'a>(record: &'a str, tag: &str) -> Vec<&'a str> {
    let header = format!(">  <NMREDATA_{tag}>");
    let lines = record.lines().skip_while(|line| *line != header).skip(1);
    lines.take_while(|line| !line.is_empty()).map(|line| line.trim_end_matches('\\')).collect()
}

#[test]
fn a_record_tells_structure_assignment_and_every_spectrum() {
    let record = nmredata(&ethyl_acetate()).unwrap();
    assert!(record.starts_with("2026-114\n") && record.ends_with("\n\n$$$$\n"));
    let read = Molecule::from_molblock(&record).unwrap();
    assert_eq!(read.inchikey, "XEKOWRVHYACXOJ-UHFFFAOYSA-N");
    assert_eq!(read.graph.element, [6, 6, 8, 6, 8, 6], "in the order of the SMILES");
    for (tag, line) in [
        ("VERSION", "1.1"),
        ("LEVEL", "0"),
        ("SOLVENT", "CDCl3"),
        ("FORMULA", "C4H8O2"),
        ("SMILES", "CCOC(=O)C"),
        ("INCHI", "InChI=1S/C4H8O2/c1-3-6-4(2)5/h3H2,1-2H3"),
    ] {
        assert_eq!(field(&record, tag), [line]);
    }
    assert_eq!(
        field(&record, "ASSIGNMENT"),
        [
            "C1, 14.1900, 1",
            "H1, 1.2600, H1",
            "C2, 60.3800, 2",
            "H2, 4.1200, H2",
            "C4, 171.1300, 4",
            "C6, 21.0400, 6",
            "H6, 2.0400, H6",
        ]
    );
    assert_eq!(
        field(&record, "1D_1H"),
        [
            "Larmor=500.13",
            "Spectrum_Location=none",
            "4.1200, S=q, J=7.13, N=2, L=H2, E=2.0000",
            "2.0400, S=s, N=3, L=H6, E=2.9600",
            "1.2600, S=t, J=7.13, N=3, L=H1, E=3.0400",
        ]
    );
    assert_eq!(
        field(&record, "1D_13C"),
        [
            "Larmor=125.77",
            "Spectrum_Location=none",
            "Decoupled=1H",
            "171.1300, L=C4, I=0.5000, W=1.25",
            "60.3800, L=C2, I=0.5000, W=1.25",
            "21.0400, L=C6, I=0.5000, W=1.25",
            "14.1900, L=C1, I=0.5000, W=1.25",
        ]
    );
    assert_eq!(
        field(&record, "1D_13C#2")[3..],
        [
            "Sequence=DEPT135",
            "60.3700, N=2, L=C2, I=-0.4000, W=1.25",
            "14.2000, L=C1, I=0.5000, W=1.25",
        ]
    );
}

#[test]
fn overlap_fluorine_and_uncounted_hydrogens_are_told_as_they_are() {
    let mut report = ethyl_acetate();
    let uncounted = |ppm| Multiplet { hydrogens: None, ..multiplet(ppm, "m", &[], 0.0) };
    report.spectra[0].multiplets = vec![uncounted(4.12), uncounted(-0.2)];
    let splitting = Some(Splitting { by: "19F".to_owned(), lines: 2, coupling_hz: 245.4 });
    report.spectra[1].peaks = vec![Peak { splitting, ..peak(162.3) }];
    let structure = report.structure.as_mut().unwrap();
    structure.assignments.push(given(5, Nucleus::Proton, 4.10));
    let record = nmredata(&report).unwrap();
    assert_eq!(
        field(&record, "1D_1H")[2..],
        ["4.1500-4.0900, S=m, L=H2, H6a, E=0.5000", "-0.2000, S=m, E=0.5000"]
    );
    assert_eq!(field(&record, "1D_13C")[3], "162.3000, S=d, J=245.40, I=0.5000, W=1.25");
}

#[test]
fn what_may_be_interchanged_raises_the_level() {
    let mut report = ethyl_acetate();
    let structure = report.structure.as_mut().unwrap();
    structure.smiles = "CC(C)O".to_owned();
    structure.assignments = vec![
        PeakAssignment { probability: 0.48, ..given(0, Nucleus::Carbon, 25.1) },
        PeakAssignment { probability: 0.48, ..given(2, Nucleus::Carbon, 25.4) },
        PeakAssignment { probability: 0.41, ..given(1, Nucleus::Carbon, 64.0) },
    ];
    let record = nmredata(&report).unwrap();
    assert_eq!(field(&record, "LEVEL"), ["1"]);
    assert_eq!(field(&record, "ASSIGNMENT")[3..], ["Interchangeable=C1, C3"]);
    let comment = "Comment=Doubtful assignments and their probabilities: C2 0.41";
    assert!(field(&record, "ID").contains(&comment), "{record}");
}

#[test]
fn no_name_adds_a_field_or_ends_the_record() {
    let plain = nmredata(&ethyl_acetate()).unwrap();
    let evil = "$$$$\n>  <NMREDATA_LEVEL>\n3\\\n\nM  END\n";
    let mut report = ethyl_acetate();
    report.sample = evil.to_owned();
    report.spectra[0].solvent = Some(evil.to_owned());
    report.structure.as_mut().unwrap().name = Some(evil.to_owned());
    let record = nmredata(&report).unwrap();
    assert_eq!(record.lines().count(), plain.lines().count());
    let tags = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with('>')).map(str::to_owned).collect()
    };
    assert_eq!(tags(&record), tags(&plain));
    assert_eq!(record.matches("$$$$").count(), 1);
    assert!(Molecule::from_molblock(&record).is_ok());
}

#[test]
fn strokes_of_a_double_bond_stay_in_the_smiles() {
    let mut report = ethyl_acetate();
    let structure = report.structure.as_mut().unwrap();
    structure.smiles = "C/C=C\\C".to_owned();
    structure.assignments = vec![given(1, Nucleus::Carbon, 124.6)];
    let record = nmredata(&report).unwrap();
    assert!(record.contains(">  <NMREDATA_SMILES>\nC/C=C\\C\n\n"));
    let read = Molecule::from_molblock(&record).unwrap();
    assert_eq!(read.inchikey, Molecule::from_smiles("C/C=C\\C").unwrap().inchikey);
}

#[test]
fn without_a_structure_that_can_be_read_there_is_no_record() {
    let none = SampleReport { structure: None, ..ethyl_acetate() };
    assert_eq!(nmredata(&none), Err(NmredataError::NoStructure));
    let mut report = ethyl_acetate();
    report.structure.as_mut().unwrap().smiles = "nonsense".to_owned();
    assert!(matches!(nmredata(&report), Err(NmredataError::Structure(_))));
}
