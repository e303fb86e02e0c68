//! Systems that put spectra and molecules into one space, where dot products rank them.

use tch::Tensor;

use super::system::values;
use super::{EvaluationError, Specimen};
use crate::molecule::Molecule;

pub(super) trait CommonSpace {
    /// Spectra, a row each.
    fn spectra(&self, spectra: &[&Specimen]) -> Result<Tensor, EvaluationError>;

    /// Molecules, a row each.
    fn molecules(&self, molecules: &[&Molecule]) -> Result<Tensor, EvaluationError>;

    /// Scores of each spectrum (rows) for each molecule (columns), row-major.
    fn compare(
        &self,
        spectra: &[&Specimen],
        molecules: &[&Molecule],
    ) -> Result<Vec<f64>, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        values(&self.spectra(spectra)?.f_matmul(&self.molecules(molecules)?.f_tr()?)?)
    }
}
