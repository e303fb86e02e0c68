//! Pairs of spectra side by side, as the network takes them.

use tch::{Device, Kind, Tensor};

use super::config::{FEATURE_CHANNELS, FEATURE_SIDE};
use super::spectra::{SpectrumPair, TRACE_POINTS};
use crate::error::NetworkError;

/// Spectra as tensors on a device: of 1H and of 13C, a row for each pair; or as they are seen, for an
/// encoder to make rows of.
pub enum SpectrumBatch {
    /// Traces, or features of pictures.
    Rows([Tensor; 2]),
    /// 1H signals and 13C shifts of each pair.
    Peaks(Vec<SpectrumPair>),
}

impl SpectrumBatch {
    /// Traces side by side.
    ///
    /// # Errors
    /// [`NetworkError`] when a pair holds peaks or a tensor cannot be made.
    #[allow(clippy::cast_possible_wrap)]
    pub fn of_traces(pairs: &[&SpectrumPair], device: Device) -> Result<Self, NetworkError> {
        let traces = pairs.iter().map(|pair| pair.traces()).collect::<Result<Vec<_>, _>>()?;
        let rows = |nucleus: usize| -> Result<Tensor, NetworkError> {
            let values: Vec<f32> =
                traces.iter().flat_map(|pair| pair.each()[nucleus]).copied().collect();
            let shape = [pairs.len() as i64, TRACE_POINTS as i64];
            Ok(Tensor::f_from_slice(&values)?.f_view(shape)?.f_to_device(device)?)
        };
        Ok(Self::Rows([rows(0)?, rows(1)?]))
    }

    /// Features of pictures as [`crate::Resnet::features`] gives them, 16-bit or 32-bit floats: of the 1H
    /// spectra, of the 13C spectra.
    ///
    /// # Errors
    /// [`NetworkError`] when they are of another backbone's shape.
    pub fn of_features(features: [Tensor; 2], device: Device) -> Result<Self, NetworkError> {
        let [proton, carbon] = features.map(|features| {
            let size = features.size();
            if size.get(1..) != Some(&[FEATURE_CHANNELS, FEATURE_SIDE, FEATURE_SIDE]) {
                let reason = format!("features of shape {size:?} are not those of ResNet-50");
                return Err(NetworkError::Torch(reason));
            }
            Ok(features.f_to_device(device)?.f_to_kind(Kind::Float)?)
        });
        Ok(Self::Rows([proton?, carbon?]))
    }
}
