//! What was done to a spectrum, so that it can be done again.

use serde::{Deserialize, Serialize};

use super::{Apodization, ReferenceMethod, SampleAxis};

/// Version of the processing as a whole: raised when the same FID and parameters would give
/// another result.
pub const PROCESSING_VERSION: u32 = 6;

/// The steps of one run, in order, with every value that was used or found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessingRecord {
    /// Version of the processing.
    pub version: u32,
    /// The steps.
    pub steps: Vec<ProcessingStep>,
}

impl ProcessingRecord {
    pub(super) fn new() -> Self {
        Self { version: PROCESSING_VERSION, steps: Vec::new() }
    }
}

/// One step and its resolved parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ProcessingStep {
    /// The digital filter's delay was undone.
    GroupDelay {
        /// Complex points.
        points: f64,
    },
    /// First points were predicted anew from those that follow.
    Repair {
        /// Complex points.
        points: usize,
    },
    /// Apodization.
    Apodization {
        /// Shape of the weights.
        #[serde(default)]
        shape: Apodization,
        /// Line broadening, Hz.
        line_broadening_hz: f64,
    },
    /// Zero filling and Fourier transformation.
    Transform {
        /// Points of the FID.
        from_points: usize,
        /// Points of the spectrum.
        to_points: usize,
    },
    /// Phase correction about the middle of the spectrum.
    Phase {
        /// Zero order, degrees.
        zero_deg: f64,
        /// First order over the whole sweep width, degrees.
        first_deg: f64,
        /// Lines the phase was taken from; 0 when it was given.
        lines: usize,
        /// Median deviation of those lines from the fitted phase, degrees.
        spread_deg: f64,
    },
    /// A smooth baseline was taken off.
    Baseline {
        /// Stiffness.
        stiffness: f64,
        /// Rounds until the signal-free regions stayed the same.
        rounds: usize,
        /// True when broad humps were left in.
        #[serde(default)]
        keep_broad: bool,
    },
    /// The axis was tied to a reference.
    Reference {
        /// What it was tied to.
        method: ReferenceMethod,
        /// Added to every shift, ppm.
        shift_ppm: f64,
        /// From 0 (a guess) to 1 (beyond doubt).
        confidence: f64,
        /// Standard error of the shift, ppm.
        #[serde(default)]
        standard_error_ppm: f64,
        /// The axis of another spectrum of the tube that was held against it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sample_axis: Option<SampleAxis>,
        /// The solvent by its usual name, seen or named by the header.
        solvent: Option<String>,
    },
    /// An edited spectrum was turned so that CH and CH3 point up.
    Orientation {
        /// True when the spectrum was turned over.
        inverted: bool,
    },
    /// Peaks were picked.
    Peaks {
        /// Lowest height, noise standard deviations.
        least_signal_to_noise: f64,
        /// Lowest height, share of the tallest compound peak.
        least_relative_height: f64,
    },
    /// Lines were fitted.
    Lines {
        /// Peaks that got standard errors.
        fitted: usize,
        /// Peaks that picking had not seen.
        brought_out: usize,
    },
}
