//! Loads networks for a device and starts the thread that owns them.

use std::path::Path;
use std::sync::Arc;

use super::device_thread::DeviceThread;
use super::hosted::Hosted;
use super::predictor::Predictor;
use super::request_queue::ModelHandle;
use super::running_device::RunningDevice;
use crate::batch_model::BatchModel;
use crate::card::{CARD_FILE, ModelCard};
use crate::error::NetworkError;
use crate::placement::Placement;
use crate::shift::ShiftEnsemble;

/// Folder of the shift network in a folder of models.
pub const SHIFT_FOLDER: &str = "shift";

/// A network at work.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningModel {
    /// Name of its folder in the folder of models, `shift` for example.
    pub name: &'static str,
    /// What is known of it.
    pub card: ModelCard,
}

/// Networks being loaded; their handles answer once the thread has started.
pub struct NetworkLoader {
    on: Placement,
    device: RunningDevice,
    thread: DeviceThread,
    models: Vec<RunningModel>,
}

impl NetworkLoader {
    /// For a device: `auto`, `cpu`, `cuda` or `cuda:N`, `+bf16` behind any.
    ///
    /// # Errors
    /// [`NetworkError::Device`] when the name is unknown or the device is not there.
    pub fn new(device: &str) -> Result<Self, NetworkError> {
        let on = Placement::named(device)?;
        let device = RunningDevice::new(on.name());
        Ok(Self { on, device, thread: DeviceThread::new(), models: Vec::new() })
    }

    /// Loads a network from a folder with its card and weights. Where a GPU refuses it, it starts on
    /// the processor and moves when the GPU answers.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    pub fn load<N: BatchModel>(
        &mut self,
        name: &'static str,
        folder: &Path,
    ) -> Result<(ModelHandle<N>, ModelCard), NetworkError> {
        let (net, card) = Hosted::<N>::open(folder.to_owned(), self.on, self.device.clone())?;
        let handle = self.thread.host(net, &card.weights_sha256);
        self.models.push(RunningModel { name, card: card.clone() });
        Ok((handle, card))
    }

    /// Loads a network of a folder of models, by the name of its folder; `None` where it is not
    /// there. One that is there and broken is an error.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_if_present<N: BatchModel>(
        &mut self,
        name: &'static str,
        models: &Path,
    ) -> Result<Option<(ModelHandle<N>, ModelCard)>, NetworkError> {
        let folder = models.join(name);
        match folder.join(CARD_FILE).exists() {
            true => self.load(name, &folder).map(Some),
            false => Ok(None),
        }
    }

    /// Starts the thread. Returns the networks that were loaded, and where they run.
    ///
    /// # Errors
    /// [`NetworkError::Device`] when the system gives no thread.
    pub fn start(self) -> Result<(Vec<RunningModel>, RunningDevice), NetworkError> {
        self.thread.start()?;
        Ok((self.models, self.device))
    }
}

/// Starts a shift network alone, from its folder.
///
/// # Errors
/// [`NetworkError`] when the device is not there or card or weights cannot be used.
pub fn start_shift_network(folder: &Path, device: &str) -> Result<Predictor, NetworkError> {
    let mut loader = NetworkLoader::new(device)?;
    let (shifts, _) = loader.load::<ShiftEnsemble>(SHIFT_FOLDER, folder)?;
    loader.start()?;
    Ok(Arc::new(shifts))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_is_loaded() {
        let models = tempfile::tempdir().unwrap();
        let mut loader = NetworkLoader::new("cpu").unwrap();
        let absent = loader.load_if_present::<ShiftEnsemble>(SHIFT_FOLDER, models.path());
        assert!(absent.unwrap().is_none());
        assert!(loader.load::<ShiftEnsemble>(SHIFT_FOLDER, models.path()).is_err());
        let (models, device) = loader.start().unwrap();
        assert!(models.is_empty());
        assert_eq!(device.to_string(), "cpu");
        assert!(NetworkLoader::new("abacus").is_err());
    }
}
