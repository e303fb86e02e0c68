//! Named weights: made at random from a seed, or read from a file and checked. A file may hold them
//! in 16 bits; they are 32 bits wide in memory.

use std::collections::BTreeMap;
use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use crate::error::NetworkError;
use crate::placement::{Placement, Precision};

enum Source {
    Random(Box<ChaCha8Rng>),
    File(BTreeMap<String, Tensor>),
}

/// The tensors of a safetensors file by name, whatever network they belong to.
///
/// # Errors
/// [`NetworkError::Weights`] when the file cannot be read.
pub fn read_weights(path: &Path) -> Result<Vec<(String, Tensor)>, NetworkError> {
    Tensor::read_safetensors(path).map_err(|error| NetworkError::weights(path, &error))
}

/// Hands out weights to layers as these ask for them by name and shape, and keeps them in that
/// order.
pub struct Parameters {
    source: Source,
    device: Device,
    precision: Precision,
    trainable: bool,
    /// Goes before every name.
    prefix: String,
    named: Vec<(String, Tensor)>,
}

impl Parameters {
    /// Fresh trainable weights; the same seed gives the same weights on every machine.
    #[must_use]
    pub fn random(seed: u64, device: Device) -> Self {
        let source = Source::Random(Box::new(ChaCha8Rng::seed_from_u64(seed)));
        Self::of(source, device.into(), true)
    }

    /// Weights from a safetensors file, frozen unless `trainable`.
    ///
    /// # Errors
    /// [`NetworkError::Weights`] when the file cannot be read.
    pub fn from_file(
        path: &Path,
        on: impl Into<Placement>,
        trainable: bool,
    ) -> Result<Self, NetworkError> {
        let tensors = read_weights(path)?.into_iter().collect();
        Ok(Self::of(Source::File(tensors), on.into(), trainable))
    }

    fn of(source: Source, on: Placement, trainable: bool) -> Self {
        let Placement { device, precision } = on;
        Self { source, device, precision, trainable, prefix: String::new(), named: Vec::new() }
    }

    /// Where the weights are.
    pub(super) fn device(&self) -> Device {
        self.device
    }

    /// In how many bits dense layers multiply.
    pub(super) fn precision(&self) -> Precision {
        self.precision
    }

    /// Weights that layers have asked for so far, number by number.
    pub(super) fn count(&self) -> usize {
        self.named.iter().map(|(_, weight)| weight.numel()).sum()
    }

    /// Shape of a stored weight; `None` when it is not there or weights are fresh.
    pub(super) fn stored_shape(&self, name: &str) -> Option<Vec<i64>> {
        match &self.source {
            Source::Random(_) => None,
            Source::File(tensors) => tensors.get(name).map(Tensor::size),
        }
    }

    /// From here on names are looked for with `prefix` before them.
    pub(super) fn enter(&mut self, prefix: &str) {
        prefix.clone_into(&mut self.prefix);
    }

    /// A weight of the given shape, at random uniform within `bound` when fresh.
    pub(super) fn uniform(
        &mut self,
        name: &str,
        shape: &[i64],
        bound: f64,
    ) -> Result<Tensor, NetworkError> {
        let values = match &mut self.source {
            Source::Random(random) => {
                let count = usize::try_from(shape.iter().product::<i64>()).unwrap_or(0);
                #[allow(clippy::cast_possible_truncation)]
                let values: Vec<f32> =
                    (0..count).map(|_| random.random_range(-bound..=bound) as f32).collect();
                Tensor::f_from_slice(&values)?.f_view(shape)?
            }
            Source::File(tensors) => take(tensors, &format!("{}{name}", self.prefix), shape)?,
        };
        self.keep(name, &values)
    }

    /// A weight of the given shape, filled with `value` when fresh.
    pub(super) fn constant(
        &mut self,
        name: &str,
        shape: &[i64],
        value: f64,
    ) -> Result<Tensor, NetworkError> {
        let values = match &mut self.source {
            Source::Random(_) => Tensor::f_full(shape, value, (Kind::Float, Device::Cpu))?,
            Source::File(tensors) => take(tensors, &format!("{}{name}", self.prefix), shape)?,
        };
        self.keep(name, &values)
    }

    /// A tensor that belongs to the weights but is never trained: running statistics.
    pub(super) fn buffer(
        &mut self,
        name: &str,
        shape: &[i64],
        value: f64,
    ) -> Result<Tensor, NetworkError> {
        self.frozen(|p| p.constant(name, shape, value))
    }

    /// Builds a part whose weights are kept with the others but not trained.
    pub(super) fn frozen<T>(
        &mut self,
        build: impl FnOnce(&mut Self) -> Result<T, NetworkError>,
    ) -> Result<T, NetworkError> {
        let before = std::mem::replace(&mut self.trainable, false);
        let built = build(self);
        self.trainable = before;
        built
    }

    /// Builds a part that multiplies in 32 bits whatever the precision of the others: one whose
    /// output is the answer.
    pub(super) fn exact<T>(
        &mut self,
        build: impl FnOnce(&mut Self) -> Result<T, NetworkError>,
    ) -> Result<T, NetworkError> {
        let before = std::mem::replace(&mut self.precision, Precision::F32);
        let built = build(self);
        self.precision = before;
        built
    }

    fn keep(&mut self, name: &str, values: &Tensor) -> Result<Tensor, NetworkError> {
        let kept = values
            .f_to_device(self.device)?
            .f_to_kind(Kind::Float)?
            .f_set_requires_grad(self.trainable)?;
        self.named.push((format!("{}{name}", self.prefix), kept.shallow_clone()));
        Ok(kept)
    }

    /// Ends building: the weights by name, in the order the layers asked for them.
    ///
    /// # Errors
    /// [`NetworkError::Weights`] when the file held weights that nothing asked for.
    pub fn finish(self, path: &Path) -> Result<Vec<(String, Tensor)>, NetworkError> {
        if let Source::File(rest) = &self.source
            && let Some(name) = rest.keys().next()
        {
            let reason =
                format!("'{name}' belongs to no layer: these are weights of another network");
            return Err(NetworkError::Weights { path: path.to_owned(), reason });
        }
        Ok(self.named)
    }
}

fn take(
    tensors: &mut BTreeMap<String, Tensor>,
    name: &str,
    shape: &[i64],
) -> Result<Tensor, NetworkError> {
    let wrong = |reason| NetworkError::Weights { path: name.into(), reason };
    let tensor = tensors.remove(name).ok_or_else(|| wrong("not in the file".to_owned()))?;
    if tensor.size() != shape {
        return Err(wrong(format!("shape {:?}, expected {shape:?}", tensor.size())));
    }
    if !matches!(tensor.f_kind()?, Kind::Float | Kind::Half) {
        let kind = tensor.f_kind()?;
        return Err(wrong(format!("kind {kind:?}, expected floats of 32 or 16 bits")));
    }
    Ok(tensor)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_holds_no_weights_is_named_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rubbish.safetensors");
        std::fs::write(&path, "rubbish").unwrap();
        let error = read_weights(&path).unwrap_err().to_string();
        assert!(error.contains("rubbish.safetensors"), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}
