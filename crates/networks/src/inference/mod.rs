//! Runs networks for the rest of the program: one long-lived thread owns a device and its
//! tensors, each network has a bounded request queue there, batches form by size and wait.

mod device_thread;
mod error;
mod hosted;
mod loader;
mod predictor;
mod request_queue;
mod running_device;

pub use error::InferenceError;
pub use loader::{NetworkLoader, RunningModel, SHIFT_FOLDER, start_shift_network};
pub use predictor::{PredictShifts, Predictor};
pub use request_queue::ModelHandle;
pub use running_device::RunningDevice;
