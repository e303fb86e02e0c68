//! Which networks run, and where their weights lie. A further network is a file with its
//! [`Served`] and a line in [`start`].

use std::path::Path;
use std::sync::Arc;

use tch::Device;

use super::device_thread::DeviceThread;
use super::{Handle, Predictor, Served};
use crate::network::{ModelCard, NetworkError, ShiftEnsemble, choose_device};

/// The networks at work on one device.
#[derive(Clone)]
pub struct Running {
    /// Predicts shifts.
    pub predictor: Predictor,
    /// Every network that runs, by its name.
    pub models: Vec<RunningModel>,
    /// Where they run: `cpu` or `cuda:N`.
    pub device: String,
}

/// A network at work.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningModel {
    /// What it is: `shift`.
    pub name: &'static str,
    /// What is known of it.
    pub card: ModelCard,
}

/// Loads the networks of a folder of models (each a folder with a card and weights) and starts
/// the thread that owns them. `device` is `auto`, `cpu`, `cuda` or `cuda:N`.
///
/// # Errors
/// [`NetworkError`] when the device is not there or a card or weights cannot be used.
pub fn start(models: &Path, device: &str) -> Result<Running, NetworkError> {
    let mut start = Start::on(device)?;
    let shifts = start.network::<ShiftEnsemble>(&models.join(ShiftEnsemble::NAME))?;
    start.run(shifts)
}

/// The same for one folder with a shift network alone.
///
/// # Errors
/// As [`start`].
pub fn start_shifts(folder: &Path, device: &str) -> Result<Running, NetworkError> {
    let mut start = Start::on(device)?;
    let shifts = start.network::<ShiftEnsemble>(folder)?;
    start.run(shifts)
}

/// Networks being loaded.
struct Start {
    device: Device,
    thread: DeviceThread,
    models: Vec<RunningModel>,
}

impl Start {
    fn on(device: &str) -> Result<Self, NetworkError> {
        let device = choose_device(device)?;
        Ok(Self { device, thread: DeviceThread::new(), models: Vec::new() })
    }

    fn network<N: Served>(&mut self, folder: &Path) -> Result<Handle<N>, NetworkError> {
        let (net, card) = N::open(folder, self.device)?;
        let handle = self.thread.add(net, &card.weights_sha256);
        self.models.push(RunningModel { name: N::NAME, card });
        Ok(handle)
    }

    fn run(self, shifts: Handle<ShiftEnsemble>) -> Result<Running, NetworkError> {
        let device = match self.device {
            Device::Cuda(index) => format!("cuda:{index}"),
            _ => "cpu".to_owned(),
        };
        self.thread.start()?;
        Ok(Running { predictor: Arc::new(shifts), models: self.models, device })
    }
}
