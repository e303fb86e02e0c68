//! Spectra as parts of a sample: what is judged together.

mod beside;

use crate::fid::{Experiment, Nucleus, Solvent};
use crate::spectrum::{Multiplet, Peak, ProcessedSpectrum};

pub use beside::process;

/// One spectrum of a sample: what the judgement of the sample needs of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleSpectrum {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Kind of experiment.
    pub experiment: Experiment,
    /// All its peaks, whatever their class.
    pub peaks: Vec<Peak>,
    /// Its multiplets; empty where none were told apart.
    pub multiplets: Vec<Multiplet>,
    /// Solvent, seen or named.
    pub solvent: Option<Solvent>,
    /// Spectrometer frequency of the nucleus, MHz.
    pub frequency_mhz: f64,
    /// How far off all shifts together may be, ppm: see [`Referencing::axis_error_ppm`](crate::spectrum::Referencing::axis_error_ppm).
    pub axis_error_ppm: f64,
}

impl From<&ProcessedSpectrum> for SampleSpectrum {
    fn from(spectrum: &ProcessedSpectrum) -> Self {
        Self {
            nucleus: spectrum.nucleus.clone(),
            experiment: spectrum.experiment,
            peaks: spectrum.peaks.clone(),
            multiplets: spectrum.multiplets.clone(),
            solvent: spectrum.solvent,
            frequency_mhz: spectrum.frequency_mhz,
            axis_error_ppm: spectrum.referencing.axis_error_ppm(),
        }
    }
}
