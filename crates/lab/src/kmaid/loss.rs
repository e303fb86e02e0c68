//! Losses of K-M3AID: contrastive between molecules and spectra, knowledge span guided between
//! atoms and peaks.

use tch::{Kind, Tensor};

use super::batch::KmaidBatch;
use crate::error::TrainingError;
use larmor_networks::{Kernel, Kmaid, KmaidConfig, NodeLoss};

/// Shifts closer than this are equal: lists have two decimals.
const EQUAL_PPM: f64 = 1e-3;

/// Graph loss and node loss of a batch.
pub(super) fn losses(
    net: &Kmaid,
    batch: &KmaidBatch<'_>,
    config: &KmaidConfig,
    training: bool,
) -> Result<[Tensor; 2], TrainingError> {
    let structures = net.structures(&batch.graphs, &batch.atoms, training)?;
    let spectra: Vec<&[f32]> = batch.spectra.iter().map(Vec::as_slice).collect();
    let spectra = net.project_spectra(&net.encode_spectra(&spectra)?, training)?;
    let graph = contrastive(&structures.graphs.f_matmul(&spectra.f_tr()?)?)?;
    if batch.sizes.iter().all(|&size| size == 0) {
        let none = graph.f_zeros_like()?;
        return Ok([graph, none]);
    }
    let peaks = net.project_peaks(&batch.ppm, &batch.hydrogens, training)?;
    let logits = structures.nodes.f_matmul(&peaks.f_tr()?)?;
    Ok([graph, atoms_and_peaks(&logits, &batch.ppm, config.node_loss)?])
}

/// Cross-entropy of a square of logits whose diagonal is right, rows plus columns.
pub(super) fn contrastive(logits: &Tensor) -> Result<Tensor, TrainingError> {
    let right = |along| -> Result<Tensor, TrainingError> {
        Ok(logits.f_log_softmax(along, Kind::Float)?.f_diagonal(0, 0, 1)?.f_mean(None)?.f_neg()?)
    };
    Ok(right(1)?.f_add(&right(0)?)?)
}

/// Cross-entropy of logits between atoms (rows) and their peaks (columns, in the same order)
/// against what the loss holds for right, rows plus columns.
pub(super) fn atoms_and_peaks(
    logits: &Tensor,
    ppm: &Tensor,
    loss: NodeLoss,
) -> Result<Tensor, TrainingError> {
    let target = target(ppm, loss)?;
    let entropy = |along| -> Result<Tensor, TrainingError> {
        let logs = logits.f_log_softmax(along, Kind::Float)?;
        // A column's target is its peak's row: distances are symmetric.
        let logs = if along == 0 { logs.f_tr()? } else { logs };
        Ok(target.f_mul(&logs)?.f_sum_dim_intlist(1, false, Kind::Float)?.f_mean(None)?.f_neg()?)
    };
    Ok(entropy(1)?.f_add(&entropy(0)?)?)
}

/// What is right for each peak (rows) among all peaks of the batch.
pub(super) fn target(ppm: &Tensor, loss: NodeLoss) -> Result<Tensor, TrainingError> {
    let distance = ppm.f_unsqueeze(1)?.f_sub(&ppm.f_unsqueeze(0)?)?.f_abs()?;
    let within = |threshold: f64| -> Result<Tensor, TrainingError> {
        Ok(distance.f_le(threshold + EQUAL_PPM)?.f_to_kind(Kind::Float)?)
    };
    let share = |weights: Tensor| -> Result<Tensor, TrainingError> {
        let sum = weights.f_sum_dim_intlist(1, true, Kind::Float)?;
        Ok(weights.f_div(&sum)?)
    };
    match loss {
        NodeLoss::SpId => within(0.0),
        NodeLoss::WpId { threshold } => within(threshold),
        NodeLoss::Ksgl { kernel: Kernel::Paper { tau1, tau2 } } => {
            // Equal shifts may differ in the last bit.
            let apart = distance.f_gt(EQUAL_PPM)?.f_to_kind(Kind::Float)?;
            let height = distance.f_mul(&apart)?.f_add_scalar(tau1)?.f_reciprocal()?;
            Ok(height.f_mul_scalar(tau2)?.f_softmax(1, Kind::Float)?)
        }
        NodeLoss::Ksgl { kernel: Kernel::Gaussian { width } } => {
            share(distance.f_square()?.f_mul_scalar(-0.5 / (width * width))?.f_exp()?)
        }
        NodeLoss::Ksgl { kernel: Kernel::StudentT { width } } => share(
            distance
                .f_square()?
                .f_mul_scalar(1.0 / (3.0 * width * width))?
                .f_add_scalar(1.0)?
                .f_pow_tensor_scalar(-2.0)?,
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ksgl(kernel: Kernel) -> NodeLoss {
        NodeLoss::Ksgl { kernel }
    }

    #[test]
    fn contrastive_loss_by_hand() {
        let logits = Tensor::from_slice(&[2.0f32, 0.0, 1.0, 1.0]).view([2, 2]);
        // Rows: ln(1 + e^-2) and ln 2; columns: ln(1 + e^-1) and ln(1 + e^-1).
        let expected =
            (f64::ln_1p((-2.0f64).exp()) + f64::ln(2.0)) / 2.0 + f64::ln_1p((-1.0f64).exp());
        assert!((contrastive(&logits).unwrap().double_value(&[]) - expected).abs() < 1e-6);
    }

    #[test]
    fn the_papers_target_is_shared_by_equal_shifts_only() {
        let ppm = Tensor::from_slice(&[20.0f32, 128.2, 128.2, 128.3]);
        let loss = ksgl(Kernel::Paper { tau1: 1e-5, tau2: 10.0 });
        let rows = Vec::<Vec<f32>>::try_from(&target(&ppm, loss).unwrap()).unwrap();
        assert_eq!(rows[0], [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(rows[1], [0.0, 0.5, 0.5, 0.0]);
    }

    #[test]
    fn kernels_fall_with_distance_and_rows_sum_to_one() {
        let ppm = Tensor::from_slice(&[10.0f32, 10.5, 12.0, 40.0]);
        for kernel in [
            Kernel::Paper { tau1: 1.0, tau2: 2.0 },
            Kernel::Gaussian { width: 0.5 },
            Kernel::StudentT { width: 0.5 },
        ] {
            let rows = Vec::<Vec<f32>>::try_from(&target(&ppm, ksgl(kernel)).unwrap()).unwrap();
            for row in &rows {
                assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{kernel:?}");
            }
            assert!(rows[0][0] > rows[0][1] && rows[0][1] > rows[0][2], "{kernel:?}");
        }
        let gaussian = target(&ppm, ksgl(Kernel::Gaussian { width: 0.5 })).unwrap();
        let ratio = gaussian.double_value(&[0, 1]) / gaussian.double_value(&[0, 0]);
        assert!((ratio - (-0.5f64).exp()).abs() < 1e-5);
        let student = target(&ppm, ksgl(Kernel::StudentT { width: 0.5 })).unwrap();
        let ratio = student.double_value(&[0, 1]) / student.double_value(&[0, 0]);
        assert!((ratio - (4.0f64 / 3.0).powi(-2)).abs() < 1e-5);
    }

    #[test]
    fn thresholds_count_every_peak_whole() {
        let ppm = Tensor::from_slice(&[10.0f32, 11.0, 12.0]);
        let rows = |loss| Vec::<Vec<f32>>::try_from(&target(&ppm, loss).unwrap()).unwrap();
        assert_eq!(rows(NodeLoss::SpId)[0], [1.0, 0.0, 0.0]);
        assert_eq!(rows(NodeLoss::WpId { threshold: 1.0 })[1], [1.0, 1.0, 1.0]);
    }

    #[test]
    fn node_loss_by_hand() {
        let ppm = Tensor::from_slice(&[10.0f32, 50.0]);
        let logits = Tensor::from_slice(&[2.0f32, 0.0, 1.0, 1.0]).view([2, 2]);
        let loss = atoms_and_peaks(&logits, &ppm, NodeLoss::SpId).unwrap();
        let same = contrastive(&logits).unwrap();
        assert!((loss.double_value(&[]) - same.double_value(&[])).abs() < 1e-6);
        let wide = atoms_and_peaks(&logits, &ppm, NodeLoss::WpId { threshold: 100.0 }).unwrap();
        // Every pair counts: sum of all four -log p, halved, rows and columns.
        let (a, b) = (f64::ln_1p((-2.0f64).exp()), f64::ln_1p((-1.0f64).exp()));
        let rows = (2.0 * a + 2.0) / 2.0 + f64::ln(2.0);
        let columns = (2.0 * b + 1.0) / 2.0 * 2.0;
        assert!((wide.double_value(&[]) - rows - columns).abs() < 1e-5);
    }
}
