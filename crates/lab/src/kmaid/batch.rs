//! Molecules with their spectra and assigned peaks, as tensors.

use rand::Rng;
use tch::{Device, Tensor};

use super::example::KmaidExample;
use crate::error::TrainingError;
use larmor_networks::{GinBatch, GinFeatures};

/// Peak `i` belongs to the atom of row `atoms[i]`.
pub(super) struct KmaidBatch<'a> {
    pub graphs: GinBatch,
    /// Lines of each molecule, ppm.
    pub spectra: &'a [Vec<f32>],
    pub atoms: Tensor,
    pub ppm: Tensor,
    pub hydrogens: Tensor,
    /// Assigned peaks of each molecule.
    pub sizes: Vec<usize>,
}

impl<'a> KmaidBatch<'a> {
    /// `spectra` are the lines of the examples as they are shown.
    #[allow(clippy::cast_possible_wrap)]
    pub(super) fn collate(
        features: &[&GinFeatures],
        examples: &[&KmaidExample],
        spectra: &'a [Vec<f32>],
        device: Device,
    ) -> Result<Self, TrainingError> {
        let graphs = GinBatch::collate(features, device)?;
        let (mut atoms, mut ppm, mut hydrogens) = (Vec::new(), Vec::new(), Vec::new());
        for ((example, first), lines) in examples.iter().zip(&graphs.first).zip(spectra) {
            for peak in &example.peaks {
                atoms.push(first + peak.atom as i64);
                ppm.push(lines[peak.line]);
                hydrogens.push(i64::from(peak.hydrogens));
            }
        }
        Ok(Self {
            graphs,
            spectra,
            atoms: Tensor::f_from_slice(&atoms)?.f_to_device(device)?,
            ppm: Tensor::f_from_slice(&ppm)?.f_to_device(device)?,
            hydrogens: Tensor::f_from_slice(&hydrogens)?.f_to_device(device)?,
            sizes: examples.iter().map(|example| example.peaks.len()).collect(),
        })
    }

    /// So many of the peaks, drawn at random, for the node loss; all where there are no more.
    #[allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn sample(
        &mut self,
        most: usize,
        random: &mut impl Rng,
    ) -> Result<(), TrainingError> {
        let all = self.atoms.size1()? as usize;
        if most == 0 || all <= most {
            return Ok(());
        }
        let chosen: Vec<i64> =
            rand::seq::index::sample(random, all, most).iter().map(|row| row as i64).collect();
        let chosen = Tensor::f_from_slice(&chosen)?.f_to_device(self.atoms.device())?;
        for column in [&mut self.atoms, &mut self.ppm, &mut self.hydrogens] {
            *column = column.f_index_select(0, &chosen)?;
        }
        Ok(())
    }
}
