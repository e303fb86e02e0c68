//! Networks and the weights they run on. Knows nothing of training data or storage.

mod batch;
mod card;
mod device;
mod error;
mod features;
mod layers;
mod parameters;
mod prediction;
mod shift;

pub use batch::GraphBatch;
pub use card::{CARD_FILE, ModelCard, WEIGHTS_FILE, file_sha256};
pub use device::{choose_device, load_cuda};
pub use error::NetworkError;
pub use features::{EDGE_FEATURES, GraphFeatures, NODE_FEATURES, mirror};
pub use parameters::Parameters;
pub use prediction::{AtomShift, PredictedShifts};
pub use shift::{ShiftConfig, ShiftNet, ShiftOutput};

pub(crate) use error::first_line;
