//! What was observed of a sample.

use crate::drawn_spectrum::DrawnSpectrum;
use crate::multiplet::ObservedMultiplet;
use crate::separate_substance::SeparateSubstance;
use larmor_chemistry::Formula;
use larmor_nmr::fid::Solvent;
use larmor_nmr::spectrum::Multiplicity;

/// What an entry of a list stands for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Extent {
    /// One line; several of a 1H list may be one multiplet.
    #[default]
    Line,
    /// The centre of a 1H multiplet.
    Multiplet(ObservedMultiplet),
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
    /// Height relative to the compound's tallest line, where measured (13C only).
    pub height: Option<f64>,
}

impl ObservedPeak {
    /// A 13C line.
    #[must_use]
    pub fn carbon(ppm: f64, multiplicity: Option<Multiplicity>) -> Self {
        Self { ppm, multiplicity, extent: Extent::Line, height: None }
    }

    /// A bare 1H line.
    #[must_use]
    pub fn proton_line(ppm: f64) -> Self {
        Self { ppm, multiplicity: None, extent: Extent::Line, height: None }
    }

    /// A 1H multiplet of which no more than the hydrogens is known, by its centre.
    #[must_use]
    pub fn multiplet(ppm: f64, hydrogens: Option<f64>) -> Self {
        Self::of_multiplet(ppm, ObservedMultiplet::new(hydrogens))
    }

    /// A 1H multiplet, by its centre.
    #[must_use]
    pub fn of_multiplet(ppm: f64, multiplet: ObservedMultiplet) -> Self {
        Self { ppm, multiplicity: None, extent: Extent::Multiplet(multiplet), height: None }
    }

    /// With its height relative to the compound's tallest line, whichever way it points.
    #[must_use]
    pub fn of_height(self, height: f64) -> Self {
        Self { height: Some(height.abs()).filter(|height| height.is_finite()), ..self }
    }

    /// What is known of the multiplet; `None` of a line.
    #[must_use]
    pub fn as_multiplet(&self) -> Option<&ObservedMultiplet> {
        match &self.extent {
            Extent::Multiplet(multiplet) => Some(multiplet),
            Extent::Line => None,
        }
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
    /// Solvent, where known.
    pub solvent: Option<Solvent>,
    /// What else is in the tube and already taken out of the lists.
    pub substances: Vec<SeparateSubstance>,
}
