//! How far predicted shifts are off.

use tch::Device;

use super::example::ShiftExample;
use super::loss::Targets;
use crate::error::TrainingError;
use larmor_networks::{GraphBatch, NetworkError, ShiftOutput};

/// Mean absolute errors in ppm over atoms with a known shift: 13C, 1H, and the distance of geminal
/// hydrogens.
#[allow(clippy::cast_precision_loss)]
pub(super) fn mean_errors(
    forward: &dyn Fn(&GraphBatch) -> Result<ShiftOutput, NetworkError>,
    examples: &[ShiftExample],
    device: Device,
) -> Result<[f64; 3], TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut sum, mut count) = ([0.0; 3], [0.0; 3]);
    for chunk in examples.chunks(256) {
        let features: Vec<_> = chunk.iter().map(|e| &e.features).collect();
        let output = forward(&GraphBatch::collate(&features, device)?)?;
        let errors =
            Targets::collate(&chunk.iter().collect::<Vec<_>>(), device)?.errors(&output)?;
        for target in 0..3 {
            sum[target] += errors[target].iter().sum::<f64>();
            count[target] += errors[target].len() as f64;
        }
    }
    Ok([0, 1, 2].map(|target| sum[target] / f64::max(count[target], 1.0)))
}
