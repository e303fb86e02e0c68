//! ImageNet ResNet-50 from the files of its TensorFlow.js release (`model.json` and shards of raw
//! little-endian 32-bit floats) to one file in this program's layout.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tch::Tensor;

use crate::error::TrainingError;
use crate::training::{digest, write_tensors};
use larmor_networks::STAGES;

/// Longest `model.json` read; the real one has 109 KB.
const LONGEST_MANIFEST: u64 = 4 << 20;

/// What the conversion wrote.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ConvertedBackbone {
    /// Weights in it.
    pub weights: usize,
    /// SHA-256 of the file, hex: models that were trained on its features name it.
    pub sha256: String,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "modelTopology")]
    topology: serde_json::Value,
    #[serde(rename = "weightsManifest")]
    manifest: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    paths: Vec<String>,
    weights: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    shape: Vec<usize>,
    dtype: String,
}

/// Converts the release in `from` (a folder with `model.json`) into the file `out`. The head is left
/// out; batch normalisation is folded into the convolution before it.
///
/// # Errors
/// [`TrainingError`] when a file is missing, cut off or not what the manifest says.
pub fn convert_backbone(from: &Path, out: &Path) -> Result<ConvertedBackbone, TrainingError> {
    let path = from.join("model.json");
    let wrong = |reason: String| TrainingError::Format { path: path.clone(), reason };
    let mut text = String::new();
    let file = plain(&path)?;
    file.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(TrainingError::file(&path))?;
    let model: Model = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    let epsilons = epsilons(&model.topology);
    let mut release = Release::default();
    for group in &model.manifest {
        release.read(from, &path, group)?;
    }
    let mut converted = Vec::new();
    let mut push = |name: String, layer: &str, norm: &str| -> Result<(), TrainingError> {
        let epsilon = *epsilons
            .get(norm)
            .ok_or_else(|| wrong(format!("no batch normalisation '{norm}' in its topology")))?;
        let (weight, bias) = release.folded(layer, norm, epsilon).map_err(&wrong)?;
        converted.push((format!("{name}.weight"), weight));
        converted.push((format!("{name}.bias"), bias));
        Ok(())
    };
    push("stem".to_owned(), "conv1", "bn_conv1")?;
    for (stage, blocks) in STAGES.into_iter().enumerate() {
        for block in 0..blocks {
            // Keras counts stages from 2 and blocks by letters.
            let place =
                format!("{}{}", stage + 2, char::from(b'a' + u8::try_from(block).unwrap_or(0)));
            let parts = [("reduce", "2a"), ("spatial", "2b"), ("expand", "2c"), ("shortcut", "1")];
            for (part, branch) in parts.into_iter().take(if block == 0 { 4 } else { 3 }) {
                let branch = format!("{place}_branch{branch}");
                push(
                    format!("stages.{stage}.{block}.{part}"),
                    &format!("res{branch}"),
                    &format!("bn{branch}"),
                )?;
            }
        }
    }
    write_tensors(out, &converted)?;
    let weights = converted.iter().map(|(_, tensor)| tensor.numel()).sum();
    Ok(ConvertedBackbone { weights, sha256: digest(out)? })
}

/// Epsilon of each batch normalisation, by the layer's name.
fn epsilons(topology: &serde_json::Value) -> HashMap<String, f64> {
    let layers = topology.pointer("/model_config/config/layers").and_then(|l| l.as_array());
    let epsilon = |layer: &serde_json::Value| {
        let name = layer.get("name")?.as_str()?.to_owned();
        Some((name, layer.pointer("/config/epsilon")?.as_f64()?))
    };
    layers.into_iter().flatten().filter_map(epsilon).collect()
}

fn plain(path: &Path) -> Result<File, TrainingError> {
    let file = File::open(path).map_err(TrainingError::file(path))?;
    let metadata = file.metadata().map_err(TrainingError::file(path))?;
    if !metadata.is_file() {
        let reason = "is no plain file".to_owned();
        return Err(TrainingError::Format { path: path.to_owned(), reason });
    }
    Ok(file)
}

/// Tensors of the release by name.
#[derive(Default)]
struct Release(HashMap<String, (Vec<usize>, Vec<f32>)>);

impl Release {
    /// Reads a group's shards one after the other, tensor by tensor.
    fn read(&mut self, from: &Path, manifest: &Path, group: &Group) -> Result<(), TrainingError> {
        let wrong = |reason: String| TrainingError::Format { path: manifest.to_owned(), reason };
        let mut expected = 0_u64;
        for entry in &group.weights {
            let bytes = entry.shape.iter().try_fold(4_u64, |n, &d| n.checked_mul(d as u64));
            let sum = bytes.and_then(|bytes| expected.checked_add(bytes));
            expected = sum.ok_or_else(|| wrong(format!("shape of '{}' is absurd", entry.name)))?;
            if entry.dtype != "float32" {
                return Err(wrong(format!("'{}' is {}, not float32", entry.name, entry.dtype)));
            }
        }
        let mut shards: Box<dyn Read> = Box::new(std::io::empty());
        let (mut found, mut last) = (0, PathBuf::new());
        for name in &group.paths {
            if Path::new(name).file_name().is_none_or(|file| file != name.as_str()) {
                return Err(wrong(format!("'{name}' is no name of a shard beside it")));
            }
            last = from.join(name);
            let file = plain(&last)?;
            found += file.metadata().map_err(TrainingError::file(&last))?.len();
            shards = Box::new(shards.chain(BufReader::new(file)));
        }
        // Nothing is allocated before the sizes agree.
        if found != expected {
            return Err(wrong(format!("promises {expected} bytes, its shards hold {found}")));
        }
        for entry in &group.weights {
            let count: usize = entry.shape.iter().product();
            let mut bytes = vec![0; 4 * count];
            shards.read_exact(&mut bytes).map_err(TrainingError::file(&last))?;
            if entry.name.starts_with("fc1000/") {
                continue;
            }
            let values: Vec<f32> =
                bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
            if !values.iter().all(|value| value.is_finite()) {
                return Err(wrong(format!("'{}' holds what is no number", entry.name)));
            }
            self.0.insert(entry.name.clone(), (entry.shape.clone(), values));
        }
        Ok(())
    }

    /// Kernel (height, width, from, to) and bias of a convolution with its normalisation
    /// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, as (to, from, height, width) and
    /// bias.
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
    fn folded(
        &mut self,
        layer: &str,
        norm: &str,
        epsilon: f64,
    ) -> Result<(Tensor, Tensor), String> {
        let (shape, kernel) = self.take(&format!("{layer}/kernel"))?;
        let &[height, width, from, to] = &shape[..] else {
            return Err(format!("'{layer}/kernel' has {} dimensions, not 4", shape.len()));
        };
        let mut vector = |name: String| -> Result<Vec<f32>, String> {
            let (shape, values) = self.take(&name)?;
            if shape == [to] { Ok(values) } else { Err(format!("'{name}' is not of length {to}")) }
        };
        let bias = vector(format!("{layer}/bias"))?;
        let gamma = vector(format!("{norm}/gamma"))?;
        let beta = vector(format!("{norm}/beta"))?;
        let mean = vector(format!("{norm}/moving_mean"))?;
        let variance = vector(format!("{norm}/moving_variance"))?;
        let gain: Vec<f64> = gamma
            .iter()
            .zip(&variance)
            .map(|(&gamma, &variance)| f64::from(gamma) / (f64::from(variance) + epsilon).sqrt())
            .collect();
        let folded_bias: Vec<f32> = (0..to)
            .map(|o| {
                (f64::from(beta[o]) + gain[o] * (f64::from(bias[o]) - f64::from(mean[o]))) as f32
            })
            .collect();
        let mut weight = vec![0.0_f32; kernel.len()];
        for (index, &value) in kernel.iter().enumerate() {
            let (place, rest) = (index / (from * to), index % (from * to));
            let (input, output) = (rest / to, rest % to);
            weight[(output * from + input) * height * width + place] =
                (f64::from(value) * gain[output]) as f32;
        }
        let shape = [to as i64, from as i64, height as i64, width as i64];
        let tensor = |values: &[f32]| Tensor::f_from_slice(values).map_err(|e| e.to_string());
        let weight = tensor(&weight)?.f_view(shape).map_err(|e| e.to_string())?;
        Ok((weight, tensor(&folded_bias)?))
    }

    fn take(&mut self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
        self.0.remove(name).ok_or_else(|| format!("no '{name}' in its manifest"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A layer of one 1x1 kernel (2 inputs, 1 output) in two shards.
    fn release(folder: &Path, cut: usize) -> Group {
        // kernel, bias, gamma, beta, mean, variance
        let values = [1.0_f32, -2.0, 0.5, 3.0, 7.0, 0.25, 4.0];
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(folder.join("a.bin"), &bytes[..10]).unwrap();
        std::fs::write(folder.join("b.bin"), &bytes[10..bytes.len() - cut]).unwrap();
        let vector = |name: &str| json!({"name": name, "shape": [1], "dtype": "float32"});
        serde_json::from_value(json!({"paths": ["a.bin", "b.bin"], "weights": [
            {"name": "c/kernel", "shape": [1, 1, 2, 1], "dtype": "float32"}, vector("c/bias"),
            vector("n/gamma"), vector("n/beta"), vector("n/moving_mean"), vector("n/moving_variance")]}))
        .unwrap()
    }

    #[test]
    fn normalisation_is_folded_into_the_convolution() {
        let folder = tempfile::tempdir().unwrap();
        let group = release(folder.path(), 0);
        let mut release = Release::default();
        release.read(folder.path(), Path::new("model.json"), &group).unwrap();
        let (weight, bias) = release.folded("c", "n", 5.0).unwrap();
        // Gain 3 / sqrt(4 + 5) = 1.
        assert_eq!(weight.size(), [1, 2, 1, 1]);
        assert_eq!(Vec::<f32>::try_from(weight.flatten(0, -1)).unwrap(), [1.0, -2.0]);
        assert_eq!(bias.double_value(&[0]), 7.0 + (0.5 - 0.25));
    }

    #[test]
    fn shards_that_are_cut_off_or_elsewhere_and_absurd_shapes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let read = |group: &Group| {
            Release::default()
                .read(folder.path(), Path::new("model.json"), group)
                .unwrap_err()
                .to_string()
        };
        let group = release(folder.path(), 1);
        assert!(read(&group).contains("promises 28 bytes, its shards hold 27"));
        let mut elsewhere = release(folder.path(), 0);
        elsewhere.paths[0] = "../a.bin".to_owned();
        assert!(read(&elsewhere).contains("no name of a shard"));
        let mut absurd = release(folder.path(), 0);
        absurd.weights[0].shape = vec![usize::MAX, usize::MAX];
        assert!(read(&absurd).contains("absurd"));
    }
}
