//! The loss of ACML: contrastive, softened by how alike the batch's molecules and spectra are among
//! themselves.

use tch::{Kind, Tensor};

use crate::error::TrainingError;

/// Cross-entropy of the logits Z1 Z2^T, mean of rows and columns, against
/// softmax((Z1 Z1^T + Z2 Z2^T) / 2), which teaches but does not learn.
pub(super) fn soft_contrastive(
    molecules: &Tensor,
    spectra: &Tensor,
) -> Result<Tensor, TrainingError> {
    let target = target(molecules, spectra)?;
    let logits = molecules.f_matmul(&spectra.f_tr()?)?;
    let entropy = |logits: &Tensor| -> Result<Tensor, TrainingError> {
        let logs = logits.f_log_softmax(1, Kind::Float)?;
        Ok(target.f_mul(&logs)?.f_sum_dim_intlist(1, false, Kind::Float)?.f_mean(None)?.f_neg()?)
    };
    // Alikeness is symmetric: a column's target is its row's.
    Ok(entropy(&logits)?.f_add(&entropy(&logits.f_tr()?)?)?.f_mul_scalar(0.5)?)
}

/// What is right for each of the batch, rows that sum to one.
fn target(molecules: &Tensor, spectra: &Tensor) -> Result<Tensor, TrainingError> {
    let (molecules, spectra) = (molecules.f_detach()?, spectra.f_detach()?);
    let alike = molecules
        .f_matmul(&molecules.f_tr()?)?
        .f_add(&spectra.f_matmul(&spectra.f_tr()?)?)?
        .f_mul_scalar(0.5)?;
    Ok(alike.f_softmax(1, Kind::Float)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn loss_by_hand() {
        let z1 = Tensor::from_slice(&[1.0f32, 0.0, 0.0, 2.0]).view([2, 2]);
        let z2 = Tensor::from_slice(&[1.0f32, 1.0, 0.0, 1.0]).view([2, 2]);
        // Alike: ([1 0; 0 4] + [2 1; 1 1]) / 2 = [1.5 0.5; 0.5 2.5]; logits: [1 0; 2 2].
        let share = |a: f64, b: f64| 1.0 / (1.0 + (b - a).exp());
        let (first, second) = (share(1.5, 0.5), share(2.5, 0.5));
        let entropy = |p: f64, own: f64, other: f64| {
            let own_share = share(own, other);
            -p * own_share.ln() - (1.0 - p) * (1.0 - own_share).ln()
        };
        let rows = (entropy(first, 1.0, 0.0) + entropy(second, 2.0, 2.0)) / 2.0;
        let columns = (entropy(first, 1.0, 2.0) + entropy(second, 2.0, 0.0)) / 2.0;
        let found = soft_contrastive(&z1, &z2).unwrap().double_value(&[]);
        assert!((found - (rows + columns) / 2.0).abs() < 1e-5, "{found}");
    }

    #[test]
    fn the_targets_teach_but_do_not_learn() {
        let z1 = Tensor::from_slice(&[1.0f32, 0.0, 0.0, 2.0]).view([2, 2]).set_requires_grad(true);
        let z2 = Tensor::from_slice(&[1.0f32, 1.0, 0.0, 1.0]).view([2, 2]);
        assert!(!target(&z1, &z2).unwrap().requires_grad());
        soft_contrastive(&z1, &z2).unwrap().backward();
        assert!(z1.grad().abs().max().double_value(&[]) > 0.0);
    }
}
