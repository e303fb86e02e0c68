//! Couples of molecules, each with its own spectra and with the other's: what a batch learns from.

use tch::{Device, Kind, Tensor};

use crate::error::TrainingError;

/// Binary cross-entropy of logits.
pub(super) fn cross_entropy(logits: &Tensor, labels: &Tensor) -> Result<Tensor, TrainingError> {
    let none: Option<Tensor> = None;
    Ok(logits.f_binary_cross_entropy_with_logits(
        labels,
        none.as_ref(),
        none.as_ref(),
        tch::Reduction::Mean,
    )?)
}

/// Rows of couples laid one after the other, paired with their own and with each other's spectra.
pub(super) struct CrossedPairs {
    pub molecules: Tensor,
    pub spectra: Tensor,
    pub labels: Tensor,
}

impl CrossedPairs {
    #[allow(clippy::cast_possible_wrap)]
    pub(super) fn of(couples: usize, device: Device) -> Result<Self, TrainingError> {
        let (mut molecules, mut spectra) = (Vec::new(), Vec::new());
        for first in (0..couples as i64).map(|couple| 2 * couple) {
            molecules.extend([first, first + 1, first, first + 1]);
            spectra.extend([first, first + 1, first + 1, first]);
        }
        let labels = [1.0_f32, 1.0, 0.0, 0.0].repeat(couples);
        Ok(Self {
            molecules: Tensor::f_from_slice(&molecules)?.f_to_device(device)?,
            spectra: Tensor::f_from_slice(&spectra)?.f_to_device(device)?,
            labels: Tensor::f_from_slice(&labels)?.f_to_kind(Kind::Float)?.f_to_device(device)?,
        })
    }
}
