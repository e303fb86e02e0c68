//! A report to test with.

use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::{Experiment, Nucleus};
use larmor_nmr::spectrum::{Multiplet, PeakClass};

use crate::{ReportedSpectrum, ReportedStructure, SampleReport};

pub(crate) fn assignment(atom: u32, ppm: f64) -> PeakAssignment {
    PeakAssignment { atom, nucleus: Nucleus::Proton, ppm, predicted_ppm: ppm, probability: 0.9 }
}

pub(crate) fn multiplet(ppm: f64, pattern: &str, area: f64, hydrogens: Option<f64>) -> Multiplet {
    Multiplet {
        ppm,
        from_ppm: ppm - 0.03,
        to_ppm: ppm + 0.03,
        area,
        pattern: pattern.to_owned(),
        couplings_hz: Vec::new(),
        class: PeakClass::Compound,
        peaks: Vec::new(),
        hydrogens,
    }
}

/// A 1H spectrum of a structure.
pub(crate) fn proton_report(
    smiles: &str,
    multiplets: Vec<Multiplet>,
    assignments: Vec<PeakAssignment>,
) -> SampleReport {
    SampleReport {
        sample: "sample".to_owned(),
        spectra: vec![ReportedSpectrum {
            nucleus: Nucleus::Proton,
            experiment: Experiment::Plain,
            frequency_mhz: 500.13,
            solvent: Some("CDCl3".to_owned()),
            peaks: Vec::new(),
            multiplets,
            trace: None,
            acquired_at: None,
        }],
        structure: Some(ReportedStructure {
            smiles: smiles.to_owned(),
            inchikey: String::new(),
            formula: String::new(),
            name: None,
            assignments,
        }),
    }
}
