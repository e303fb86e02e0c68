//! Referencing: every witness of where 0 ppm lies is heard, and their words are weighed together.
//!
//! A witness is the solvent's own pattern, a standard such as TMS, what the operator calibrated,
//! another spectrum of the same tube, or the spectrometer's frequencies. Each proposes an offset of
//! the axis; [`find`] asks of every proposed offset, with every solvent the tube may hold, how
//! probable the lines are that are seen and those that are missing, and takes the most probable.
//! What the others would have given is kept beside it.

mod assumed_solvent;
mod lines;
mod pattern;
mod posterior;
mod prior;
mod sample_axis;
mod solvent;
mod standard;
mod weighing;
mod witness;

use serde::{Deserialize, Serialize};

use super::picking::RawPeak;
use crate::fid::{Experiment, Nucleus, Origin, Solvent};
use crate::name::names;

pub use sample_axis::SampleAxis;

/// What the axis was tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceMethod {
    /// A line or multiplet of the solvent.
    Solvent,
    /// Tetramethylsilane, in water TSP or DSS, at 0 ppm.
    Tms,
    /// Water in water, whose place goes with the temperature.
    Water,
    /// What the operator calibrated.
    Calibration,
    /// Another spectrum of the same tube.
    Sample,
    /// The spectrometer's own frequencies.
    Carrier,
}

names!(ReferenceMethod, "reference", {
    Solvent => "solvent",
    Tms => "tms",
    Water => "water",
    Calibration => "calibration",
    Sample => "sample",
    Carrier => "carrier",
});

impl ReferenceMethod {
    /// The witness in words, as after "by".
    #[must_use]
    pub fn witness(self) -> &'static str {
        match self {
            Self::Solvent => "the solvent",
            Self::Tms => "the line nearest TMS",
            Self::Water => "water",
            Self::Calibration => "the operator's calibration",
            Self::Sample => "the other spectra of the sample",
            Self::Carrier => "the spectrometer's frequencies",
        }
    }
}

/// An offset that another witness proposes and that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// The witness.
    pub method: ReferenceMethod,
    /// What it would have added to every shift, ppm.
    pub shift_ppm: f64,
    /// How probable it is that it is right, 0 to 1.
    pub probability: f64,
}

/// How the axis was put right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Referencing {
    /// What it was tied to.
    pub method: ReferenceMethod,
    /// Added to every shift, ppm.
    pub shift_ppm: f64,
    /// Where the reference line now stands, ppm.
    pub line_ppm: Option<f64>,
    /// Probability that the axis is right within [`agreement_ppm`].
    pub confidence: f64,
    /// Standard error of the offset, ppm, if the witness is the right one.
    #[serde(default)]
    pub standard_error_ppm: f64,
    /// Frequency that stands for 0 ppm now, MHz; 0 in records that do not tell.
    #[serde(default)]
    pub zero_mhz: f64,
    /// What other witnesses would have given, the most probable first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<Rival>,
}

/// Witnesses that differ by less say the same, ppm.
#[must_use]
pub fn agreement_ppm(nucleus: &Nucleus) -> f64 {
    if *nucleus == Nucleus::Carbon { 0.1 } else { 0.02 }
}

impl Referencing {
    /// Nothing but the spectrometer's frequencies.
    #[must_use]
    pub fn carrier(nucleus: &Nucleus, reference_mhz: f64) -> Self {
        Self {
            method: ReferenceMethod::Carrier,
            shift_ppm: 0.0,
            line_ppm: None,
            confidence: 0.3,
            standard_error_ppm: prior::carrier_error(nucleus),
            zero_mhz: reference_mhz,
            rivals: Vec::new(),
        }
    }

    /// Standard deviation of the axis, rivals taken in: how far off all shifts together may be,
    /// ppm. Records from before standard errors were kept have none.
    #[must_use]
    pub fn axis_error_ppm(&self) -> f64 {
        let of_rivals: f64 = self
            .rivals
            .iter()
            .map(|rival| rival.probability * (rival.shift_ppm - self.shift_ppm).powi(2))
            .sum();
        self.standard_error_ppm.hypot(of_rivals.sqrt())
    }

    /// True when the axis is right within [`agreement_ppm`] for all that is known.
    #[must_use]
    pub fn is_sure(&self, nucleus: &Nucleus) -> bool {
        self.confidence >= 0.9 && self.standard_error_ppm <= agreement_ppm(nucleus)
    }
}

/// Picked lines on the spectrometer's axis, with what is known of the measurement.
#[derive(Debug, Clone, Copy)]
pub struct Unreferenced<'a> {
    /// The lines, in ascending order of shift.
    pub peaks: &'a [RawPeak],
    /// Observed nucleus.
    pub nucleus: &'a Nucleus,
    /// What was run.
    pub experiment: Experiment,
    /// Whether the axis is the receiver's or somebody's who processed the spectrum before.
    pub origin: Origin,
    /// The solvent that the header names.
    pub header: Option<Solvent>,
    /// Frequency that stands for 0 ppm on the spectrometer's axis, MHz.
    pub reference_mhz: f64,
    /// Frequency that the operator calibrated to 0 ppm, MHz.
    pub calibrated_mhz: Option<f64>,
    /// True where the water's line has neither shape nor place.
    pub water_suppressed: bool,
    /// Sample temperature, K.
    pub temperature_k: Option<f64>,
    /// Where another spectrum of the same tube has 0 ppm.
    pub sample_axis: Option<SampleAxis>,
}

impl Unreferenced<'_> {
    /// True of a spectrum without a calibration: the program that wrote it kept no frequencies.
    fn is_adrift(&self) -> bool {
        self.origin == Origin::Spectrum && self.calibrated_mhz.is_none()
    }
}

/// Finds the offset of the axis; also tells the solvent it saw.
#[must_use]
pub fn find(measured: &Unreferenced<'_>) -> (Referencing, Option<Solvent>) {
    // What another spectrum of the tube saw is better than what somebody typed.
    let of_this_magnet = |axis: &SampleAxis| {
        axis.shift_ppm(measured.nucleus, axis.solvent, measured.reference_mhz).is_some()
    };
    let sample_axis = measured.sample_axis.filter(of_this_magnet);
    let header = sample_axis.and_then(|axis| axis.solvent).or(measured.header);
    // Of spectra that show some lines only, DEPT shows the solvent in a way that is known.
    let of_use = !measured.experiment.leaves_lines_out()
        || matches!(measured.experiment, Experiment::Dept(_));
    let peaks = if of_use { measured.peaks } else { &[] };
    weighing::weigh(&Unreferenced { header, peaks, sample_axis, ..*measured })
}

#[cfg(test)]
mod tests;
