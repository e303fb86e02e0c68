//! How well K-M3AID does on molecules it was not trained on.

use serde::Serialize;
use tch::{Device, Kind};

use super::batch::KmaidBatch;
use super::example::KmaidExample;
use super::loss::losses;
use super::settings::KmaidTraining;
use crate::error::TrainingError;
use larmor_networks::{GinFeatures, Kmaid, KmaidConfig};

/// Figures of one validation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Validation {
    pub graph_loss: f64,
    pub node_loss: f64,
    /// Share of molecules whose spectrum is the nearest of their batch, and the other way round.
    pub graph_accuracy: f64,
    /// Share of carbons given a peak of their shift, mean over molecules.
    pub node_accuracy: f64,
}

impl Validation {
    /// What the choice of the best epoch goes by: both errors, weighted like the losses.
    pub(super) fn error(&self, config: &KmaidConfig) -> f64 {
        config.graph_weight * (1.0 - self.graph_accuracy)
            + config.node_weight * (1.0 - self.node_accuracy)
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
pub(super) fn validate(
    net: &Kmaid,
    examples: &[KmaidExample],
    run: &KmaidTraining,
) -> Result<Validation, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let (mut sums, mut batches) = ([0.0; 2], 0.0);
    let (mut graph, mut node) = ((0.0, 0.0), (0.0, 0.0));
    for chunk in examples.chunks(run.batch) {
        let examples: Vec<&KmaidExample> = chunk.iter().collect();
        let features: Vec<&GinFeatures> = chunk.iter().map(|e| &e.features).collect();
        let spectra: Vec<Vec<f32>> = chunk.iter().map(KmaidExample::shifts).collect();
        let batch = KmaidBatch::collate(&features, &examples, &spectra, run.device)?;
        let values = losses(net, &batch, &run.network, false)?;
        let spectra: Vec<&[f32]> = spectra.iter().map(Vec::as_slice).collect();
        let own = net.encode_spectra(&spectra)?;
        sums.iter_mut().zip(&values).try_for_each(|(sum, value)| {
            *sum += value.f_double_value(&[])?;
            Ok::<_, TrainingError>(())
        })?;
        batches += 1.0;
        let structures = net.structures(&batch.graphs, &batch.atoms, false)?;
        let logits = structures.graphs.f_matmul(&net.project_spectra(&own, false)?.f_tr()?)?;
        for along in 0..2 {
            let best = Vec::<i64>::try_from(&logits.f_argmax(along, false)?)?;
            graph.0 += best.iter().zip(0..).filter(|(best, own)| **best == *own).count() as f64;
            graph.1 += best.len() as f64;
        }
        let peaks = net.project_peaks(&batch.ppm, &batch.hydrogens, false)?;
        let mut first = 0;
        for (example, &size) in chunk.iter().zip(&batch.sizes).filter(|(_, size)| **size > 0) {
            let rows = structures.nodes.f_narrow(0, first, size as i64)?;
            let columns = peaks.f_narrow(0, first, size as i64)?;
            let best = rows.f_matmul(&columns.f_tr()?)?.f_argmax(1, false)?;
            let best =
                Vec::<i64>::try_from(&best.f_to_device(Device::Cpu)?.f_to_kind(Kind::Int64)?)?;
            let line = |i: usize| example.peaks[i].line;
            let right = best
                .iter()
                .enumerate()
                .filter(|&(row, &column)| {
                    usize::try_from(column).is_ok_and(|column| line(column) == line(row))
                })
                .count();
            node.0 += right as f64 / size as f64;
            node.1 += 1.0;
            first += size as i64;
        }
    }
    Ok(Validation {
        graph_loss: sums[0] / f64::max(batches, 1.0),
        node_loss: sums[1] / f64::max(batches, 1.0),
        graph_accuracy: graph.0 / f64::max(graph.1, 1.0),
        node_accuracy: node.0 / f64::max(node.1, 1.0),
    })
}
