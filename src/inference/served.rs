//! What a network must offer to be served.

use std::path::Path;

use tch::Device;

use crate::network::{ModelCard, NetworkError};

/// A network that the device thread can run: its inputs come from many callers and go through it
/// together.
pub trait Served: Send + Sized + 'static {
    /// One question.
    type Input: Send + 'static;
    /// Its answer.
    type Output: Send + 'static;

    /// Opens a trained model: a folder with its card and weights.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    fn open(folder: &Path, device: Device) -> Result<(Self, ModelCard), NetworkError>;

    /// How many of the first inputs go through together: bounds memory and keeps tensors in the
    /// cache. At least 1 where there is an input.
    fn fitting(inputs: &[Self::Input]) -> usize;

    /// Answers a batch, in order.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    fn run(&self, inputs: &[Self::Input]) -> Result<Vec<Self::Output>, NetworkError>;
}
