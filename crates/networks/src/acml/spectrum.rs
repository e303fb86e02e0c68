//! What ACML takes for a spectrum.

use tch::{Device, Tensor};

use super::config::AcmlConfig;
use crate::error::NetworkError;
use crate::spectrum_encoder::{Signal, shifts_of};
use larmor_nmr::spectrum::simulation::to_maximum;

/// A spectrum as the network takes it.
#[derive(Debug, Clone, PartialEq)]
pub enum AcmlSpectrum {
    /// 13C: shifts of the peaks, ppm.
    Shifts(Vec<f32>),
    /// 1H: its signals.
    Signals(Vec<Signal>),
    /// 1H: points from 0 to 12 ppm, of any scale.
    Trace(Vec<f32>),
}

impl AcmlSpectrum {
    /// A 13C spectrum from the shifts of its peaks, ppm. Peaks of one shift count once.
    #[must_use]
    pub fn from_shifts(ppm: impl IntoIterator<Item = f64>) -> Self {
        Self::Shifts(shifts_of(ppm))
    }

    pub(super) fn as_shifts(&self) -> Option<&[f32]> {
        match self {
            Self::Shifts(shifts) => Some(shifts),
            _ => None,
        }
    }

    pub(super) fn as_signals(&self) -> Option<&[Signal]> {
        match self {
            Self::Signals(signals) => Some(signals),
            _ => None,
        }
    }

    /// 1H traces as rows, scaled as the encoder takes them.
    ///
    /// # Errors
    /// [`NetworkError::Input`] for spectra of another nucleus or length.
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
    pub fn trace_rows(
        spectra: &[Self],
        config: &AcmlConfig,
        device: Device,
    ) -> Result<Tensor, NetworkError> {
        let mut values = Vec::with_capacity(spectra.len() * config.points);
        for spectrum in spectra {
            let Self::Trace(trace) = spectrum else {
                return Err(wrong("a 1H trace"));
            };
            if trace.len() != config.points {
                let reason = format!("1H traces of {} points, not {}", config.points, trace.len());
                return Err(wrong(&reason));
            }
            let mut trace = trace.clone();
            to_maximum(&mut trace);
            if config.knee > 0.0 {
                let knee = config.knee as f32;
                let whole = (1.0 / knee).asinh();
                trace.iter_mut().for_each(|height| *height = (*height / knee).asinh() / whole);
            }
            values.extend(trace);
        }
        let shape = [spectra.len() as i64, config.points as i64];
        Ok(Tensor::f_from_slice(&values)?.f_view(shape)?.f_to_device(device)?)
    }
}

/// Says what the network takes instead.
pub(super) fn wrong(taken: &str) -> NetworkError {
    NetworkError::Input(format!("this network takes {taken}"))
}
