//! Molecules with their spectra and assigned peaks, as tensors.

use tch::{Device, Tensor};

use super::example::{AssignedPeak, KmaidExample};
use crate::error::TrainingError;
use larmor_networks::{GinBatch, GinFeatures};

/// Peak `i` belongs to the atom of row `atoms[i]`.
pub(super) struct KmaidBatch {
    pub graphs: GinBatch,
    pub atoms: Tensor,
    pub ppm: Tensor,
    pub hydrogens: Tensor,
    /// Assigned peaks of each molecule.
    pub sizes: Vec<usize>,
}

impl KmaidBatch {
    #[allow(clippy::cast_possible_wrap)]
    pub(super) fn collate(
        features: &[&GinFeatures],
        examples: &[&KmaidExample],
        device: Device,
    ) -> Result<Self, TrainingError> {
        let graphs = GinBatch::collate(features, device)?;
        let peaks: Vec<(i64, AssignedPeak)> = examples
            .iter()
            .zip(&graphs.first)
            .flat_map(|(example, first)| example.peaks.iter().map(|peak| (*first, *peak)))
            .collect();
        let atoms: Vec<i64> = peaks.iter().map(|(first, peak)| first + peak.atom as i64).collect();
        let ppm: Vec<f32> = peaks.iter().map(|(_, peak)| peak.ppm).collect();
        let hydrogens: Vec<i64> = peaks.iter().map(|(_, peak)| peak.hydrogens.into()).collect();
        Ok(Self {
            graphs,
            atoms: Tensor::f_from_slice(&atoms)?.f_to_device(device)?,
            ppm: Tensor::f_from_slice(&ppm)?.f_to_device(device)?,
            hydrogens: Tensor::f_from_slice(&hydrogens)?.f_to_device(device)?,
            sizes: examples.iter().map(|example| example.peaks.len()).collect(),
        })
    }
}
