//! What was observed of a sample.

use crate::molecule::Formula;
use crate::spectrum::Multiplicity;

/// One observed peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedPeak {
    /// Chemical shift, ppm.
    pub ppm: f64,
    /// Hydrogens on the carbon, where known (13C only).
    pub multiplicity: Option<Multiplicity>,
}

/// The compound peaks of one sample, all its spectra together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// 13C peaks.
    pub c13: Vec<ObservedPeak>,
    /// 1H peaks or multiplet centres.
    pub h1: Vec<ObservedPeak>,
    /// Molecular formula, where known.
    pub formula: Option<Formula>,
}
