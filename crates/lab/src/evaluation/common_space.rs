//! Systems that put spectra and molecules into one space, where dot products rank them.

use tch::{Device, Tensor};

use super::evaluation_molecule::EvaluationMolecule;
use crate::error::EvaluationError;
use larmor_chemistry::Molecule;
use larmor_networks::{GinBatch, GinFeatures, NetworkError};

/// Molecules or spectra run at a time.
pub(crate) const BATCH: usize = 256;

/// Rows of molecules, a batch at a time.
pub(crate) fn rows_of(
    molecules: &[&Molecule],
    device: Device,
    rows: impl Fn(&GinBatch) -> Result<Tensor, NetworkError>,
) -> Result<Tensor, EvaluationError> {
    let _no_gradients = tch::no_grad_guard();
    let found = molecules
        .chunks(BATCH)
        .map(|batch| {
            let features: Vec<GinFeatures> =
                batch.iter().map(|m| GinFeatures::from(&m.graph)).collect();
            rows(&GinBatch::collate(&features.iter().collect::<Vec<_>>(), device)?)
        })
        .collect::<Result<Vec<_>, NetworkError>>()?;
    Ok(Tensor::f_cat(&found, 0)?)
}

pub(crate) trait CommonSpace {
    /// Spectra, a row each.
    fn spectra(&self, spectra: &[&EvaluationMolecule]) -> Result<Tensor, EvaluationError>;

    /// Molecules, a row each.
    fn molecules(&self, molecules: &[&Molecule]) -> Result<Tensor, EvaluationError>;

    /// Scores of each spectrum (rows) for each molecule (columns), row-major.
    fn compare(
        &self,
        spectra: &[&EvaluationMolecule],
        molecules: &[&Molecule],
    ) -> Result<Vec<f64>, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        values(&self.spectra(spectra)?.f_matmul(&self.molecules(molecules)?.f_tr()?)?)
    }
}

/// A tensor's values in order.
pub(crate) fn values(tensor: &Tensor) -> Result<Vec<f64>, EvaluationError> {
    let flat = tensor.f_to_device(Device::Cpu)?.f_to_kind(tch::Kind::Double)?.f_flatten(0, -1)?;
    Ok(Vec::<f64>::try_from(&flat)?)
}
