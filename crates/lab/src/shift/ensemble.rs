//! Several trained shift networks put into one model.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tch::{Device, Tensor};

use super::card::Finished;
use super::example::read_shift_examples;
use crate::data::{HeldOut, Parts, read_trained_on};
use crate::error::TrainingError;
use crate::training::{Weights, halved, write_tensors};
use larmor_networks::{ModelCard, NetworkError, ShiftArchitecture, ShiftConfig, WEIGHTS_FILE};

/// What to put together.
#[derive(Debug, Clone)]
pub struct ShiftCombination {
    /// Folders of the trained networks; an ensemble's own members count one by one.
    pub members: Vec<PathBuf>,
    /// Folder for the combined model.
    pub out: PathBuf,
    /// The data all of them were trained on.
    pub data: PathBuf,
    /// The fold all of them left out, which tests.
    pub test_fold: Option<u8>,
    /// The compounds all of them left out.
    pub held_out: HeldOut,
    /// Store weights in 16 bits.
    pub half_precision: bool,
    /// Where to test.
    pub device: Device,
}

/// Writes the weights of all members into one file, tests them together, and writes the card.
///
/// # Errors
/// [`TrainingError`] when a member cannot be used or was trained on other data, or files cannot be
/// written.
pub fn combine_shift(combination: &ShiftCombination) -> Result<ModelCard, TrainingError> {
    let out = &combination.out;
    fs::create_dir_all(out).map_err(TrainingError::file(out))?;
    let (mut configs, mut tensors, mut keys, mut training) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut data = None;
    for folder in &combination.members {
        let card = ModelCard::open(folder)?;
        if *data.get_or_insert_with(|| card.data_sha256.clone()) != card.data_sha256 {
            let reason = "trained on other data than the members before it".to_owned();
            return Err(TrainingError::Format { path: folder.clone(), reason });
        }
        for (config, weights) in networks(folder, &card)? {
            let member = configs.len();
            configs.push(config);
            tensors.extend(
                weights
                    .into_iter()
                    .map(|(name, tensor)| (format!("members.{member}.{name}"), tensor)),
            );
        }
        keys.extend(read_trained_on(folder)?);
        training.push(json!({"weights_sha256": card.weights_sha256, "training": card.training}));
    }
    if combination.half_precision {
        tensors = halved(&tensors)?;
    }
    write_tensors(&out.join(WEIGHTS_FILE), &tensors)?;
    let data = read_shift_examples(&combination.data)?;
    let parts = Parts::split(data, combination.test_fold, &combination.held_out);
    let finished = Finished {
        out,
        data: &combination.data,
        test_fold: combination.test_fold,
        architecture: ShiftArchitecture::Ensemble { members: configs },
        training: json!({"members": training, "half_precision": combination.half_precision}),
        keys,
        device: combination.device,
    };
    finished.write(&parts)
}

/// The networks of one model, each with its weights under the names it has alone.
fn networks(folder: &Path, card: &ModelCard) -> Result<Vec<(ShiftConfig, Weights)>, TrainingError> {
    let path = folder.join(WEIGHTS_FILE);
    let wrong = |reason: String| NetworkError::Weights { path: path.clone(), reason };
    let tensors = Tensor::read_safetensors(&path).map_err(|e| wrong(e.to_string()))?;
    Ok(match card.architecture(folder)? {
        ShiftArchitecture::Single(config) => vec![(config, tensors)],
        ShiftArchitecture::Ensemble { members } => members
            .into_iter()
            .enumerate()
            .map(|(i, config)| {
                let prefix = format!("members.{i}.");
                let own = tensors
                    .iter()
                    .filter_map(|(name, tensor)| {
                        Some((name.strip_prefix(&prefix)?.to_owned(), tensor.shallow_clone()))
                    })
                    .collect();
                (config, own)
            })
            .collect(),
    })
}
