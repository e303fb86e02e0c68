//! Checkpoints: everything a run needs to go on exactly where it stopped, in one file that is
//! replaced whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tch::{Kind, Tensor};

use super::adamw::AdamW;
use crate::error::TrainingError;

/// File of a run's checkpoint.
pub(crate) const CHECKPOINT_FILE: &str = "checkpoint.safetensors";
/// File of the checkpoint of a first stage, which trains the encoder of spectra.
pub(crate) const PRETRAINING_FILE: &str = "pretraining.safetensors";

/// Weights of a network by name.
pub(crate) type Weights = Vec<(String, Tensor)>;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Progress {
    /// Epochs finished.
    pub epochs: i64,
    /// Lowest validation error so far.
    pub best: f64,
}

const FIRST: &str = "optimiser.first";
const SECOND: &str = "optimiser.second";
const COUNTERS: &str = "progress.counters";
const BEST: &str = "progress.best";

/// Writes all that a run needs to go on.
pub(crate) fn save(
    path: &Path,
    weights: &[(String, Tensor)],
    optimiser: &AdamW,
    progress: Progress,
) -> Result<(), TrainingError> {
    let mut tensors: Vec<(String, Tensor)> =
        weights.iter().map(|(name, tensor)| (format!("weights.{name}"), tensor.detach())).collect();
    tensors.push((FIRST.to_owned(), optimiser.first.shallow_clone()));
    tensors.push((SECOND.to_owned(), optimiser.second.shallow_clone()));
    tensors.push((COUNTERS.to_owned(), Tensor::f_from_slice(&[progress.epochs, optimiser.steps])?));
    tensors.push((BEST.to_owned(), Tensor::f_from_slice(&[progress.best])?));
    write_tensors(path, &tensors)
}

/// Puts a checkpoint's state into weights and optimiser of the same shapes.
pub(crate) fn load(
    path: &Path,
    weights: &mut [(String, Tensor)],
    optimiser: &mut AdamW,
) -> Result<Progress, TrainingError> {
    let wrong = |reason: String| TrainingError::Format { path: path.to_owned(), reason };
    let mut tensors: BTreeMap<String, Tensor> =
        Tensor::read_safetensors(path).map_err(|e| wrong(e.to_string()))?.into_iter().collect();
    let mut take = |name: &str, kind: Kind, shape: Vec<i64>| {
        let tensor = tensors.remove(name).ok_or_else(|| wrong(format!("no '{name}'")))?;
        let fits = tensor.size() == shape && tensor.f_kind()? == kind;
        if fits { Ok(tensor) } else { Err(wrong(format!("'{name}' is of another network"))) }
    };
    let _no_gradients = tch::no_grad_guard();
    for (name, weight) in weights {
        weight.f_copy_(&take(&format!("weights.{name}"), Kind::Float, weight.size())?)?;
    }
    let size = optimiser.first.size();
    optimiser.first.f_copy_(&take(FIRST, Kind::Float, size.clone())?)?;
    optimiser.second.f_copy_(&take(SECOND, Kind::Float, size)?)?;
    let counters = take(COUNTERS, Kind::Int64, vec![2])?;
    optimiser.steps = counters.f_int64_value(&[1])?;
    let best = take(BEST, Kind::Double, vec![1])?.f_double_value(&[0])?;
    Ok(Progress { epochs: counters.f_int64_value(&[0])?, best })
}

/// Writes tensors through a temporary file, so that a reader never sees half a file.
pub(crate) fn write_tensors(
    path: &Path,
    tensors: &[(String, Tensor)],
) -> Result<(), TrainingError> {
    let temporary = path.with_extension("new");
    let on_cpu = tensors
        .iter()
        .map(|(name, tensor)| Ok((name, tensor.f_to_device(tch::Device::Cpu)?.f_contiguous()?)))
        .collect::<Result<Vec<_>, tch::TchError>>()?;
    Tensor::write_safetensors(&on_cpu, &temporary)?;
    fs::rename(&temporary, path).map_err(TrainingError::file(path))
}

/// Copies weights of the same name and shape into a network; returns how many there were. `rename`
/// says what a weight is called in the network, where it is wanted.
pub(crate) fn copy_weights(
    network: &mut [(String, Tensor)],
    from: &[(String, Tensor)],
    rename: impl Fn(&str) -> Option<String>,
) -> Result<usize, TrainingError> {
    let _no_gradients = tch::no_grad_guard();
    let mut copied = 0;
    for (name, learned) in from {
        let Some(name) = rename(name) else { continue };
        let own = network
            .iter_mut()
            .find(|(own, weight)| *own == name && weight.size() == learned.size());
        if let Some((_, weight)) = own {
            weight.f_copy_(learned)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// Weights without their gradients, to write.
pub(crate) fn detached(weights: &[(String, Tensor)]) -> Vec<(String, Tensor)> {
    weights.iter().map(|(name, weight)| (name.clone(), weight.detach())).collect()
}

/// Weights to ship: matrices as 16-bit floats, vectors (biases, running statistics) as they are.
pub(crate) fn halved(weights: &[(String, Tensor)]) -> Result<Vec<(String, Tensor)>, TrainingError> {
    detached(weights)
        .into_iter()
        .map(|(name, weight)| {
            let weight = if weight.dim() > 1 { weight.f_to_kind(Kind::Half)? } else { weight };
            Ok((name, weight))
        })
        .collect()
}

/// Weights to write, in 16 bits where that is wanted.
pub(crate) fn stored(
    weights: &[(String, Tensor)],
    half_precision: bool,
) -> Result<Vec<(String, Tensor)>, TrainingError> {
    if half_precision { halved(weights) } else { Ok(detached(weights)) }
}

/// The weights that training moves, running statistics and frozen parts left out.
pub(crate) fn trained(weights: &[(String, Tensor)]) -> Vec<Tensor> {
    weights.iter().filter(|(_, w)| w.requires_grad()).map(|(_, w)| w.shallow_clone()).collect()
}
