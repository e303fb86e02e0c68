//! What may be set about processing; every default is resolved and recorded.

use serde::{Deserialize, Serialize};

use super::Apodization;
use super::referencing::SampleAxis;
use crate::fid::{Experiment, Nucleus};

/// Processing parameters. `None` leaves the choice to the nucleus or to the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProcessingParameters {
    /// Shape of the apodization.
    pub apodization: Apodization,
    /// Line broadening, Hz (default 0.3 for 1H, 1 for 13C).
    pub line_broadening_hz: Option<f64>,
    /// The spectrum has at least this many times the points of the FID.
    pub zero_fill_factor: usize,
    /// Fixed phase in degrees, zero and first order, instead of the automatic one.
    pub phase: Option<[f64; 2]>,
    /// Stiffness of the baseline: larger follows less (default 100,000 for 1H, 1,000 for 13C,
    /// whose lines are narrow against the sweep width).
    pub baseline_stiffness: Option<f64>,
    /// Leaves broad humps (polymers, solids, glass) in the spectrum; only what rolls over the
    /// whole width is taken off.
    pub keep_broad: bool,
    /// First points of the FID that are predicted anew from those that follow (default: those
    /// found spoilt, where no digital filter stands before them).
    pub repair_points: Option<usize>,
    /// Peaks have at least this height over the noise's standard deviation.
    pub least_signal_to_noise: f64,
    /// Peaks have at least this share of the tallest compound peak's height.
    pub least_relative_height: Option<f64>,
    /// Overlapping lines are fitted together, for positions, widths and areas with standard
    /// errors, and hidden lines brought out.
    pub fit_lines: bool,
    /// Where another spectrum of the same tube has 0 ppm, if that is known. It is found, not set:
    /// the record has it with the step that used it.
    #[serde(skip)]
    pub sample_axis: Option<SampleAxis>,
}

impl Default for ProcessingParameters {
    fn default() -> Self {
        Self {
            apodization: Apodization::Exponential,
            line_broadening_hz: None,
            zero_fill_factor: 2,
            phase: None,
            baseline_stiffness: None,
            keep_broad: false,
            repair_points: None,
            least_signal_to_noise: 6.0,
            least_relative_height: None,
            fit_lines: true,
            sample_axis: None,
        }
    }
}

impl ProcessingParameters {
    pub(super) fn resolved_line_broadening(&self, nucleus: &Nucleus) -> f64 {
        let usual = if *nucleus == Nucleus::Proton { 0.3 } else { 1.0 };
        self.line_broadening_hz.filter(|hz| hz.is_finite()).unwrap_or(usual)
    }

    pub(super) fn resolved_stiffness(&self, nucleus: &Nucleus) -> f64 {
        let usual = if *nucleus == Nucleus::Proton { 1e5 } else { 1e3 };
        // Bends over half of the width and more remain; a hump is narrower.
        let usual = if self.keep_broad { 1e9 } else { usual };
        self.baseline_stiffness.filter(|&stiffness| stiffness > 0.0).unwrap_or(usual)
    }

    pub(super) fn resolved_relative_height(
        &self,
        nucleus: &Nucleus,
        experiment: Experiment,
    ) -> f64 {
        let usual = match (nucleus, experiment) {
            (Nucleus::Proton, _) => 0.005,
            // Editing leaves some per cent of the carbons it is meant to suppress.
            (_, Experiment::Dept(_) | Experiment::Inept) => 0.04,
            (_, Experiment::Apt | Experiment::Deptq) => 0.025,
            _ => 0.015,
        };
        self.least_relative_height.filter(|share| share.is_finite()).unwrap_or(usual)
    }
}
