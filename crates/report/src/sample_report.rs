//! What is told of a sample, and what every form of telling it starts from.

use chrono::{DateTime, Utc};

use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::{Experiment, Nucleus};
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass};
use larmor_nmr::trace::Trace;

/// Shifts nearer than this are one signal's, ppm.
pub(crate) const SAME: f64 = 1e-3;

/// A sample with its spectra and the structure that they are assigned to.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleReport {
    /// Name of the sample.
    pub sample: String,
    /// Its spectra, 1H before 13C, those that show the whole compound before edited ones.
    pub spectra: Vec<ReportedSpectrum>,
    /// The structure, where one was proposed or found.
    pub structure: Option<ReportedStructure>,
}

/// A spectrum of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedSpectrum {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Kind of experiment.
    pub experiment: Experiment,
    /// Spectrometer frequency of the nucleus, MHz.
    pub frequency_mhz: f64,
    /// Usual name of the solvent, where known.
    pub solvent: Option<String>,
    /// All its peaks, whatever their class, ascending in shift.
    pub peaks: Vec<Peak>,
    /// Its multiplets, ascending in shift; empty for 13C.
    pub multiplets: Vec<Multiplet>,
    /// Its points, where they were kept.
    pub trace: Option<Trace>,
    /// When the spectrometer wrote it, where known.
    pub acquired_at: Option<DateTime<Utc>>,
}

/// A structure with the shifts given to its atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedStructure {
    /// SMILES whose atoms `assignments` count, hydrogens written in it included.
    pub smiles: String,
    /// Full InChIKey.
    pub inchikey: String,
    /// Molecular formula in Hill order.
    pub formula: String,
    /// Name or identifier, where there is one.
    pub name: Option<String>,
    /// Which shift is which atom's: several for one peak where atoms are equivalent or none is sure.
    pub assignments: Vec<PeakAssignment>,
}

/// A signal that is none of the structure's.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignSignal {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Shift of the peak or centre of the multiplet, ppm.
    pub ppm: f64,
}

impl SampleReport {
    /// Has signals be an impurity's: nothing tells them as the compound's any more.
    pub fn set_aside(&mut self, signals: &[ForeignSignal]) {
        for spectrum in &mut self.spectra {
            let of_nucleus = signals.iter().filter(|one| one.nucleus == spectrum.nucleus);
            for signal in of_nucleus {
                let is_it = |ppm: f64| (ppm - signal.ppm).abs() < SAME;
                for one in spectrum.multiplets.iter_mut().filter(|one| is_it(one.ppm)) {
                    one.class = PeakClass::Impurity;
                    for &line in &one.peaks {
                        if let Some(line) = spectrum.peaks.get_mut(line) {
                            line.class = PeakClass::Impurity;
                        }
                    }
                }
                for one in spectrum.peaks.iter_mut().filter(|one| is_it(one.ppm)) {
                    one.class = PeakClass::Impurity;
                }
            }
        }
    }
}
