//! What was observed of a sample.

use crate::drawn_spectrum::DrawnSpectrum;
use larmor_chemistry::Formula;
use larmor_nmr::spectrum::Multiplicity;

/// What an entry of a list stands for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Extent {
    /// One line; several of a 1H list may be one multiplet.
    #[default]
    Line,
    /// The centre of a 1H multiplet.
    Multiplet {
        /// Hydrogens it stands for, by its integral, where known.
        hydrogens: Option<f64>,
    },
}

/// One observed peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedPeak {
    /// Chemical shift, ppm.
    pub ppm: f64,
    /// Hydrogens on the carbon, where known (13C only).
    pub multiplicity: Option<Multiplicity>,
    /// A line, or all lines of a multiplet (1H only).
    pub extent: Extent,
}

impl ObservedPeak {
    /// A 13C line.
    #[must_use]
    pub fn carbon(ppm: f64, multiplicity: Option<Multiplicity>) -> Self {
        Self { ppm, multiplicity, extent: Extent::Line }
    }

    /// A bare 1H line.
    #[must_use]
    pub fn proton_line(ppm: f64) -> Self {
        Self { ppm, multiplicity: None, extent: Extent::Line }
    }

    /// A 1H multiplet, by its centre.
    #[must_use]
    pub fn multiplet(ppm: f64, hydrogens: Option<f64>) -> Self {
        Self { ppm, multiplicity: None, extent: Extent::Multiplet { hydrogens } }
    }
}

/// The compound peaks of one sample, all its spectra together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// 13C peaks.
    pub c13: Vec<ObservedPeak>,
    /// 1H lines or multiplet centres.
    pub h1: Vec<ObservedPeak>,
    /// The 13C spectrum as it looks, where more than shifts is known.
    pub c13_drawn: Option<DrawnSpectrum>,
    /// The same of 1H.
    pub h1_drawn: Option<DrawnSpectrum>,
    /// How far off all 13C shifts together may be, ppm: standard error of their axis.
    pub c13_axis_error_ppm: f64,
    /// The same of 1H.
    pub h1_axis_error_ppm: f64,
    /// Molecular formula, where known.
    pub formula: Option<Formula>,
}
