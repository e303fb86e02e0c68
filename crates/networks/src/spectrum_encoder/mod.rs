//! A spectrum as a vector. A 13C spectrum is shown either as marks on a line of narrow bins, as
//! CReSS and the papers do, or as a set of peaks of soft place; a 1H spectrum in the second way.

mod bins;
mod blocks;
mod peak_set;
mod signal;
mod soft_axis;
mod teacher;

use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::error::NetworkError;
use crate::parameters::Parameters;
use bins::BinEncoder;
pub use bins::spectrum_bin;
use peak_set::PeakSetEncoder;
pub use signal::{Signal, SignalPattern};
pub(crate) use soft_axis::SoftAxis;
pub use teacher::{GRAPH_TEACHER, SpectrumTeacher, TeacherConfig};

/// First part of the names of a spectrum encoder's weights, in K-M3AID and in ACML.
pub const SPECTRUM_ENCODER: &str = "spectrum";
/// Width of the vector.
pub(crate) const SPECTRUM_WIDTH: i64 = 768;

/// 13C peaks closer than this are one, ppm.
const SAME_PPM: f64 = 0.05;

/// The lines of a 13C spectrum as encoders take them: by rising shift, equal ones once.
#[must_use]
#[allow(clippy::cast_possible_truncation)]
pub fn shifts_of(ppm: impl IntoIterator<Item = f64>) -> Vec<f32> {
    let mut shifts: Vec<f64> = ppm.into_iter().filter(|ppm| ppm.is_finite()).collect();
    shifts.sort_by(f64::total_cmp);
    shifts.dedup_by(|a, b| (*a - *b).abs() < SAME_PPM);
    shifts.into_iter().map(|ppm| ppm as f32).collect()
}

/// How a network is shown the shifts of peaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftInput {
    /// Marks in bins of 0.1 ppm, as published: shifts a bin apart share nothing.
    #[default]
    Bins,
    /// Bell curves of several widths: near shifts look alike.
    Soft,
}

/// Encoder of 13C spectra.
pub(crate) enum CarbonEncoder {
    Bins(BinEncoder),
    Soft(PeakSetEncoder),
}

impl CarbonEncoder {
    /// Weights stand under `name`.
    pub(crate) fn new(
        p: &mut Parameters,
        name: &str,
        input: ShiftInput,
    ) -> Result<Self, NetworkError> {
        Ok(match input {
            ShiftInput::Bins => Self::Bins(BinEncoder::new(p, name)?),
            ShiftInput::Soft => Self::Soft(PeakSetEncoder::carbon(p, name)?),
        })
    }

    /// Spectra as lists of shifts, ppm, to unit vectors.
    pub(crate) fn forward(
        &self,
        spectra: &[&[f32]],
        device: Device,
    ) -> Result<Tensor, NetworkError> {
        match self {
            Self::Bins(encoder) => encoder.forward(spectra, device),
            Self::Soft(encoder) => encoder.carbon_spectra(spectra, device),
        }
    }
}

/// Encoder of 1H spectra as sets of signals.
pub(crate) struct SignalEncoder(PeakSetEncoder);

impl SignalEncoder {
    /// Weights stand under `name`.
    pub(crate) fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        Ok(Self(PeakSetEncoder::proton(p, name)?))
    }

    /// Spectra as lists of signals to unit vectors.
    pub(crate) fn forward(
        &self,
        spectra: &[&[Signal]],
        device: Device,
    ) -> Result<Tensor, NetworkError> {
        self.0.proton_spectra(spectra, device)
    }
}
