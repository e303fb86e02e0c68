//! The free induction decay itself, in the one form every format is read into.

use num_complex::Complex64;

use super::{experiment::Experiment, nucleus::Nucleus, solvent::Solvent};
use crate::name::names;

/// What the points of a [`Fid`] were before they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The signal as the receiver gave it.
    Acquired,
    /// A spectrum somebody had already apodized, transformed and phased, turned back into the
    /// signal it would have come from.
    Spectrum,
}

names!(Origin, "origin of points", { Acquired => "acquired", Spectrum => "spectrum" });

/// One acquired signal with what is needed to make a spectrum of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fid {
    /// Complex points in order of time; the imaginary part is signed so that a forward transform
    /// puts higher frequencies at higher bins.
    pub points: Vec<Complex64>,
    /// Whether the points were acquired or come from a spectrum.
    pub origin: Origin,
    /// Sweep width, Hz.
    pub sweep_width_hz: f64,
    /// Carrier (transmitter) frequency, MHz.
    pub carrier_mhz: f64,
    /// Frequency that stands for 0 ppm before any referencing, MHz.
    pub reference_mhz: f64,
    /// Frequency that the operator calibrated to 0 ppm, MHz, where the dataset records it.
    pub calibrated_mhz: Option<f64>,
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// What kind of experiment it is.
    pub experiment: Experiment,
    /// Group delay of the digital filter, points (may be fractional).
    pub group_delay: f64,
    /// Solvent, when the header names one.
    pub solvent: Option<Solvent>,
    /// What the header calls the solvent, as written there; empty when it calls it nothing.
    pub solvent_name: String,
    /// True where the water's line is known to be suppressed: what is left of it has no shape and
    /// no place.
    pub water_suppressed: bool,
    /// Sample temperature, K.
    pub temperature_k: Option<f64>,
    /// Scans added up.
    pub scans: Option<u32>,
    /// Title text written by the operator.
    pub title: String,
    /// Name of the pulse program as the vendor writes it.
    pub pulse_program: String,
}

#[cfg(test)]
impl Fid {
    /// Points whose header says nothing but where they stand: a plain acquired 13C signal.
    pub(crate) fn bare(points: Vec<Complex64>, sweep_width_hz: f64, mhz: f64) -> Self {
        Self {
            points,
            origin: Origin::Acquired,
            sweep_width_hz,
            carrier_mhz: mhz,
            reference_mhz: mhz,
            calibrated_mhz: None,
            nucleus: Nucleus::Carbon,
            experiment: Experiment::Plain,
            group_delay: 0.0,
            solvent: None,
            solvent_name: String::new(),
            water_suppressed: false,
            temperature_k: None,
            scans: None,
            title: String::new(),
            pulse_program: String::new(),
        }
    }
}
