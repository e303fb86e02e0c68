//! How far predicted shifts are off.

use tch::Device;

use super::example::ShiftExample;
use super::loss::Targets;
use crate::error::TrainingError;
use larmor_networks::{GraphBatch, NetworkError, ShiftOutput};

/// Mean absolute errors in ppm, 13C and 1H, over atoms with a known shift.
#[allow(clippy::cast_precision_loss)]
pub(super) fn mean_errors(
    forward: &dyn Fn(&GraphBatch) -> Result<ShiftOutput, NetworkError>,
    examples: &[ShiftExample],
    device: Device,
) -> Result<[f64; 2], TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut sum, mut count) = ([0.0; 2], [0.0; 2]);
    for chunk in examples.chunks(256) {
        let features: Vec<_> = chunk.iter().map(|e| &e.features).collect();
        let output = forward(&GraphBatch::collate(&features, device)?)?;
        let errors =
            Targets::collate(&chunk.iter().collect::<Vec<_>>(), device)?.errors(&output)?;
        for nucleus in 0..2 {
            sum[nucleus] += errors[nucleus].iter().sum::<f64>();
            count[nucleus] += errors[nucleus].len() as f64;
        }
    }
    Ok([sum[0] / f64::max(count[0], 1.0), sum[1] / f64::max(count[1], 1.0)])
}
